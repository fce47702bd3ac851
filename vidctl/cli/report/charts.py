"""What the charts of a report show, as data that `charts.js` draws. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from vidctl.domain.report import RECOVERY_TARGET, SUCCESS_TARGET, TIME_TARGET_S, Report
from vidctl.domain.report_words import known_from

Colour = Literal["good", "bad", "one", "two", "three"]


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers of one colour, one for each label; None is a gap."""

    name: str
    values: Sequence[float | None]
    colour: Colour


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart. `goal` is drawn as a line that is to be met, `unit` says how numbers are written."""

    title: str
    says: str
    kind: Literal["bar", "line", "row"]
    unit: Literal["count", "percent", "seconds", "usd"]
    labels: Sequence[str]
    series: Sequence[Series]
    stacked: bool = False
    goal: float | None = None
    goal_name: str = ""
    table: str = ""
    """The title of the table with the same numbers."""


def charts(report: Report) -> Iterator[Chart]:
    """Yield every chart that has anything to show."""
    return (chart for chart in _all(report) if any(one.values for one in chart.series))


def as_data(chart: Chart) -> dict[str, Any]:
    """Return a chart as JSON can hold it."""
    return asdict(chart)


def _all(report: Report) -> Iterator[Chart]:
    weeks = report.weeks
    sundays = [f"{week.sunday:%b} {week.sunday.day}" for week in weeks]
    yield Chart(
        *("Films by week", "What was published, and what failed.", "bar", "count", sundays),
        [
            Series("published", [week.films.published for week in weeks], "one"),
            Series("failed", [week.films.failed for week in weeks], "bad"),
        ],
        stacked=True,
        table="Weeks",
    )
    yield Chart(
        *("Success by week", "Films that were published, of those that came to an end.", "line", "percent", sundays),
        [Series("success", [week.films.success for week in weeks], "one")],
        goal=SUCCESS_TARGET / 100,
        goal_name=f"target {SUCCESS_TARGET}%",
    )
    yield Chart(
        *("Recovery by week", "Series of failures that cured themselves.", "line", "percent", sundays),
        [Series("recovery", [week.recovery.rate for week in weeks], "two")],
        goal=RECOVERY_TARGET / 100,
        goal_name=f"target {RECOVERY_TARGET}%",
    )
    yield Chart(
        *("Machine time of a film", "Without the time in the queue and at gates.", "line", "seconds", sundays),
        [
            Series("median", [week.times.machines.median_s if week.times else None for week in weeks], "one"),
            Series("nine of ten", [week.times.machines.p90_s if week.times else None for week in weeks], "three"),
        ],
        goal=TIME_TARGET_S,
        goal_name="target 2 h",
    )
    yield Chart(
        *("Cost by week", "Every charge, also of films that failed.", "bar", "usd", sundays),
        [Series("cost", [float(week.usd) for week in weeks], "two")],
    )
    yield _steps(report)
    yield _failures(report)
    yield Chart(
        *("Cost by component", "Beside the time before.", "row", "usd", [one.name for one in report.components]),
        [
            Series("now", [float(one.usd) for one in report.components], "two"),
            Series("before", [float(one.before_usd) for one in report.components], "three"),
        ],
        table="Cost by component",
    )
    yield Chart(
        *("Cost by channel", "Beside the time before.", "row", "usd", [line.channel_id for line in report.channels]),
        [
            Series("now", [float(line.usd) for line in report.channels], "two"),
            Series("before", [float(line.before_usd) for line in report.channels], "three"),
        ],
        table="Channels",
    )


def _steps(report: Report) -> Chart:
    timed = [(step.step, step.times) for step in report.steps if step.times]
    return Chart(
        *("Time of each step", "From its beginning to its end, retries included.", "row", "seconds"),
        [name for name, _ in timed],
        [
            Series("median", [times.median_s for _, times in timed], "one"),
            Series("nine of ten", [times.p90_s for _, times in timed], "three"),
        ],
        table="Steps",
    )


def _failures(report: Report) -> Chart:
    counts: Counter[str] = Counter()
    for one in report.troubles:
        counts[one.step] += one.count
    steps = [step for step, _ in counts.most_common()]
    since = known_from(report.known.failures, report.period)
    known = since and f"; {since}"
    kinds: tuple[tuple[str, str, Colour], ...] = (
        ("might cure itself", "transient", "three"),
        ("quota", "quota", "two"),
        ("needs a person", "permanent", "bad"),
    )
    return Chart(
        *("Failures by step", f"All that went wrong, whether or not it cured itself{known}.", "row", "count", steps),
        [
            Series(
                name,
                [sum(one.count for one in report.troubles if (one.step, one.error_class) == (s, kind)) for s in steps],
                colour,
            )
            for name, kind, colour in kinds
        ],
        stacked=True,
        table="Failures",
    )
