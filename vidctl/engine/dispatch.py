"""Start a step in a process of its own that outlives the tick.

Forking the warm process costs a few milliseconds; starting Python anew would cost hundreds.
"""

import errno
import os
import signal
import stat
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, NoReturn, TypeAlias
from uuid import UUID

from vidctl.engine import process
from vidctl.engine.context import Context
from vidctl.errors import ExitCode, Unavailable, VidctlError
from vidctl.logs import log
from vidctl.storage.files import cannot_write
from vidctl.store import Db

LOGS: Final = "logs"
_DISK_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


Work: TypeAlias = Callable[[str, UUID, Context], int]
"""What a detached process does with one film, given the database's URL; returns its exit status."""


def dispatch(db: Db, dsn: str, task_id: UUID, context: Context, work: Work = process.run) -> int:
    """Fork a detached process that takes the film one step along, or does other work for it; return its pid.

    `db` is the tick's connection: the new process lets go of it and opens its own.

    Raises:
        CannotWrite: its log cannot be opened.
        Unavailable: there is no room for another process.

    In both cases nothing was begun, so no attempt is spent.
    """
    return detach(db, partial(work, dsn, task_id, context), log_of(context.home, task_id), str(task_id))


def detach(db: Db, work: Callable[[], int], log_path: Path, about: str) -> int:
    """Fork a detached process that does some work and ends with its status; return its pid. Raises as `dispatch`."""
    log_file = _opened(log_path)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = _fork()
        if pid == 0:
            _live_and_end(db, work, about, log_file)
    finally:
        os.close(log_file)
    return pid


def _fork() -> int:
    try:
        return os.fork()
    except OSError as exc:
        raise Unavailable(
            f"no process can be started for a step: {exc.strerror or exc}",
            hint="let this user have more processes (ulimit -u), or the machine more memory; the next tick tries again",
        ) from exc


def log_of(home: Path, task_id: UUID) -> Path:
    """Return the file that holds what a film's steps logged."""
    return home / LOGS / f"{task_id}.log"


def _opened(log_path: Path) -> int:
    try:
        log_path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    except OSError as exc:
        raise cannot_write(_in_trouble(log_path, exc), exc) from exc


def _in_trouble(log_path: Path, exc: OSError) -> Path:
    """Return what a person has to see to: this log, or the folder of all, which many films then name alike."""
    of_all = exc.errno in _DISK_FULL or not os.access(log_path.parent, os.W_OK | os.X_OK)
    return log_path.parent if of_all else log_path


def _become(db: Db, log_file: int) -> None:
    """Cut every tie to the tick: its session, its terminal or pipe, its database connection."""
    os.setsid()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    # Closed, not finished: finishing would end the session of the tick itself. While the socket is
    # open here, a killed tick would keep its lock.
    os.close(db.fileno())
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log_file, 1), (log_file, 2)):
        os.dup2(source, target)
    os.close(nothing)
    os.close(log_file)
    _close_sockets()


def _close_sockets() -> None:
    """Close every connection of the tick's, such as the one to a board. What else it was given goes on to the steps."""
    for file in map(int, os.listdir("/dev/fd")):  # noqa: PTH208  # numbers, no paths
        with suppress(OSError):
            if stat.S_ISSOCK(os.fstat(file).st_mode):
                os.close(file)


def _live_and_end(db: Db, work: Callable[[], int], about: str, log_file: int) -> NoReturn:
    """Be the new process to its end: whatever happens in it, it never goes on as the tick."""
    status: int = ExitCode.BUG
    try:
        status = _child(db, work, about, log_file)
    finally:
        os._exit(status)


def _child(db: Db, work: Callable[[], int], about: str, log_file: int) -> int:
    """Be the new process, and return its exit status; what breaks it off is in its log."""
    try:
        _become(db, log_file)
        return work()
    except VidctlError as error:
        log("step broke off", correlation_id=about, error=str(error), hint=error.hint)
        return error.exit_code
    except BaseException:  # noqa: BLE001  # the last frame of a process: whatever it is, it is logged
        with suppress(OSError):
            traceback.print_exc()
        return ExitCode.BUG
