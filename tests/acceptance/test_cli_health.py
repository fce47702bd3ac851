"""`vidctl health`: quick whatever the database does, and three statuses for monitors."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest
from psycopg import sql

from tests.place import Place, Ran
from tests.studio import Studio
from vidctl.contract import ErrorClass, Failure, Scope
from vidctl.domain.health import Look
from vidctl.engine import health, pauses
from vidctl.settings import Settings, load
from vidctl.store import Db, backups, services, ticks

Run = Callable[..., Ran]
NOW = datetime.now(UTC)
PATIENT = ("--limit", "20")
"""What is not about how quick it is waits for a database on a busy machine."""


def tick(db: Db, ago: timedelta) -> None:
    at = datetime.now(UTC) - ago
    ticks.record(db, host="attic:712", began=at, ended=at, dispatched=0)


def asked(place: Place, **changes: str) -> tuple[Look, float]:
    """Look at a place, and return how long that took."""
    settings: Settings = load(place.environment | changes)
    began = time.monotonic()
    return health.look(settings, lambda: datetime.now(UTC)), time.monotonic() - began


@contextmanager
def no_database() -> Iterator[int]:
    """Serve on a port as if a web server were there, and yield the port."""

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                client.close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def test_a_busy_installation_is_healthy_and_its_numbers_are_right(studio: Studio, quick: Run) -> None:
    first, second = studio.film(), studio.film()
    studio.film(queue=False)
    for nobodys in ("paused_at = now()", "superseded_at = now()", "status = 'Composites Ready', asks = '?'"):
        studio.db.execute(f"update tasks set {nobodys} where id = %s", (studio.film(),))
    tick(studio.db, timedelta(seconds=20))
    with studio.session() as other:
        other.execute("select pg_advisory_lock(%s)", (int.from_bytes(second.bytes[:8], "big", signed=True),))
        ran = quick("health", "--json", *PATIENT)
    said = ran.json
    assert (ran.status, said["status"], said["database"], said["reasons"]) == (0, "healthy", "connected", [])
    assert (said["running_steps"], said["queue_depth"], said["last_tick_host"]) == (1, 1, "attic")
    assert datetime.fromisoformat(said["oldest_waiting_since"]) == studio.task(first).status_since


def test_without_a_tick_for_five_minutes_or_with_a_service_at_rest_it_is_degraded_and_says_what_to_do(
    studio: Studio, quick: Run
) -> None:
    assert "no tick has run yet" in quick("health", *PATIENT).out
    tick(studio.db, timedelta(minutes=6))
    services.pause(studio.db, "gemini", until=NOW + timedelta(hours=1), reason="used up \x1b[31mfor today")
    no_credits = Failure("NoCredits", ErrorClass.PERMANENT, Scope.SERVICE, "no credits", "top it up \x1b[31mthere")
    pauses.begin(studio.db, "kie", no_credits, now=NOW)
    services.pause(
        studio.db, "one:budget day 5", until=NOW + timedelta(hours=1), reason="a budget that was raised since"
    )
    ran = quick("health", *PATIENT)
    assert (ran.status, ran.out.splitlines()[0], ran.err) == (1, "degraded", "")
    assert "raised since" not in ran.out
    assert "then on attic" in ran.out
    assert "goes on by itself then; at once: vidctl services --resume gemini" in ran.out
    assert "there; then, at once: vidctl services --resume kie" in ran.out
    assert "\x1b" not in ran.out
    assert {one["status"] for one in quick("health", "--json", *PATIENT).json["reasons"]} == {"degraded"}


@pytest.mark.parametrize("file", ["_defaults", "two"])
def test_ticks_that_a_broken_file_keeps_from_their_work_are_told_with_the_line_until_one_of_them_can(
    place: Place, studio: Studio, quick: Run, file: str
) -> None:
    path = place.channel(file, "limits: nonsense\n")
    quick("tick")
    ran = quick("health", *PATIENT)
    assert (ran.status, "films are not begun" in ran.out, "tick has run" in ran.out) == (1, True, False)
    assert f"{file}.yaml" in quick("health", "--json", *PATIENT).json["reasons"][0]["what"]
    path.unlink()
    quick("tick")
    assert quick("health", "--json", *PATIENT).json["reasons"] == []


def test_files_are_read_for_a_backup_only_where_one_is_missed_which_takes_half_of_the_time_there_is(
    studio: Studio,
) -> None:
    settings, days = load(studio.environment), []
    for is_regular in (False, True):
        backups.record(studio.db, host="attic", made_at=NOW - timedelta(days=2), is_regular=is_regular)
        vitals = health.look(settings, lambda: NOW, limit_s=20).vitals
        days.append(vitals and vitals.backup_after_days)
    assert days == [0, 3]


def test_a_database_that_takes_the_connection_and_hangs_is_unhealthy_and_is_not_waited_for(
    place: Place,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        look, took_s = asked(place, DATABASE_URL=f"postgresql://ana@127.0.0.1:{silent.getsockname()[1]}/x")
    assert (look.vitals, look.trouble and look.trouble[0]) == (None, "the database did not answer within 0.25 s")
    assert took_s < 5
    assert health.LIMIT_S <= health.limit_s() <= 4 * health.LIMIT_S, "by how busy the machine is"


def test_a_database_that_lets_us_in_and_is_slow_is_degraded_with_the_figure(studio: Studio, quick: Run) -> None:
    with studio.session() as other:
        other.execute("begin; lock table tasks in access exclusive mode")
        ran = quick("health", "--json", "--limit", "1")
    assert (ran.status, ran.json["status"], ran.json["database"], ran.json["schema"]) == (1, "degraded", "slow", None)
    [reason] = ran.json["reasons"]
    assert reason["what"] == "the database is slow: it let us in, and did not answer within 1 s"
    assert 0 < quick("health", "--json", *PATIENT).json["database_s"] < 20


@pytest.mark.parametrize("how", ["garbage", "refused", "unreadable", "half a .env"])
def test_json_is_one_object_also_when_nothing_can_be_reached_and_no_password_is_in_it(
    place: Place, vidctl: Run, how: str
) -> None:
    with no_database() as web:
        port = web if how == "garbage" else 1
        url = f"postgresql://ana:s3cret-word@127.0.0.1:{port}/x" if how != "unreadable" else "postgresql://[s3cret-word"
        if how == "half a .env":
            (place.root / ".env").write_text('KIE_API_KEY="s3cret-word\n')
        ran = vidctl("health", "--json", "--limit", "2", DATABASE_URL=url)
    said = json.loads(ran.out)
    assert (ran.status, said["status"], said["database"], said["queue_depth"]) == (2, "unhealthy", "error", None)
    assert all(one["what"] and one["cure"] for one in said["reasons"])
    assert "s3cret-word" not in ran.out + ran.err
    assert ran.err == ""


def test_another_schema_is_said_and_left_as_it_is(place: Place, db: Db, quick: Run) -> None:
    for at, cure in (("0001", "vidctl db migrate"), ("9999", "install the newer vidctl")):
        db.execute(sql.SQL("update alembic_version set version_num = {}").format(at))
        ran = quick("health", *PATIENT)
        assert (ran.status, ran.out.splitlines()[0]) == (2, "unhealthy")
        assert f"the database is at schema {at}" in ran.out
        assert cure in ran.out
        assert db.execute("select version_num from alembic_version").fetchall() == [(at,)]


def test_the_embedded_server_is_not_started_for_it(place: Place, quick: Run) -> None:
    del place.environment["DATABASE_URL"]
    look, _ = asked(place)
    assert look.trouble is not None
    assert look.trouble[0] == f"there is no database below {place.home} yet", (
        "perhaps it is another place that is meant"
    )
    assert "in the folder that its .env is in" in look.trouble[1]
    assert not place.home.exists()
    assert (look.can_alert, (look.free_bytes or 0) > 0) == (False, True), "of the disk that it will be on"
    assert asked(place, VIDCTL_ALERT_URLS="json://127.0.0.1:1")[0].can_alert
