"""What came of a simulation, besides what a report says: promises, limits, budgets, and where time went. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final

from vidctl.domain.budget import PAID, Cap, Scope, caps
from vidctl.domain.channel import Channel
from vidctl.domain.limits import Limits
from vidctl.engine.simulation.diary import Spent
from vidctl.store.forecast import DaySpent


@dataclass(frozen=True, slots=True)
class Peak:
    """The most that was ever used of something limited."""

    what: str
    most: float
    limit: float


@dataclass(frozen=True, slots=True)
class Findings:
    """See `vidctl.engine.simulation.scenario` for what was asked."""

    planned: int
    published: int
    unfinished: Mapping[Spent, int]
    """Films that did not get to their end although there was time for it, by what they wait for."""
    bought_twice: int
    """Orders that were taken although what an earlier one gave could be had."""
    bought_twice_usd: Decimal
    paid_in_vain: int
    """Orders whose answers were lost, or died with a killed process: nobody can fetch them."""
    paid_in_vain_usd: Decimal
    charged_usd: Decimal
    """By the services' own books."""
    booked_usd: Decimal
    """By vidctl's."""
    steps: int
    killed: int
    calls: Sequence[Peak]
    """Calls of each service at once."""
    budgets: Sequence[Peak]
    times: Mapping[Spent, float]
    """Shares of all films' time."""
    fairness: float
    """Jain's index of the waits of the channels for room: 1 where all wait alike, 1/n where one waits alone."""

    @property
    def lost(self) -> int:
        """Films that nothing and nobody would move on: they wait for neither a person nor a budget."""
        return sum(films for spent, films in self.unfinished.items() if spent not in _NOT_LOST)

    @property
    def exceeded(self) -> Sequence[str]:
        """Limits and budgets of which more was used than they allow."""
        return [peak.what for peak in (*self.calls, *self.budgets) if peak.most > peak.limit]


_OF_A_CHANNEL: Final = (Scope.FILM, Scope.DAY, Scope.MONTH, Scope.CHANNEL)
_NOT_LOST: Final = (Spent.PERSON, Spent.BUDGET, Spent.DAY)


def jain(numbers: Iterable[float]) -> float:
    """Return how evenly something is spread: from 1/n (one has it all) to 1 (all have the same)."""
    values = list(numbers)
    squares = sum(value * value for value in values)
    return sum(values) ** 2 / (len(values) * squares) if squares else 1.0


def budget_peaks(days: Sequence[DaySpent], channels: Sequence[Channel], limits: Limits) -> list[Peak]:
    """Return the most that was spent of each budget, by a film, a day, a month, or in all."""
    found: dict[str, Peak] = {}
    at = datetime.combine(min((one.day for one in days), default=date(2026, 1, 1)), time(), UTC)
    for channel in channels:
        for service in PAID:
            for cap in caps(channel, limits, service, now=at):
                if cap.stop not in found:
                    sums = _sums(days, cap, channel.channel_id, service)
                    found[cap.stop] = Peak(cap.field, float(max(sums, default=Decimal(0))), float(cap.usd))
    return list(found.values())


def _sums(days: Sequence[DaySpent], cap: Cap, channel_id: str, service: str) -> Iterator[Decimal]:
    """Yield what was spent under a cap, time by time."""
    sums: dict[object, Decimal] = defaultdict(Decimal)
    for one in days:
        if cap.scope in _OF_A_CHANNEL and one.channel_id != channel_id:
            continue
        if cap.scope is Scope.SERVICE_DAY and one.service != service:
            continue
        sums[_counted_with(one, cap.scope)] += one.usd
    yield from sums.values()


def _counted_with(one: DaySpent, scope: Scope) -> object:
    """Return what stands for all that counts together with this under a cap."""
    if scope is Scope.FILM:
        return one.task_id
    if scope is Scope.CHANNEL:
        return None
    return one.day.replace(day=1) if scope in (Scope.MONTH, Scope.ALL_MONTH) else one.day
