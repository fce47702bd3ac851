"""What a person says became of an order whose answer was lost; each returns the sentence that says what was done."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal

from vidctl.contract import Basis, Cost
from vidctl.domain.decisions import Action
from vidctl.domain.orders import OrderState
from vidctl.engine.resuming import book_unwanted
from vidctl.errors import BadInput, LostRace
from vidctl.store import Db, artifacts, audit, orders, services, tasks
from vidctl.store.audit import Decision
from vidctl.store.orders import Order
from vidctl.store.texts import storable


def found(db: Db, order: Order, job_id: str, *, actor: str, now: datetime) -> str:
    """The provider has it as job `job_id`: it is fetched, and not bought again.

    Unless the film has it otherwise by now: then it is only booked.

    Raises:
        BadInput: that job is another order's, or it has none.
        LostRace: somebody said what became of it before.
    """
    if order.state is OrderState.LOST:
        raise BadInput(
            f"order {order.id} has no job that could be fetched: what it bought was in the answer that was lost",
            hint="say whether it is on the bill: bought or not bought, without a job",
        )
    if (other := orders.of_job(db, job_id)) is not None and other.id != order.id:
        raise BadInput(
            f"job {job_id} is the one of order {other.id}, {other.artifact}",
            hint="look again: each order has a job of its own",
        )
    with _deciding(db, order, f"bought, as job {job_id}", actor=actor, now=now):
        _require(orders.found(db, order.id, job_id, by=actor, now=now), order)
        is_wanted = artifacts.subject_of(db, order.task_id, order.artifact) == order.subject
        if not is_wanted:
            book_unwanted(db, order, now=now)
    if is_wanted:
        return f"{order.artifact} is fetched as job {job_id}"
    return f"{order.artifact} is another one by now: job {job_id} is only booked"


def was_bought(db: Db, order: Order, *, actor: str, now: datetime, usd: Decimal | None = None) -> str:
    """It was charged, and what it made cannot be found: that counts, and the item may be bought again.

    `usd` is what the bill says; without it, the price at which it was ordered.

    Raises:
        LostRace: as `found`.
    """
    charged, basis = (order.reserved_usd, Basis.LIST_PRICE) if usd is None else (usd, Basis.PROVIDER)
    with _deciding(db, order, "bought, and not to be fetched", actor=actor, now=now):
        _require(orders.answer(db, order.id, OrderState.FAILED, by=actor, now=now), order)
        if order.charged_usd is None:  # else it was booked when it was said; only its job is unknown
            cost = Cost(order.component, Decimal(0), charged, basis)
            artifacts.charge(db, order.task_id, order.artifact, cost, now=now, order_id=order.id)
    booked = charged if order.charged_usd is None else order.charged_usd
    return f"{order.artifact} was bought: ${booked:.2f} is booked{_may(order, ', and it may be bought again')}"


def was_not_bought(db: Db, order: Order, *, actor: str, now: datetime) -> str:
    """It was never taken: it costs nothing, and the item may be bought. There may be room in budgets again.

    Raises:
        LostRace: as `found`.
    """
    with _deciding(db, order, "not bought", actor=actor, now=now):
        _require(orders.answer(db, order.id, OrderState.REFUSED, by=actor, now=now), order)
        services.look_at_budgets_again(db)
    return f"{order.artifact} was not bought{_may(order, ': it may be bought now')}"


@contextmanager
def _deciding(db: Db, order: Order, word: str, *, actor: str, now: datetime) -> Iterator[None]:
    """Open the transaction of a word on an order, which writes down whose it is."""
    with audit.deciding(db):
        yield
        notes = storable(f"order {order.id}, {order.artifact} of {order.service}: {word}")
        status = tasks.get(db, order.task_id).status
        audit.append(db, Decision(order.task_id, status, Action.SETTLED, storable(actor), notes, [], now))


def _may(order: Order, words: str) -> str:
    """Return the words where the item waits to be bought: what can never be fetched was bought anew already."""
    return "" if order.state is OrderState.LOST else words


def _require(said: bool, order: Order) -> None:
    if not said:
        raise LostRace(f"order {order.id} is not in doubt any more", hint="see: vidctl settle")
