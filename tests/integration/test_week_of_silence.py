"""A tick after a week without one is an ordinary tick: it goes on with what is due, and makes no fuss."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from tests.processes import until, vidctl
from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.store import Db, locks, moves, services, ticks

WEEK_AGO = datetime.now(UTC) - timedelta(days=7)
SERVICE = "one:gemini"


@pytest.fixture
def studio(tmp_path: Path, database_url: str, db: Db) -> Studio:
    """A studio in which it is last week, and vidctl has just looked for the last time."""
    made = Studio(tmp_path, database_url, db, now=WEEK_AGO)
    made.channel(scenes=1, max_concurrent=4)
    ticks.record(db, host="gone:1", began=WEEK_AGO, ended=WEEK_AGO, dispatched=0)
    return made


def tick(studio: Studio) -> list[UUID]:
    """Run a tick today; return the films whose step it began."""
    process = vidctl("tick", "--json", environment=studio.environment)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    return sorted(UUID(film["id"]) for film in json.loads(out)["begun"])


def tick_to_the_end(studio: Studio) -> list[UUID]:
    """Run a tick, and wait until every step that it began has ended."""
    begun = tick(studio)
    for film in begun:
        until(lambda film=film: tried(studio, film), what="the end of a step")  # type: ignore[misc]
    return begun


def tried(studio: Studio, film: UUID) -> bool:
    """Tell whether a film has moved today and nobody works on it any more."""
    row = studio.db.execute(
        "select status_since > now() - interval '1 day' from tasks where id = %s", (film,)
    ).fetchone()
    with studio.session() as other:
        return bool(row and row[0]) and locks.try_task(other, film)


def deferred(studio: Studio, times: int) -> UUID:
    """Return a film whose storyboard failed so many times, to be tried again last week."""
    film = studio.film(title="deferred")
    busy = {"error_class": "transient"}
    studio.faults({"script": "generate_story.py", "fault": "error", "error": busy, "times": times})
    for _ in range(times):
        studio.wait(studio.task(film))
        studio.step(film)
    assert studio.task(film).next_attempt_at is not None
    return film


def left_by_a_dead_process(studio: Studio) -> UUID:
    """Return a film in the middle of a step that nobody works on any more."""
    film = studio.film(title="left")
    studio.bring(film, Status.GENERATING_ASSETS)
    moves.claim(studio.db, studio.task(film).seen, by="gone:1", settings="{}", now=WEEK_AGO)
    return film


def test_all_that_was_due_in_the_week_goes_on_at_once_and_without_a_word(studio: Studio) -> None:
    retried, left = deferred(studio, 2), left_by_a_dead_process(studio)
    queued = studio.film(title="queued")
    services.pause(studio.db, SERVICE, until=WEEK_AGO + timedelta(hours=6), reason="quota")
    assert tick_to_the_end(studio) == sorted([retried, left, queued])
    assert studio.task(retried).status is studio.task(queued).status is Status.GENERATING_ASSETS
    assert studio.task(left).status is Status.ASSETS_READY
    studio.assert_legal([retried, left, queued])


def test_the_week_costs_no_attempt(studio: Studio) -> None:
    film = deferred(studio, 2)
    busy = {"error_class": "transient"}
    studio.faults({"script": "generate_story.py", "fault": "error", "error": busy})
    before = studio.task(film).attempt
    tick(studio)
    until(lambda: wait_of(studio, film) > timedelta(0), what="one more attempt")
    assert studio.task(film).attempt == before + 1
    assert wait_of(studio, film) <= timedelta(minutes=60)


def wait_of(studio: Studio, film: UUID) -> timedelta:
    """Return how long a film still waits from now on; nothing at all while it is worked on."""
    due = studio.task(film).next_attempt_at
    return timedelta(0) if due is None else due - datetime.now(UTC)


def test_no_limit_gives_way_to_what_has_piled_up(studio: Studio) -> None:
    studio.channel(scenes=1, max_concurrent=2)
    for n in range(5):
        studio.film(title=str(n))
    assert len(tick_to_the_end(studio)) == 2


def test_a_pause_that_still_holds_holds(studio: Studio) -> None:
    studio.film()
    services.pause(studio.db, SERVICE, until=datetime.now(UTC) + timedelta(hours=1), reason="quota")
    assert tick(studio) == []


def test_the_tick_is_kept_like_any_other(studio: Studio) -> None:
    tick(studio)
    looked = studio.db.execute("select started_at, dispatched from ticks order by started_at").fetchall()
    assert [dispatched for _, dispatched in looked] == [0, 0]
    last = ticks.last(studio.db)
    assert last is not None
    assert datetime.now(UTC) - last < timedelta(minutes=5)
