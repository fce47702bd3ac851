"""From when on a report can count what `vidctl cleanup` deletes by its age."""

from datetime import datetime, timedelta

from vidctl.domain.limits import KeptDays
from vidctl.domain.report import Known
from vidctl.store import Db, cleanup, metrics
from vidctl.store.cleanup import ERRORS, TICKS, Old


def known(db: Db, begin: datetime, trend: datetime, kept: KeptDays, *, now: datetime) -> Known:
    """Return from when on failures and ticks are all there; None where none of them went that a report counts.

    It counts ticks from `begin` on, and failures from the beginning of its `trend` on.
    """
    first = metrics.first_move(db)
    if first is None:
        return Known()
    return Known(
        _known(db, ERRORS, max(trend, first), kept, now=now), _known(db, TICKS, max(begin, first), kept, now=now)
    )


def _known(db: Db, old: Old, begin: datetime, kept: KeptDays, *, now: datetime) -> datetime | None:
    if begin >= now - timedelta(days=old.days(kept)):
        return None
    return cleanup.known_since(db, old, kept, now=now)
