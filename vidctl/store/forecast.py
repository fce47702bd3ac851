"""When something changes by itself: for whoever does not look every minute."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from psycopg.rows import class_row

from vidctl.domain.budget import BUDGET
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


def resting(db: Db, *, now: datetime) -> frozenset[str]:
    """Return the names of all pauses that there are now."""
    rows = db.execute("select service from service_state where paused_until > %s", (now,))
    return frozenset(row[0] for row in rows)


def rests(db: Db, channel_id: str, service: str, *, now: datetime) -> bool | None:
    """Say whether a channel's work with a service rests now, and if so, whether that is for a budget."""
    row = db.execute(
        """select bool_or(service like %(budget)s) from service_state
            where paused_until > %(now)s
              and (service in (%(service)s, %(channel)s || ':' || %(service)s)
                   or split_part(service, ':', 1) in (%(channel)s, '*', '*' || %(service)s) and service like %(budget)s)
            having count(*) > 0""",
        {"channel": channel_id, "service": service, "now": now, "budget": f"%{BUDGET}%"},
    ).fetchone()
    return row[0] if row else None


def last_reason(db: Db, task_id: UUID) -> str:
    """Return why a film's last move was made."""
    row = db.execute(
        "select reason from task_events where task_id = %s order by version desc limit 1", (task_id,)
    ).fetchone()
    return row[0] if row else ""


@dataclass(frozen=True, slots=True)
class DaySpent:
    """What a film of a channel spent at a service on a day of UTC."""

    day: date
    channel_id: str
    task_id: UUID
    service: str
    usd: Decimal


def spent_by_day(db: Db) -> list[DaySpent]:
    """Return what budgets count, by day, film and service: charges, and the prices of orders not charged yet."""
    with db.cursor(row_factory=class_row(DaySpent)) as cursor:
        return cursor.execute(
            """select (asked_at at time zone 'UTC')::date as day, channel_id, task_id, service,
                      sum(case when charged_usd is not null then charged_usd
                               when state not in ('failed', 'refused') then reserved_usd else 0 end) as usd
                 from orders group by 1, 2, 3, 4 order by 1, 2, 3, 4"""
        ).fetchall()


def booked_usd(db: Db) -> Decimal:
    """Return the sum of all charges."""
    row = db.execute("select coalesce(sum(cost_usd), 0) from video_costs").fetchone()
    return Decimal(row[0]) if row else Decimal(0)
