"""What films cost: every charge, put together for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from psycopg.rows import class_row

from vidctl.store import Db


class By(StrEnum):
    """What charges are put together by."""

    COMPONENT = "component"
    CHANNEL = "channel"
    WEEK = "week"
    MONTH = "month"
    FILM = "film"


_GROUPS: Final[Mapping[By, str]] = {
    By.COMPONENT: "c.component",
    By.CHANNEL: "t.channel_id",
    # Weeks begin on Sunday, as those of the weekly numbers do.
    By.WEEK: "to_char(date_trunc('week', c.at at time zone 'UTC' + interval '1 day') - interval '1 day', 'YYYY-MM-DD')",
    By.MONTH: "to_char(c.at at time zone 'UTC', 'YYYY-MM')",
    By.FILM: "left(t.id::text, 8) || ' ' || t.title",
}


@dataclass(frozen=True, slots=True)
class Group:
    """One line of a report. `listed_usd` is the part of it that the provider did not say itself."""

    name: str
    charges: int
    films: int
    units: Decimal
    usd: Decimal
    listed_usd: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """What was spent, by the calendar of UTC; weeks begin on Sunday."""

    usd: Decimal
    this_week_usd: Decimal
    last_week_usd: Decimal
    this_month_usd: Decimal
    last_month_usd: Decimal
    finished_films: int
    """Films that were put together, of those that cost anything."""
    finished_usd: Decimal
    """What these cost, all their tries included."""
    set_aside_usd: Decimal
    """Of orders that were taken, or are being sent, and whose charge is not known yet."""
    in_doubt_usd: Decimal
    """Of orders whose answer was lost: it may have been charged."""
    in_doubt: int


def groups(
    db: Db, by: By, *, channel: str | None = None, since: datetime | None = None, until: datetime | None = None
) -> list[Group]:
    """Return what was charged from `since` on and before `until`, the dearest first; weeks and months by time."""
    order = "name" if by in (By.WEEK, By.MONTH) else "usd desc, name"
    query = f"""
        select {_GROUPS[by]} as name, count(*) as charges, count(distinct c.task_id) as films,
               sum(c.units_used) as units, sum(c.cost_usd) as usd,
               coalesce(sum(c.cost_usd) filter (where c.basis = 'list price'), 0) as listed_usd
          from video_costs c join tasks t on t.id = c.task_id
         where (%(channel)s::text is null or t.channel_id = %(channel)s)
           and (%(since)s::timestamptz is null or c.at >= %(since)s)
           and (%(until)s::timestamptz is null or c.at < %(until)s)
         group by 1 order by {order}"""  # noqa: S608  # constants only
    with db.cursor(row_factory=class_row(Group)) as cursor:
        return cursor.execute(query, {"channel": channel, "since": since, "until": until}).fetchall()


_TOTALS: Final = """
    with day as (
        select date_trunc('week', %(now)s at time zone 'UTC' + interval '1 day') - interval '1 day' as week,
               date_trunc('month', %(now)s at time zone 'UTC') as month
    ), charge as (
        select c.cost_usd, c.at at time zone 'UTC' as at, c.task_id
          from video_costs c join tasks t on t.id = c.task_id
         where (%(channel)s::text is null or t.channel_id = %(channel)s)
           and (%(since)s::timestamptz is null or c.at >= %(since)s)
    ), film as (
        select task_id, sum(cost_usd) as usd from charge
         where exists (select from artifacts a
                        where a.task_id = charge.task_id and a.kind = 'film' and a.state = 'done')
         group by 1
    ), open as (
        select state, reserved_usd from orders
         where charged_usd is null and state in ('asked', 'bought', 'in doubt', 'lost')
           and (%(channel)s::text is null or channel_id = %(channel)s)
           and (%(since)s::timestamptz is null or asked_at >= %(since)s)
    )
    select coalesce(sum(cost_usd), 0) as usd,
           coalesce(sum(cost_usd) filter (where at >= week), 0) as this_week_usd,
           coalesce(sum(cost_usd) filter (where at >= week - interval '7 days' and at < week), 0) as last_week_usd,
           coalesce(sum(cost_usd) filter (where at >= month), 0) as this_month_usd,
           coalesce(sum(cost_usd) filter (where at >= month - interval '1 month' and at < month), 0) as last_month_usd,
           (select count(*) from film) as finished_films,
           (select coalesce(sum(usd), 0) from film) as finished_usd,
           (select coalesce(sum(reserved_usd) filter (where state in ('asked', 'bought')), 0) from open)
               as set_aside_usd,
           (select coalesce(sum(reserved_usd) filter (where state in ('in doubt', 'lost')), 0) from open)
               as in_doubt_usd,
           (select count(*) filter (where state in ('in doubt', 'lost')) from open) as in_doubt
      from day left join charge on true
"""


def totals(db: Db, *, channel: str | None = None, since: datetime | None = None, now: datetime) -> Totals:
    """Return what was spent in all."""
    with db.cursor(row_factory=class_row(Totals)) as cursor:
        row = cursor.execute(_TOTALS, {"channel": channel, "since": since, "now": now}).fetchone()
    assert row is not None
    return row
