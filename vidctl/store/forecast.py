"""When something changes by itself: for whoever does not look every minute."""

from collections.abc import Iterable
from datetime import datetime

from vidctl.store import Db


def next_change(db: Db, statuses: Iterable[str], *, now: datetime) -> datetime | None:
    """Return when the next film in one of the statuses is due, or a pause ends; None where nothing is waited for."""
    row = db.execute(
        """select least((select min(next_attempt_at) from tasks
                          where status = any(%(statuses)s) and next_attempt_at > %(now)s and superseded_at is null),
                        (select min(paused_until) from service_state where paused_until > %(now)s))""",
        {"statuses": list(statuses), "now": now},
    ).fetchone()
    return row[0] if row else None
