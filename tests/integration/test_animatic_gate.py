"""A gate that only some channels have: the film as an animatic, with the quote, before a single clip is bought."""

from typing import Any
from uuid import UUID

import pytest

from tests.board import Desk
from tests.integration.test_orders import sold
from tests.integration.test_orders_renumbered import LATER, change_places, edit
from tests.studio import Studio
from vidctl.domain.status import Phase, Status
from vidctl.domain.work import Artifact, Kind
from vidctl.engine import decide
from vidctl.engine.edit import edit_storyboard
from vidctl.engine.sync.exhibit import exhibit
from vidctl.engine.tick import rooms
from vidctl.errors import InvalidStateTransitionError
from vidctl.store import artifacts, picks, reports

ANIMATIC = Artifact(Kind.ANIMATIC)
LATE = {"scene": 2, "spoken_s": 11.4, "clip_s": 10}


def asking(studio: Studio, **channel: Any) -> UUID:
    """Return a film that waits for a person before its clips are bought."""
    gates = {"animatic": "manual", **channel.pop("review_gates", {})}
    studio.channel(scenes=2, review_gates=gates, **channel)
    task_id = studio.film()
    studio.bring(task_id, Status.ASSETS_READY)
    studio.approve(task_id)
    while studio.task(task_id).status is not Status.COMPOSITES_READY:
        studio.step(task_id)
    return task_id


def clips(studio: Studio) -> int:
    return len(studio.ledger(script="generate_video.py"))


def test_no_clip_is_bought_before_a_person_saw_the_animatic_and_the_quote(studio: Studio) -> None:
    task_id = asking(studio)
    task = studio.task(task_id)
    assert task.asks is not None
    assert task.asks.startswith("2 clips × $0.42 = $0.84; 2 narrations for less than a cent; 2 sounds for about $0.08")
    assert task.at_gate
    assert artifacts.done(studio.db, task_id)[ANIMATIC].made.path == "animatic.mp4"
    for _ in range(3):
        studio.later(hours=1)
        studio.step(task_id)
    assert (studio.task(task_id).status, clips(studio)) == (Status.COMPOSITES_READY, 0)
    assert not picks.pick(studio.db, rooms(studio.context.limits), now=studio.now)
    [film] = reports.films(studio.db, statuses=list(Status))
    assert (film.phase, film.at_gate) == (Phase.REVIEW, True)
    [load] = reports.channels(studio.db)
    assert (load.review, load.waiting) == (1, 0)
    studio.approve(task_id)
    assert studio.task(task_id).asks is None
    studio.bring(task_id, Status.FINAL_REVIEW)
    assert clips(studio) == 2
    assert ("Composites Ready", "approve", "Generating Video") in studio.path_of(task_id)


def test_the_approval_is_bound_to_the_animatic_that_was_seen(studio: Studio) -> None:
    task_id = asking(studio)
    studio.approve(task_id, by="ana")
    row = studio.db.execute(
        "select gate, action, reviewer_id, content from review_audit where task_id = %s order by id desc limit 1",
        (task_id,),
    ).fetchone()
    sha256 = artifacts.done(studio.db, task_id)[ANIMATIC].made.sha256
    assert row == ("Composites Ready", "approved", "ana", [["animatic", 1, sha256]])
    assert studio.look().is_whole


def test_it_names_every_narration_that_is_longer_than_its_clip(studio: Studio) -> None:
    studio.channel(scenes=2)
    studio.faults({"script": "make_animatic.py", "result": {"facts": {"too_long": [LATE]}}})
    asks = str(studio.task(asking(studio)).asks)
    assert "narration 2 is longer than its clip (11.4 s, and the clip 10 s)" in asks


def test_where_many_are_longer_it_says_how_many(studio: Studio) -> None:
    studio.channel(scenes=2)
    studio.faults({"script": "make_animatic.py", "result": {"facts": {"too_long": [LATE] * 7}}})
    asks = str(studio.task(asking(studio)).asks)
    assert (asks.count("narration 2 is longer"), "and so are 3 more" in asks) == (4, True)


@pytest.mark.parametrize("said", [None, [{"scene": "two"}]])
def test_a_channels_own_animatic_that_says_it_in_other_words_keeps_no_film(studio: Studio, said: object) -> None:
    studio.channel(scenes=2)
    studio.faults({"script": "make_animatic.py", "result": {"facts": {"too_long": said}}})
    asks = str(studio.task(asking(studio)).asks)
    assert asks.startswith("2 clips × $0.42")
    assert "longer" not in asks


