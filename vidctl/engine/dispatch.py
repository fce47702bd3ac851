"""Start a step in a process of its own that outlives the tick.

Forking the warm process costs a few milliseconds; starting Python anew would cost hundreds.
"""

import errno
import io
import os
import signal
import stat
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, NoReturn, TypeAlias
from uuid import UUID

from vidctl import logs
from vidctl.contract import ErrorClass, failure_of
from vidctl.engine import process
from vidctl.engine.context import Context
from vidctl.errors import ExitCode, Unavailable, VidctlError
from vidctl.logs import entries  # noqa: F401  # here, so that it is imported once, and not in each process that is forked
from vidctl.logs.book import Book, book_of, folder_of
from vidctl.storage.files import cannot_write
from vidctl.store import Db

_DISK_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


Work: TypeAlias = Callable[[str, UUID, Context], int]
"""What a detached process does with one film, given the database's URL; returns its exit status."""


def dispatch(
    db: Db, dsn: str, task_id: UUID, context: Context, work: Work = process.run, *, doing: str = "step"
) -> int:
    """Fork a detached process that takes the film one step along, or does other work for it; return its pid.

    `db` is the tick's connection: the new process lets go of it and opens its own. What it is `doing` names its log
    until it knows that better.

    Raises:
        CannotWrite: its log cannot be opened.
        Unavailable: there is no room for another process.

    In both cases nothing was begun, so no attempt is spent.
    """
    book = opened(book_of(context.home, task_id, doing), folder_of(context.home, task_id))
    return detach(db, partial(work, dsn, task_id, context), book, str(task_id), context.environment)


def detach(db: Db, work: Callable[[], int], book: Book, about: str, environment: Mapping[str, str]) -> int:
    """Fork a detached process that does some work and writes its entries into an open book; return its pid.

    Raises:
        Unavailable: as `dispatch`.
    """
    try:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = _fork()
        if pid == 0:
            logs.know(environment)
            _live_and_end(db, work, about, book)
    except Unavailable:
        book.close()
        raise
    book.let_go()
    return pid


def _fork() -> int:
    try:
        return os.fork()
    except OSError as exc:
        raise Unavailable(
            f"no process can be started for a step: {exc.strerror or exc}",
            hint="let this user have more processes (ulimit -u), or the machine more memory; the next tick tries again",
        ) from exc


def opened(book: Book, place: Path) -> Book:
    """Return a book that is open; `place` is what it is called where it cannot be.

    Raises:
        CannotWrite: that is so.
    """
    try:
        book.open()
    except OSError as exc:
        raise cannot_write(_in_trouble(place, exc), exc) from exc
    return book


def _in_trouble(place: Path, exc: OSError) -> Path:
    """Return what a person has to see to: this film's logs, or the folder of all, which many films then name alike."""
    of_all = exc.errno in _DISK_FULL or not os.access(place.parent, os.W_OK | os.X_OK)
    return place.parent if of_all else place


class _Spoken(io.TextIOBase):
    """Standard error of a step's process: what Python itself says there becomes entries too."""

    def write(self, text: str) -> int:
        """Log each line that is not empty."""
        for line in text.splitlines():
            if line.strip():
                logs.log(line, level="warning", stream="stderr")
        return len(text)


def _become(db: Db, book: Book) -> None:
    """Cut every tie to the tick: its session, its terminal or pipe, its database connection."""
    os.setsid()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    # Closed, not finished: finishing would end the session of the tick itself. While the socket is
    # open here, a killed tick would keep its lock.
    os.close(db.fileno())
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    book.become_stderr()
    logs.into(book, aloud=False)
    sys.stderr = _Spoken()
    _close_sockets()


def _close_sockets() -> None:
    """Close every connection of the tick's, such as the one to a board. What else it was given goes on to the steps."""
    for file in map(int, os.listdir("/dev/fd")):  # noqa: PTH208  # numbers, no paths
        with suppress(OSError):
            if stat.S_ISSOCK(os.fstat(file).st_mode):
                os.close(file)


def _live_and_end(db: Db, work: Callable[[], int], about: str, book: Book) -> NoReturn:
    """Be the new process to its end: whatever happens in it, it never goes on as the tick."""
    status: int = ExitCode.BUG
    try:
        status = _child(db, work, about, book)
        book.close()
    finally:
        os._exit(status)


def _child(db: Db, work: Callable[[], int], about: str, book: Book) -> int:
    """Be the new process, and return its exit status; what breaks it off is in its log."""
    try:
        _become(db, book)
        return work()
    except VidctlError as error:
        _log_end(about, error)
        return error.exit_code
    except BaseException:  # noqa: BLE001  # the last frame of a process: whatever it is, it is logged
        logs.log("broke off by a bug", level="critical", correlation_id=about, exc_info=True)
        return ExitCode.BUG


def _log_end(about: str, error: VidctlError) -> None:
    """Log what breaks a process off that a person, or the next tick, can put right."""
    failure = failure_of(error)
    logs.log(
        "broke off",
        level="error",
        correlation_id=about,
        error_message=failure.message,
        error_type=failure.error_type,
        is_transient=failure.error_class is ErrorClass.TRANSIENT,
        hint=failure.hint,
    )
