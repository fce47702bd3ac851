"""Cron in simulated time: a tick in each minute in which it would find something to do, and in none of the others."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from vidctl.engine.simulation.clockwork import Clockwork

MINUTE_S: Final = 60.0
HOUR_S: Final = 3_600.0


@dataclass(slots=True)
class Cron:
    """Plans the ticks. `look` is one: it says whether it began anything. `next_change` is when something is due."""

    clock: Clockwork
    look: Callable[[], bool]
    next_change: Callable[[], datetime | None]
    is_needed: Callable[[], bool]
    """Whether there are films at all: then a new day or month may change something."""
    took_ms: list[float] = field(default_factory=list)
    """Real milliseconds of each tick."""
    _at_s: float | None = None

    def soon(self) -> None:
        """Something changed: the next minute's tick sees it."""
        self._by((self.clock.elapsed_s // MINUTE_S + 1) * MINUTE_S)

    def _by(self, at_s: float) -> None:
        if self._at_s is None or at_s < self._at_s:
            self._at_s = at_s
            self.clock.after(at_s - self.clock.elapsed_s, lambda: self._tick(at_s))

    def _tick(self, planned_s: float) -> None:
        if planned_s != self._at_s:
            return  # one came before it
        self._at_s = None
        began = time.perf_counter()
        has_begun = self.look()
        self.took_ms.append((time.perf_counter() - began) * 1_000)
        if has_begun:
            self.soon()
        if (change := self.next_change()) is not None:
            due_s = (change - self.clock.start).total_seconds()
            self._by(-(-due_s // MINUTE_S) * MINUTE_S)
        if self.is_needed():
            self._by(self.clock.elapsed_s + HOUR_S)
