"""What nearly every command begins with: settings, and a connection to a database at the right schema."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vidctl.errors import Misconfigured

if TYPE_CHECKING:
    from vidctl.engine.context import Context
    from vidctl.engine.rework import Author
    from vidctl.settings import Settings
    from vidctl.store import Db


@dataclass(frozen=True, slots=True)
class Session:
    """One command's settings and its connection."""

    settings: "Settings"
    dsn: str
    db: "Db"


@contextmanager
def session(doing: str, settings: "Settings | None" = None) -> "Iterator[Session]":
    """Open a session for a command; the embedded server is started, and the schema brought up to date.

    `settings` are those of this process, where they were read already.

    Raises:
        VidctlError: there is no database that can be used, or it went away.
    """
    from vidctl.store.migrate import ensure_migrated

    with database(doing, settings) as opened:
        ensure_migrated(opened.db, opened.dsn)
        yield opened


@contextmanager
def database(doing: str, settings: "Settings | None" = None) -> "Iterator[Session]":
    """Open a session as it is: whatever the schema of the database.

    Raises:
        VidctlError: there is no database that can be used, or it went away.
    """
    import psycopg

    from vidctl.errors import Unavailable
    from vidctl.settings import load
    from vidctl.store.connection import connect, database_of

    settings = settings or load()
    dsn = database_of(settings.external_database, settings.home)
    with closing(connect(dsn, application_name=f"vidctl {doing}")) as db:
        try:
            yield Session(settings, dsn, db)
        except psycopg.OperationalError as exc:
            said = " ".join(str(exc).split())
            raise Unavailable(f"the database went away: {said}", hint="run the command again when it is back") from exc


@contextmanager
def trial(db: "Db", *, dry_run: bool) -> Iterator[None]:
    """Do what is in the block in one transaction, which a dry run takes back: nobody ever sees what it wrote.

    For what only the database keeps: from in there nothing is sent, and no file is written.
    """
    from psycopg import Rollback

    with db.transaction() as opened:
        yield
        if dry_run:
            raise Rollback(opened)


def context_of(settings: "Settings") -> "Context":
    """Return what the engine needs of this process."""
    from vidctl.domain.limits import Limits
    from vidctl.engine.context import Context

    return Context(settings.home, Limits(), settings.environment, now)


def now() -> datetime:
    """Return this moment, aware and in UTC."""
    return datetime.now(UTC)


def operator(settings: "Settings") -> str:
    """Return who sits at this terminal: the reviewer that approvals name.

    Raises:
        Misconfigured: this user has no name, as in a container that was given a bare number.
    """
    import getpass

    if named := settings.environment.get("VIDCTL_REVIEWER"):
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError) as exc:
        raise Misconfigured(
            f"the user {os.getuid()} has no name to put under a decision", hint="set VIDCTL_REVIEWER to yours"
        ) from exc


def author_of(settings: "Settings", reviewer: str | None) -> "Author":
    """Return who changes a film now from this terminal: `reviewer`, or else its operator.

    Raises:
        Misconfigured: as `operator`.
    """
    from vidctl.engine.rework import Author
    from vidctl.settings import machine_of

    return Author(reviewer or operator(settings), now(), settings.home, machine_of(settings.environment))
