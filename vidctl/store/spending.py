"""What was spent, for the budgets: charges, and what orders set aside."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from vidctl.domain.budget import Cap, Scope
from vidctl.store import Db


def under(db: Db, cap: Cap, *, task_id: UUID, channel: str, service: str) -> Decimal:
    """Return what was spent of what a cap is about, by a film of a channel from a service."""
    match cap.scope:
        case Scope.FILM:
            return spent(db, since=cap.since, task_id=task_id)
        case Scope.SERVICE_DAY:
            return spent(db, since=cap.since, service=service)
        case Scope.ALL_DAY | Scope.ALL_MONTH:
            return spent(db, since=cap.since)
        case _:
            return spent(db, since=cap.since, channel=channel)


def spent(
    db: Db,
    *,
    since: datetime | None,
    task_id: UUID | None = None,
    channel: str | None = None,
    service: str | None = None,
) -> Decimal:
    """Return what was spent since then: charges, and the prices of orders whose charge is not known.

    That is of one film, one channel or one service, or of all. Charges that belong to no order count by themselves.
    """
    row = db.execute(
        """select (select coalesce(sum(case when charged_usd is not null then charged_usd
                                            when state not in ('failed', 'refused') then reserved_usd
                                            else 0 end), 0)
                     from orders
                    where (%(since)s::timestamptz is null or asked_at >= %(since)s)
                      and (%(task)s::uuid is null or task_id = %(task)s)
                      and (%(channel)s::text is null or channel_id = %(channel)s)
                      and (%(service)s::text is null or service = %(service)s))
                + case when %(service)s::text is not null then 0 else
                  (select coalesce(sum(c.cost_usd), 0) from video_costs c join tasks t on t.id = c.task_id
                    where c.order_id is null and (%(since)s::timestamptz is null or c.at >= %(since)s)
                      and (%(task)s::uuid is null or c.task_id = %(task)s)
                      and (%(channel)s::text is null or t.channel_id = %(channel)s)) end""",
        {"since": since, "task": task_id, "channel": channel, "service": service},
    ).fetchone()
    assert row is not None
    return Decimal(row[0])
