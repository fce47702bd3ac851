"""Before something is ordered: whether it was bought already, or may have been.

What was bought is fetched by its job id, also when its file is gone again. An order whose answer was lost is not sent
again: its account's balance may say that it was not taken; else a person has to say what became of it.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from vidctl.contract import Basis, Cost, ErrorClass, Scope, ScriptError
from vidctl.domain.fates import ways
from vidctl.domain.orders import OrderState, Witness, Word, word_of
from vidctl.domain.work import Artifact
from vidctl.engine.children import Command, Ended
from vidctl.engine.context import ENGINE
from vidctl.engine.purchases import lose
from vidctl.store import Db, artifacts, doubts, jobs, orders
from vidctl.store.doubts import Worth
from vidctl.store.orders import Order, Reading
from vidctl.store.tasks import Seen

KEPT: Final = timedelta(days=13)
"""How long a provider surely keeps what it made: KIE says 14 days."""

LOOK_AGAIN: Final = timedelta(minutes=10)
LONGEST_DOUBT: Final = timedelta(hours=6)
"""After so long without a clear word of the account's balance a person is asked."""

Look = Generator[Command, Ended, None]
"""Reads the account's balance into the order that it is given."""


@dataclass(frozen=True, slots=True)
class Past:
    """Looks for what was bought of one artifact. `subject` is what is to be made now."""

    db: Db
    task: Seen
    artifact: Artifact
    subject: str
    clock: Callable[[], datetime]
    look: Callable[[Order], Look]
    twins: tuple[int, ...] = ()
    """The numbers of items that are to be the same as this one: what was bought for them is theirs."""

    def order(self, job_id: str | None) -> Generator[Command, Ended, Order | None]:
        """Return the order whose job is to be fetched; None where something may be ordered.

        `job_id` is what the artifact says of its job.

        Raises:
            ScriptError: an order is in doubt, or the journal contradicts itself: nothing is bought on its word.
        """
        if not self._same():
            orders.follow(self.db, self.task.id, self.artifact, self.subject, besides=self.twins)
        for order in orders.open_of(self.db, self.task.id, self.artifact):
            if order.state is OrderState.ASKED:  # by nobody alive: we hold the film
                lose(self.db, order.id, by_job=order.by_job, now=self.clock())
        if not (same := self._same()):
            return None if job_id else self._made_before()
        while same and same[0].state is OrderState.IN_DOUBT:
            yield from self._clear_up(same[0])
            same = self._same()  # that takes a while: a person may have said meanwhile that it was bought
        return self._to_fetch(same[0], job_id) if same else None

    def _same(self) -> list[Order]:
        return [one for one in orders.open_of(self.db, self.task.id, self.artifact) if one.subject == self.subject]

    def _made_before(self) -> Order | None:
        since = self.clock() - KEPT
        order = orders.reopen(self.db, self.task.id, self.artifact, self.subject, since=since, besides=self.twins)
        if order is not None and order.job_id is not None:
            jobs.submitted(self.db, self.task, self.artifact, order.job_id)
        return order

    def _to_fetch(self, order: Order, job_id: str | None) -> Order | None:
        if order.job_id is None and not order.by_job:  # paid, and the process died with the answer in its hands
            orders.settle(self.db, order.id, OrderState.FAILED, by=ENGINE, now=self.clock())
            return None
        if order.job_id is None:  # charged, and it died before it said under which job
            orders.doubt(self.db, order.id, now=self.clock())
            raise _asks(order)
        if job_id not in (None, order.job_id):
            raise ScriptError(
                f"the journal of {self.artifact} is damaged: order {order.id} was taken as job {order.job_id}, and "
                f"the film has job {job_id}",
                hint=f"look at the provider which one is right; nothing is bought for {self.artifact} meanwhile",
                error_type="JournalDamaged",
            )
        if job_id is None:
            jobs.submitted(self.db, self.task, self.artifact, order.job_id)
        return order

    def _clear_up(self, order: Order) -> Generator[Command, Ended, None]:
        """Find out that an order in doubt was not taken.

        Raises:
            ScriptError: nobody knows; or nobody can know yet.
        """
        if (before := doubts.before(self.db, order)) is None:
            raise _asks(order)
        word = self._word(order, before, (yield from self._after(order)))
        if word is Word.NOT_PROVEN:  # the later it is read, the more it shows
            word = self._word(order, before, (yield from self._after(order, anew=True)))
        match word:
            case Word.NOT_TAKEN:
                orders.answer(self.db, order.id, OrderState.REFUSED, by="balance", now=self.clock())
            case Word.NOT_PROVEN:
                raise self._later(order, "nobody has seen yet that the account is charged when an order is taken")
            case Word.NOBODY_KNOWS:
                raise _asks(order)

    def _word(self, order: Order, before: Reading, after: Reading) -> Word:
        """Return what the readings around an order say.

        An account that is charged when a job ends shows an order only then; but after so long every job has ended.
        """
        others = doubts.others(self.db, order, since=before, until=after)
        shown = others.charges_at_once or after.at - order.asked_at > doubts.LONGEST_JOB
        return word_of(Witness(before.usd, after.usd, others.sold, others.returned, shown))

    def _after(self, order: Order, *, anew: bool = False) -> Generator[Command, Ended, Reading]:
        """Return what the account held after an order in doubt: as it was read then, or now if that says nothing.

        `anew` has it read now in any case.

        Raises:
            ScriptError: nobody can know yet.
        """
        if anew or order.after is None or doubts.worth(self.db, order, order.after) is Worth.BLURRED:
            yield from self.look(order)
            order = orders.get(self.db, order.id) or order
        if (after := order.after) is None:
            raise self._later(order, "the account's balance cannot be read now")
        if doubts.worth(self.db, order, after) is not Worth.CLEAR:
            raise self._later(order, "other orders were on their way when the account's balance was read")
        return after

    def _later(self, order: Order, why: str) -> ScriptError:
        """Return the error of an order that is looked up again: waiting is nobody's failure, but it has an end."""
        if self.clock() - order.asked_at > LONGEST_DOUBT:
            return _asks(order)
        return ScriptError(
            f"{_about(order)}; {why}",
            hint=f"it is looked up again; or say what became of it: vidctl settle {order.id}",
            error_class=ErrorClass.QUOTA,  # it costs no attempt
            scope=Scope.ITEM,
            error_type="OrderInDoubt",
            retry_after_s=LOOK_AGAIN.total_seconds(),
        )


