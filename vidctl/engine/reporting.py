"""Put a report together: everything that is said of one time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from vidctl.domain import report_data
from vidctl.domain.budget import PAID, Scope, caps
from vidctl.domain.limits import Limits
from vidctl.domain.pacific import day_of
from vidctl.domain.periods import Period, month_of, week_of, weeks_until
from vidctl.domain.quota import Bucket, daily
from vidctl.domain.report import (
    WEEKS_SHOWN,
    BudgetUse,
    ChannelLine,
    Films,
    Known,
    QuotaUse,
    Recovery,
    Report,
    StepTimes,
    Sum,
    Week,
    merged,
)
from vidctl.engine import forgetting
from vidctl.engine.channel_files import Loaded
from vidctl.pipeline import STEPS
from vidctl.store import Db, costs, metrics, weekly
from vidctl.store.costs import By
from vidctl.store.metrics import Charged, Of

_STEPS: Final = {step.working: step.name for step in STEPS}
_NOTHING: Final = Decimal(0)


def collect(
    db: Db, period: Period, channel: str | None, files: Loaded | None, *, now: datetime | None = None
) -> Report:
    """Return the report on a time, of one channel or of all; budgets and quotas are those that `files` set now.

    What was deleted by its age before `now` is counted nowhere; None: nothing ever was.
    """
    known = _known(db, period, files, now=now) if now else Known()
    outcomes, kept = metrics.outcomes(db, [period], channel), _kept(db, [period], channel).get(1)
    times = metrics.film_times(db, [period], channel)
    charges = metrics.charges(db, [period, period.before], channel)
    by_channel = _sums(charges, lambda one: one.channel_id)
    return Report(
        period=period,
        channel=channel,
        films=outcomes.get(Of(1), Films()),
        recovery=report_data.recovery_of(kept) if kept else _recovery(db, period.after(known.failures), channel),
        times=times.get(Of(1)),
        steps=_steps(db, period, channel),
        troubles=report_data.troubles_of(kept) if kept else metrics.troubles(db, period.after(known.failures), channel),
        channels=[
            ChannelLine(name, outcomes.get(Of(1, name), Films()), times.get(Of(1, name)), one.usd, one.before_usd)
            for name, one in _all_channels(by_channel, outcomes).items()
        ],
        components=_sums(charges, lambda one: one.component),
        weeks=_weeks(db, period, channel, known),
        quotas=[] if channel else _quotas(db, period, files.limits if files else Limits()),
        budgets=list(_budgets(db, period, channel, files)) if files else [],
        ticks=report_data.ticks_of(kept) if kept else metrics.ticks(db, period.after(known.ticks)),
        usd=sum((one.usd for one in by_channel), _NOTHING),
        before_usd=sum((one.before_usd for one in by_channel), _NOTHING),
        known=report_data.known_of(kept) if kept else known.within(period),
    )


def _known(db: Db, period: Period, files: Loaded | None, *, now: datetime) -> Known:
    weeks = weeks_until(period.last_moment.date(), WEEKS_SHOWN)
    kept_days = (files.limits if files else Limits()).kept_days
    return forgetting.known(db, period.begin, min(period.begin, weeks[0].begin), kept_days, now=now)


def _recovery(db: Db, period: Period, channel: str | None) -> Recovery:
    return metrics.recoveries(db, [period], _STEPS, channel).get(Of(1), Recovery())


def _kept(db: Db, periods: Sequence[Period], channel: str | None) -> dict[int, dict[str, Any]]:
    """Return the numbers of those periods that are weeks and are kept: failures and ticks are deleted by their age."""
    weeks = {number: at.begin.date() for number, at in enumerate(periods, 1) if at == week_of(at.begin.date())}
    kept = weekly.kept(db, weeks.values()) if channel is None else {}
    return {number: kept[sunday] for number, sunday in weeks.items() if sunday in kept}


def _sums(charges: Sequence[Charged], key: Callable[[Charged], str]) -> list[Sum]:
    """Return what was charged in the first of two periods beside the second, by what `key` says."""
    return merged(*([Sum(name, usd) for name, usd in _added(charges, key, number).items()] for number in (1, 2)))


def _added(charges: Sequence[Charged], key: Callable[[Charged], str], number: int) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for one in charges:
        if one.number == number:
            found[key(one)] = found.get(key(one), _NOTHING) + one.usd
    return found


def _all_channels(sums: Sequence[Sum], outcomes: dict[Of, Films]) -> dict[str, Sum]:
    """Return the channels of which there is anything to say, the dearest first; the rest by their names."""
    found = {one.name: one for one in sums}
    others = {of.channel_id for of in outcomes if of.channel_id is not None} - found.keys()
    return found | {name: Sum(name, _NOTHING) for name in sorted(others)}


def _steps(db: Db, period: Period, channel: str | None) -> list[StepTimes]:
    times = metrics.step_times(db, period, _STEPS, channel)
    given_up = metrics.given_up(db, period, _STEPS, channel)
    found = []
    for name in _STEPS.values():
        finished, spread = times.get(name, (0, None))
        if finished or name in given_up:
            found.append(StepTimes(name, finished, spread, given_up.get(name, 0)))
    return found


def _weeks(db: Db, period: Period, channel: str | None, known: Known) -> list[Week]:
    """Return the weeks up to the one in which the time ends, without those before the first of which anything is known.

    A week that is kept is shown as it was kept: to count a year's weeks anew takes long.
    """
    weeks = weeks_until(period.last_moment.date(), WEEKS_SHOWN)
    kept = {
        number: report_data.week_of(weeks[number - 1].begin.date(), numbers)
        for number, numbers in _kept(db, weeks, channel).items()
    }
    missing = [week for number, week in enumerate(weeks, 1) if number not in kept]
    found = sorted(
        [*kept.values(), *(_counted(db, missing, channel, known) if missing else [])], key=lambda one: one.sunday
    )
    told = [at for at, week in enumerate(found) if week.films.ended or week.recovery.series or week.usd]
    return found[told[0] :] if told else []


def _counted(db: Db, weeks: Sequence[Period], channel: str | None, known: Known) -> list[Week]:
    outcomes = metrics.outcomes(db, weeks, channel)
    recoveries = metrics.recoveries(db, weeks, _STEPS, channel)
    times = metrics.film_times(db, weeks, channel)
    charges = metrics.charges(db, weeks, channel)
    return [
        Week(
            week.begin.date(),
            outcomes.get(of, Films()),
            Recovery() if known.within(week).failures else recoveries.get(of, Recovery()),
            times.get(of),
            sum((one.usd for one in charges if one.number == of.number), _NOTHING),
        )
        for of, week in ((Of(number), week) for number, week in enumerate(weeks, 1))
    ]


def _quotas(db: Db, period: Period, limits: Limits) -> list[QuotaUse]:
    last = day_of(period.last_moment)
    there_is = {str(bucket): units for bucket, units in daily(limits.youtube_quota, last).items()}
    return [
        replace(use, limit=there_is.get(Bucket(use.bucket))) if use.bucket in set(Bucket) else use
        for use in metrics.quotas(db, day_of(period.begin), last)
    ]


def _budgets(db: Db, period: Period, channel: str | None, files: Loaded) -> Iterator[BudgetUse]:
    """Yield what was spent of the budgets of the month; those of days and films are kept by the hour."""
    month = month_of(period.last_moment.date())
    spent = {group.name: group.usd for group in costs.groups(db, By.CHANNEL, since=month.begin, until=period.end)}
    seen = set()
    for one in files.channels:
        for cap in caps(one, files.limits, PAID[0], now=period.last_moment):
            of_all = cap.scope is Scope.ALL_MONTH
            if cap.stop in seen or not ((of_all and channel is None) or cap.scope is Scope.MONTH):
                continue
            if channel in (None, one.channel_id):
                seen.add(cap.stop)
                usd = sum(spent.values(), _NOTHING) if of_all else spent.get(one.channel_id, _NOTHING)
                words = cap.words if of_all else f"{one.channel_id}'s budget of the month"
                yield BudgetUse(words, cap.field, cap.usd, usd)