def test_what_is_rejected_there_is_made_again_and_the_film_asks_again(studio: Studio) -> None:
    task_id = asking(studio)
    first = artifacts.done(studio.db, task_id)[ANIMATIC].made.sha256
    studio.reject(task_id, "image 2: darker")
    assert studio.task(task_id).status is Status.ASSET_ERROR
    studio.retry(task_id)
    studio.step(task_id)
    assert studio.task(task_id).status is Status.ASSETS_READY
    studio.approve(task_id)
    studio.step(task_id)
    assert studio.task(task_id).at_gate
    assert clips(studio) == 0
    assert len(studio.ledger(script="make_animatic.py")) == 1 + (
        artifacts.done(studio.db, task_id)[ANIMATIC].made.sha256 != first
    )


def test_a_rejection_without_an_item_looks_at_the_composites_again_and_the_film_asks_again(studio: Studio) -> None:
    task_id = asking(studio)
    studio.reject(task_id, "not yet")
    studio.retry(task_id)
    assert studio.task(task_id).status is Status.GENERATING_COMPOSITES
    studio.step(task_id)
    assert studio.task(task_id).at_gate
    assert len(studio.ledger(script="make_animatic.py")) == 1, "nothing changed"


def test_what_was_approved_and_did_not_change_is_not_asked_again(studio: Studio) -> None:
    task_id = asking(studio)
    studio.approve(task_id)
    decide.hold(studio.db, studio.task(task_id), actor="ana", now=studio.now)  # its clips are still to be bought
    decide.queue(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    studio.bring(task_id, Status.VIDEO_READY)
    studio.reject(task_id, "clip 2: slower")
    studio.retry(task_id)
    studio.bring(task_id, Status.AUDIO_READY)
    assert clips(studio) == 3
    asked = studio.db.execute("select count(*) from review_audit where gate = 'Composites Ready'").fetchone()
    assert asked == (1,)


def edited(studio: Studio, task_id: UUID, was: str, now: str) -> list[str]:
    task = studio.task(task_id)
    data = studio.folder(task_id).path("storyboard.json").read_text().replace(was, now).encode()
    done = edit_storyboard(studio.db, task, data, studio.author)
    return [str(item) for item in done.remade]


def test_an_edit_that_buys_a_clip_asks_first_and_quotes_that_clip(studio: Studio) -> None:
    task_id = asking(studio)
    studio.approve(task_id)
    studio.bring(task_id, Status.VIDEO_READY)
    assert edited(studio, task_id, "push in 2", "pull out 2") == ["animatic", "clip 2", "filmstrip"]
    studio.step(task_id)
    task = studio.task(task_id)
    assert task.at_gate
    assert str(task.asks).startswith("1 clip for $0.42; ")


def test_an_edit_that_buys_a_clip_asks_first_also_where_the_animatic_was_out_of_date_before(studio: Studio) -> None:
    task_id = asking(studio)
    studio.approve(task_id)
    studio.bring(task_id, Status.VIDEO_READY)
    assert edited(studio, task_id, "Scene 2.", "The second.") == []
    studio.reject(task_id, "clip 1: slower")
    assert edited(studio, task_id, "push in 2", "pull out 2") == ["animatic", "clip 2", "clip 1"]
    studio.step(task_id)
    assert str(studio.task(task_id).asks).startswith("2 clips × $0.42")
    assert clips(studio) == 2


def test_what_is_paid_for_is_not_quoted_again(studio: Studio) -> None:
    task_id = asking(studio)
    studio.limit(items_per_step=1)
    studio.faults(*LATER)
    studio.approve(task_id)
    studio.step(task_id)
    assert len(sold(studio)) == 2, "bought, and neither is fetched yet"
    edit(studio, task_id, lambda board: board["scenes"][1].update(motion="pull out 2"))
    while studio.task(task_id).asks is None:
        studio.bring(task_id, Status.COMPOSITES_READY)
    assert str(studio.task(task_id).asks).startswith("1 clip for $0.42; ")
    studio.bring(task_id, Status.VIDEO_READY)
    edit(studio, task_id, lambda board: change_places(board, "motion", "composite"))
    studio.step(task_id)
    studio.step(task_id)
    assert studio.task(task_id).status is Status.VIDEO_READY, "both clips are there, so nobody is asked"
    assert len(sold(studio)) == 3


def test_an_edit_that_buys_no_clip_asks_nothing(studio: Studio) -> None:
    task_id = asking(studio)
    studio.approve(task_id)
    studio.bring(task_id, Status.AUDIO_READY)
    assert edited(studio, task_id, "Scene 2.", "The second.") == ["narration 2"]
    studio.step(task_id)
    assert studio.task(task_id).status is not Status.COMPOSITES_READY
    assert len(studio.ledger(script="make_animatic.py")) == 1


def test_a_film_that_has_left_it_behind_is_not_sent_back_when_the_gate_is_wanted(studio: Studio) -> None:
    studio.channel(scenes=2)
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_READY)
    studio.channel(scenes=2, review_gates={"animatic": "manual"})
    studio.reject(task_id, "clip 1: slower")
    studio.retry(task_id)
    studio.bring(task_id, Status.FINAL_REVIEW)
    assert not studio.ledger(script="make_animatic.py")


