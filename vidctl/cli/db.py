"""The database: the embedded server that vidctl starts by itself, or the one of DATABASE_URL."""

from typing import TYPE_CHECKING, Annotated

import typer

from vidctl.cli.app import SET_UP, app
from vidctl.cli.kinds import Reading, Writing
from vidctl.cli.options import DryRun, Json

if TYPE_CHECKING:
    from vidctl.settings import Settings


db = typer.Typer(
    name="db",
    help="Start, stop and look at the database.",
    epilog="Without DATABASE_URL it is an embedded PostgreSQL below VIDCTL_HOME, started on first use.",
    no_args_is_help=True,
)
app.add_typer(db, rich_help_panel=SET_UP)


@db.command(cls=Writing)
def start(dry_run: DryRun = False, as_json: Json = False) -> None:
    """Start the embedded server, if it does not run already.

    Every command does so by itself; this is for those who want it up beforehand.

    Example: vidctl db start
    """
    from vidctl.cli.show import tell
    from vidctl.store import embedded

    settings = _ours_to("start")
    ran = embedded.status(settings.home).state == "running"
    if not dry_run:
        embedded.ensure_running(settings.home)
    now = embedded.status(settings.home)
    word = "runs already" if ran else "runs now"
    by = f", as process {now.pid}" if now.pid else ""
    data = {"started": not ran, "pid": now.pid, "url": now.dsn}
    tell(data, f"The database server {word}{by}.", dry_run=dry_run, as_json=as_json)


@db.command(cls=Writing)
def stop(dry_run: DryRun = False, as_json: Json = False) -> None:
    """Stop the embedded server; nothing that was committed is lost, and the next command starts it again.

    Example: vidctl db stop
    """
    from vidctl.cli.show import tell
    from vidctl.store import embedded

    home = _ours_to("stop").home
    ran = embedded.status(home).state == "running" if dry_run else embedded.stop(home)
    said = "The database server has stopped." if ran else "No server was running."
    tell({"stopped": ran}, said, dry_run=dry_run, as_json=as_json)


@db.command(cls=Reading)
def status(as_json: Json = False) -> None:
    """Show which database is used, whether it runs, and at which schema it is.

    The embedded server is not started for this.

    Example: vidctl db status --json
    """
    from vidctl.cli.show import show
    from vidctl.settings import load

    settings = load()
    facts = _external(settings.external_database) if settings.external_database else _embedded(settings)
    sentence = "\n".join(
        f"{name.replace('_', ' ')}: {'none' if value is None else value}" for name, value in facts.items()
    )
    show(facts, sentence, as_json=as_json)


@db.command(cls=Reading)
def url(
    show_password: Annotated[
        bool, typer.Option("--show-password", help="Print an external URL with its password.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Print the URL of the database, as psql and other clients take it.

    The embedded server is started, so that the URL can be used at once; it has no password.

    Example: psql "$(vidctl db url)"
    """
    from vidctl.cli.show import show
    from vidctl.settings import load
    from vidctl.store import embedded
    from vidctl.store.psql import masked

    settings = load()
    if external := settings.external_database:
        text = external if show_password else masked(external)
    else:
        text = embedded.ensure_running(settings.home)
    show({"url": text}, text, as_json=as_json)


@db.command(cls=Writing)
def migrate(
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Bring the database to the schema of this version; every command does so by itself.

    Example: vidctl db migrate
    """
    from vidctl.cli.session import database
    from vidctl.cli.show import show
    from vidctl.store.migrate import ensure_migrated, head, refuse_newer, revision_of

    was = None
    if not (dry_run and _is_absent()):
        with database("db migrate") as opened:
            was = revision_of(opened.db)
            refuse_newer(was)
            if not dry_run:
                ensure_migrated(opened.db, opened.dsn)
    if was == head():
        sentence = f"The database is at schema {was} already."
    else:
        sentence = f"The database {'would go' if dry_run else 'went'} from schema {was or 'nothing'} to {head()}."
    data = {"was": was, "now": was if dry_run else head(), "known": head(), "dry_run": dry_run}
    show(data, sentence, as_json=as_json)


@db.command(context_settings={"ignore_unknown_options": True})
def shell(
    arguments: Annotated[list[str] | None, typer.Argument(metavar="[ARGUMENTS]...", help="What psql is given.")] = None,
) -> None:
    """Open the database in psql: the system's, or the one that comes with the embedded server.

    Example: vidctl db shell -c 'select status, count(*) from tasks group by 1'
    """
    import os

    from vidctl.settings import load
    from vidctl.store.connection import database_of
    from vidctl.store.psql import client_of

    settings = load()
    client = client_of(database_of(settings.external_database, settings.home), arguments or [])
    os.execve(client.command[0], client.command, {**os.environ, **client.environment})  # noqa: S606  # no shell


def _is_absent() -> bool:
    """Say whether the database would be the embedded one, and was never made."""
    from vidctl.settings import load
    from vidctl.store import embedded

    settings = load()
    return not settings.external_database and embedded.status(settings.home).state == "absent"


def _ours_to(verb: str) -> "Settings":
    """Return the settings, unless the database is somebody else's server.

    Raises:
        BadInput: DATABASE_URL is set.
    """
    from vidctl.errors import BadInput
    from vidctl.settings import load
    from vidctl.store.psql import masked

    settings = load()
    if settings.external_database:
        raise BadInput(
            f"the database {masked(settings.external_database)} is not vidctl's to {verb}",
            hint=f"{verb} it where it runs, or unset DATABASE_URL to use the embedded one",
        )
    return settings


def _embedded(settings: "Settings") -> dict[str, object]:
    from vidctl.store import embedded

    known = embedded.status(settings.home)
    facts = {"kind": "embedded", "state": known.state.value, "pid": known.pid, "url": known.dsn}
    schema = _schema(known.dsn) if known.state == "running" else {"schema": None}
    return {**facts, **schema, "data": str(known.data), "log": str(known.log)}


def _external(external: str) -> dict[str, object]:
    from vidctl.store.psql import masked

    return {"kind": "external", "state": "running", "pid": None, "url": masked(external), **_schema(external)}


def _schema(dsn: str) -> dict[str, object]:
    from contextlib import closing

    from vidctl.store.connection import connect
    from vidctl.store.migrate import head, revision_of

    with closing(connect(dsn, application_name="vidctl db status")) as opened:
        version = opened.info.parameter_status("server_version")
        return {"server_version": version, "schema": revision_of(opened), "schema_known": head()}
