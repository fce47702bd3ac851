"""What people decide, at once and one after the other: how long it counts, and what is refused."""

import itertools
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from tests.processes import until
from tests.studio import Studio
from vidctl.domain.review import MAX_NOTE, Rejection
from vidctl.domain.status import ERRORS, GATES, Status
from vidctl.domain.work import Artifact, Kind, Retake
from vidctl.engine import decide
from vidctl.engine.edit import edit_storyboard
from vidctl.errors import BadInput, LostRace
from vidctl.store import Db, artifacts, audit, tasks
from vidctl.store.connection import connect

Act = Callable[[Studio, Db, UUID], object]


def at(studio: Studio, status: Status) -> UUID:
    task_id = studio.film()
    studio.bring(task_id, status)
    return task_id


def approve(studio: Studio, db: Db, task_id: UUID) -> object:
    return decide.approve(db, tasks.get(db, task_id), actor="ana", now=studio.now)


def reject(studio: Studio, db: Db, task_id: UUID) -> object:
    return decide.reject(db, tasks.get(db, task_id), actor="ana", notes="image 2: red", now=studio.now)


def edit(studio: Studio, db: Db, task_id: UUID) -> object:
    board = json.loads(studio.folder(task_id).path("storyboard.json").read_bytes())
    board["assets"][1]["prompt"] = "a magpie"
    data = json.dumps(board).encode()
    return edit_storyboard(db, tasks.get(db, task_id), data, studio.author)


def on_its_own_connection(studio: Studio, act: Act, task_id: UUID) -> object:
    with connect(studio.dsn, application_name="somebody else") as db:
        return act(studio, db, task_id)


def somebody_waits(studio: Studio) -> bool:
    waiting = "select 1 from pg_locks where locktype = 'advisory' and not granted"
    return studio.db.execute(waiting).fetchone() is not None


@pytest.mark.parametrize("act", [approve, reject, edit])
def test_who_waits_for_the_record_of_decisions_keeps_no_film_from_others(studio: Studio, act: Act) -> None:
    task_id = at(studio, Status.ASSETS_READY)
    with ThreadPoolExecutor() as pool, studio.session() as other:
        with audit.deciding(other):
            decided = pool.submit(on_its_own_connection, studio, act, task_id)
            until(lambda: somebody_waits(studio), what="the wait for the record")
            studio.db.execute("select from tasks where id = %s for update nowait", (task_id,))
        decided.result()
    assert studio.task(task_id).status is not Status.ASSETS_READY


def test_of_two_who_approve_the_same_films_at_once_one_is_told_that_it_is_done(studio: Studio) -> None:
    first, second = at(studio, Status.ASSETS_READY), at(studio, Status.ASSETS_READY)
    with ThreadPoolExecutor() as pool, studio.session() as db:
        with db.transaction():
            approve(studio, db, first)
            late = pool.submit(on_its_own_connection, studio, approve, second)
            until(lambda: somebody_waits(studio), what="the wait for the record")
            approve(studio, db, second)
        with pytest.raises(LostRace):
            late.result()
    assert {studio.task(film).status for film in (first, second)} == {Status.ASSETS_APPROVED}
    assert studio.look().is_whole


def test_what_is_no_text_is_refused_at_a_gate_and_nothing_is_decided(studio: Studio) -> None:
    task = studio.task(at(studio, Status.ASSETS_READY))
    words = ["image 2: red \udcff", "image 2: \0", "\ud83d"]
    decisions: list[Callable[..., object]] = [decide.approve, decide.reject]
    for decision, field, said in itertools.product(decisions, ("notes", "actor"), words):
        with pytest.raises(BadInput) as refused:
            decision(studio.db, task, now=studio.now, **{"actor": "ana", "notes": "image 2: red", field: said})
        str(refused.value).encode()  # it can be shown itself
        assert studio.task(task.id) == task
        assert studio.decided() == 0


@pytest.mark.parametrize("words", ["why \udcff", "why \0"])
def test_what_is_no_text_is_refused_as_a_reason_too(studio: Studio, words: str) -> None:
    draft, failed = studio.film(queue=False), at(studio, Status.ASSETS_READY)
    studio.reject(failed, "no")
    before = [studio.task(film) for film in (draft, failed)]
    for decision, task, said in (
        (decide.queue, before[0], {"actor": words}),
        (decide.hold, before[1], {"actor": "ana", "reason": words}),
        (decide.retry, before[1], {"actor": "ana", "reason": words}),
    ):
        with pytest.raises(BadInput):
            decision(studio.db, task, now=studio.now, **said)
    assert [studio.task(film) for film in (draft, failed)] == before


