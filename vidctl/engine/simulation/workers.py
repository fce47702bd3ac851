"""The workers of a simulation: each takes a film one step along on a session of its own; now and then one is killed."""

import itertools
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, Self
from uuid import UUID

from psycopg import Cursor

from vidctl.engine.context import Context
from vidctl.engine.run_step import run_step
from vidctl.engine.simulation.clockwork import Clockwork, Worker
from vidctl.engine.simulation.scenario import spread
from vidctl.store import Db, locks, sessions
from vidctl.store.connection import connect

KILLED_AFTER_S: Final = 90.0
"""How long a worker lives that is killed while it waits: half of them longer."""
STATEMENTS: Final = 80
"""One that is killed between two statements is so at any of its first ones."""


@dataclass(slots=True)
class Workers:
    """All workers, and the sessions that the next ones take over."""

    clock: Clockwork
    random: Random
    dsn: str
    killed_share: float
    begins: Callable[[UUID], None]
    ended: Callable[[UUID], None]
    """Told when a worker's process is gone, however that came."""
    steps: int = 0
    killed: int = 0
    between: float = 0.5
    """Which share of those that are killed is so between two statements, and not while they wait."""
    _stack: ExitStack = field(default_factory=ExitStack)
    _free: list[Db] = field(default_factory=list)

    def close(self) -> None:
        """End all sessions."""
        self._stack.close()

    def connected(self) -> Db:
        """Return a new session."""
        return self._stack.enter_context(closing(connect(self.dsn, application_name="vidctl simulate")))

    def begin(self, task_id: UUID, context: Context) -> None:
        """Begin a worker."""
        db = self._free.pop() if self._free else self.connected()
        self.steps += 1
        worker = self.clock.spawn(lambda: self._work(db, task_id, context))
        if self.random.random() < self.killed_share:
            if self.random.random() < self.between:
                self._count(db, task_id, self.random.randrange(STATEMENTS))
                return
            lives_s = spread(self.random, KILLED_AFTER_S, 1.0)
            self.clock.after(lives_s, lambda: self._kill(worker, db, task_id))

    def _count(self, db: Db, task_id: UUID, lives: int) -> None:
        """Have the worker of a session die after so many statements."""
        left = itertools.count(lives, -1)

        class Last(Cursor[Any]):
            def execute(cursor, *args: Any, **options: Any) -> Self:  # noqa: N805  # `self` are the workers
                done = super().execute(*args, **options)
                if next(left) == 0:
                    self._kill(self.clock.worker, db, task_id)
                    self.clock.stop()
                return done

        db.cursor_factory = Last

    def _work(self, db: Db, task_id: UUID, context: Context) -> None:
        self.begins(task_id)
        run_step(db, task_id, context)
        db.cursor_factory = Cursor
        locks.release_all(db)
        self._free.append(db)
        self.ended(task_id)

    def _kill(self, worker: Worker, db: Db, task_id: UUID) -> None:
        """End a worker as `kill -9` does: its session ends, and nothing else is done."""
        if worker.ended:
            return
        self.clock.kill(worker)
        self.killed += 1
        with closing(self.connected()) as other:
            sessions.end(other, db.info.backend_pid)
        self.ended(task_id)
