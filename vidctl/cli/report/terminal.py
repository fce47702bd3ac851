"""A report on a terminal: what matters first, with bars and sparklines. Pure but for Rich's console."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from vidctl.cli import words
from vidctl.cli.report.sections import Section, sections
from vidctl.cli.show import console, line, lines
from vidctl.domain.report import RECOVERY_TARGET, SUCCESS_TARGET, TIME_TARGET_S, Report

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

_LEVELS: Final = "▁▂▃▄▅▆▇█"
_BAR: Final = 12
_MOST: Final = 8
"""Kinds of failures that are shown; the rest is counted."""
_WORDS: Final = frozenset({"the last one said", "besides"})
"""The columns that are sentences, which wrap: numbers are never cut."""
_FROM_OUTSIDE: Final = frozenset({"kind", "channel", "component"})
"""Names that may be of any length."""
_MOST_WIDE: Final = 24
_NAMES: Final = frozenset(
    {"step", "kind", "class", "channel", "component", "week of", "what", "it was", "with", "limit"}
)


def print_report(report: Report, head: str) -> None:
    """Print a report."""
    out = console()
    is_utf = out.encoding.lower().startswith("utf")
    from rich.text import Text

    out.print(Text(_shown(line(head)), style="bold"))
    tables = list(sections(report))
    summary, *rest = tables
    out.print(
        _table(
            _with_trends(summary, report) if is_utf and report.weeks else summary, bars=False, styles=_verdicts(report)
        )
    )
    for section in rest:
        out.print(_table(replace(section, rows=section.rows[: _most(section)]), bars=is_utf, styles={}))
        if (more := len(section.rows) - _most(section)) > 0:
            out.print(Text(f"and {words.count(more, 'kind')} more: vidctl report --json", style="dim"))
    if not report.weeks:
        out.print(Text("No film came to an end yet, and nothing was spent: vidctl status", style="dim"))


def print_sections(head: str, tables: Iterable[Section], styles: Mapping[str, str]) -> None:
    """Print a headline and tables below it; `styles` colours what stands in the second column, by the first."""
    from rich.text import Text

    out = console()
    out.print(Text(line(head), style="bold"))
    for section in tables:
        out.print(_table(section, bars=out.encoding.lower().startswith("utf"), styles=styles))


def _most(section: Section) -> int:
    return _MOST if section.title == "Failures" else len(section.rows)


def sparkline(values: Sequence[float | None]) -> str:
    """Return numbers as a row of small bars from the lowest to the highest of them; a gap where there is none."""
    known = [value for value in values if value is not None]
    low = min(known, default=0)
    room = max(known, default=0) - low
    return "".join(
        " " if value is None else _LEVELS[round((value - low) / room * 7) if room else 3] for value in values
    )


def bar(share: float, width: int = _BAR) -> str:
    """Return a bar that is filled by a share of its width."""
    return "━" * round(max(0.0, min(1.0, share)) * width)


def _with_trends(summary: Section, report: Report) -> Section:
    """Return the first table with a column that shows each number week by week."""
    weeks = report.weeks
    shown: dict[str, Sequence[float | None]] = {
        "films": [float(week.films.published) for week in weeks],
        "success": [week.films.success for week in weeks],
        "recovery": [week.recovery.rate for week in weeks],
        "time of machines": [week.times.machines.median_s if week.times else None for week in weeks],
        "time of people": [week.times.people.median_s if week.times else None for week in weeks],
        "time in the queue": [week.times.queue.median_s if week.times else None for week in weeks],
        "cost": [float(week.usd) for week in weeks],
    }
    rows = [(*row[:3], sparkline(shown.get(row[0], ())), row[3]) for row in summary.rows]
    return Section(summary.title, (*summary.columns[:3], f"{len(weeks)} weeks", summary.columns[3]), rows)


def _verdicts(report: Report) -> dict[str, str]:
    """Return the colours of what has a target: green where it is met, red where it is missed."""
    times = report.times.machines.p90_s if report.times else None
    met = {
        "success": report.films.success and report.films.success * 100 >= SUCCESS_TARGET,
        "recovery": report.recovery.rate and report.recovery.rate * 100 >= RECOVERY_TARGET,
        "time of machines": times and times <= TIME_TARGET_S,
    }
    return {what: "bold green" if is_met else "bold red" for what, is_met in met.items() if is_met is not None}


def _table(section: Section, *, bars: bool, styles: Mapping[str, str]) -> "RenderableType":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=box.SIMPLE_HEAD, title=section.title or None, title_justify="left", title_style="bold")
    grid.pad_edge, grid.padding = False, (0, 1, 0, 0)
    with_bars = bars and bool(section.shares)
    _columns(grid, [*section.columns, *([""] if with_bars else [])])
    for at, row in enumerate(section.rows):
        cells = [Text(_shown(lines(cell))) for cell in row]
        cells[1].stylize(styles.get(row[0], ""))
        grid.add_row(*cells, *([Text(bar(section.shares[at]), style="cyan")] if with_bars else []))
    return grid


def _shown(text: str) -> str:
    """Return a text with `?` for what the terminal's encoding does not have."""
    encoding = console().encoding
    return text.encode(encoding, "replace").decode(encoding)


def _columns(grid: "Table", names: Sequence[str]) -> None:
    for name in names:
        is_text = name in _WORDS | _NAMES or not name
        most = _MOST_WIDE if name in _FROM_OUTSIDE else None
        no_wrap = name not in _WORDS | _FROM_OUTSIDE
        grid.add_column(name, justify="left" if is_text else "right", no_wrap=no_wrap, overflow="fold", max_width=most)
