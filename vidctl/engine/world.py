"""What lies outside of vidctl and takes time: programs, turns at a service, processes of their own.

The engine reaches it through the `World` of its `Context`. There are two: this machine, and the one of
`vidctl simulate`, in which a year takes minutes.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from vidctl.engine.children import Piece
    from vidctl.engine.context import Context
    from vidctl.store import Db


class Runner(Protocol):
    """Runs programs, a bounded number at a time: see `vidctl.engine.children`."""

    def run(self, pieces: "Iterable[Piece | None]") -> None:
        """Drive all pieces of work to their end."""
        ...


class World(Protocol):
    """What the engine asks of whatever it runs in."""

    @property
    def cores(self) -> int:
        """How many programs can compute at once."""
        ...

    def free_bytes(self, folder: "Path") -> int | None:
        """Return what is free on a folder's disk; None where nobody can tell."""
        ...

    def seconds(self) -> float:
        """Return how much time went by, from any moment on; no change of the clock on the wall is in it."""
        ...

    def chance(self) -> float:
        """Return a number from 0 to 1: so that not all look at the same moment."""
        ...

    def programs(self, limit: int, *, stopping: Callable[[], bool]) -> Runner:
        """Return what runs at most `limit` programs at a time."""
        ...

    def turn(self, db: "Db", service: str, spacing_s: float, patience_s: float) -> bool:
        """Wait for the next turn at a service; False, at once, when it comes later than in `patience_s`."""
        ...

    def begin(self, db: "Db", dsn: str, task_id: "UUID", context: "Context") -> None:
        """Take a film one step along, in a process of its own.

        Raises:
            CannotWrite, Unavailable: nothing was begun.
        """
        ...


class Machine:
    """This machine. What it needs is imported when it is: an idle tick begins nothing."""

    @property
    def cores(self) -> int:
        """How many processors it has."""
        import os

        return os.cpu_count() or 1

    def free_bytes(self, folder: "Path") -> int | None:
        """Return what is free on its disk, or on that of the nearest folder above it that is there."""
        from vidctl.engine.room import free_bytes

        return free_bytes(folder)

    def seconds(self) -> float:
        """Return the seconds of a clock that only runs forward."""
        import time

        return time.monotonic()

    def chance(self) -> float:
        """Return a random number."""
        import random

        return random.random()  # noqa: S311  # nobody gains by guessing it

    def programs(self, limit: int, *, stopping: Callable[[], bool]) -> Runner:
        """Return what runs them as child processes."""
        from vidctl.engine.children import Children

        return Children(limit, stopping=stopping)

    def turn(self, db: "Db", service: str, spacing_s: float, patience_s: float) -> bool:
        """Take a turn that all processes on all hosts share."""
        from vidctl.store.pace import SharedPace

        return SharedPace(db, service, spacing_s).wait(patience_s)

    def begin(self, db: "Db", dsn: str, task_id: "UUID", context: "Context") -> None:
        """Fork a detached process."""
        from vidctl.engine.dispatch import dispatch
        from vidctl.engine.room import require_some

        require_some(context)
        dispatch(db, dsn, task_id, context)