def test_a_film_without_a_clip_asks_also_where_the_gate_is_wanted_only_now(studio: Studio) -> None:
    studio.channel(scenes=2)
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    studio.channel(scenes=2, review_gates={"animatic": "manual"})
    for _ in range(3):
        studio.step(task_id)
    task = studio.task(task_id)
    assert task.at_gate
    assert "no animatic is there to be looked at: step composites sees to it" in task.error_log
    assert clips(studio) == 0
    studio.bring(task_id, Status.FINAL_REVIEW)
    assert clips(studio) == 2


def test_without_the_gate_nothing_asks_and_nobody_can_approve_there(studio: Studio) -> None:
    studio.channel(scenes=2)
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    with pytest.raises(InvalidStateTransitionError, match="waits at no gate"):
        studio.approve(task_id)
    with pytest.raises(InvalidStateTransitionError, match="waits at no gate"):
        studio.reject(task_id, "no")
    assert not studio.ledger(script="make_animatic.py")


def test_a_film_in_preview_is_free_and_asks_nothing(studio: Studio) -> None:
    studio.channel(mode="preview", review_gates={"animatic": "manual"})
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_READY)
    assert not studio.ledger(script="make_animatic.py")


def test_a_film_that_asks_can_be_held_and_asks_again_when_it_is_queued(studio: Studio) -> None:
    task_id = asking(studio)
    decide.hold(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    assert studio.task(task_id).asks is None
    decide.queue(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    while studio.task(task_id).status is not Status.COMPOSITES_READY:
        if studio.task(task_id).at_gate:
            studio.approve(task_id)
        studio.step(task_id)
    assert studio.task(task_id).at_gate
    assert len(studio.ledger(script="make_animatic.py")) == 1


def at_the_gate(desk: Desk) -> str:
    desk.studio.channel(
        "one", board="notion", notion_database_id=desk.board.id, scenes=2, review_gates={"animatic": "manual"}
    )
    page = desk.at(Status.ASSETS_READY)
    desk.edit(page, Status="Assets Approved")
    desk.sync()
    desk.studio.step(desk.film(page).id)
    desk.sync()
    return page


def test_the_card_shows_the_animatic_and_the_quote_and_the_next_column_approves(desk: Desk) -> None:
    page = at_the_gate(desk)
    shown = desk.shows(page)
    assert shown["Status"] == "Composites Ready"
    assert str(shown["Progress"]).startswith("2 clips × $0.42 = $0.84; ")
    desk.studio.later(seconds=1)
    exhibit(desk.studio.dsn, desk.film(page).id, desk.context, spacing_s=0.001)
    sections = {str(block["text"]): block["children"] for block in desk.notion.blocks(page)}
    assert list(sections) == ["Storyboard", "Images", "Animatic"]
    [block] = sections["Animatic"]
    assert block["type"] == "video"
    assert str(block["text"]).startswith("Animatic · 2 clips × $0.42 = $0.84; ")
    desk.sync()
    desk.edit(page, Status="Generating Video")
    desk.sync()
    film = desk.film(page)
    assert (film.status, film.asks) == (Status.GENERATING_VIDEO, None)
    [(who,)] = desk.studio.db.execute(
        "select actor from task_events where event = 'approve' and from_status = 'Composites Ready'"
    ).fetchall()
    assert who.startswith("Ana <")
    assert desk.shows(page)["Progress"] is None or "clips ×" not in str(desk.shows(page)["Progress"])


def test_a_comment_on_the_card_makes_again_what_it_names(desk: Desk) -> None:
    page = at_the_gate(desk)
    desk.asks(page, "redo: image 2: darker")
    assert "image 2" in desk.answers(page)[-1]


def test_a_card_that_only_passes_by_cannot_be_dragged_past(desk: Desk) -> None:
    page = desk.at(Status.COMPOSITES_READY)
    desk.edit(page, Status="Generating Video")
    desk.sync()
    desk.sync()
    assert desk.film(page).status is Status.COMPOSITES_READY
    assert "waits at no gate" in desk.note(page)
