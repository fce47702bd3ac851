"""Bring a database to the schema of this version of vidctl, however many processes start at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg

from vidctl.errors import Misconfigured
from vidctl.places import shipped
from vidctl.store import locks
from vidctl.store.connection import connect

if TYPE_CHECKING:
    import sqlalchemy
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
            _upgrade(_config(dsn=dsn))


def _is_behind(at: str | None) -> bool:
    refuse_newer(at)
    return at != head()


def refuse_newer(at: str | None) -> None:
    """Refuse a database that a newer vidctl was at.

    Raises:
        Misconfigured: its schema is newer than this version knows.
    """
    if at is not None and at > head():
        raise Misconfigured(
            f"the database is at schema {at}, and this vidctl knows only up to {head()}",
            hint="install the newer vidctl on this machine too, or use another DATABASE_URL",
        )


@dataclass(frozen=True, slots=True)
class Building:
    """A database whose schema and rows are made in one transaction, on one connection."""

    db: psycopg.Connection[Any]
    _lent: "sqlalchemy.Connection"

    def upgrade(self, revision: str = "head") -> None:
        """Make what a revision has more than the present one.

        Raises:
            Misconfigured: the user may not make tables.
        """
        _upgrade(_config(connection=self._lent), revision)

    def clear(self) -> None:
        """Take all tables of vidctl away, with what is in them."""
        from alembic import command

        command.downgrade(_config(connection=self._lent), "base")


@contextmanager
def building(dsn: str, *, application_name: str) -> Iterator[Building]:
    """Make a database in the block, or leave it as it was; nobody sees anything of it before the end."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    def creator() -> psycopg.Connection[Any]:
        return psycopg.connect(dsn, application_name=application_name)

    engine = create_engine("postgresql+psycopg://", creator=creator, poolclass=NullPool)
    with engine.begin() as lent:
        db = lent.connection.driver_connection
        assert isinstance(db, psycopg.Connection)
        yield Building(db, lent)


def _config(**attributes: object) -> "Config":
    from alembic.config import Config

    config = Config(attributes=attributes)
    config.set_main_option("script_location", str(shipped("migrations")).replace("%", "%%"))
    return config


def _upgrade(config: "Config", revision: str = "head") -> None:
    from alembic import command
    from sqlalchemy.exc import DBAPIError

    try:
        command.upgrade(config, revision)
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
