"""What a run left running, and ending it: scripts work in their claim's staging folder, which tells whose they are."""

import contextlib
import os
import signal
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

_CLOCKS_S: Final = 2.0
"""By so much may the clock of the kernel and the one on the wall differ."""


def end_those_in(folder: Path) -> None:
    """Kill every process whose working folder is `folder`, or was before it was removed (Linux only)."""
    for pid in _pids_in(os.path.realpath(folder)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def is_alive(pid: int, *, begun: datetime) -> bool:
    """Say whether another process of this machine still runs that was at work at `begun` (Linux only).

    One that was stopped does not. A number that was given to a younger process since is not it.
    """
    if pid == os.getpid():
        return False
    try:
        started_ticks = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
        booted = next(line for line in Path("/proc/stat").read_text().splitlines() if line.startswith("btime "))
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, StopIteration, IndexError, ValueError):
        return False
    started = int(booted.split()[1]) + started_ticks / os.sysconf("SC_CLK_TCK")
    return state not in "ZXT" and started <= begun.timestamp() + _CLOCKS_S


def _pids_in(folder: str) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            at = (entry / "cwd").readlink()
            if str(at).removesuffix(" (deleted)") == folder and int(entry.name) != os.getpid():
                yield int(entry.name)
