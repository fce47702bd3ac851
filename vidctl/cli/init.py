"""`vidctl init`: from nothing to an installation, in a few questions."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidctl.cli.app import SET_UP, app, complain

if TYPE_CHECKING:
    from vidctl.engine.doctor.findings import Finding
    from vidctl.engine.installing.ground import Found
    from vidctl.engine.installing.writing import Plan


@dataclass(slots=True)
class Outcome:
    """What there is now, or would be."""

    written: list[str]
    well: int = 0
    findings: "list[Finding]" = field(default_factory=list)
    ticks: bool = False
    """Whether something starts ticks already."""
    next: list[tuple[str, str]] = field(default_factory=list)
    """Commands, each with what it is for."""


@app.command(rich_help_panel=SET_UP)
def init(
    home: Annotated[str | None, typer.Option(metavar="FOLDER", help="For films, the database and logs.")] = None,
    mode: Annotated[str | None, typer.Option(metavar="MODE", help="preview (free, here) or production (paid).")] = None,
    channel: Annotated[str | None, typer.Option(metavar="ID", help="The first channel.")] = None,
    name: Annotated[str | None, typer.Option(help="What people call it.")] = None,
    board: Annotated[str | None, typer.Option(metavar="local|notion", help="Where its films are planned.")] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Ask nothing: options and the environment say it all.")
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Check nothing outside this machine.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Set vidctl up in this folder: .env, the database, the first channel, and checks of it all.

    It asks what it cannot know, and nothing is written before the last answer.
    What is there is kept, so run it again for what you left out. Keys go into
    .env, which only you can read; those in the environment, too, since cron has
    no other place to find them. FERNET_KEY is made. In scripts and containers
    say --yes, the rest by options, and keys by the environment.

    Example: vidctl init --yes --channel history --name "History of Salt"
    """
    from vidctl.cli import init_questions
    from vidctl.cli.asking import Asker
    from vidctl.cli.init_questions import Given
    from vidctl.engine.installing import checks, ground, writing
    from vidctl.settings import load

    _require_somebody(yes=yes)
    found, settings = ground.look(), load()
    checks.folder(str(found.dotenv.parent), hint="cd to the folder that .env and the channel files shall be in")
    asker = Asker(silent=yes)
    asker.note(f"An installation in {found.dotenv.parent}. [What is in brackets] is taken with Enter; Ctrl-C ends it.")
    plan = init_questions.ask(asker, found, settings, Given(home, mode, channel, name, board))
    _make_key(plan, found, dry_run=dry_run)
    for variable in found.differs:
        complain(
            f"{variable} in {found.dotenv} is not what the environment says, and was left as it is",
            "cron reads the file: change it there, if it is wrong",
            what="warning",
        )
    outcome = Outcome(list(plan.sentences))
    if not dry_run:
        writing.carry_out(plan)
        _check(outcome, offline=offline)
    outcome.next = list(_next(plan, found, ticks=outcome.ticks))
    _show(outcome, plan, dry_run=dry_run, as_json=as_json)


def _require_somebody(*, yes: bool) -> None:
    from vidctl.errors import Misconfigured

    if not yes and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Misconfigured(
            "there is nobody to ask: this is no terminal",
            hint="say --yes, and what it needs by options and the environment: vidctl init --help",
        )


def _make_key(plan: "Plan", found: "Found", *, dry_run: bool) -> None:
    """Make a FERNET_KEY, but where there are tokens that another one sealed: this one would read none of them."""
    from cryptography.fernet import Fernet

    from vidctl.engine.installing import ground

    if found.get("FERNET_KEY"):
        return
    dsn = _known_database(plan, found, dry_run=dry_run)
    if dsn and ground.has_tokens(dsn):
        complain(
            "channels are authorized in this database, with a FERNET_KEY that is not here: none was made",
            f"take it over from the .env of the other installation into {plan.dotenv}",
            what="warning",
        )
    else:
        plan.settings["FERNET_KEY"] = Fernet.generate_key().decode()


def _known_database(plan: "Plan", found: "Found", *, dry_run: bool) -> str | None:
    from vidctl.engine.installing import ground
    from vidctl.store import embedded

    if url := plan.settings.get("DATABASE_URL") or found.get("DATABASE_URL"):
        return url
    if not ground.has_own_database(plan.home):
        return None
    status = embedded.status(plan.home)
    if dry_run:
        return status.dsn if status.state == "running" else None
    return embedded.ensure_running(plan.home)


