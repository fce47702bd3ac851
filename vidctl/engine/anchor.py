"""The last decision of the day, posted with the alerts so that it is known outside: part of every tick."""

from datetime import datetime

from vidctl.store import Db, heads


def post_head(db: Db, *, now: datetime) -> None:
    """Once a day (UTC), where a decision was added since the last time, have its number and hash told to people."""
    if head := heads.due(db, now=now):
        heads.post(db, head, now=now)
