"""A report in sentences: what the week's message says, and what is said where a target is missed. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from vidctl.domain.periods import Period
from vidctl.domain.report import RECOVERY_TARGET, SUCCESS_TARGET, Report, change, enough_for

_PATTERNS: Final = 3
"""How many kinds of failures an alert names."""
_SAME: Final = 0.005
"""A change that is shown as 0% is none."""
_LOOK: Final = "see: vidctl report --week"


@dataclass(frozen=True, slots=True)
class Missed:
    """Something that a person has to know of a week, as an alert says it."""

    kind: str
    message: str
    hint: str


def duration(seconds: float) -> str:
    """Return a length of time: "48 s", "24 min", "1 h 24 min", "3 d 4 h"."""
    whole = round(seconds)
    if whole < 60:  # noqa: PLR2004  # a minute
        return f"{whole} s"
    minutes = round(seconds / 60)
    if minutes < 60:  # noqa: PLR2004  # an hour
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:  # noqa: PLR2004  # two days
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def percent(share: float | None) -> str:
    """Return a share as people write it, rounded down: what misses a target never looks as if it met it."""
    return "–" if share is None else f"{int(share * 100 + 1e-9)}%"


def trend(now: Decimal, before: Decimal) -> str:
    """Return how a sum changed: "12% more", "as much"; empty where there was nothing to compare it with."""
    grown = change(now, before)
    if grown is None:
        return ""
    if abs(grown) < _SAME:
        return "as much"
    return f"{abs(grown):.0%} {'more' if grown > 0 else 'less'}"


def known_from(since: datetime | None, period: Period) -> str:
    """Return from when on numbers are known; empty where they are of the whole time."""
    if since is None:
        return ""
    return f"known from {since:%Y-%m-%d} on" if since < period.end else "not known any more"


def summary(report: Report) -> str:
    """Return a week in a few sentences."""
    return " ".join([f"{report.period.name[:1].upper()}{report.period.name[1:]}:", *_sentences(report)])


def _sentences(report: Report) -> Iterator[str]:
    films, recovery, times = report.films, report.recovery, report.times
    yield f"{_count(films.published, 'film')} published, {films.unaided} of them without help; {films.failed} failed."
    if films.ended:
        yield f"Success {percent(films.success)} (target {SUCCESS_TARGET}%)."
    if recovery.series:
        yield (
            f"Recovery {percent(recovery.rate)} (target {RECOVERY_TARGET}%): {recovery.recovered} of {recovery.series} "
            "series of failures."
        )
    if times:
        yield (
            f"Machines worked {duration(times.machines.median_s)} on a film (median), "
            f"{duration(times.machines.p90_s)} at most for nine of ten (target 2 h)."
        )
    if report.usd or report.before_usd:
        grown = trend(report.usd, report.before_usd)
        compared = f", {grown} {'as' if grown == 'as much' else 'than'} in the week before" if grown else ""
        yield f"${report.usd:,.2f} spent{compared}."


def missed(report: Report) -> Iterator[Missed]:
    """Yield what was missed in a week, where enough happened to say so: see `enough_for`."""
    films, recovery = report.films, report.recovery
    if films.ended >= enough_for(SUCCESS_TARGET) and films.published * 100 < SUCCESS_TARGET * films.ended:
        yield Missed(
            "success below target",
            f"success was {percent(films.success)} in {report.period.name} (target {SUCCESS_TARGET}%): "
            f"{films.failed} of {films.ended} films failed. {_given_up(report)}{_patterns(report)}",
            f"vidctl inbox lists the films that wait for you; {_LOOK}",
        )
    if recovery.series >= enough_for(RECOVERY_TARGET) and recovery.recovered * 100 < RECOVERY_TARGET * recovery.series:
        yield Missed(
            "recovery below target",
            f"recovery was {percent(recovery.rate)} in {report.period.name} (target {RECOVERY_TARGET}%): "
            f"{recovery.series - recovery.recovered} of {recovery.series} series of failures did not cure themselves. "
            f"{_patterns(report)}",
            f"a service that is busy for long is worked less hard by limits.services in _defaults.yaml; {_LOOK}",
        )
    for use in report.budgets:
        if use.is_exceeded:
            yield Missed(
                "cost above budget",
                f"${use.spent_usd:,.2f} was spent of {use.words} of ${use.usd:,.2f} by the end of {report.period.name}",
                f"raise {use.field}, or see where it went: vidctl costs --by film",
            )


def _given_up(report: Report) -> str:
    steps = [f"{step.step} {_count(step.given_up, 'film')}" for step in report.steps if step.given_up]
    return f"Given up to you by: {', '.join(steps)}. " if steps else ""


def _patterns(report: Report) -> str:
    kinds = [
        f"{one.error_type} in {one.step}, {_count(one.count, 'time')} in {_count(one.films, 'film')}"
        for one in report.troubles[:_PATTERNS]
    ]
    return f"Most often: {'; '.join(kinds)}." if kinds else ""


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
