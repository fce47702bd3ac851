"""However many processes start at once, a database ends at this version's schema, or is refused."""

import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from psycopg import sql

from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.errors import ExitCode, Misconfigured
from vidctl.places import shipped
from vidctl.store.connection import connect
from vidctl.store.migrate import ensure_migrated, head, migrate, revision_of

ROOT = Path(__file__).resolve().parents[2]
START = """\
import sys
from vidctl.store.connection import connect
from vidctl.store.migrate import ensure_migrated
sys.stdin.read()
with connect(sys.argv[1], application_name="starting") as db:
    ensure_migrated(db, sys.argv[1])
"""
"""A process that is ready, and begins when its standard input is closed."""


@pytest.fixture
def empty_url(server_url: str) -> Iterator[str]:
    """The URL of a new database with nothing in it."""
    name = sql.Identifier(f"empty_{uuid4().hex}")
    with connect(server_url, application_name="tests") as db:
        db.execute(sql.SQL("create database {}").format(name))
        yield urlsplit(server_url)._replace(path=f"/{name.as_string(None).strip(chr(34))}").geturl()
        db.execute(sql.SQL("drop database {} with (force)").format(name))


def test_ten_processes_at_once_on_an_empty_database_all_succeed(empty_url: str) -> None:
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", START, empty_url], cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(10)
    ]
    for process in starting:
        assert process.stdin
        process.stdin.close()
        process.stdin = None
    said = [process.communicate(timeout=120)[1].decode() for process in starting]
    assert ([process.returncode for process in starting], "".join(said)) == ([0] * 10, "")
    with connect(empty_url, application_name="test") as db:
        assert revision_of(db) == head()


def test_a_newer_schema_is_refused_and_left_alone(database_url: str) -> None:
    with connect(database_url, application_name="test") as db:
        db.execute("update alembic_version set version_num = '9999'")
        with pytest.raises(Misconfigured, match="schema 9999") as caught:
            ensure_migrated(db, database_url)
        assert caught.value.exit_code == ExitCode.MISCONFIGURED
        assert "newer vidctl" in caught.value.hint
        with pytest.raises(Misconfigured, match="schema 9999"):  # as one that waited for a newer vidctl finds it
            migrate(database_url)
        assert revision_of(db) == "9999"


def test_a_database_at_this_schema_is_migrated_by_one_query_and_nothing_else(database_url: str) -> None:
    code = (
        "import sys\nfrom vidctl.store.connection import connect\nfrom vidctl.store.migrate import ensure_migrated\n"
        "with connect(sys.argv[1], application_name='test') as db: ensure_migrated(db, sys.argv[1])\n"
        "assert 'alembic' not in sys.modules and 'sqlalchemy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, database_url], cwd=ROOT, check=True)


def test_a_user_that_may_not_make_tables_is_told_what_to_grant(empty_url: str) -> None:
    user = f"reader_{uuid4().hex[:8]}"
    with connect(empty_url, application_name="test") as db:
        db.execute("revoke create on schema public from public")
        db.execute(sql.SQL("create role {} login").format(sql.Identifier(user)))
        try:
            url = urlsplit(empty_url)
            host = url.netloc.rpartition("@")[2]
            with pytest.raises(Misconfigured, match="may not make vidctl's tables") as caught:
                migrate(url._replace(netloc=f"{user}@{host}").geturl())
        finally:
            db.execute(sql.SQL("drop role {}").format(sql.Identifier(user)))
    assert "grant create" in caught.value.hint


def test_a_film_of_an_earlier_version_goes_on_and_buys_nothing_again(studio: Studio) -> None:
    """Down to the schema of the first version that bought anything, and up again."""
    studio.channel(scenes=1)
    studio.faults({"script": "generate_video.py", "fault": "order", "times": 9})
    task_id = studio.film()
    studio.advance(task_id, Status.VIDEO_READY)
    config = Config(attributes={"dsn": studio.dsn})
    config.set_main_option("script_location", str(shipped("migrations")))
    command.downgrade(config, "0009")
    ensure_migrated(studio.db, studio.dsn)
    studio.advance(task_id, Status.FINAL_REVIEW)
    assert len(studio.ledger("sold")) == 1
    costs = studio.db.execute("select count(*), sum(cost_usd) from video_costs").fetchone()
    assert costs == (1, Decimal("0.42"))


def test_a_film_that_an_earlier_version_published_is_not_published_once_more(studio: Studio) -> None:
    studio.channel(scenes=1)
    studio.bring(studio.film(title="Salt"), Status.PUBLISHED)
    config = Config(attributes={"dsn": studio.dsn})
    config.set_main_option("script_location", str(shipped("migrations")))
    command.downgrade(config, "0014")
    ensure_migrated(studio.db, studio.dsn)
    studio.load()
    second = studio.film(title="Salt")
    studio.bring(second, Status.APPROVED)
    studio.step(second)
    assert "Duplicate content detected" in studio.task(second).error_log
    assert studio.task(second).status is Status.UPLOAD_ERROR
