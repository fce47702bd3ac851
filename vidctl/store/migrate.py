"""Bring a database to the schema of this version of vidctl, however many processes start at once."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import psycopg

from vidctl.errors import Misconfigured
from vidctl.places import shipped
from vidctl.store import locks
from vidctl.store.connection import connect

if TYPE_CHECKING:
    from alembic.config import Config


def head() -> str:
    """Return the newest revision that this version knows: migrations are named `NNNN_what.py`."""
    return max(file.name[:4] for file in (shipped("migrations") / "versions").glob("[0-9]*.py"))


def revision_of(db: psycopg.Connection[Any]) -> str | None:
    """Return the revision that a database is at, or None where nothing was ever made."""
    try:
        row = db.execute("select version_num from alembic_version").fetchone()
    except psycopg.errors.UndefinedTable:
        return None
    return row[0] if row else None


def ensure_migrated(db: psycopg.Connection[Any], dsn: str) -> None:
    """Migrate the database unless it is at this version's schema already, which one query tells.

    Raises:
        Misconfigured: the database is of a newer schema than this version knows.
    """
    if _is_behind(revision_of(db)):
        migrate(dsn)


def migrate(dsn: str) -> None:
    """Run every migration that is missing; waits while another process does the same.

    Raises:
        Misconfigured: the schema is newer, or the user may not make tables.
    """
    with connect(dsn, application_name="vidctl migrate") as db, locks.waiting(db, locks.MIGRATE):
        # Looked at under the lock: a newer vidctl may have been at it while we waited.
        if _is_behind(revision_of(db)):
            _upgrade(dsn)


def _is_behind(at: str | None) -> bool:
    if at is not None and at > head():
        raise Misconfigured(
            f"the database is at schema {at}, and this vidctl knows only up to {head()}",
            hint="install the newer vidctl on this machine too, or use another DATABASE_URL",
        )
    return at != head()


def _upgrade(dsn: str) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy.exc import DBAPIError

    config = Config(attributes={"dsn": dsn})
    config.set_main_option("script_location", str(shipped("migrations")).replace("%", "%%"))
    try:
        command.upgrade(config, "head")
    except DBAPIError as exc:
        if not isinstance(exc.orig, psycopg.errors.InsufficientPrivilege):
            raise
        raise Misconfigured(
            f"the database's user may not make vidctl's tables: {exc.orig.diag.message_primary}",
            hint="let it: grant create on schema public to USER, or use the database's owner in DATABASE_URL",
        ) from exc


def connect_for_alembic(config: "Config") -> Callable[[], psycopg.Connection[Any]]:
    """Return how Alembic connects: to the DSN that `migrate` hands over, else to the user's database."""

    def creator() -> psycopg.Connection[Any]:
        dsn = config.attributes.get("dsn")
        if dsn is None:
            from vidctl.settings import load
            from vidctl.store.connection import database_of

            settings = load()
            dsn = database_of(settings.external_database, settings.home)
        return psycopg.connect(dsn, application_name="vidctl alembic")

    return creator
