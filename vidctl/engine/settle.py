"""What a person says became of an order whose answer was lost."""

from datetime import datetime
from decimal import Decimal

from vidctl.contract import Basis, Cost
from vidctl.domain.orders import OrderState
from vidctl.errors import LostRace
from vidctl.store import Db, artifacts, orders
from vidctl.store.orders import Order


def found(db: Db, order: Order, job_id: str, *, actor: str, now: datetime) -> None:
    """The provider has it as job `job_id`: it is fetched, and not bought again.

    Raises:
        LostRace: somebody said what became of it before.
    """
    _require(orders.found(db, order.id, job_id, by=actor, now=now), order)


def was_bought(db: Db, order: Order, *, actor: str, now: datetime, usd: Decimal | None = None) -> None:
    """It was charged, and what it made cannot be found: that counts, and the item may be bought again.

    `usd` is what the bill says; without it, the price at which it was ordered.

    Raises:
        LostRace: as `found`.
    """
    with db.transaction():
        _require(orders.answer(db, order.id, OrderState.FAILED, by=actor, now=now), order)
        charged, basis = (order.reserved_usd, Basis.LIST_PRICE) if usd is None else (usd, Basis.PROVIDER)
        cost = Cost(order.component, Decimal(0), charged, basis)
        artifacts.charge(db, order.task_id, order.artifact, cost, now=now, order_id=order.id)


def was_not_bought(db: Db, order: Order, *, actor: str, now: datetime) -> None:
    """It was never taken: it costs nothing, and the item may be bought.

    Raises:
        LostRace: as `found`.
    """
    _require(orders.answer(db, order.id, OrderState.REFUSED, by=actor, now=now), order)


def _require(said: bool, order: Order) -> None:
    if not said:
        raise LostRace(f"order {order.id} is not in doubt any more", hint="see: vidctl settle")
