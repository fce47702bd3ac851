"""Whatever is killed at whatever moment: films complete, nothing is lost, nothing finished is made twice.

The first five have the names under which PostgreSQL job queues are compared.
"""

import random
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.chaos import Chaos, assert_legal_and_made_once, assert_nothing_is_left, storm
from tests.processes import processes_of, until, vidctl
from tests.studio import SCRIPTS, Studio
from vidctl.errors import ExitCode
from vidctl.store import embedded
from vidctl.store.connection import connect
from vidctl.store.migrate import ensure_migrated


@pytest.fixture
def home(vidctl_home: Path) -> Iterator[Path]:
    yield vidctl_home
    embedded.stop(vidctl_home)


def make(home: Path, *, films: int = 1, scenes: int = 3, channels: int = 1, seed: int = 0) -> tuple[Chaos, Studio]:
    """Return films that are queued in a home with a server of its own."""
    dsn = embedded.ensure_running(home)
    with closing(connect(dsn, application_name="test")) as db:
        ensure_migrated(db, dsn)
        studio = Studio(home.parent, dsn, db)
        names = [f"channel{n}" for n in range(channels)]
        for name in names:
            studio.channel(name, scenes=scenes)
        ids = [studio.film(names[n % channels], title=f"Film {n}") for n in range(films)]
    return Chaos(home, ids, (str(home.parent),), random.Random(seed)), studio


def survived(chaos: Chaos, studio: Studio, recovery_s: float, name: str) -> None:
    assert_nothing_is_left(chaos)
    assert_legal_and_made_once(chaos, studio)
    print(f"\n{name}: survived, tasks lost 0, recovered and done in {recovery_s:.1f} s, killed {dict(chaos.killed)}")


def test_crash_recovery(home: Path) -> None:
    chaos, studio = make(home)
    studio.faults({"script": "generate_asset.py", "fault": "sleep", "seconds": 5})
    until(lambda: _draws(chaos), what="a script at work")
    chaos.kill("run-step")
    survived(chaos, studio, chaos.drive(), "crash_recovery")


def test_postgres_restart(home: Path) -> None:
    chaos, studio = make(home, films=2)
    began = time.monotonic()

    def restart() -> None:
        if not chaos.killed["restart"] and time.monotonic() - began > 0.5:
            embedded.stop(home)
            chaos.killed["restart"] += 1

    survived(chaos, studio, chaos.drive(restart), "postgres_restart")


def test_repeated_kills(home: Path) -> None:
    chaos, studio = make(home, seed=1)
    survived(chaos, studio, chaos.drive(storm(chaos, ["run-step", "script"], 6)), "repeated_kills")


def test_pg_backend_kill(home: Path) -> None:
    chaos, studio = make(home, seed=2)

    def end_backends() -> None:
        if chaos.killed["backends"] < 5 and chaos.random.random() < 0.3 and not chaos.too_often():
            with closing(chaos.db()) as db:
                ended = db.execute(
                    """select pg_terminate_backend(pid) from pg_stat_activity
                        where application_name like 'vidctl%' and pid <> pg_backend_pid()"""
                ).fetchall()
            chaos.killed["backends"] += bool(ended)

    survived(chaos, studio, chaos.drive(end_backends), "pg_backend_kill")


def test_pool_exhaustion(home: Path) -> None:
    chaos, studio = make(home)
    role = "create role crowd login; alter role crowd connection limit 3"
    with closing(chaos.db()) as db:
        for statement in role.split(";"):
            db.execute(statement)
        db.execute("grant all on all tables in schema public to crowd")
        db.execute("grant usage on all sequences in schema public to crowd")
    crowded = studio.dsn.replace("postgres@", "crowd@") if "@" in studio.dsn else f"{studio.dsn} user=crowd"
    held = [psycopg.connect(crowded) for _ in range(3)]
    refused = vidctl("tick", environment={**chaos.environment, "DATABASE_URL": crowded})
    _, said = refused.communicate(timeout=60)
    assert refused.returncode == ExitCode.TRY_AGAIN
    assert "error: no connection to the database" in said
    assert "Traceback" not in said
    for connection in held:
        connection.close()
    survived(chaos, studio, chaos.drive(), "pool_exhaustion")


@pytest.mark.parametrize("kills", [8, pytest.param(50, marks=pytest.mark.chaos)])
def test_a_film_survives_kill_9_of_anything_at_random_moments(home: Path, kills: int) -> None:
    chaos, studio = make(home, scenes=3 if kills < 10 else 18, seed=kills)
    slow = {"fault": "sleep", "seconds": 0.5, "times": 10_000}  # a film that is long enough to be killed so often
    studio.faults(*({"script": script, **slow} for script in SCRIPTS if script != "inspect_media.py"))
    kinds = ["tick", "run-step", "script", "postgres"]
    took_s = chaos.drive(storm(chaos, kinds, kills), seconds=1200)
    survived(chaos, studio, took_s, f"kill -9 at {kills} moments")
    assert sum(chaos.killed.values()) == kills


def _draws(chaos: Chaos) -> bool:
    chaos.tick()
    return any("generate_asset.py" in line for line in processes_of(chaos.marks).values())
