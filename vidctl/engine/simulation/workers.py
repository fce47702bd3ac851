"""The workers of a simulation: each takes a film one step along on a session of its own; now and then one is killed."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from vidctl.engine.context import Context
from vidctl.engine.run_step import run_step
from vidctl.engine.simulation.clockwork import Clockwork, Worker
from vidctl.engine.simulation.scenario import spread
from vidctl.store import Db, locks, sessions
from vidctl.store.connection import connect

KILLED_AFTER_S = 90.0
"""How long a worker lives that is killed: half of them longer."""


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
            lives_s = spread(self.random, KILLED_AFTER_S, 1.0)
            self.clock.after(lives_s, lambda: self._kill(worker, db, task_id))

    def _work(self, db: Db, task_id: UUID, context: Context) -> None:
        self.begins(task_id)
        run_step(db, task_id, context)
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
