"""`vidctl notion`: make the databases that boards are kept in, and say what is wrong with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidctl.cli import complete
from vidctl.cli.app import SET_UP, app, complain
from vidctl.cli.kinds import Reading, Writing
from vidctl.cli.options import DryRun, Json

if TYPE_CHECKING:
    from vidctl.board.client import Notion
    from vidctl.board.inspect import Finding
    from vidctl.cli.session import Session
    from vidctl.engine.setup.checking import Report
    from vidctl.engine.setup.choosing import Files
    from vidctl.engine.setup.run import Done

BUDGET_S = 900.0
"""How long a set-up may take: a request has its turn every 0.4 seconds."""

Channels = Annotated[
    list[str] | None,
    typer.Option(
        "--channel",
        metavar="ID",
        help="This channel only; may be given several times.",
        autocompletion=complete.channels,
    ),
]

notion = typer.Typer(
    name="notion",
    help="Set up and check the boards in Notion.",
    epilog="Needs NOTION_TOKEN, and a page or a database that is shared with that integration.",
    no_args_is_help=True,
)
app.add_typer(notion, rich_help_panel=SET_UP)


@notion.command(cls=Writing)
def setup(
    parent: Annotated[
        str | None, typer.Option(metavar="PAGE", help="Make the database on this page: its link or its id.")
    ] = None,
    channel: Channels = None,
    database: Annotated[
        str | None, typer.Option(metavar="ID", help="Complete this database instead: its link or its id.")
    ] = None,
    title: Annotated[str, typer.Option(metavar="NAME", help="What a new database is called.")] = "vidctl films",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Make the database with the cards of channels, or add what one lacks, and name it in the channels' files.

    Without --channel it is that of all channels with `board: notion`. What is there already is neither removed nor
    renamed, and what is done already is not done again.

    Example: vidctl notion setup --parent https://www.notion.so/Studio-0123456789abcdef0123456789abcdef
    """
    from vidctl.domain.notion_id import notion_id
    from vidctl.engine.setup.run import set_up
    from vidctl.engine.setup.target import Wanted
    from vidctl.errors import ExitCode

    parent_id, database_id = (notion_id(text) if text is not None else None for text in (parent, database))
    _require_title(title)
    with _connected("notion setup") as (opened, files, client):
        wanted = Wanted(files, channel or (), parent_id, database_id, title.strip(), dry_run)
        done = set_up(opened.db, client, wanted)
    _tell(done, dry_run=dry_run, as_json=as_json)
    if any(finding.severity == "error" for finding in done.findings):
        raise typer.Exit(ExitCode.MISCONFIGURED)


@notion.command(cls=Reading)
def check(channel: Channels = None, as_json: Json = False) -> None:
    """Say what is wrong with the boards in Notion and how to cure it; ends with 78 where something has to be cured.

    Example: vidctl notion check --channel history
    """
    from vidctl.engine.setup import checking
    from vidctl.errors import ExitCode

    with _connected("notion check") as (opened, files, client):
        report = checking.check(opened.db, client, files, channel or ())
    _report(report, as_json=as_json)
    if not report.ok:
        raise typer.Exit(ExitCode.MISCONFIGURED)


@contextmanager
def _connected(doing: str) -> "Iterator[tuple[Session, Files, Notion]]":
    """Yield a session, the channel files and a client; a broken file is reported, and stops no other."""
    from vidctl.board.client import RUN_AGAIN, connected
    from vidctl.cli.session import session
    from vidctl.engine.setup import choosing
    from vidctl.store.pace import SharedPace

    with session(doing) as opened:
        files = choosing.read(opened.settings.channel_configs)
        for problem in files.problems:
            complain(problem, problem.hint, what="warning")
        environment, pace = opened.settings.environment, SharedPace(opened.db)
        with connected(environment, pace, budget_s=BUDGET_S, later=RUN_AGAIN) as client:
            yield opened, files, client


