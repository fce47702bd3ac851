"""`vidctl report`: how a week went, or any other time."""

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from vidctl.cli import complete
from vidctl.cli.app import EVERY_DAY, app
from vidctl.cli.kinds import Writing

if TYPE_CHECKING:
    from vidctl.cli.session import Session
    from vidctl.domain.periods import Period
    from vidctl.domain.report import Report
    from vidctl.engine.weekly import Told

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""No film is older: what is asked for before it is cut there, and a calendar has room for the weeks before that."""


@app.command(rich_help_panel=EVERY_DAY, cls=Writing)
def report(
    week: Annotated[bool, typer.Option("--week", help="The week that ended last, from Sunday midnight (UTC).")] = False,
    month: Annotated[bool, typer.Option("--month", help="The month that ended last.")] = False,
    of: Annotated[
        str | None, typer.Option(metavar="DATE", help="The week (or month) with that day in it: 2026-11-18.")
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="WHEN", help="From then on: 2026-11-01, or 30d.")] = None,
    until: Annotated[str | None, typer.Option(metavar="WHEN", help="And before then; by default until now.")] = None,
    channel: Annotated[
        str | None, typer.Option(metavar="ID", help="Only this channel.", autocompletion=complete.channels)
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it as one page with charts, for a browser.")
    ] = None,
    send: Annotated[
        bool, typer.Option("--send", help="Keep the numbers of the week, and tell whoever gets alerts; cron does it.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --send: only say what would be said.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show films made, success, recovery, times, failures and cost: of the last seven days, or of another time.

    With --send the week that ended is kept for good and said once, however often
    this runs, and a week that was missed is made up for. Where success is below
    90% (of ten films or more) or recovery below 80% (of five or more), that is
    said as well; this ends with 0 all the same.

    Example: vidctl report --week --html week.html
    """
    from vidctl.cli.session import now, session

    moment = now()
    if dry_run and not send:
        raise typer.BadParameter("only --send writes anything", param_hint="--dry-run")
    if send and (month or of or since or until or channel):
        raise typer.BadParameter("only the week that ended is sent, of all channels", param_hint="--send")
    period = _period(moment, week=week or send, month=month, of=of, between=(since, until))
    with session("report") as opened:
        if send:
            _send(opened, moment, dry_run=dry_run, as_json=as_json)
        if not send or (html and not dry_run):
            _show(opened, period, channel, html, moment, as_json=as_json and not send)


def _period(
    moment: datetime, *, week: bool, month: bool, of: str | None, between: tuple[str | None, str | None]
) -> "Period":
    """Return the time that is asked for.

    Raises:
        BadParameter: two of them are.
        BadInput: it is no date, or ends before it begins.
    """
    from vidctl.domain import periods

    since, until = between
    if sum((week, month, since is not None or until is not None)) > 1 or (of and (since or until)):
        raise typer.BadParameter("say one of --week, --month, --of and --since", param_hint="--since")
    if of is not None:
        day = _day(of)
        return periods.month_of(day) if month else periods.week_of(day)
    if week or month:
        return periods.last_week(moment) if week else periods.last_month(moment)
    if since is None and until is None:
        return periods.Period(moment - timedelta(days=7), moment, "the last seven days")
    return _between(since, until, moment)


def _day(said: str) -> date:
    from vidctl.errors import BadInput

    try:
        day = date.fromisoformat(said)
    except ValueError:
        day = date.max
    if not EARLIEST.year <= day.year < date.max.year:
        raise BadInput(f"{said!r} is no date of a report", hint="write it like 2026-11-18")
    return day


def _between(since: str | None, until: str | None, moment: datetime) -> "Period":
    from vidctl.cli.moments import ago
    from vidctl.domain.periods import Period
    from vidctl.errors import BadInput

    end = moment if until is None else min(moment, ago(until, moment))
    begin = max(EARLIEST, end - timedelta(days=7) if since is None else ago(since, moment))
    if begin >= end:
        raise BadInput("that time ends before it begins", hint="--since is the earlier one, and has been already")
    return Period(begin, end, f"{begin:%Y-%m-%d} to {end:%Y-%m-%d}")


def _show(
    opened: "Session", period: "Period", channel: str | None, html: Path | None, moment: datetime, *, as_json: bool
) -> None:
    from vidctl.cli.show import show
    from vidctl.cli.status import files_of
    from vidctl.domain.report_data import data
    from vidctl.engine import reporting
    from vidctl.store import channels

    if channel is not None:
        channels.get(opened.db, channel)
    found = reporting.collect(opened.db, period, channel, files_of(opened), now=moment)
    if html is not None:
        _write(found, html)
    if as_json:
        show(data(found), "", as_json=True)
    elif html is None:
        _print(found)


def _write(found: "Report", file: Path) -> None:
    from vidctl.cli.report.page import page
    from vidctl.cli.session import now
    from vidctl.storage.files import write_named

    write_named(file, page(found, now()).encode())
    if sys.stdout.isatty():
        from vidctl.cli.show import line, say

        say(f"{line(file)}: open it in a browser; it needs nothing else.")


def _print(found: "Report") -> None:
    from vidctl.cli.report.sections import sections
    from vidctl.cli.report.terminal import print_report
    from vidctl.cli.show import table

    whose = f"channel {found.channel}" if found.channel else "all channels"
    if sys.stdout.isatty():
        print_report(found, f"{found.period.name[:1].upper()}{found.period.name[1:]}, {whose}")
    else:
        for section in sections(found):
            table(section.columns, section.rows)


def _send(opened: "Session", moment: datetime, *, dry_run: bool, as_json: bool) -> None:
    from vidctl.cli.show import line, say, show
    from vidctl.cli.status import files_of
    from vidctl.engine import weekly

    told = weekly.tell(opened.db, files_of(opened), now=moment, dry_run=dry_run)
    if as_json:
        show(_told_json(told), "", as_json=True)
    elif dry_run or sys.stdout.isatty():
        for one in told.said:
            say(line(f"{one.kind}: {one.message}"))
        if not told.said:
            say("Nothing is to be said: the week that ended was said before, or nothing happened in it.")


def _told_json(told: "Told") -> dict[str, object]:
    return {
        "kept": [f"{week.begin:%Y-%m-%d}" for week in told.kept],
        "said": [{"kind": one.kind, "message": one.message, "hint": one.hint} for one in told.said],
    }
