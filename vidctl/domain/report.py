"""What a report says of a time, and the targets that it is held against. Pure.

Everything in it is counted by the moves that films made, so that a person can check it by hand with `vidctl history`:

- A film is *published* in the time in which it moved to Published.
- It *failed* in a time in which a step gave it up to a person (the event `fail`, which the engine did not take back in
  the next move) and nobody sent it on (`retry` or `queue`) before that time was over. What a person rejects at a gate
  has not failed.
- The *success rate* is published / (published + failed). What is still being made, or waits at a gate, is in neither.
- A *series* is all that went wrong and might cure itself (the classes transient and quota) while one film was in one
  step, from entering the step's status to leaving it. It belongs to the time in which it ended. It *recovered* if the
  step finished, and did not if the step gave up; a series that is not at its end, or that a person broke off, counts
  nowhere. The *recovery rate* is recovered / series. A *retry* of a series is a run that failed, or was killed.
- The time of a film is cut into three: in the *queue* (Queued), with *machines* (every other status in which vidctl is
  to go on: working, waiting for its turn, for a retry, for a paused service), and with *people* (gates, errors, and
  Draft after it was queued first). The target of two hours is about the machines' part of nine films in ten.
- The time of a *step* is that from entering its status to finishing it, its retries included.
- Percentiles are interpolated between the two nearest films, as spreadsheets do it (PERCENTILE.INC).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from vidctl.domain.periods import Period

SUCCESS_TARGET: Final = 90
RECOVERY_TARGET: Final = 80
"""Both in percent."""
TIME_TARGET_S: Final = timedelta(hours=2).total_seconds()
WEEKS_SHOWN: Final = 12


def enough_for(target: int) -> int:
    """Return from how many on a missed target is worth an alert: where one failure alone does not miss it."""
    return 100 // (100 - target)


@dataclass(frozen=True, slots=True)
class Films:
    """How many films came to an end in a time."""

    published: int = 0
    unaided: int = 0
    """Of those published: films that no step ever gave up to a person."""
    failed: int = 0

    @property
    def ended(self) -> int:
        """All of which it is known whether they succeeded."""
        return self.published + self.failed

    @property
    def success(self) -> float | None:
        """The share of those published, from 0 to 1; None where no film came to an end."""
        return self.published / self.ended if self.ended else None


@dataclass(frozen=True, slots=True)
class Recovery:
    """What went wrong and might cure itself, by series."""

    failures: int = 0
    series: int = 0
    recovered: int = 0
    retries: int = 0
    """Of the recovered series alone."""

    @property
    def rate(self) -> float | None:
        """The share of series that recovered, from 0 to 1; None where there was none."""
        return self.recovered / self.series if self.series else None

    @property
    def mean_retries(self) -> float | None:
        """How many retries a recovered series took."""
        return self.retries / self.recovered if self.recovered else None


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in seconds: the median, and what nine of ten did not exceed."""

    median_s: float
    p90_s: float


@dataclass(frozen=True, slots=True)
class FilmTimes:
    """How long the published films of a time took, and what they cost from beginning to end."""

    machines: Spread
    queue: Spread
    people: Spread
    film_usd: Decimal
    """What one of them cost on average, all its tries included, whenever they were paid."""


@dataclass(frozen=True, slots=True)
class StepTimes:
    """How long a step took each time it finished, and how many films it gave up to people."""

    step: str
    finished: int
    times: Spread | None
    given_up: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of failure in one step: how often, in how many films, and the words of the last one."""

    step: str
    error_type: str
    error_class: str
    count: int
    films: int
    example: str


@dataclass(frozen=True, slots=True)
class Sum:
    """What was charged for one thing (a channel, a component, a week by its Sunday)."""

    name: str
    usd: Decimal
    before_usd: Decimal = Decimal(0)
    """The same in the time before."""


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """One channel beside the others."""

    channel_id: str
    films: Films
    times: FilmTimes | None
    usd: Decimal
    before_usd: Decimal


@dataclass(frozen=True, slots=True)
class Week:
    """One week of the trend; its Sunday names it."""

    sunday: date
    films: Films
    recovery: Recovery
    times: FilmTimes | None
    usd: Decimal


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """What a Google project used of one bucket on its busiest day (of California)."""

    project: str
    bucket: str
    days: int
    """On how many days anything was used."""
    most: int
    limit: int | None
    """None: nobody knows how much there is."""


@dataclass(frozen=True, slots=True)
class BudgetUse:
    """What was spent of a budget of the month in which the time ended, up to its end."""

    words: str
    field: str
    usd: Decimal
    spent_usd: Decimal

    @property
    def is_exceeded(self) -> bool:
        """Whether more was spent than allowed: charges that came late, or dearer than their list price."""
        return self.spent_usd > self.usd


@dataclass(frozen=True, slots=True)
class Ticks:
    """How often cron ran, and the longest it did not, in seconds."""

    count: int
    longest_gap_s: float | None


@dataclass(frozen=True, slots=True)
class Known:
    """From when on there is what is deleted by its age; None: all of it is there."""

    failures: datetime | None = None
    """Of which recovery is counted as well."""
    ticks: datetime | None = None

    def within(self, period: Period) -> "Known":
        """Return only what is not known from the beginning of a time on."""
        failures, ticks = (at if at and at > period.begin else None for at in (self.failures, self.ticks))
        return Known(failures, ticks)


@dataclass(frozen=True, slots=True)
class Report:
    """All that is said of one time, of one channel or of all."""

    period: Period
    channel: str | None
    films: Films
    recovery: Recovery
    times: FilmTimes | None
    steps: Sequence[StepTimes]
    troubles: Sequence[Trouble]
    channels: Sequence[ChannelLine]
    components: Sequence[Sum]
    weeks: Sequence[Week]
    quotas: Sequence[QuotaUse]
    budgets: Sequence[BudgetUse]
    ticks: Ticks
    usd: Decimal
    before_usd: Decimal
    known: Known = Known()
    """What happened before is in none of the counts of failures, recovery and ticks."""


def change(now: Decimal, before: Decimal) -> float | None:
    """Return by how much a sum grew, as a share of what it was; None where there was nothing to grow from."""
    return float(now / before) - 1 if before else None


def merged(now: Sequence[Sum], before: Sequence[Sum]) -> list[Sum]:
    """Return the sums of two times beside each other, the dearest first."""
    then = {one.name: one.usd for one in before}
    today = {one.name: one.usd for one in now}
    names = dict.fromkeys([*today, *then])
    rows = [Sum(name, today.get(name, Decimal(0)), then.get(name, Decimal(0))) for name in names]
    return sorted(rows, key=lambda one: (-one.usd, -one.before_usd, one.name))