def next_gate(studio: Studio, task_id: UUID) -> Status:
    """Let the engine go on until it stops at a gate that it does not pass by itself."""
    while (task := studio.task(task_id)).status not in {*GATES, Status.PUBLISHED}:
        assert task.status not in ERRORS, task.error_log
        studio.step(task_id)
    return task.status


def gates_from_here(studio: Studio, task_id: UUID) -> list[Status]:
    """Approve at each gate that still asks, and return which they were."""
    asked: list[Status] = []
    while (gate := next_gate(studio, task_id)) is not Status.PUBLISHED:
        asked.append(gate)
        studio.approve(task_id)
    return asked


def anew(studio: Studio, task_id: UUID) -> None:
    """Take the film back to Draft and send it all the way again."""
    for decision in (decide.hold, decide.queue):
        decision(studio.db, studio.task(task_id), actor="ana", now=studio.now)


def test_a_stage_rejected_as_a_whole_at_a_later_gate_stops_at_its_own_gate_again(studio: Studio) -> None:
    task_id = at(studio, Status.VIDEO_READY)
    studio.reject(task_id, "the whole look is wrong", Status.ASSET_ERROR)
    studio.retry(task_id)
    assert next_gate(studio, task_id) is Status.ASSETS_READY


def test_gates_between_there_and_the_rejection_are_not_asked_again(studio: Studio) -> None:
    task_id = at(studio, Status.FINAL_REVIEW)
    studio.reject(task_id, "the whole look is wrong", Status.ASSET_ERROR)
    studio.retry(task_id)
    assert gates_from_here(studio, task_id) == [Status.ASSETS_READY, Status.FINAL_REVIEW]


def test_a_rejection_does_not_touch_the_approval_of_an_earlier_stage(studio: Studio) -> None:
    task_id = at(studio, Status.AUDIO_READY)
    studio.reject(task_id, "it is too hectic", Status.VIDEO_ERROR)
    anew(studio, task_id)
    assert next_gate(studio, task_id) is Status.VIDEO_READY


def test_an_approval_after_the_rejection_counts_for_good(studio: Studio) -> None:
    """All at one moment: what came first is not told by the time."""
    task_id = at(studio, Status.VIDEO_READY)
    studio.reject(task_id, "the whole look is wrong", Status.ASSET_ERROR)
    studio.retry(task_id)
    studio.bring(task_id, Status.AUDIO_READY)
    anew(studio, task_id)
    assert next_gate(studio, task_id) is Status.AUDIO_READY


def test_a_film_that_was_rejected_and_then_approved_at_the_last_gate_is_published(studio: Studio) -> None:
    task_id = at(studio, Status.FINAL_REVIEW)
    studio.reject(task_id, "something is wrong")
    studio.retry(task_id)
    assert gates_from_here(studio, task_id) == [Status.FINAL_REVIEW]
    assert studio.task(task_id).status is Status.PUBLISHED


def test_a_film_that_was_rejected_after_its_last_approval_is_not_published_by_it(studio: Studio) -> None:
    task_id = at(studio, Status.APPROVED)
    approved = audit.approved_content(studio.db, task_id, Status.FINAL_REVIEW)
    anew(studio, task_id)
    studio.bring(task_id, Status.FINAL_REVIEW)
    assert audit.approved_content(studio.db, task_id, Status.FINAL_REVIEW) == approved is not None
    studio.reject(task_id, "not at all")
    assert audit.approved_content(studio.db, task_id, Status.FINAL_REVIEW) is None


def test_an_edit_asks_only_where_something_changed(studio: Studio) -> None:
    task_id = at(studio, Status.FINAL_REVIEW)
    retitle(studio, task_id)
    assert gates_from_here(studio, task_id) == [Status.FINAL_REVIEW]


def retitle(studio: Studio, task_id: UUID) -> None:
    """Give the storyboard another title, which only the sheets show."""
    place = studio.folder(task_id).path("storyboard.json")
    board = json.loads(place.read_bytes()) | {"title": "Another title"}
    data = json.dumps(board).encode()
    edit_storyboard(studio.db, studio.task(task_id), data, studio.author)


def test_a_person_need_not_wait_for_the_next_try(studio: Studio) -> None:
    task_id = studio.film()
    studio.faults({"script": "generate_story.py", "fault": "signal"})
    studio.step(task_id)
    waiting = studio.task(task_id)
    assert waiting.next_attempt_at is not None
    studio.retry(task_id)
    now_is = studio.task(task_id)
    assert (now_is.status, now_is.next_attempt_at, now_is.attempt) == (waiting.status, None, waiting.attempt)
    studio.step(task_id)
    assert studio.task(task_id).status is Status.GENERATING_ASSETS


