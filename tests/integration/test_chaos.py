"""Whatever is killed at whatever moment: films complete, nothing is lost, nothing finished is made twice.

The first five have the names under which PostgreSQL job queues are compared. Each test has a short form for every
run and a long one for `pytest -m chaos`.
"""

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import psycopg
import pytest

from tests.chaos import WATCH_RECORDS, Chaos, assert_legal_and_made_once, assert_nothing_is_left, storm
from tests.long import long
from tests.processes import processes_of, until, vidctl
from tests.studio import Studio
from vidctl.domain.script_names import SCRIPTS
from vidctl.errors import ExitCode
from vidctl.store import embedded
from vidctl.store.connection import connect
from vidctl.store.migrate import ensure_migrated

MAKERS = [script for script in SCRIPTS if script not in {"create_split_screen.py", "make_proxy.py", "upload_video.py"}]
"""The scripts that the way to the last gate runs for the films here."""


@pytest.fixture
def home(vidctl_home: Path) -> Iterator[Path]:
    yield vidctl_home
    embedded.stop(vidctl_home)


def make(home: Path, *, films: int = 1, scenes: int = 3, channels: int = 1, seed: int = 0) -> tuple[Chaos, Studio]:
    """Return films that are queued in a home with a server of its own."""
    dsn = embedded.ensure_running(home)
    with closing(connect(dsn, application_name="test")) as db:
        ensure_migrated(db, dsn)
        db.execute(WATCH_RECORDS)
        studio = Studio(home.parent, dsn, db)
        names = [f"channel{n}" for n in range(channels)]
        for name in names:
            studio.channel(name, scenes=scenes)
        ids = [studio.film(names[n % channels], title=f"Film {n}") for n in range(films)]
    return Chaos(home, ids, (str(home.parent),), random.Random(seed)), studio


def survived(chaos: Chaos, studio: Studio, took_s: float, name: str) -> None:
    assert_nothing_is_left(chaos)
    assert_legal_and_made_once(chaos, studio)
    worst = f", recovered within {max(chaos.recoveries_s):.1f} s" if chaos.recoveries_s else ""
    print(f"\n{name}: survived, tasks lost 0{worst}, all done in {took_s:.1f} s, killed {dict(chaos.killed)}")


@pytest.mark.parametrize("scripts", [["generate_asset.py"], long(MAKERS)])
def test_crash_recovery(home: Path, scripts: list[str]) -> None:
    chaos, studio = make(home)
    studio.faults(*({"script": script, "fault": "sleep", "seconds": 5} for script in scripts))
    left = set(scripts)

    def crash() -> None:
        lines = processes_of(chaos.marks).values()
        for script in [script for script in left if any(f"/scripts/{script} " in line for line in lines)]:
            chaos.kill("run-step")
            left.discard(script)

    survived(chaos, studio, chaos.drive(crash), "crash_recovery")
    assert not left, "each of these scripts was at work when its step was killed"


@pytest.mark.parametrize("times", [1, long(12)])
def test_postgres_restart(home: Path, times: int) -> None:
    chaos, studio = make(home, films=2 if times == 1 else 6)
    if times > 1:
        slow(studio)
    began = time.monotonic()

    def restart() -> None:
        due = 0.5 + chaos.killed["restart"]
        if chaos.killed["restart"] < times and time.monotonic() - began > due and not chaos.too_often():
            embedded.stop(home)
            chaos.killed["restart"] += 1

    survived(chaos, studio, chaos.drive(restart), "postgres_restart")
    assert chaos.killed["restart"] == times


@pytest.mark.parametrize("kills", [long(4), long(60)])
def test_repeated_kills(home: Path, kills: int) -> None:
    chaos, studio = make(home, scenes=3 if kills == 4 else 12, seed=1)
    slow(studio)
    survived(chaos, studio, chaos.drive(storm(chaos, ["run-step", "script"], kills), seconds=900), "repeated_kills")
    assert sum(chaos.killed.values()) == kills


