"""Whether any process of a server lives, told without trusting a process id.

`postmaster.pid` outlives a killed server, and its number may by now be a zombie that nobody reaps, or
another program's. So a server inherits a locked file from its starter and so do all its processes: the
lock is free when the last of them is gone, and never before.
"""

import fcntl
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from vidctl.errors import Misconfigured
from vidctl.store.embedded.places import Place

_PROC: Final = Path("/proc")


@contextmanager
def held(place: Place) -> Iterator[int | None]:
    """Yield the file descriptor of the server's lock, or None if a server or a starter has it."""
    lock = _open(place)
    try:
        yield lock if _locked(lock) else None
    finally:
        # Closing, not unlocking: a server that was started meanwhile shares this lock and keeps it.
        os.close(lock)


def is_free(place: Place) -> bool:
    """Tell whether no process of the server lives and nobody is starting it.

    Raises:
        Misconfigured: it belongs to another user, who alone can tell.
    """
    try:
        with held(place) as lock:
            return lock is not None
    except FileNotFoundError:
        return True


def _open(place: Place) -> int:
    try:
        lock = os.open(place.lock, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as exc:
        raise Misconfigured(
            f"the database in {place.folder} belongs to another user",
            hint="run vidctl as that user, or give it another VIDCTL_HOME",
        ) from exc
    if os.geteuid() == 0:  # for a home that root opened for its owner, who comes next time
        folder = place.real.stat()
        os.fchown(lock, folder.st_uid, -1)
    return lock


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def postmaster(place: Place) -> int | None:
    """Return the process id of the server's first process, if it lives and really is that."""
    pid = _noted(place)
    return pid if pid and _works_in(place.data, pid) else None


def _noted(place: Place) -> int | None:
    """Return the process id that the last server wrote down, dead or alive."""
    try:
        return int((place.data / "postmaster.pid").read_text().partition("\n")[0])
    except (OSError, ValueError):
        return None


def _works_in(data: Path, pid: int) -> bool:
    """Tell whether a process is one of the server of `data`: all of them have that as their working folder."""
    if _PROC.joinpath("self").exists():
        try:
            return (_PROC / str(pid) / "cwd").readlink() == data
        except OSError:  # it is gone, a zombie, or a stranger's
            return False
    about = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return f"-D {data} " in about.stdout


def processes(place: Place) -> list[int]:
    """Return the process ids of everything that works on the data (just the first one where there is no /proc)."""
    if not _PROC.joinpath("self").exists():
        return [pid] if (pid := postmaster(place)) else []
    data = place.data
    pids = (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())
    return [pid for pid in pids if _works_in(data, pid)]


def end_ghosts(place: Place) -> None:
    """End servers whose data was deleted under them, before another one takes their place (Linux only).

    Within a minute they notice, and end by removing the socket of that name: by then the new server's.
    """
    for entry in _PROC.glob("[0-9]*"):
        with suppress(OSError):
            if str((entry / "cwd").readlink()) == f"{place.data} (deleted)":
                os.kill(int(entry.name), signal.SIGKILL)


def end_orphans(place: Place) -> None:
    """End backends that outlived their server: a busy one notices only when its statement is done.

    Nothing is lost by it: what they did was not committed, and the next start recovers.
    """
    orphans = processes(place)
    # Read after they were counted. A starter removes the dead server's file before it starts another one,
    # so as long as the file is there, none of these can belong to a new server.
    if (pid := _noted(place)) and not _works_in(place.data, pid):
        for orphan in orphans:
            with suppress(ProcessLookupError):
                os.kill(orphan, signal.SIGQUIT)
