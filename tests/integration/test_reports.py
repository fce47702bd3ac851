"""What boards read: true at one moment, and quick with many films."""

import time
from datetime import timedelta
from decimal import Decimal

from tests.studio import Studio
from vidctl.domain.status import Phase, Status
from vidctl.store import details, locks, reports

ALL = list(Status)
OPEN = [status for status in Status if status is not Status.PUBLISHED]


def test_nothing_is_reported_of_an_empty_database(studio: Studio) -> None:
    studio.db.execute("delete from channels")
    assert reports.films(studio.db, statuses=ALL) == []
    assert reports.channels(studio.db) == []
    assert reports.busy_steps(studio.db) == {}
    assert reports.id_length(studio.db) == 4


def test_a_films_cost_is_the_sum_of_its_charges_also_of_failed_ones(studio: Studio) -> None:
    task_id = studio.film()
    studio.film(title="free")
    studio.faults({"script": "generate_asset.py", "fault": "sell", "times": 2})
    studio.bring(task_id, Status.ASSETS_READY)
    assert {film.title: film.cost_usd for film in reports.films(studio.db, statuses=OPEN)} == {
        "A film": Decimal("0.84"),
        "free": Decimal(0),
    }


def test_a_film_runs_while_somebody_holds_its_lock(studio: Studio) -> None:
    ids = {studio.film() for _ in range(8)}  # some of their lock keys are negative
    with studio.session() as worker:
        for task_id in ids:
            assert locks.try_task(worker, task_id)
        assert {film.id for film in reports.films(studio.db, statuses=OPEN) if film.running} == ids
        (channel,) = reports.channels(studio.db)
        assert (channel.running, channel.waiting) == (8, 0)
        assert locks.try_slot(worker, locks.STEP_SLOTS, 3, 100)
        assert locks.try_slot(studio.db, locks.STEP_SLOTS, 3, 100)
        assert reports.busy_steps(studio.db) == {3: 2}
    assert not any(film.running for film in reports.films(studio.db, statuses=OPEN))


def test_channels_count_their_films_by_what_they_wait_for(studio: Studio) -> None:
    studio.channel("two", max_concurrent=7)
    studio.film("two", queue=False)
    studio.film("two")
    studio.bring(studio.film("two"), Status.ASSETS_READY)
    failing = studio.film("two")
    studio.faults({"script": "generate_story.py", "fault": "status", "status": 65})
    studio.step(failing)
    one, two = reports.channels(studio.db)
    assert (two.drafts, two.waiting, two.review, two.errors, two.capacity) == (1, 1, 1, 1, 7)
    assert (one.drafts, one.waiting, one.review, one.errors) == (0, 0, 0, 0)
    assert reports.channels(studio.db, "two") == [two]


def test_a_channel_that_was_switched_off_is_shown_as_long_as_it_has_films(studio: Studio) -> None:
    studio.channel("two", is_active=False)
    assert [channel.channel_id for channel in reports.channels(studio.db)] == ["one"]
    studio.film("two")
    assert [channel.channel_id for channel in reports.channels(studio.db)] == ["one", "two"]


def test_failed_films_come_first_and_the_furthest_before_the_rest(studio: Studio) -> None:
    for status in (Status.DRAFT, Status.PUBLISHED, Status.VIDEO_ERROR, Status.QUEUED, Status.FINAL_REVIEW):
        studio.db.execute("update tasks set status = %s where id = %s", (status, studio.film()))
    found = reports.films(studio.db, statuses=ALL)
    assert [film.status for film in found] == ["Video Error", "Final Review", "Queued", "Draft", "Published"]
    assert found[0].phase is Phase.ERROR


def test_ids_are_as_short_as_tells_them_apart(studio: Studio) -> None:
    for end in ("abcd0000", "abcd0001", "12345678"):
        studio.db.execute(
            "update tasks set id = %s where id = %s", (f"{end}-0000-4000-8000-000000000000", studio.film(queue=False))
        )
    assert reports.id_length(studio.db) == 8


def test_one_film_is_told_in_full(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.ASSETS_READY)
    studio.reject(task_id, "image 2: darker")
    assert [move.event for move in details.moves(studio.db, task_id)] == [
        "queue",
        "claim",
        "finish",
        "finish",
        "reject",
    ]
    files = {str(file.artifact): file for file in details.files(studio.db, task_id)}
    assert (files["image 2"].state, files["image 2"].take, files["image 2"].note) == ("rejected", 2, "darker")
    (decided,) = details.decisions(studio.db, task_id)
    assert (decided.action, decided.reviewer_id, decided.notes) == ("rejected", "ana", "image 2: darker")


def test_the_last_errors_come_newest_first(studio: Studio) -> None:
    task_id = studio.film()
    studio.faults({"script": "generate_story.py", "fault": "error", "error": {"error_class": "transient"}, "times": 2})
    studio.step(task_id)
    studio.wait(studio.task(task_id))
    studio.step(task_id)
    newest, older = details.errors(studio.db, task_id, last=5)
    assert (newest.attempt, older.attempt, newest.item) == (2, 1, "storyboard")
    assert newest.at - older.at >= timedelta(minutes=1)
    assert len(details.errors(studio.db, task_id, last=1)) == 1


def test_a_board_of_ten_thousand_films_is_read_at_once(studio: Studio) -> None:
    studio.db.execute(
        """insert into tasks (channel_id, title, topic, status)
           select 'one', 'Film ' || n, 'Birds', case when n <= 9500 then 'Published' else 'Queued' end
             from generate_series(1, 10000) n"""
    )
    studio.db.execute(
        """insert into video_costs (task_id, component, units_used, cost_usd, at)
           select id, 'x', 1, 0.1, now() from tasks"""
    )
    studio.db.execute("analyze")
    began = time.perf_counter()
    films = reports.films(studio.db, statuses=OPEN)
    reports.channels(studio.db)
    length = reports.id_length(studio.db)
    took_s = time.perf_counter() - began
    assert len(films) == 500
    assert len({str(film.id)[:length] for film in films}) == 500
    assert took_s < 1.0, f"{took_s:.3f} s"
