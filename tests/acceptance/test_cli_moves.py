"""`vidctl queue | hold | retry | prioritize | schedule`: all films that are named, or none."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from tests.studio import Studio
from vidctl.domain.status import Event, Status
from vidctl.errors import ExitCode, LostRace
from vidctl.store import moves, tasks

Run = Callable[..., Any]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def film(quick: Run) -> Callable[..., str]:
    """Add a film, and return its id."""

    def add(*options: str, title: str = "Film") -> str:
        return str(quick("add", "one", "--title", title, "--topic", "t", "--json", *options).json["id"])

    return add


@pytest.fixture
def failed(film: Callable[..., str], db: Any) -> Callable[..., str]:
    """Add a film whose first step has failed, and return its id."""

    def add(*, title: str = "Film") -> str:
        task = tasks.find(db, film("--queue", title=title)).seen
        claimed = moves.move(db, task, Event.CLAIM, actor="engine", now=NOW)
        moves.move(db, claimed, Event.FAIL, actor="engine", now=NOW, failed_step="plan")
        return str(task.id)

    return add


def statuses(db: Any) -> dict[str, str]:
    return {str(task_id): status for task_id, status in db.execute("select id, status from tasks").fetchall()}


def test_several_films_are_queued_by_prefix_and_each_is_reported(quick: Run, film: Any, db: Any) -> None:
    one, other = film(), film()
    ran = quick("queue", one, other.upper(), other[:13])
    assert ran.status == 0
    assert [line[:36] for line in ran.out.splitlines()] == [one, other]
    assert all("Draft → Queued" in line for line in ran.out.splitlines())
    assert statuses(db) == {one: "Queued", other: "Queued"}
    assert db.execute("select distinct actor from task_events").fetchall() == [("ana",)]


def test_where_one_cannot_be_moved_none_is_and_it_is_named(quick: Run, film: Any, db: Any) -> None:
    draft, queued = film(title="Draft one"), film("--queue", title="Queued one")
    ran = quick("queue", draft, queued)
    assert (ran.status, ran.out) == (65, "")
    assert f"error: {queued[:8]} Queued one: a task that is Queued cannot queue" in ran.err
    assert "none of the films was changed" in ran.err
    assert statuses(db) == {draft: "Draft", queued: "Queued"}


def test_a_film_without_its_words_is_not_queued_and_all_that_it_lacks_is_named(quick: Run, film: Any, db: Any) -> None:
    draft = film()
    db.execute("update tasks set title = '', topic = ''")  # as a card may still be
    ran = quick("queue", draft)
    assert ran.status == 65
    assert ran.err.splitlines() == [
        f"error: {draft[:8]}: the film has no title and no topic yet, so it stays in Draft",
        "hint: fill in the title and the topic first",
    ]


def test_a_held_film_is_a_draft_again(quick: Run, film: Any, db: Any) -> None:
    task_id = film("--queue")
    assert quick("hold", task_id, "--json").json == {
        "dry_run": False,
        "tasks": [{"id": task_id, "title": "Film", "was": "Queued", "status": "Draft"}],
    }
    assert quick("hold", task_id).status == 65


def test_a_failed_film_goes_back_to_the_step_it_failed_in(quick: Run, failed: Any, db: Any) -> None:
    task_id = failed()
    assert quick("retry", task_id).status == 0
    assert statuses(db) == {task_id: "Claimed"}


def test_all_films_that_failed_are_retried_and_no_other(quick: Run, film: Any, failed: Any, db: Any) -> None:
    broken = {failed(), failed()}
    draft = film()
    ran = quick("retry", "--all-errors", "--channel", "one", "--json")
    assert {task["id"] for task in ran.json["tasks"]} == broken
    assert statuses(db) == {draft: "Draft"} | dict.fromkeys(broken, "Claimed")
    assert quick("retry", "--all-errors").out == ""
    assert quick("retry", "--all-errors", "--channel", "nope").status == 66


def test_a_dry_run_changes_nothing(quick: Run, failed: Any, db: Any) -> None:
    task_id = failed()
    ran = quick("retry", "--all-errors", "--dry-run")
    assert (ran.status, "Asset Error → Claimed" in ran.out, "nothing was changed" in ran.err) == (0, True, True)
    assert statuses(db) == {task_id: "Asset Error"}


def test_films_are_prioritized(quick: Run, film: Any, db: Any) -> None:
    one, other = film(), film()
    ran = quick("prioritize", one, other, "high", "--json")
    assert [(task["was"], task["priority"]) for task in ran.json["tasks"]] == [("normal", "high")] * 2
    assert db.execute("select distinct priority from tasks").fetchall() == [("high",)]


def test_films_are_scheduled_until_they_are_on_their_way(quick: Run, film: Any, db: Any) -> None:
    other, one = sorted([film(), film()])  # in the order in which they are changed

    def due() -> list[Any]:
        return [at for (at,) in db.execute("select publish_at from tasks order by id desc")]

    ran = quick("schedule", one, other, one, "2099-01-01", "--json")
    assert [task["publish_at"] for task in ran.json["tasks"]] == ["2099-01-01T00:00:00+00:00"] * 2
    assert due() == [datetime(2099, 1, 1, tzinfo=UTC)] * 2
    assert "no moment of its own" in quick("schedule", one, "Never").out
    assert due() == [None, datetime(2099, 1, 1, tzinfo=UTC)]
    seen = tasks.find(db, one).seen
    db.execute("update tasks set status = 'Approved' where id = %s", (one,))
    assert quick("schedule", one, "2098-01-01").status == 0
    with pytest.raises(LostRace):
        moves.claim(db, seen, by="who read the film before", settings="{}", now=NOW)
    for fields, words in (
        ("status = 'Uploading'", "is being uploaded as it was"),
        ("status = 'Published', youtube_url = 'https://youtube.com/watch?v=x'", "youtube.com/watch?v=x"),
        ("status = 'Draft', notion_page_id = 'a page'", "set Publish At there"),
    ):
        db.execute(f"update tasks set {fields} where id = %s", (one,))
        before, ran = due(), quick("schedule", other, one, "2097-01-01")
        assert (ran.status, words in ran.err, due()) == (65, True, before)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["queue", "ffffffff"], 66),
        (["queue", "not-an-id"], 65),
        (["queue", ""], 65),
        (["queue"], 2),
        (["retry"], 65),
        (["retry", "--channel", "one"], 65),
        (["retry", "ab", "--all-errors"], 65),
        (["prioritize", "high"], 65),
        (["prioritize", "ab", "urgent"], 65),
        (["prioritize", "ffffffff", "low"], 66),
        (["schedule", "never"], 65),
        (["schedule", "ab", "soon"], 65),
        (["schedule", "ab", "2020-01-01"], 65),
        (["schedule", "ffffffff", "never"], 66),
    ],
)
def test_what_names_no_film_is_one_error(quick: Run, arguments: list[str], status: int) -> None:
    ran = quick(*arguments)
    assert (ran.status, ran.err.count("error: "), ran.err.count("hint: ")) == (status, 1, 1)


def test_an_upload_is_begun_anew_only_for_a_film_that_failed_in_it(quick: Run, studio: Studio) -> None:
    task_id = str(studio.film())
    refused = quick("retry", "--new-upload", task_id)
    assert (refused.status, "leave --new-upload out" in refused.err) == (ExitCode.BAD_DATA, True)
    studio.bring(UUID(task_id), Status.APPROVED)
    studio.faults({"script": "upload_video.py", "fault": "status", "status": 65})
    studio.step(UUID(task_id))
    assert quick("retry", "--new-upload", task_id).out.endswith("Upload Error → Uploading  A film\n")
    assert "an earlier one is not on the channel" in quick("history", task_id).out
