"""`vidctl db`: the embedded server and an external one, looked at, started, stopped, opened."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from vidctl.store.psql import client_of, masked

Run = Callable[..., Any]
NEWEST = max(file.name[:4] for file in (Path(__file__).resolve().parents[2] / "migrations/versions").glob("0*.py"))
"""The schema that this version knows."""


@pytest.fixture
def embedded(vidctl: Run, vidctl_home: Path) -> Run:
    """The command without DATABASE_URL, with a home that does not exist yet."""
    return lambda *arguments: vidctl(*arguments, VIDCTL_HOME=str(vidctl_home), DATABASE_URL="")


def test_the_embedded_server_is_started_migrated_opened_and_stopped(embedded: Run) -> None:
    would = embedded("db", "migrate", "--dry-run", "--json").json
    assert would == {"was": None, "now": None, "known": NEWEST, "dry_run": True}
    assert embedded("db", "start", "--dry-run").out == "would be: The database server runs now.\n"
    assert embedded("db", "status", "--json").json["state"] == "absent"
    started = embedded("db", "start", "--json").json
    assert started["started"] is True
    status = embedded("db", "status", "--json").json
    assert (status["kind"], status["state"], status["schema"]) == ("embedded", "running", None)
    assert status["pid"] == started["pid"]
    assert "would go from schema nothing" in embedded("db", "migrate", "--dry-run").out
    assert embedded("db", "migrate").out == f"The database went from schema nothing to {NEWEST}.\n"
    assert embedded("db", "shell", "-Atc", "select count(*) from tasks").out == "0\n"
    assert embedded("db", "stop").out == "The database server has stopped.\n"
    assert embedded("db", "status", "--json").json["state"] == "stopped"
    assert embedded("db", "stop").out == "No server was running.\n"


def test_the_url_of_the_embedded_server_can_be_used_at_once(embedded: Run) -> None:
    url = embedded("db", "url").out.strip()
    with psycopg.connect(url) as db:
        assert db.execute("select 1").fetchone() == (1,)


@pytest.mark.parametrize("verb", ["start", "stop"])
def test_an_external_server_is_not_ours_to_start_or_stop(quick: Run, verb: str) -> None:
    ran = quick("db", verb)
    assert (ran.status, f"is not vidctl's to {verb}" in ran.err) == (65, True)


def test_the_status_of_an_external_database_tells_its_schema(quick: Run) -> None:
    status = quick("db", "status", "--json").json
    assert (status["kind"], status["schema"], status["schema_known"]) == ("external", NEWEST, NEWEST)


def test_an_external_url_is_shown_without_its_password_unless_asked_for(vidctl: Run) -> None:
    url = "postgresql://ana:s3cret@db.example:5432/films?sslmode=require"
    assert vidctl("db", "url", DATABASE_URL=url).out == "postgresql://ana:***@db.example:5432/films?sslmode=require\n"
    assert vidctl("db", "url", "--show-password", DATABASE_URL=url).out == url + "\n"


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://ana:s3cret@db.example/films",
        "postgres://ana:s3cret%40%2F@db.example/films",
        "postgresql://ana@db.example/films?password=s3cret&sslmode=require",
        "host=db.example user=ana password=s3cret dbname=films",
        "host=db.example user=ana password='s3cret with space'",
        "postgresql://ana@db.example/films?sslpassword=s3cret",
    ],
)
def test_no_form_of_a_connection_string_gives_its_password_away(dsn: str) -> None:
    assert "s3cret" not in masked(dsn)
    assert "***" in masked(dsn)
    assert "db.example" in masked(dsn)


def test_a_url_that_cannot_be_read_is_not_repeated(vidctl: Run) -> None:
    ran = vidctl("db", "url", DATABASE_URL="postgresql://ana:s3cret@[oops/films")
    assert (ran.status, "s3cret" in ran.err, "Traceback" in ran.err) == (78, False, False)


def test_a_password_reaches_psql_by_its_environment_alone() -> None:
    client = client_of("postgresql://ana:s3%40cret@db.example:5433/films?keepalives_idle=5", ["-c", "select 1"])
    assert "s3@cret" not in " ".join(client.command)
    assert client.environment["PGPASSWORD"] == "s3@cret"
    assert (client.environment["PGHOST"], client.environment["PGPORT"]) == ("db.example", "5433")
    assert client.command[1:] == ["keepalives_idle=5", "-c", "select 1"]


def test_without_any_psql_on_the_path_the_one_of_the_wheel_is_used(vidctl: Run, place: Any) -> None:
    ran = vidctl("db", "shell", "-Atc", "select 1 + 1", PATH=str(place.root))
    assert (ran.status, ran.out) == (0, "2\n")


@pytest.mark.parametrize(
    "command", [["db", "status"], ["channel", "list"], ["add", "one", "--title", "t", "--topic", "t"]]
)
def test_a_database_that_is_down_is_one_error_and_worth_another_try(vidctl: Run, command: list[str]) -> None:
    ran = vidctl(*command, DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert (ran.status, ran.err.count("error: "), ran.err.count("hint: ")) == (75, 1, 1)
    assert "Traceback" not in ran.err


def test_a_database_of_a_newer_schema_is_refused(vidctl: Run, db: Any) -> None:
    db.execute("update alembic_version set version_num = '9999'")
    for command in (["db", "migrate"], ["channel", "list"]):
        ran = vidctl(*command)
        assert (ran.status, "schema 9999" in ran.err, "newer vidctl" in ran.err) == (78, True, True)
    assert vidctl("db", "status", "--json").json["schema"] == "9999"


def test_a_home_without_a_server_is_left_as_it_is_by_status(embedded: Run, vidctl_home: Path) -> None:
    embedded("db", "status")
    assert not vidctl_home.exists()


def test_a_url_without_a_host_stays_one_that_psql_takes() -> None:
    assert masked("postgresql:///films?host=/run/x&user=ana") == "postgresql:///films?host=%2Frun%2Fx&user=ana"