def _check(outcome: Outcome, *, offline: bool) -> None:
    """Bring the database up to date, and look at everything; where nothing starts ticks yet, that comes next."""
    from vidctl.cli.session import now, session
    from vidctl.engine.doctor import cron, examination
    from vidctl.engine.doctor.findings import Level
    from vidctl.engine.doctor.ground import Ground
    from vidctl.settings import load

    settings = load()
    with session("init", settings):
        pass
    ground = Ground(settings, now)
    outcome.ticks = bool(cron.starters(ground))
    for group in examination.examine(ground, offline=offline):
        if group.name == "Cron" and not outcome.ticks:
            continue
        for finding in group.findings:
            if finding.level is Level.OK:
                outcome.well += 1
            else:
                outcome.findings.append(finding)


def _next(plan: "Plan", found: "Found", *, ticks: bool) -> Iterator[tuple[str, str]]:
    """Yield what is left to do."""
    if not ticks:
        yield "vidctl install-cron", "every minute a tick; without it nothing moves"
    channels = {one.channel_id: one.board for one in found.channels}
    first = plan.channel.channel_id if plan.channel else next(iter(channels), None)
    if first is None:
        yield 'vidctl channel add ID --name "NAME"', "the first channel"
        return
    has_token = plan.settings.get("NOTION_TOKEN") or found.get("NOTION_TOKEN")
    if has_token and channels.get(first) != "notion":
        yield f"vidctl notion setup --parent PAGE --channel {first}", "its board in Notion"
    if plan.settings.get("GOOGLE_CLIENT_ID") or found.get("GOOGLE_CLIENT_ID"):
        yield f"vidctl auth youtube --channel {first}", "where its films go"
    yield f'vidctl add {first} --title "…" --topic "…" --queue', "the first film"


def _cron_line(plan: "Plan") -> str:
    """Return the shortest line that starts ticks; .env says the rest, if cron finds it."""
    from pathlib import Path

    from vidctl.domain.cron_jobs import JOBS
    from vidctl.engine.installing import crontab
    from vidctl.engine.installing.place import Place, program

    at_home = {"VIDCTL_HOME": str(plan.home)} if plan.dotenv.parent != Path.cwd() else {}
    folder = plan.dotenv.parent
    return crontab.line(Place(program(), folder, plan.home, at_home, frozenset()), JOBS[0], mail=True)


def _show(outcome: Outcome, plan: "Plan", *, dry_run: bool, as_json: bool) -> None:
    from vidctl.cli.show import folded, line, say, show

    if as_json:
        data: dict[str, Any] = {
            "home": plan.home,
            "channel_configs": plan.channel_configs,
            "dotenv": plan.dotenv,
            "settings": list(plan.settings),
            "channel": plan.channel.channel_id if plan.channel else None,
            "findings": [{"level": one.level, "what": one.what, "cure": one.cure} for one in outcome.findings],
            "crontab": _cron_line(plan),
            "next": [command for command, _ in outcome.next],
            "dry_run": dry_run,
        }
        show(data, "", as_json=True)
        return
    say(
        "Would be written:"
        if dry_run
        else "Written:"
        if outcome.written
        else "Everything is there: nothing was written."
    )
    for one in outcome.written:
        say(folded(line(one), indent="  ", below="    "))
    if not dry_run:
        _print_checks(outcome)
    say("Next:")
    for command, why in outcome.next:
        say(f"  {line(command)}\n    {why}")
    if not outcome.ticks:
        say(f"By hand, the line of the crontab is:\n{line(_cron_line(plan))}")


def _print_checks(outcome: Outcome) -> None:
    from vidctl.cli import words
    from vidctl.cli.show import folded, line, say

    say(f"Checked: {words.count(outcome.well, 'thing')} as they should be{':' if outcome.findings else '.'}")
    for one in outcome.findings:
        say(folded(f"{one.level}: {line(one.what)}", indent="  ", below="    "))
        say(folded(f"→ {line(one.cure)}", indent="    ", below="      "))