@pytest.mark.parametrize("times", [3, long(40)])
def test_pg_backend_kill(home: Path, times: int) -> None:
    chaos, studio = make(home, scenes=3 if times == 3 else 12, seed=2)
    slow(studio)

    def end_backends() -> None:
        if chaos.killed["backends"] < times and chaos.random.random() < 0.3 and not chaos.too_often():
            with closing(chaos.db()) as db:
                ended = db.execute(
                    """select pg_terminate_backend(pid) from pg_stat_activity
                        where application_name like 'vidctl%' and pid <> pg_backend_pid()"""
                ).fetchall()
            chaos.killed["backends"] += bool(ended)

    survived(chaos, studio, chaos.drive(end_backends, seconds=900), "pg_backend_kill")
    assert chaos.killed["backends"] == times


@pytest.mark.parametrize("times", [long(1), long(15)])
def test_pool_exhaustion(home: Path, times: int) -> None:
    """No connection is to be had, before a film is begun and while it is made; its own ticks and steps feel it."""
    chaos, studio = make(home, films=1 if times == 1 else 4)
    slow(studio)
    role = "create role crowd login; alter role crowd connection limit 8"
    with closing(chaos.db()) as db:
        for statement in role.split(";"):
            db.execute(statement)
        db.execute("grant all on all tables in schema public to crowd")
        db.execute("grant usage on all sequences in schema public to crowd")
    chaos.dsn = studio.dsn.replace("postgres@", "crowd@")

    def exhaust() -> None:
        if chaos.killed["connections"] == times or chaos.too_often():
            return
        with ExitStack() as held:
            with suppress(psycopg.OperationalError):  # as many as there are: the film's own processes hold some
                while True:
                    held.enter_context(closing(psycopg.connect(chaos.dsn)))
            for command in (["tick"], ["run-step", str(chaos.films[0])]):
                assert_refused(chaos, *command)
            time.sleep(chaos.random.random())
        until(lambda: _is_free(chaos.dsn), what="the end of the sessions")
        chaos.killed["connections"] += 1

    exhaust()
    survived(chaos, studio, chaos.drive(exhaust), "pool_exhaustion")
    assert chaos.killed["connections"] == times


def assert_refused(chaos: Chaos, *command: str) -> None:
    """A command that gets no connection says so in two lines, and may be run again; unless one became free just now."""
    process = vidctl(*command, environment=chaos.environment)
    _, said = process.communicate(timeout=60)
    assert process.returncode in {ExitCode.TRY_AGAIN, ExitCode.OK}
    if process.returncode == ExitCode.TRY_AGAIN:
        assert [line.split(":")[0] for line in said.splitlines()] == ["error", "hint"]
        assert "no connection to the database" in said
    assert process.returncode == ExitCode.TRY_AGAIN or chaos.ticks, "nothing else could have let go of one"


@pytest.mark.parametrize("kills", [6, long(50)])
def test_a_film_survives_kill_9_of_anything_at_random_moments(home: Path, kills: int) -> None:
    chaos, studio = make(home, scenes=3 if kills < 10 else 18, seed=kills)
    slow(studio)
    kinds = ["tick", "run-step", "script", "postgres"]
    took_s = chaos.drive(storm(chaos, kinds, kills), seconds=1200)
    survived(chaos, studio, took_s, f"kill -9 at {kills} moments")
    assert sum(chaos.killed.values()) == kills
    assert set(chaos.killed) == set(kinds) or kills < 10


def slow(studio: Studio) -> None:
    """Make films take long enough to be killed often."""
    nap = {"fault": "sleep", "seconds": 0.5, "times": 10_000}
    studio.faults(*({"script": script, **nap} for script in SCRIPTS if script != "inspect_media.py"))


def _is_free(dsn: str) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(dsn):
        return True
    return False
