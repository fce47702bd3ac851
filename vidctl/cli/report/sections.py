"""A report as tables of words: the same for a pipe, a terminal and a page. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vidctl.cli import words
from vidctl.domain.report import RECOVERY_TARGET, SUCCESS_TARGET, TIME_TARGET_S, FilmTimes, Report
from vidctl.domain.report_words import duration, known_from, percent, trend


@dataclass(frozen=True, slots=True)
class Section:
    """One table. `shares` (from 0 to 1) are what a bar shows of each row, where one makes sense."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    shares: Sequence[float] = ()


def sections(report: Report) -> Iterator[Section]:
    """Yield every table that has a row."""
    for section in (
        _summary(report),
        _steps(report),
        _failures(report),
        _channels(report),
        _components(report),
        _weeks(report),
        _limits(report),
    ):
        if section.rows:
            yield section


def _summary(report: Report) -> Section:
    """Return what matters most, each with its target and what else there is to know of it."""
    films, recovery, times = report.films, report.recovery, report.times
    rows = [
        ("films", f"{films.published} published", "", f"{films.failed} failed; {films.unaided} needed no help"),
        ("success", percent(films.success), f"{SUCCESS_TARGET}%", f"of {words.count(films.ended, 'film')}"),
        ("recovery", percent(recovery.rate), f"{RECOVERY_TARGET}%", _recovered(report)),
    ]
    if times:
        rows += [
            (
                *("time of machines", duration(times.machines.median_s), duration(TIME_TARGET_S)),
                f"nine of ten: {duration(times.machines.p90_s)}",
            ),
            ("time of people", duration(times.people.median_s), "", f"nine of ten: {duration(times.people.p90_s)}"),
            ("time in the queue", duration(times.queue.median_s), "", f"nine of ten: {duration(times.queue.p90_s)}"),
        ]
    rows.append(("cost", words.money(report.usd), "", _cost(report)))
    if report.ticks.count or report.known.ticks:
        rows.append(("cron", words.count(report.ticks.count, "tick"), "", _cron(report)))
    return Section("", ("what", "it was", "target", "besides"), rows)


def _cron(report: Report) -> str:
    gap = report.ticks.longest_gap_s
    pause = f"longest pause {duration(gap)}" if gap else ""
    return "; ".join(filter(None, [pause, known_from(report.known.ticks, report.period)]))


def _recovered(report: Report) -> str:
    since = report.known.failures
    if since is not None and since >= report.period.end:
        return known_from(since, report.period)
    return "; ".join(filter(None, [_series(report), known_from(since, report.period)]))


def _series(report: Report) -> str:
    recovery = report.recovery
    if not recovery.series:
        return "no failure that might cure itself"
    series = f"{recovery.recovered} of {recovery.series} series"
    retries = recovery.mean_retries
    return f"{series}, {retries:.1f} retries each" if retries is not None else series


def _cost(report: Report) -> str:
    grown = trend(report.usd, report.before_usd)
    compared = [f"{grown} {'as' if grown == 'as much' else 'than'} before"] if grown else []
    each = [f"{words.money(report.times.film_usd)} a published film"] if report.times else []
    return "; ".join(each + compared)


def _steps(report: Report) -> Section:
    longest = max((step.times.p90_s for step in report.steps if step.times), default=0)
    rows = [
        (
            *(step.step, str(step.finished)),
            *((duration(step.times.median_s), duration(step.times.p90_s)) if step.times else ("–", "–")),
            str(step.given_up),
        )
        for step in report.steps
    ]
    shares = [step.times.median_s / longest if step.times and longest else 0 for step in report.steps]
    return Section("Steps", ("step", "finished", "median", "nine of ten", "given up"), rows, shares)


def _failures(report: Report) -> Section:
    rows = [
        (one.step, one.error_type, one.error_class, f"{one.count:,}", f"{one.films:,}", one.example)
        for one in report.troubles
    ]
    return Section("Failures", ("step", "kind", "class", "times", "films", "the last one said"), rows)


def _channels(report: Report) -> Section:
    rows = [
        (
            line.channel_id,
            str(line.films.published),
            str(line.films.failed),
            percent(line.films.success),
            _median(line.times),
            words.money(line.usd),
            words.money(line.times.film_usd) if line.times else "–",
            trend(line.usd, line.before_usd),
        )
        for line in report.channels
    ]
    columns = ("channel", "films", "failed", "success", "time", "cost", "a film", "change")
    return Section("Channels", columns, rows)


def _components(report: Report) -> Section:
    rows = [
        (one.name, words.money(one.usd), words.money(one.before_usd), trend(one.usd, one.before_usd))
        for one in report.components
    ]
    most = max((one.usd for one in report.components), default=0)
    shares = [float(one.usd / most) if most else 0 for one in report.components]
    return Section("Cost by component", ("component", "cost", "before", "change"), rows, shares)


def _weeks(report: Report) -> Section:
    rows = [
        (
            f"{week.sunday:%Y-%m-%d}",
            str(week.films.published),
            str(week.films.failed),
            percent(week.films.success),
            percent(week.recovery.rate),
            _median(week.times),
            words.money(week.usd),
        )
        for week in report.weeks
    ]
    most = max((week.usd for week in report.weeks), default=0)
    shares = [float(week.usd / most) if most else 0 for week in report.weeks]
    return Section("Weeks", ("week of", "films", "failed", "success", "recovery", "time", "cost"), rows, shares)


def _limits(report: Report) -> Section:
    """Return budgets of the month, and quotas of YouTube on their busiest day."""
    budgets = [
        (
            *(use.words, words.money(use.spent_usd), words.money(use.usd)),
            f"{use.spent_usd / use.usd:.0%}" if use.usd else "–",
        )
        for use in report.budgets
    ]
    quotas = [
        (
            *(f"YouTube's {use.bucket} (project {use.project}), busiest day", f"{use.most:,}"),
            *(("?", "–") if use.limit is None else (f"{use.limit:,}", f"{use.most / max(1, use.limit):.0%}")),
        )
        for use in report.quotas
    ]
    return Section("Budgets and quotas", ("what", "used", "of", "share"), [*budgets, *quotas])


def _median(times: FilmTimes | None) -> str:
    return duration(times.machines.median_s) if times else "–"