def pass_over(db: Db, task: Seen, steps: Sequence[str], *, now: datetime) -> None:
    """These steps have everything: what they bought besides is for what the film asked for earlier."""
    for order in orders.left_open(db, task.id, steps):
        if order.state is OrderState.ASKED:
            lose(db, order.id, by_job=order.by_job, now=now)
        elif order.state is OrderState.BOUGHT and order.job_id is not None:
            with db.transaction():
                book_unwanted(db, order, now=now)


def book_unwanted(db: Db, order: Order, *, now: datetime) -> None:
    """Book an order whose job nobody may ever fetch: at its price, where no charge is known."""
    if order.charged_usd is None:
        cost = Cost(order.component, Decimal(0), order.reserved_usd, Basis.LIST_PRICE)
        artifacts.charge(db, order.task_id, order.artifact, cost, now=now, order_id=order.id)
    orders.settle(db, order.id, OrderState.UNWANTED, by=ENGINE, now=now)


def _about(order: Order) -> str:
    sent = f"at {order.asked_at:%Y-%m-%d %H:%M} UTC an order for ${order.reserved_usd:.2f} was sent to {order.service}"
    return f"it may have been bought already: {sent}, and the answer to it was lost (vidctl settle {order.id})"


def _asks(order: Order) -> ScriptError:
    where = " (kie.ai/logs)" if order.service == "kie" else ""
    words = f"vidctl settle {order.id} --not-bought, or --job ID, or --bought"
    return ScriptError(
        f"{_about(order)}; look for it at the provider{where}, then comment {ways(order.id)}",
        hint=f"look for it at the provider{where}; then: {words}",
        error_type="OrderInDoubt",
    )
