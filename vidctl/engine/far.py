"""Tells how far one long job is while it goes on: on the film's card and in the log, as often as people look."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import Final

from vidctl.contract import Progress
from vidctl.engine.standing import Standing
from vidctl.logs import log
from vidctl.store import Db, marks
from vidctl.store.failures import Where
from vidctl.store.tasks import Seen

EVERY: Final = timedelta(seconds=20)
PERCENT: Final = 100


@dataclass(slots=True)
class Far:
    """How far a job was when it was told last."""

    db: Db
    task: Seen
    where: Where
    clock: Callable[[], datetime]
    told: Callable[[], None]
    standing: Standing
    last: datetime | None = None
    begun_at: float | None = None
    """How much was done when this run began: more than that is progress, by which a film's attempts begin anew.

    But not where it had to begin with nothing: that may happen each time.
    """

    def hear(self, said: Progress) -> None:
        """Tell it, unless that was done a moment ago."""
        now = self.clock()
        is_share = said.total > 0 and isfinite(said.done) and isfinite(said.total)  # JSON has room for 1e999
        if not is_share or self._was_told(said, now):
            return
        self.last = now
        percent = int(PERCENT * max(0.0, min(1.0, said.done / said.total)))
        marks.progress(self.db, self.task, done=percent, total=PERCENT, got_on=self.standing.got_on, now=now)
        log("uploading", percent=percent)
        self.told()

    def _was_told(self, said: Progress, now: datetime) -> bool:
        """Say whether it was told a moment ago; that the run got on at all is told at once."""
        if self.begun_at is None:
            self.begun_at = said.done
        is_first = not self.standing.got_on and said.done > self.begun_at > 0
        self.standing.got_on = self.standing.got_on or is_first
        return not is_first and self.last is not None and now - self.last < EVERY
