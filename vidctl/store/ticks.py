"""When vidctl last looked."""

from datetime import datetime

from vidctl.store import Db


def record(db: Db, *, host: str, began: datetime, ended: datetime, dispatched: int) -> datetime | None:
    """Keep one tick; return when the one before it ended, on whichever host."""
    row = db.execute(
        """insert into ticks (host, started_at, ended_at, dispatched) values (%s, %s, %s, %s)
           returning (select before.ended_at from ticks before order by before.started_at desc limit 1)""",
        (host, began, ended, dispatched),
    ).fetchone()
    return row[0] if row else None


def last(db: Db) -> datetime | None:
    """Return when the last tick began."""
    row = db.execute("select max(started_at) from ticks").fetchone()
    return row[0] if row else None


def last_of(db: Db) -> tuple[datetime, str] | None:
    """Return when the last tick began, and who ran it: `HOST:PID`."""
    row = db.execute("select started_at, host from ticks order by started_at desc limit 1").fetchone()
    return (row[0], row[1]) if row else None
