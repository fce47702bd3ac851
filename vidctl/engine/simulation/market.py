"""The paid services, seen from their side: what they sold, to whom, and whether that was one too many. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Final

KIE: Final = "kie"
BALANCE_USD: Final = Decimal(1_000_000)
"""What the account holds at first: enough for any year."""


@dataclass(slots=True)
class Sale:
    """One order that a service took. `asked` is all that decides what it is: the same again is bought twice."""

    number: int
    service: str
    task_id: str
    item: str
    """Which file of the film."""
    asked: str
    usd: Decimal
    sold_at: datetime
    ready_s: float
    """When its job has ended."""
    by_job: bool
    comes_to_nothing: bool = False
    is_bad: bool = False
    """Its file is no good."""
    answer_lost: bool = False
    """Nobody was told of it."""
    delivered: bool = False

    @property
    def job_id(self) -> str:
        """What the service calls its job."""
        return f"job-{self.number}"

    @property
    def can_be_had(self) -> bool:
        """Whether buying it again would be one too many: what it gave is good, or can still be fetched."""
        good = not self.comes_to_nothing and not self.is_bad
        return good and (self.delivered or self.by_job)


@dataclass(slots=True)
class Market:
    """All services together."""

    random: Random
    sales: list[Sale] = field(default_factory=list)
    bought_twice: list[tuple[Sale, Sale]] = field(default_factory=list)
    """An order that was taken although what an earlier one gave could be had."""
    _of: dict[tuple[str, str, str], list[Sale]] = field(default_factory=lambda: defaultdict(list))
    _spent: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def sell(
        self,
        service: str,
        item: tuple[str, str, str],
        usd: Decimal,
        *,
        at: datetime,
        ready_s: float,
        by_job: bool,
        fails: bool,
    ) -> Sale:
        """Take an order for (film, file, all that was asked)."""
        sale = Sale(len(self.sales) + 1, service, *item, usd, at, ready_s, by_job, comes_to_nothing=fails)
        earlier = self._of[item]
        self.bought_twice += [(one, sale) for one in earlier if one.can_be_had][:1]
        earlier.append(sale)
        self.sales.append(sale)
        if not fails:
            self._spent[service] += usd
        return sale

    def job(self, job_id: str) -> Sale | None:
        """Return the sale that a job is of."""
        number = int(job_id.rpartition("-")[2])
        return self.sales[number - 1] if 0 < number <= len(self.sales) else None

    def left_usd(self, service: str) -> Decimal:
        """Return what an account holds."""
        return BALANCE_USD - self._spent[service]

    def charged_usd(self) -> Decimal:
        """Return what all services together were paid."""
        return sum(self._spent.values(), Decimal(0))

    def paid_in_vain(self) -> list[Sale]:
        """Return what was charged and whose answer nobody could have: lost on the way, or with a killed process."""
        return [one for one in self.sales if not one.by_job and not one.delivered and not one.comes_to_nothing]

    def lost_jobs(self, task_id: str) -> Iterator[Sale]:
        """Yield a film's jobs of which nobody was told: what a person finds who looks at the provider."""
        return (one for one in self.sales if one.task_id == task_id and one.by_job and one.answer_lost)