def _require_title(title: str) -> None:
    from vidctl.errors import BadInput

    if not title.strip() or not title.isprintable() or len(title) > 200:  # noqa: PLR2004
        raise BadInput("a database needs a title", hint="--title takes 1 to 200 characters in one line")


def _tell(done: "Done", *, dry_run: bool, as_json: bool) -> None:
    from vidctl.cli.show import lines, show

    data = {
        "database_id": done.database_id or None,
        "title": done.title,
        "url": done.url or None,
        "channels": done.channels,
        "changed": done.changed,
        "dry_run": dry_run,
        "made": done.made,
        "properties": done.properties,
        "options": done.options,
        "views": done.views,
        "files": done.files,
        "findings": [_finding(finding) for finding in done.findings],
    }
    show(data, lines("\n".join(_sentences(done, dry_run=dry_run))), as_json=as_json)
    if not as_json:
        _complain(done.findings)


def _sentences(done: "Done", *, dry_run: bool) -> Iterator[str]:
    """Yield what was done, or would be, a line each."""
    would = "Would " if dry_run else ""
    make, add, write = ("make", "add", "write") if dry_run else ("Made", "Added", "Wrote")
    if done.made:
        yield f"{would}{make} the database {done.title!r}, with {len(done.properties)} properties."
    elif not done.changed:
        yield f"The database {done.title!r} has everything: nothing to change."
    else:
        yield f"The database {done.title!r} was there already."
        if done.properties:
            yield f"{would}{add} properties: {', '.join(done.properties)}."
    for name, options in done.options.items():
        yield f"{would}{add} to {name}: {', '.join(options)}."
    if done.views:
        yield f"{would}{make} views: {', '.join(done.views)}."
    for path in done.files:
        yield f"{would}{write} its id into {path}."
    if done.url:
        yield done.url
    if not dry_run and not done.made and (done.properties or done.options):
        yield "Next: vidctl sync --full writes at once what its cards should say; ticks do so within the hour."
    elif not dry_run:
        yield "Next: add a card with a Title and a Topic there, set its Status to Queued, and run: vidctl tick"


def _report(report: "Report", *, as_json: bool) -> None:
    from vidctl.cli.show import lines, show

    data = {
        "ok": report.ok,
        "integration": report.integration,
        "workspace": report.workspace,
        "max_upload_bytes": report.max_upload_bytes,
        "findings": [_finding(finding) for finding in report.findings],
        "databases": [
            {
                "database_id": one.database_id,
                "title": one.title or None,
                "url": one.url or None,
                "channels": one.channels,
                "findings": [_finding(finding) for finding in one.findings],
            }
            for one in report.databases
        ],
    }
    show(data, lines("\n".join(_findings_of(report))), as_json=as_json)


def _findings_of(report: "Report") -> Iterator[str]:
    """Yield each finding with its cure in one line, below the database that it is about."""
    from vidctl.cli import words

    if report.findings:
        yield f"The integration {report.integration!r}:"
        yield from map(_line, report.findings)
    for one in report.databases:
        name = repr(one.title) if one.title else one.database_id
        yield f"The database {name} of {words.listed(one.channels)}: {'' if one.findings else 'in order.'}".rstrip()
        yield from map(_line, one.findings)
    if not report.databases:
        yield "No channel has a database in Notion: vidctl notion setup --parent PAGE --channel ID makes one."


def _line(finding: "Finding") -> str:
    return f"  {finding.severity}: {finding.what}. Cure: {finding.cure}."


def _finding(finding: "Finding") -> dict[str, Any]:
    return {
        "severity": str(finding.severity),
        "about": finding.about,
        "what": finding.what,
        "cure": finding.cure,
    }


def _complain(findings: "list[Finding]") -> None:
    for finding in findings:
        if finding.severity != "note":
            complain(finding.what, finding.cure, what=str(finding.severity))
