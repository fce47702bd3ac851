"""End what a killed run left running: scripts work in their claim's staging folder, which tells whose they are."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path


def end_those_in(folder: Path) -> None:
    """Kill every process whose working folder is `folder`, or was before it was removed (Linux only)."""
    for pid in _pids_in(os.path.realpath(folder)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def _pids_in(folder: str) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            at = (entry / "cwd").readlink()
            if str(at).removesuffix(" (deleted)") == folder and int(entry.name) != os.getpid():
                yield int(entry.name)
