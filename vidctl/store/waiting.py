"""Films that wait for a person, and have done so for long."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg.rows import class_row

from vidctl.domain.status import GATES
from vidctl.store import Db
from vidctl.store.held import HOLDS

_AT_GATES: Final = """
    select id, status, status_since as since from tasks
     where (status = any(%(gates)s) or asks is not null) and status_since <= %(until)s
       and superseded_at is null and paused_at is null
     order by status_since
"""
_IN_DOUBT: Final = f"""
    select t.id, t.status, min(coalesce(o.answered_at, o.asked_at)) as since
      from orders o join tasks t on t.id = o.task_id
     where {HOLDS} and o.asked_at <= %(until)s and t.superseded_at is null and t.paused_at is null
     group by t.id order by since
"""  # noqa: S608  # constants only


@dataclass(frozen=True, slots=True)
class Film:
    """A film, where it is, and since when it waits."""

    id: UUID
    status: str
    since: datetime


def at_gates(db: Db, *, until: datetime) -> list[Film]:
    """Return the films that have waited for an approval since then or longer, the longest first."""
    return _films(db, _AT_GATES, until)


def in_doubt(db: Db, *, until: datetime) -> list[Film]:
    """Return the films that wait for what became of an order since then or longer, the longest first."""
    return _films(db, _IN_DOUBT, until)


def _films(db: Db, query: str, until: datetime) -> list[Film]:
    with db.cursor(row_factory=class_row(Film)) as cursor:
        return cursor.execute(query, {"gates": list(GATES), "until": until}).fetchall()