def test_items_that_are_known_already_are_not_read_out_of_the_notes_again(studio: Studio) -> None:
    task = studio.task(at(studio, Status.ASSETS_READY))
    named = [Rejection(Artifact(Kind.IMAGE, 1), "like\nimage 2")]
    notes = "image 1: like\nimage 2"
    decide.reject(studio.db, task, actor="ana", notes=notes, now=studio.now, named=named)
    assert artifacts.retakes(studio.db, task.id) == {Artifact(Kind.IMAGE, 1): Retake(2, "like\nimage 2")}
    assert studio.db.execute("select notes from review_audit").fetchone() == (notes,)


def test_more_words_about_an_item_than_a_script_can_be_given_are_refused_and_nothing_is_decided(studio: Studio) -> None:
    task = studio.task(at(studio, Status.ASSETS_READY))
    with pytest.raises(BadInput, match="image 1 has 50,000 characters, 2,000 are the most") as refused:
        studio.reject(task.id, "image 1: " + "字" * 50_000)
    assert "nothing was decided" in refused.value.hint
    named = [Rejection(Artifact(Kind.IMAGE, 1), "\0")]
    with pytest.raises(BadInput, match="holds a NUL"):
        decide.reject(studio.db, task, actor="ana", notes="red", now=studio.now, named=named)
    assert studio.task(task.id) == task
    assert studio.decided() == 0


def test_of_the_film_as_a_whole_much_may_be_said(studio: Studio) -> None:
    task_id = at(studio, Status.ASSETS_READY)
    studio.reject(task_id, "too dark " * 5_000 + "\nimage 1: brighter")
    assert artifacts.retakes(studio.db, task_id) == {Artifact(Kind.IMAGE, 1): Retake(2, "brighter")}


def test_an_item_that_was_rejected_many_times_can_still_be_made(studio: Studio) -> None:
    task_id = at(studio, Status.ASSETS_READY)
    for number in range(4):
        studio.reject(task_id, f"image 1: wish {number} " + "字" * 900)
        studio.retry(task_id)
        studio.bring(task_id, Status.ASSETS_READY)
    note = studio.ledger(script="generate_asset.py")[-1]["options"]["note"]
    assert [word for word in ("wish 0", "wish 1", "wish 2", "wish 3") if word in note] == ["wish 2", "wish 3"]
    assert len(note) <= MAX_NOTE


def test_a_clip_that_the_storyboard_has_no_more_cannot_be_rejected(studio: Studio) -> None:
    task_id = at(studio, Status.VIDEO_READY)
    board = json.loads(studio.folder(task_id).path("storyboard.json").read_bytes())
    board["scenes"].pop()
    data = json.dumps(board).encode()
    edit_storyboard(studio.db, studio.task(task_id), data, studio.author)
    studio.bring(task_id, Status.VIDEO_READY)
    task = studio.task(task_id)
    with pytest.raises(BadInput, match="has no clip 3 any more") as refused:
        decide.reject(studio.db, task, actor="ana", notes="clip 3", now=studio.now, home=studio.home)
    assert refused.value.hint == "nothing was changed; name what it has: clip 1 to 2"
    assert studio.task(task_id) == task
    decide.reject(studio.db, task, actor="ana", notes="clip 2", now=studio.now, home=studio.home)


def test_where_the_storyboard_is_not_here_what_was_made_can_be_rejected(studio: Studio) -> None:
    task = studio.task(at(studio, Status.VIDEO_READY))
    elsewhere = studio.root / "elsewhere"
    decide.reject(studio.db, task, actor="ana", notes="clip 3", now=studio.now, home=elsewhere)
    assert studio.task(task.id).status is Status.VIDEO_ERROR


@pytest.mark.parametrize(
    ("notes", "hint"),
    [
        ("image 9", "nothing was changed; name what it has: image 1 to 3"),
        ("narration 1", "nothing was changed; no narration is made yet, so name something else"),
    ],
)
def test_who_names_what_a_film_does_not_have_is_told_what_it_has(studio: Studio, notes: str, hint: str) -> None:
    task_id = at(studio, Status.ASSETS_READY)
    with pytest.raises(BadInput, match=f"has no {notes}$") as refused:
        studio.reject(task_id, notes)
    assert refused.value.hint == hint


def test_nobody_decides_under_the_engines_name(studio: Studio) -> None:
    task_id = at(studio, Status.ASSETS_READY)
    with pytest.raises(BadInput, match="nobody decides as 'engine'"):
        studio.approve(task_id, by=" Engine")
    assert studio.task(task_id).status is Status.ASSETS_READY
