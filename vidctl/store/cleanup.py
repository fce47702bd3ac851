"""Films and rows that nobody works with any more: which there are, and taking old rows away."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, LiteralString
from uuid import UUID

from psycopg.rows import class_row

from vidctl.domain.limits import KeptDays
from vidctl.domain.orders import OPEN
from vidctl.domain.status import Status
from vidctl.store import Db

BATCH: Final = 10_000
"""Rows that are taken away in one transaction: whoever writes the same table waits for no more than these."""

# A version that another took the place of stays as it is until that is with the public too; those before it do not
# wait for the one after next.
_STANDS: Final = """
    select t.id, t.channel_id, t.title, t.status, t.paused_at is not null as is_paused,
           greatest(t.status_since, t.publish_at, next.publish_at) as since,
           coalesce(next.status <> 'Published', false) as is_followed,
           exists (select from orders o where o.task_id = t.id and o.state = any(%(open)s)) as has_orders
      from tasks t
      left join lateral (
           select n.status, n.publish_at from tasks n
            where t.superseded_at is not null and n.notion_page_id = t.notion_page_id
              and (n.superseded_at > t.superseded_at or n.superseded_at is null)
            order by n.superseded_at limit 1) next on true
     where t.id = any(%(ids)s)
"""


@dataclass(frozen=True, slots=True)
class Stand:
    """How far a film is, as far as it matters to its files."""

    id: UUID
    channel_id: str
    title: str
    status: str
    is_paused: bool
    since: datetime
    """Since when it has its status, and is public: so is the version that took its place."""
    is_followed: bool
    """Whether the version that took its place is on its way."""
    has_orders: bool
    """Whether anything that was ordered for it may still come."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.status == Status.PUBLISHED and not self.is_paused and not self.is_followed


def stands(db: Db, ids: Collection[UUID]) -> dict[UUID, Stand]:
    """Return how far films are, of those that there are."""
    with db.cursor(row_factory=class_row(Stand)) as cursor:
        found = cursor.execute(_STANDS, {"ids": list(ids), "open": list(OPEN)}).fetchall()
    return {film.id: film for film in found}


# Of each machine the last tick stays, whenever it was: a host is the machine and the number of the process.
_TICKS: Final = """started_at < %(before)s and id <> all(array(
    select max(id) from ticks group by regexp_replace(host, ':[0-9]+$', '')))"""
# What is told of a week for ever is counted from its failures: they stay until that is kept. Weeks begin on Sunday.
_ERRORS: Final = """at < %(before)s
    and exists (select from tasks t where t.id = task_id and t.status = 'Published' and t.status_since < %(before)s)
    and exists (select from weekly_metrics w
                 where w.week = (date_trunc('week', (at at time zone 'UTC') + interval '1 day')
                                 - interval '1 day')::date)"""
_NOTES: Final = """posted_at < %(before)s and not exists (
    select from tasks t where t.notion_page_id = page_id and t.superseded_at is null and t.status <> 'Published')"""


@dataclass(frozen=True, slots=True)
class Old:
    """The rows of one table that may go, and for how many days they are kept."""

    table: LiteralString
    what: str
    condition: LiteralString
    days: Callable[[KeptDays], int]
    oldest: LiteralString = ""
    """The query that returns since when those have been old that are so, and are there all the same."""


TICKS: Final = Old(
    *("ticks", "ticks", _TICKS, lambda kept: kept.ticks),
    oldest=f"select min(started_at) from ticks where {_TICKS}",  # noqa: S608
)
ERRORS: Final = Old(
    *("task_errors", "failures", _ERRORS, lambda kept: kept.errors),
    oldest="""select min(t.status_since) from task_errors e join tasks t on t.id = e.task_id
               where e.at < %(before)s and t.status = 'Published' and t.status_since < %(before)s""",
)
OLD: Final = (
    TICKS,
    Old("notices", "notices", "seen_at < %(before)s", lambda kept: kept.ticks),
    Old("service_state", "pauses", "paused_until < %(before)s", lambda kept: kept.ticks),
    Old("service_limits", "limits of services", "until < %(before)s", lambda kept: kept.ticks),
    Old("pace", "paces", "free_at < %(before)s", lambda kept: kept.ticks),
    Old("alerts", "alerts", "delivered_at < %(before)s", lambda kept: kept.alerts),
    Old("card_notes", "notes on cards", _NOTES, lambda kept: kept.notes),
    ERRORS,
)
"""Not comments on cards: one that is forgotten would be obeyed once more. Nor what history, money and proof are."""


def count(db: Db, old: Old, kept: KeptDays, *, now: datetime) -> int:
    """Return how many rows may go."""
    row = db.execute(f"select count(*) from {old.table} where {old.condition}", _before(old, kept, now)).fetchone()  # noqa: S608
    return row[0] if row else 0


def take_away(db: Db, old: Old, kept: KeptDays, *, now: datetime) -> int:
    """Take old rows away, some at a time; those that somebody holds stay for the next time. Return how many went."""
    query = f"""delete from {old.table} where ctid = any(array(
                    select ctid from {old.table}
                     where {old.condition} limit {BATCH} for update skip locked))"""  # noqa: S608  # constants only
    gone = 0
    while went := db.execute(query, _before(old, kept, now)).rowcount:
        gone += went
    return gone


def known_since(db: Db, old: Old, kept: KeptDays, *, now: datetime) -> datetime:
    """Return a moment from which on all rows are there, of those that have `oldest`: no cleanup has come farther."""
    before = _before(old, kept, now)
    row = db.execute(old.oldest, before).fetchone()
    return row[0] if row and row[0] else before["before"]


def _before(old: Old, kept: KeptDays, now: datetime) -> dict[str, datetime]:
    return {"before": now - timedelta(days=old.days(kept))}
