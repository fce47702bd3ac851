"""Simulated time: what happens when, and workers of which exactly one runs at any moment.

A worker is a thread, because the engine's code waits where it stands. It goes on until it waits for a moment of
simulated time, and hands over. So the order in which everything happens depends on nothing but the times.
"""

import heapq
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

STACK_BYTES: Final = 1 << 20
"""Of a worker: there may be hundreds of dead ones."""


@dataclass(slots=True)
class Worker:
    """One simulated process. Killed, it is never resumed: nothing that a process does at its end is done."""

    work: Callable[[], None]
    mine: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    killed: bool = False
    ended: bool = False
    broke: BaseException | None = None
    dies_with_it: list[Callable[[], None]] = field(default_factory=list)
    """What ends when it is killed, such as the programs that it runs."""


class Clockwork:
    """All that is to happen, in the order of its times; what is due at one moment happens as it was planned."""

    def __init__(self, start: datetime) -> None:
        self.start = start
        self.elapsed_s = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._turn = itertools.count()
        self._ours = threading.Semaphore(0)
        self._current: Worker | None = None

    def now(self) -> datetime:
        """Return the simulated moment."""
        return self.start + timedelta(seconds=self.elapsed_s)

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        """Have something happen so much later."""
        heapq.heappush(self._due, (self.elapsed_s + max(0.0, seconds), next(self._turn), call))

    def at(self, moment: datetime, call: Callable[[], None]) -> None:
        """Have something happen at a moment; at once if that has passed."""
        self.after((moment - self.now()).total_seconds(), call)

    def next(self) -> bool:
        """Let the next thing happen; False where there is none."""
        if not self._due:
            return False
        self.elapsed_s, _, call = heapq.heappop(self._due)
        call()
        return True

    def spawn(self, work: Callable[[], None]) -> Worker:
        """Begin a worker, now."""
        worker = Worker(work)
        before = threading.stack_size(STACK_BYTES)
        try:
            threading.Thread(target=self._live, args=(worker,), daemon=True).start()
        finally:
            threading.stack_size(before)
        self.after(0, lambda: self._resume(worker))
        return worker

    def kill(self, worker: Worker) -> None:
        """Never let a worker go on."""
        worker.killed = True
        for end in worker.dies_with_it:
            end()

    @property
    def worker(self) -> Worker:
        """The worker that runs now."""
        assert self._current is not None, "no worker runs"
        return self._current

    def wait(self, seconds: float) -> None:
        """Let so much time go by in the worker that calls this."""
        worker = self.worker
        self.after(seconds, lambda: self._resume(worker))
        self._ours.release()
        worker.mine.acquire()

    def stop(self) -> None:
        """Hand over for good: the worker that calls this was killed."""
        worker = self.worker
        self._ours.release()
        worker.mine.acquire()

    def _resume(self, worker: Worker) -> None:
        if worker.killed:
            return
        self._current = worker
        worker.mine.release()
        self._ours.acquire()
        self._current = None
        if worker.broke is not None:
            raise worker.broke

    def _live(self, worker: Worker) -> None:
        worker.mine.acquire()
        try:
            worker.work()
        except BaseException as broke:  # noqa: BLE001  # it is raised where the simulation is driven
            worker.broke = broke
        worker.ended = True
        self._ours.release()
