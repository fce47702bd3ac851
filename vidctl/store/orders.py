"""Orders: what is bought, from the intent on. What is known of money is written whoever holds the film.

Only the intent itself carries the fence of its claim: a process that lost its film orders nothing any more. An answer
that comes to such a process all the same is kept, because the money is gone.

What came before what is told by numbers that the database gives one after the other, never by the clocks of hosts.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from psycopg.rows import kwargs_row

from vidctl.contract import Ordering
from vidctl.domain.orders import OPEN, OrderState
from vidctl.domain.work import Artifact, Kind
from vidctl.store import Db
from vidctl.store.artifacts import fenced
from vidctl.store.tasks import Seen

_COLUMNS: Final = """id, task_id, channel_id, kind, index, step, service, component, subject, state, by_job,
    reserved_usd, charged_usd, job_id, before_usd, before_at, after_usd, after_at, refused_sha256, asked_at,
    answered_at, asked_no, after_since_no, after_no"""

_ASK: Final = """
    insert into orders (task_id, channel_id, kind, index, step, service, component, subject, state, by_job,
                        reserved_usd, before_usd, before_at, before_since_no, before_no, asked_at, host)
    select t.id, t.channel_id, %(kind)s, %(index)s, %(step)s, %(service)s, %(component)s, %(subject)s, 'asked',
           %(by_job)s, %(usd)s, %(before_usd)s, %(before_at)s, %(before_since)s, %(before_no)s, %(now)s, %(host)s
      from tasks t where t.id = %(task)s and t.fence = %(fence)s
    returning id
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an account held, and when that was heard; it was read between the numbers `since` and `no`."""

    usd: Decimal
    at: datetime
    since: int
    no: int


@dataclass(frozen=True, slots=True)
class Order:
    """One row of `orders`."""

    id: int
    task_id: UUID
    channel_id: str
    artifact: Artifact
    step: str
    service: str
    component: str
    subject: str
    state: OrderState
    by_job: bool
    reserved_usd: Decimal
    charged_usd: Decimal | None
    job_id: str | None
    before_usd: Decimal | None
    before_at: datetime | None
    after_usd: Decimal | None
    after_at: datetime | None
    refused_sha256: str | None
    asked_at: datetime
    answered_at: datetime | None
    asked_no: int
    after_since_no: int | None
    after_no: int | None

    @property
    def after(self) -> Reading | None:
        """What the account held after it was sent, if anybody read that."""
        if self.after_usd is None or self.after_at is None or self.after_no is None:
            return None
        return Reading(self.after_usd, self.after_at, self.after_since_no or 0, self.after_no)


@dataclass(frozen=True, slots=True)
class Intent:
    """What is about to be ordered, for which artifact, and what the account held just before."""

    artifact: Artifact
    step: str
    service: str
    subject: str
    order: Ordering
    before: Reading | None
    host: str


def number(db: Db) -> int:
    """Return a number that is greater than all that were given before, to whatever host."""
    row = db.execute("select nextval('ledger')").fetchone()
    assert row is not None
    return int(row[0])


def ask(db: Db, task: Seen, intent: Intent, *, now: datetime) -> int:
    """Write down that an order is about to be sent, and return its number. Call it in the budget's transaction.

    Raises:
        LostRace: another process has claimed the task.
        psycopg.errors.UniqueViolation: such an order is open already.
    """
    before = intent.before
    row = db.execute(
        _ASK,
        {
            "task": task.id,
            "fence": task.version,
            "kind": intent.artifact.kind,
            "index": intent.artifact.index,
            "step": intent.step,
            "service": intent.service,
            "component": intent.order.component,
            "subject": intent.subject,
            "by_job": intent.order.by_job,
            "usd": intent.order.cost_usd,
            "before_usd": before and before.usd,
            "before_at": before and before.at,
            "before_since": before and before.since,
            "before_no": before and before.no,
            "host": intent.host,
            "now": now,
        },
    ).fetchone()
    if row is None:
        raise fenced(task)
    return int(row[0])


def open_of(db: Db, task_id: UUID, artifact: Artifact) -> list[Order]:
    """Return the orders of an artifact of which more is to come, the oldest first."""
    return _orders(
        db,
        "where task_id = %(task)s and kind = %(kind)s and index = %(index)s and state = any(%(open)s)",
        {"task": task_id, "kind": artifact.kind, "index": artifact.index, "open": list(OPEN)},
    )


def get(db: Db, order_id: int) -> Order | None:
    """Return an order."""
    return next(iter(_orders(db, "where id = %(id)s", {"id": order_id})), None)


def in_doubt(db: Db, *, task_id: UUID | None = None) -> list[Order]:
    """Return the orders whose answer was lost and of which nobody has said what became of them.

    Those that may be fetched come first: they keep their films waiting.
    """
    where = """where (state = 'in doubt' or state = 'lost' and charged_usd is null)
                 and (%(task)s::uuid is null or task_id = %(task)s)"""
    return sorted(_orders(db, where, {"task": task_id}), key=lambda order: order.state)


def of_job(db: Db, job_id: str) -> Order | None:
    """Return the order that was taken as a job."""
    return next(iter(_orders(db, "where job_id = %(job)s", {"job": job_id})), None)


def found(db: Db, order_id: int, job_id: str, *, by: str, now: datetime) -> bool:
    """Say under which job an order in doubt is to be fetched; False where it is in doubt no more."""
    row = db.execute(
        """update orders set state = 'bought', job_id = %(job)s, answered_at = %(now)s,
                  answered_no = nextval('ledger'), settled_by = %(by)s
            where id = %(id)s and state = 'in doubt'
              and not exists (select from orders o where o.job_id = %(job)s and o.id <> %(id)s) returning id""",
        {"id": order_id, "job": job_id, "by": by, "now": now},
    ).fetchone()
    return row is not None


def answer(db: Db, order_id: int, state: OrderState, *, by: str, now: datetime) -> bool:
    """Say what became of an order in doubt, or of one that was given up; False where that was said before."""
    row = db.execute(
        """update orders set state = %(state)s, settled_at = %(now)s, settled_no = nextval('ledger'),
                  settled_by = %(by)s
            where id = %(id)s and state in ('in doubt', 'lost') returning id""",
        {"id": order_id, "state": state, "by": by, "now": now},
    ).fetchone()
    return row is not None


def bought(db: Db, order_id: int, *, job_id: str | None, now: datetime) -> None:
    """The provider took an order: also one that was in doubt meanwhile."""
    db.execute(
        """update orders set state = 'bought', job_id = coalesce(%(job)s, job_id),
                  answered_at = case when state = 'bought' then coalesce(answered_at, %(now)s) else %(now)s end,
                  answered_no = case when state = 'bought' then coalesce(answered_no, nextval('ledger'))
                                     else nextval('ledger') end
            where id = %(id)s and state in ('asked', 'in doubt', 'bought')""",
        {"id": order_id, "job": job_id, "now": now},
    )


def settle(db: Db, order_id: int, state: OrderState, *, by: str, now: datetime) -> bool:
    """Say how an open order ended; False where that was said before."""
    ended = db.execute(
        """update orders set state = %(state)s, settled_at = %(now)s, settled_no = nextval('ledger'),
                  settled_by = %(by)s
            where id = %(id)s and state = any(%(open)s) returning id""",
        {"id": order_id, "state": state, "by": by, "now": now, "open": list(OPEN)},
    ).fetchone()
    return ended is not None


def refused(db: Db, order_id: int, *, by: str, now: datetime) -> None:
    """The provider did not take an order, by its clear word: also one that was in doubt, or given up, meanwhile."""
    db.execute(
        """update orders set state = 'refused', settled_at = %(now)s, settled_no = nextval('ledger'),
                  settled_by = %(by)s
            where id = %(id)s and state in ('asked', 'in doubt', 'lost')""",
        {"id": order_id, "by": by, "now": now},
    )


def made(db: Db, task_id: UUID, artifact: Artifact, subject: str, *, now: datetime) -> None:
    """What was ordered is recorded. Call it in the transaction that records it."""
    db.execute(
        """update orders set state = 'made', settled_at = %(now)s, settled_no = nextval('ledger'),
                  settled_by = 'engine'
            where task_id = %(task)s and kind = %(kind)s and index = %(index)s and subject = %(subject)s
              and state in ('asked', 'bought')""",
        {"task": task_id, "kind": artifact.kind, "index": artifact.index, "subject": subject, "now": now},
    )


def doubt(db: Db, order_id: int, *, now: datetime) -> bool:
    """Say that nobody knows what became of an order, or under which job; False where somebody does by now."""
    doubted = db.execute(
        """update orders set state = 'in doubt', answered_at = %(now)s, answered_no = nextval('ledger')
            where id = %(id)s and (state = 'asked' or state = 'bought' and job_id is null) returning id""",
        {"id": order_id, "now": now},
    ).fetchone()
    return doubted is not None


def is_charged_since(db: Db, order_id: int, at: datetime) -> bool:
    """Tell whether a charge was booked for an order that was said, or decided on, later than `at`.

    A job is charged once: there any charge is it, since two hosts may fetch the same job at about the same time.
    """
    row = db.execute(
        """select 1 from video_costs where order_id = %(id)s and at > %(at)s
            union all
           select 1 from orders where id = %(id)s and job_id is not null and charged_usd is not null
            limit 1""",
        {"id": order_id, "at": at},
    ).fetchone()
    return row is not None


def saw_balance(db: Db, order_id: int, after: Reading) -> None:
    """Keep what the account held after an order was sent."""
    db.execute(
        "update orders set after_usd = %s, after_at = %s, after_since_no = %s, after_no = %s where id = %s",
        (after.usd, after.at, after.since, after.no, order_id),
    )


def follow(db: Db, task_id: UUID, artifact: Artifact, subject: str, *, besides: Sequence[int]) -> None:
    """Give an open order the number that its subject has by now, if it was sent under another one.

    `besides` are the numbers of items that are to be the same as this one: their orders are theirs.
    """
    db.execute(
        """with followed as (
               update orders o set index = %(index)s from orders was
                where o.id = was.id
                  and o.id = (select min(id) from orders
                               where task_id = %(task)s and kind = %(kind)s and subject = %(subject)s
                                 and state = any(%(open)s) and index <> %(index)s and index <> all(%(besides)s))
               returning was.index, o.job_id)
           update artifacts a set state = 'pending', job_id = null from followed
            where a.task_id = %(task)s and a.kind = %(kind)s and a.index = followed.index
              and a.state = 'submitted' and a.job_id = followed.job_id""",
        {**_item(task_id, artifact, subject), "besides": list(besides)},
    )


def reopen(
    db: Db, task_id: UUID, artifact: Artifact, subject: str, *, since: datetime, besides: Sequence[int] = ()
) -> Order | None:
    """Return an order that was made or not wanted any more as one whose result is to be fetched (once more).

    None where the provider keeps nothing under a job id, or not from before `since`, and where a person rejected what
    it brought; `besides` as in `follow`.
    """
    row = db.execute(
        """update orders set state = 'bought', settled_at = null, settled_no = null, index = %(index)s
            where id = (select id from orders
                         where task_id = %(task)s and kind = %(kind)s and subject = %(subject)s
                           and index <> all(%(besides)s)
                           and state in ('made', 'unwanted') and job_id is not null and answered_at >= %(since)s
                           and rejected_at is null
                         order by index = %(index)s desc, id desc limit 1)
              and not exists (select from orders where task_id = %(task)s and kind = %(kind)s and index = %(index)s
                                 and subject = %(subject)s and state = any(%(open)s))
            returning id""",
        {**_item(task_id, artifact, subject), "since": since, "besides": list(besides)},
    ).fetchone()
    return get(db, row[0]) if row else None


def to_fetch(db: Db, task_id: UUID) -> Counter[tuple[Kind, str]]:
    """Return how many jobs a film has bought for each subject that are not fetched yet."""
    rows = db.execute(
        """select kind, subject, count(*) from orders
            where task_id = %s and state in ('bought', 'unwanted') and job_id is not null group by 1, 2""",
        (task_id,),
    )
    return Counter({(Kind(kind), subject): number for kind, subject, number in rows})


def left_open(db: Db, task_id: UUID, steps: Sequence[str]) -> list[Order]:
    """Return the orders of some of a film's steps of which more is to come."""
    where = "where task_id = %(task)s and step = any(%(steps)s) and state = any(%(open)s)"
    return _orders(db, where, {"task": task_id, "steps": list(steps), "open": list(OPEN)})


def refused_file(db: Db, order_id: int, sha256: str) -> None:
    """Keep which bytes were delivered for an order and were no good."""
    db.execute("update orders set refused_sha256 = %s where id = %s", (sha256, order_id))


def _item(task_id: UUID, artifact: Artifact, subject: str) -> dict[str, object]:
    about = {"task": task_id, "kind": artifact.kind, "index": artifact.index}
    return {**about, "subject": subject, "open": list(OPEN)}


def _orders(db: Db, where: str, names: dict[str, object]) -> list[Order]:
    with db.cursor(row_factory=kwargs_row(_order)) as cursor:
        query = f"select {_COLUMNS} from orders {where} order by id"  # noqa: S608  # constants only
        return cursor.execute(query, names).fetchall()


def _order(*, kind: str, index: int, state: str, **columns: object) -> Order:
    return Order(artifact=Artifact(Kind(kind), index), state=OrderState(state), **columns)  # type: ignore[arg-type]
