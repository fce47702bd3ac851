"""What one run of a script buys: journaled before it is sent, paid from a budget, and answered for afterwards."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from psycopg.errors import LockNotAvailable

from vidctl.contract import GO, Cost, Failure, Message, Ordering, Result
from vidctl.domain.budget import WARN_AT, Cap, Scope
from vidctl.domain.channel import Channel
from vidctl.domain.orders import OrderState
from vidctl.domain.work import Artifact
from vidctl.engine.context import ENGINE
from vidctl.engine.verdict import is_its_own_word
from vidctl.store import Db, artifacts, jobs, locks, orders, outbox, spending
from vidctl.store.orders import Intent, Order, Reading
from vidctl.store.tasks import Seen

NO: Final = "no"
_REMEMBERED: Final = timedelta(days=400)
"""How long a budget's warning is not repeated: its sentence names the day or the month."""


@dataclass(frozen=True, slots=True)
class Overdrawn:
    """A purchase that a budget has no room for."""

    cap: Cap
    spent_usd: Decimal
    price_usd: Decimal

    @property
    def sentence(self) -> str:
        """What the card says."""
        next_one = f", and the next purchase costs ${self.price_usd:.2f}" if self.price_usd else ""
        spent = f"${self.spent_usd:.2f} of ${self.cap.usd:.2f} are spent or set aside{next_one}"
        return f"{self.cap.words} is used up: {spent}; raise {self.cap.field}"


