"""A report as one page with charts that needs nothing else: no network, no other file. Pure but for its own files.

Chart.js draws them: 210 kB in the page and nothing to install, MIT, touched and released every year. Measured beside
it: plotly (76 MB to install, 4.8 MB in each page), bokeh (146 MB, 1.3 MB), ECharts (0.7 MB in the page), and pygal
(1.9 MB to install, pictures that shrink on a phone with all their words).
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Final

from vidctl import __version__
from vidctl.cli import words
from vidctl.cli.markup import Html, el, empty
from vidctl.cli.report.charts import Chart, as_data, charts
from vidctl.cli.report.sections import Section, sections
from vidctl.cli.report.style import CSS
from vidctl.domain.report import RECOVERY_TARGET, SUCCESS_TARGET, TIME_TARGET_S, Report
from vidctl.domain.report_words import duration, known_from, percent, trend

_ROWS: Final = ((3, "r1"), (10, "r2"), (30, "r3"))
"""Up to how many bars below each other a chart has which height; with more, r4."""
_HOW: Final = (
    "Success: films published, of those that were published or had failed and waited for a person at the end of that "
    "time. Recovery: series of failures of one step of one film that ended with the step done, without a person. Time "
    "of machines: all of a film's way but the queue, the gates and the errors. Times are of UTC; weeks begin on Sunday."
)


def page(report: Report, now: datetime) -> str:
    """Return the whole page."""
    library, own = _script("chart.umd.min.js"), _script("charts.js")
    drawn = list(charts(report))
    head = el(
        "head",
        empty("meta", charset="utf-8"),
        empty("meta", name="viewport", content="width=device-width, initial-scale=1"),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{_only(library, own)}">'),
        el("title", f"vidctl: {report.period.name}"),
        Html(f"<style>{CSS}</style>"),
    )
    tables = {section.title: section for section in sections(report)}
    shown = [
        _chart(at, chart, tables.pop(chart.table, None) if chart.table else None) for at, chart in enumerate(drawn)
    ]
    rest = [_wide(section) for section in tables.values()]
    scripts = [Html(f'<script type="application/json" id="charts">{_data(drawn)}</script>')]
    scripts += [Html(f"<script>{script}</script>") for script in (library, own)]
    body = el(
        "body",
        *(_header(report, now), _tiles(report), el("section", *shown, class_="cards"), *rest),
        *(el("footer", el("p", _HOW), el("p", f"Made by vidctl {__version__}: vidctl report")), *scripts),
    )
    return f"<!doctype html>\n{el('html', head, body, lang='en')}\n"


@cache
def _script(name: str) -> str:
    """Return one of the two scripts; without its last line, where that names a file that is not here."""
    text = (files("vidctl.cli.report") / name).read_text("utf-8")
    return text.partition("\n//# sourceMappingURL=")[0]


def _only(*scripts: str) -> str:
    """Return the policy by which a browser runs these scripts, and nothing that a title or a message smuggled in."""
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts
    )
    return f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def _data(drawn: Sequence[Chart]) -> str:
    """Return what the charts show; no text in it can end the element that it stands in."""
    return json.dumps([as_data(chart) for chart in drawn]).replace("<", "\\u003c")


def _header(report: Report, now: datetime) -> Html:
    period = report.period
    whose = f"Channel {report.channel}" if report.channel else "All channels"
    name = f"{period.name[:1].upper()}{period.name[1:]}"
    time = f"{words.moment(period.begin)} to {words.moment(period.end)}"
    return el(
        "header",
        el("div", f"vidctl · {whose}", class_="kicker"),
        el("h1", name),
        el("p", f"{time}, as of {words.moment(now)}", class_="soft"),
    )


def _tiles(report: Report) -> Html:
    films, recovery, times = report.films, report.recovery, report.times
    series = f"{recovery.recovered} of {recovery.series} series, target {RECOVERY_TARGET}%"
    grown = trend(report.usd, report.before_usd)
    each = f"{words.money(times.film_usd)} a published film" if times else ""
    return el(
        "section",
        _tile("Films", f"{films.published:,}", f"{films.failed} failed, {films.unaided} needed no help"),
        _tile("Success", percent(films.success), f"target {SUCCESS_TARGET}%", films.success, SUCCESS_TARGET / 100),
        _tile(
            *("Recovery", percent(recovery.rate)),
            "; ".join(filter(None, [series, known_from(report.known.failures, report.period)])),
            *(recovery.rate, RECOVERY_TARGET / 100),
        ),
        _tile(
            *("Machine time", duration(times.machines.median_s) if times else "–"),
            f"nine of ten {duration(times.machines.p90_s)}, target 2 h" if times else "target 2 h",
            *(-times.machines.p90_s if times else None, -TIME_TARGET_S),
        ),
        _tile(
            *("People's time", duration(times.people.median_s) if times else "–"),
            f"at gates and errors; queue {duration(times.queue.median_s)}" if times else "at gates and errors",
        ),
        _tile("Cost", words.money(report.usd), "; ".join(filter(None, [each, grown and f"{grown} than before"]))),
        class_="tiles",
    )


def _tile(name: str, number: str, besides: str, got: float | None = None, target: float = 0) -> Html:
    """Return one number; where it has a target (the more the better), it shows whether that is met."""
    mood = "" if got is None else " met" if got >= target else " missed"
    return el(
        "div", el("div", name, class_="name"), el("b", number), el("div", besides, class_="soft"), class_=f"tile{mood}"
    )


def _chart(at: int, chart: Chart, table: Section | None) -> Html:
    label = f"{chart.title}: {chart.says}"
    canvas = el("canvas", id=f"chart-{at}", role="img", **{"aria-label": label})
    inner = [] if table is None else [el("details", el("summary", "As a table"), _table(table), open="open")]
    box = el("div", canvas, class_=f"chart {_height(chart)}".strip())
    card = "card" if at else "card first"
    return el("div", el("h2", chart.title), el("p", chart.says, class_="soft"), box, *inner, class_=card)


def _height(chart: Chart) -> str:
    if chart.kind != "row":
        return ""
    bars = len(chart.labels)
    return next((name for most, name in _ROWS if bars <= most), "r4")


def _wide(section: Section) -> Html:
    return el("div", el("h2", section.title or "At a glance"), _table(section), class_="card wide")


def _table(section: Section) -> Html:
    header = el("tr", *(el("th", name) for name in section.columns))
    rows = [el("tr", *(el("td", cell) for cell in row)) for row in section.rows]
    return el("div", el("table", el("thead", header), el("tbody", *rows)), class_="scroll")
