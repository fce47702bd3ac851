"""What a person says became of an order whose answer was lost."""

from datetime import datetime
from decimal import Decimal

from vidctl.contract import Basis, Cost
from vidctl.domain.orders import OrderState
from vidctl.errors import BadInput, LostRace
from vidctl.store import Db, artifacts, orders, services
from vidctl.store.orders import Order


def found(db: Db, order: Order, job_id: str, *, actor: str, now: datetime) -> None:
    """The provider has it as job `job_id`: it is fetched, and not bought again.

    Raises:
        BadInput: that job is another order's, or it has none.
        LostRace: somebody said what became of it before.
    """
    if order.state is OrderState.LOST:
        raise BadInput(
            f"order {order.id} has no job that could be fetched: what it bought was in the answer that was lost",
            hint="say whether it is on the bill: --bought or --not-bought",
        )
    if (other := orders.of_job(db, job_id)) is not None and other.id != order.id:
        raise BadInput(
            f"job {job_id} is the one of order {other.id}, {other.artifact}",
            hint="look again: each order has a job of its own",
        )
    _require(orders.found(db, order.id, job_id, by=actor, now=now), order)


def was_bought(db: Db, order: Order, *, actor: str, now: datetime, usd: Decimal | None = None) -> None:
    """It was charged, and what it made cannot be found: that counts, and the item may be bought again.

    `usd` is what the bill says; without it, the price at which it was ordered.

    Raises:
        LostRace: as `found`.
    """
    with db.transaction():
        _require(orders.answer(db, order.id, OrderState.FAILED, by=actor, now=now), order)
        if order.charged_usd is not None:  # it was booked when it was said; only its job is unknown
            return
        charged, basis = (order.reserved_usd, Basis.LIST_PRICE) if usd is None else (usd, Basis.PROVIDER)
        cost = Cost(order.component, Decimal(0), charged, basis)
        artifacts.charge(db, order.task_id, order.artifact, cost, now=now, order_id=order.id)


def was_not_bought(db: Db, order: Order, *, actor: str, now: datetime) -> None:
    """It was never taken: it costs nothing, and the item may be bought. There may be room in budgets again.

    Raises:
        LostRace: as `found`.
    """
    with db.transaction():
        _require(orders.answer(db, order.id, OrderState.REFUSED, by=actor, now=now), order)
        services.look_at_budgets_again(db)


def _require(said: bool, order: Order) -> None:
    if not said:
        raise LostRace(f"order {order.id} is not in doubt any more", hint="see: vidctl settle")
