"""Who is connected: what processes call themselves when they open their connection, and what they hold."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from psycopg.rows import class_row

from vidctl.store import Db, locks

_PIDS: Final = """
    select distinct split_part(application_name, ' ', 3) from pg_stat_activity
     where application_name like %s and datname = current_database()
"""

_SESSIONS: Final = """
    with held as (
        select pid, count(*) filter (where objsubid = 1)::int as films,
               coalesce(bool_or(objsubid = 2 and classid::bigint = %(tick)s), false) as ticks
          from pg_locks
         where locktype = 'advisory' and granted
           and database = (select oid from pg_database where datname = current_database())
         group by pid
    )
    select a.pid, a.application_name as name, a.backend_start as began,
           case when a.state like 'idle in transaction%%' then a.state_change end as idle_since,
           coalesce(h.films, 0) as films, coalesce(h.ticks, false) as ticks
      from pg_stat_activity a left join held h using (pid)
     where a.datname = current_database() and a.pid <> pg_backend_pid() and a.backend_start is not null
     order by a.backend_start, a.pid
"""


@dataclass(frozen=True, slots=True)
class Session:
    """One connection to this database. `idle_since` is set where it says nothing in the middle of a transaction."""

    pid: int
    name: str
    began: datetime
    idle_since: datetime | None
    films: int
    """How many films it holds, so that nobody else works on them."""
    ticks: bool
    """Whether it holds the lock that a tick works under."""

    def __post_init__(self) -> None:
        for name in ("began", "idle_since"):
            if (at := getattr(self, name)) is not None:
                object.__setattr__(self, name, at.astimezone(UTC))

    @property
    def ended_by(self) -> str:
        """The command by which a person ends it."""
        return f"vidctl db shell -c 'select pg_terminate_backend({self.pid})'"


def pids_of(db: Db, command: str) -> list[int]:
    """Return the processes, of every host, that run `vidctl COMMAND` on this database.

    By the name they gave: `vidctl COMMAND PID …`. One that puts no number there is left out.
    """
    rows = db.execute(_PIDS, (f"vidctl {command} %",)).fetchall()
    return [int(pid) for (pid,) in rows if pid.isascii() and pid.isdigit()]


def end(db: Db, backend_pid: int) -> None:
    """End a session, whatever it does, and return once the server has forgotten it, and its locks."""
    db.execute("select pg_terminate_backend(%s, 10000)", (backend_pid,))


def all_of(db: Db) -> list[Session]:
    """Return every other session of this database, the oldest first; of other users only what the server shows."""
    with db.cursor(row_factory=class_row(Session)) as cursor:
        return cursor.execute(_SESSIONS, {"tick": locks.TICK.group}).fetchall()


def clock(db: Db) -> datetime:
    """Return what time it is on the server."""
    row = db.execute("select clock_timestamp()").fetchone()
    assert row is not None
    at: datetime = row[0]
    return at.astimezone(UTC)