@dataclass(slots=True)
class Purchase:
    """The orders of one run of one script. `resumed` is the order whose job it fetches, if it does.

    `may_order` is asked in the moment of each order; `caps` are the budgets that it has to stay under.
    """

    db: Db
    task: Seen
    channel: Channel
    artifact: Artifact
    subject: str
    step: str
    service: str
    host: str
    caps: Callable[[], list[Cap]]
    may_order: Callable[[], bool]
    clock: Callable[[], datetime]
    resumed: Order | None = None
    overdrawn: Overdrawn | None = None
    """The budget that an order was not sent for."""
    crowded: bool = False
    """An order was not sent because others ordered for so long, or the database was too busy."""
    denied: bool = False
    """An order was not let."""
    current: int | None = None
    """The order that is open now."""
    answered: bool = True
    """Whether the provider said what became of the current one."""
    by_job: bool = True
    job_id: str | None = None
    since: int = 0
    """The last number of the ledger before the script began, or was let order: what it tells since, it read since."""
    _balance: Reading | None = field(default=None)

    def __post_init__(self) -> None:
        if self.resumed is not None:
            self.current, self.job_id = self.resumed.id, self.resumed.job_id

    @property
    def owes(self) -> bool:
        """Whether what was bought is lost if the script ends now: no answer yet, or one that nobody can fetch later."""
        return not self.answered or (self.current is not None and not self.by_job)

    def ordering(self, order: Ordering) -> str:
        """Journal that an order is about to be sent, and return the word that the script waits for."""
        word = self._asked(order) if self.may_order() else NO
        self.denied = word == NO
        return word

    def _asked(self, order: Ordering) -> str:
        if self.current is not None:  # the one before was not taken, or came to nothing
            ended = OrderState.FAILED if self.answered else OrderState.REFUSED
            orders.settle(self.db, self.current, ended, by=ENGINE, now=self.clock())
            self.current = None
        try:
            asked = self._set_aside(order)
        except LockNotAvailable:
            asked, self.crowded = None, True
        if asked is None:
            return NO
        self.current = asked
        self.answered, self.by_job, self.job_id = False, order.by_job, None
        return GO

    def _set_aside(self, order: Ordering) -> int | None:
        """Take a price out of the budgets, and return the order's number; None where one of them has no room."""
        with self.db.transaction():
            locks.within_this_transaction(self.db, locks.MONEY)
            self.since = orders.number(self.db)
            self.overdrawn = self._overdrawn(order.cost_usd)
            if self.overdrawn is not None:
                return None
            return orders.ask(self.db, self.task, self._intent(order), now=self.clock())

    def saw_balance(self, usd: Decimal) -> None:
        """Keep what the account held: before an order, or after the one that was sent last."""
        self._balance = Reading(usd, self.clock(), self.since, orders.number(self.db))
        if self.current is not None and self.resumed is None:
            orders.saw_balance(self.db, self.current, self._balance)

    def submitted(self, job_id: str) -> None:
        """Keep a job id: for the order even where another process holds the film by now."""
        self.answered, self.job_id = True, job_id
        if self.current is not None:
            orders.bought(self.db, self.current, job_id=job_id, now=self.clock())
        jobs.submitted(self.db, self.task, self.artifact, job_id)

    def charged(self, cost: Cost, *, at: datetime | None = None, word_id: UUID | None = None) -> None:
        """Book a charge; that of a job which was fetched before is booked already."""
        self.answered = True
        if self.resumed is not None and self.resumed.charged_usd is not None and self.current == self.resumed.id:
            return
        now = at or self.clock()
        artifacts.charge(self.db, self.task.id, self.artifact, cost, now=now, order_id=self.current, word_id=word_id)

    def ended(self, outcome: Result | Failure) -> None:
        """The script ended: say what became of an order that it sent and did not speak of any more."""
        if self.current is None:
            if isinstance(outcome, Failure) and outcome.in_doubt:
                self._doubt_what_was_not_announced()
            return
        if isinstance(outcome, Result):
            orders.bought(self.db, self.current, job_id=None, now=self.clock())
        elif self.was_refused(outcome):
            orders.settle(self.db, self.current, OrderState.REFUSED, by=ENGINE, now=self.clock())
        elif not self.answered:
            lose(self.db, self.current, by_job=self.by_job, now=self.clock())
        elif outcome.job_over or self.job_id is None:
            self.came_to_nothing()

    def was_refused(self, said: Message) -> bool:
        """Whether that says clearly that the open order was not taken: a program's last word, or its next order."""
        if self.current is None or self.answered:
            return False
        return isinstance(said, Ordering) or (isinstance(said, Failure) and not said.in_doubt and is_its_own_word(said))

    def _doubt_what_was_not_announced(self) -> None:
        """A program sent an order without a word before, and lost the answer: nobody knows the price either."""
        intent = self._intent(Ordering(self.service, Decimal(0)))
        orders.doubt(self.db, orders.ask(self.db, self.task, intent, now=self.clock()), now=self.clock())

    def came_to_nothing(self) -> None:
        """What was bought will never give a file."""
        jobs.forget(self.db, self.task.id, [self.artifact])
        self.current = None

    def _intent(self, order: Ordering) -> Intent:
        return Intent(self.artifact, self.step, self.service, self.subject, order, self._balance, self.host)

    def used_up(self) -> Overdrawn | None:
        """Return a budget of which nothing is left: for programs that order without a word before."""
        for cap in self.caps():
            if (spent := self._spent(cap)) >= cap.usd:
                return Overdrawn(cap, spent, Decimal(0))
        return None

    def _spent(self, cap: Cap) -> Decimal:
        whose = {"task_id": self.task.id, "channel": self.channel.channel_id, "service": self.service}
        return spending.under(self.db, cap, **whose)  # type: ignore[arg-type]

    def _overdrawn(self, price_usd: Decimal) -> Overdrawn | None:
        """Return the first budget that has no room for a price; warn of those that are nearly used up."""
        for cap in self.caps():
            spent = self._spent(cap)
            if spent + price_usd > cap.usd:
                return Overdrawn(cap, spent, price_usd)
            if spent + price_usd >= cap.usd * WARN_AT:
                self._warn(cap)
        return None

    def _warn(self, cap: Cap) -> None:
        of = f" ({cap.since:%Y-%m-%d})" if cap.since else ""
        whose = f" of {self.channel.channel_id}" if cap.scope in (Scope.DAY, Scope.MONTH, Scope.CHANNEL) else ""
        outbox.alert(
            self.db,
            "budget",
            f"{cap.words}{whose}{of}: 80% of ${cap.usd:.2f} is spent or set aside",
            hint=f"at 100% nothing more is bought until it is raised: {cap.field}",
            now=self.clock(),
            task_id=self.task.id if cap.scope is Scope.FILM else None,
            quiet=_REMEMBERED,
        )


def lose(db: Db, order_id: int, *, by_job: bool, now: datetime) -> None:
    """An answer was lost. Where it named a job, that may still be found; else what was bought can never be fetched."""
    if by_job:
        orders.doubt(db, order_id, now=now)
    else:
        orders.settle(db, order_id, OrderState.LOST, by=ENGINE, now=now)
