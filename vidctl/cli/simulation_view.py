"""A simulation's report as JSON and as tables. Pure but for Rich's console."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from vidctl.cli import words
from vidctl.cli.report.sections import Section
from vidctl.cli.report.terminal import print_sections
from vidctl.domain import report_data
from vidctl.domain.report import RECOVERY_TARGET, SUCCESS_TARGET, Report
from vidctl.domain.report_words import duration, percent
from vidctl.engine.simulation.findings import Findings
from vidctl.engine.simulation.scenario import Scenario


def data(scenario: Scenario, channels: int, findings: Findings, report: Report) -> dict[str, Any]:
    """Return all of it as JSON can hold it: shares from 0 to 1, money as numbers, time in seconds."""
    return {
        "scenario": {**asdict(scenario), "channels": channels},
        "films_a_week": findings.published / scenario.weeks,
        **asdict(findings),
        "lost": findings.lost,
        "exceeded": findings.exceeded,
        "report": report_data.data(report),
    }


def print_all(scenario: Scenario, channels: int, findings: Findings, report: Report) -> None:
    """Print it."""
    films = "film" if scenario.films_a_week == 1 else "films"
    head = (
        f"{words.count(scenario.weeks, 'week')} of {words.count(channels, 'channel')}, "
        f"{scenario.films_a_week:g} {films} a week each, played with seed {scenario.seed}"
    )
    print_sections(head, sections(scenario, findings, report), _verdicts(findings, report))


def sections(scenario: Scenario, findings: Findings, report: Report) -> Iterator[Section]:
    """Yield what came of it: the films, the promises, their time, and what was used of each limit."""
    yield Section("", ("what", "it was", "target", "besides"), list(_films(scenario, findings, report)))
    yield Section("Promises", ("what", "it was", "besides"), list(_promises(findings)))
    yield _time(findings)
    yield _limits(findings)


def _films(scenario: Scenario, findings: Findings, report: Report) -> Iterator[tuple[str, str, str, str]]:
    a_week = findings.published / scenario.weeks
    yield ("films", f"{findings.published:,}", f"{findings.planned:,} planned", f"{a_week:.1f} a week")
    films, recovery = report.films, report.recovery
    yield ("success", percent(films.success), f"{SUCCESS_TARGET}%", f"{films.unaided:,} without any help")
    yield (
        "recovery",
        percent(recovery.rate),
        f"{RECOVERY_TARGET}%",
        f"{recovery.recovered:,} of {recovery.series:,} series of failures",
    )
    if report.times:
        for name, spread, target in (
            ("time of machines", report.times.machines, "2 h"),
            ("time of people", report.times.people, ""),
        ):
            yield (name, duration(spread.median_s), target, f"nine of ten within {duration(spread.p90_s)}")
        yield ("cost", words.money(report.usd), "", f"{words.money(report.times.film_usd)} a film")
    yield ("fairness", f"{findings.fairness:.2f}", "1.00", "how alike channels wait for room (Jain's index)")


def _promises(findings: Findings) -> Iterator[tuple[str, str, str]]:
    yield ("bought twice", str(findings.bought_twice), words.money(findings.bought_twice_usd))
    yield ("films lost", str(findings.lost), "nothing and nobody would move them on")
    yield ("limits exceeded", str(len(findings.exceeded)), ", ".join(findings.exceeded) or "of calls and of budgets")
    for spent, films in sorted(findings.unfinished.items()):
        yield ("unfinished", str(films), spent.value)
    lost = findings.charged_usd - findings.booked_usd
    vain = f"{words.money(findings.paid_in_vain_usd)}, of which {words.money(lost)} is in no book before you settle it"
    yield ("answers lost", str(findings.paid_in_vain), vain)
    yield ("steps killed", str(findings.killed), f"of {findings.steps:,}")


def _time(findings: Findings) -> Section:
    rows = [(spent.value, f"{share:.1%}") for spent, share in findings.times.items() if share]
    most = max(findings.times.values(), default=0.0) or 1.0
    shares = [share / most for share in findings.times.values() if share]
    return Section("Where the films' time goes", ("with", "share"), rows, shares)


def _limits(findings: Findings) -> Section:
    calls = [(f"calls of {peak.what} at once", f"{peak.most:.0f}", f"{peak.limit:.0f}") for peak in findings.calls]
    budgets = [(peak.what, f"${peak.most:,.2f}", f"${peak.limit:,.2f}") for peak in findings.budgets]
    shares = [peak.most / peak.limit if peak.limit else 0.0 for peak in (*findings.calls, *findings.budgets)]
    return Section("The most that was used", ("limit", "most", "of"), [*calls, *budgets], shares)


def _verdicts(findings: Findings, report: Report) -> Mapping[str, str]:
    met: dict[str, bool | None] = {
        "success": None if report.films.success is None else report.films.success * 100 >= SUCCESS_TARGET,
        "recovery": None if report.recovery.rate is None else report.recovery.rate * 100 >= RECOVERY_TARGET,
        "bought twice": not findings.bought_twice,
        "films lost": not findings.lost,
        "limits exceeded": not findings.exceeded,
    }
    return {what: "bold green" if is_met else "bold red" for what, is_met in met.items() if is_met is not None}
