"""`vidctl init`: from nothing to an installation, in a few questions."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from vidctl.cli import complete
from vidctl.cli.app import SET_UP, app, complain
from vidctl.cli.kinds import Writing
from vidctl.cli.options import DryRun, Json

if TYPE_CHECKING:
    from vidctl.cli.init_outcome import Outcome
    from vidctl.engine.installing.ground import Found
    from vidctl.engine.installing.writing import Plan


@app.command(rich_help_panel=SET_UP, cls=Writing)
def init(
    home: Annotated[str | None, typer.Option(metavar="FOLDER", help="For films, the database and logs.")] = None,
    mode: Annotated[
        str | None,
        typer.Option(metavar="MODE", help="preview (free, here) or production (paid).", autocompletion=complete.modes),
    ] = None,
    channel: Annotated[str | None, typer.Option(metavar="ID", help="The first channel.")] = None,
    name: Annotated[str | None, typer.Option(help="What people call it.")] = None,
    board: Annotated[
        str | None,
        typer.Option(
            metavar="local|notion",
            help="Where its films are planned.",
            autocompletion=complete.one_of("local", "notion"),
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Ask nothing: options and the environment say it all.")
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Check nothing outside this machine.")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
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
    from vidctl.cli.init_outcome import Outcome, still_to_do, tell
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
    outcome.next = list(still_to_do(plan, found, ticks=outcome.ticks))
    tell(outcome, plan, dry_run=dry_run, as_json=as_json)


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


def _check(outcome: "Outcome", *, offline: bool) -> None:
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
