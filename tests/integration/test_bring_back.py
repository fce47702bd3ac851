"""An older take is brought back: nothing is bought that is there, and whoever has to look at it is asked."""

import json

import pytest

from tests.board import Desk
from tests.studio import Studio
from tests.takes import PRICE, again, assert_kept, at, edit, of, use
from vidctl.domain.review import BROUGHT_BACK
from vidctl.domain.status import GATES, Status
from vidctl.domain.takes import choices
from vidctl.domain.work import Artifact, Kind
from vidctl.engine import decide
from vidctl.engine.bring_back import bring_back
from vidctl.engine.edit import edit_storyboard, path_of
from vidctl.errors import BadInput, LostRace, NotFound, Unavailable
from vidctl.store import audit, details, locks


@pytest.fixture(autouse=True)
def short_films(studio: Studio) -> None:
    studio.channel(scenes=2)


def made(studio: Studio) -> int:
    return len(studio.ledger())


def test_sidecars_go_along_both_ways(studio: Studio) -> None:
    task_id = at(studio, Status.FINAL_REVIEW)
    film = Artifact(Kind.FILM)
    place = studio.folder(task_id)
    subtitles = place.path(of(studio, task_id, film)[0].place).with_suffix(".srt")
    subtitles.write_text("of the first")
    again(studio, "clip 1", to=Status.FINAL_REVIEW, task_id=task_id)
    subtitles.write_text("of the second")
    assert place.path(of(studio, task_id, film)[0].path).with_suffix(".srt").read_text() == "of the first"
    use(studio, task_id, "film take 1")
    assert subtitles.read_text() == "of the first"
    assert place.path(of(studio, task_id, film)[1].path).with_suffix(".srt").read_text() == "of the second"


def test_at_its_own_gate_the_film_waits_with_the_other_take_and_nothing_is_bought(studio: Studio) -> None:
    task_id = again(studio, "narration 1: calmer", to=Status.AUDIO_READY)
    before, seen = made(studio), studio.task(task_id)
    done = use(studio, task_id, "narration 1 take 1", machine="barn")
    assert (done.changed, done.step, done.remade) == (True, None, ())
    assert studio.task(task_id).kept_by == "barn", "where its file is"
    assert studio.task(task_id).status is Status.AUDIO_READY
    assert [take.in_use for take in of(studio, task_id, Artifact(Kind.NARRATION))] == [True, False]
    assert_kept(studio, task_id)
    with pytest.raises(LostRace):  # who saw the other take approves nothing
        decide.approve(studio.db, seen, actor="bob", now=studio.now)
    studio.approve(task_id)
    studio.bring(task_id, Status.FINAL_REVIEW)
    assert made(studio) == before + 3, "the film and what follows from it alone"


def test_a_sheet_shows_the_take_that_is_in_use_before_anybody_approves_it(studio: Studio) -> None:
    task_id = again(studio, "clip 1: slower", to=Status.VIDEO_READY)
    before = made(studio)
    done = use(studio, task_id, "clip 1 take 1")
    assert ([str(item) for item in done.remade], done.seen.status) == (["filmstrip"], Status.GENERATING_VIDEO)
    studio.step(task_id)
    assert studio.task(task_id).status is Status.VIDEO_READY, "it asks"
    assert made(studio) == before + 1, "the filmstrip alone"
    assert_kept(studio, task_id)
    studio.assert_legal([task_id])


def test_at_a_later_gate_what_depends_on_it_is_made_again_and_its_own_gate_asks(studio: Studio) -> None:
    task_id = again(studio, "narration 1: calmer", to=Status.FINAL_REVIEW)
    before = made(studio)
    done = use(studio, task_id, "narration 1 take 1")
    assert ([str(item) for item in done.remade], done.seen.status) == (["film"], Status.GENERATING_AUDIO)
    while studio.task(task_id).status is not Status.AUDIO_READY:
        studio.step(task_id)
    studio.bring(task_id, Status.FINAL_REVIEW)
    assert made(studio) == before + 2, "the film and its fingerprint"
    assert_kept(studio, task_id)


def test_an_image_brought_back_has_its_clips_made_again(studio: Studio) -> None:
    task_id = again(studio, "image 1: red", to=Status.VIDEO_READY)
    done = use(studio, task_id, "image 1 take 1")
    names = [str(item) for item in done.remade]
    assert names == ["contact sheet", "composite 1", "composite 2", "clip 1", "clip 2", "filmstrip"]
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(studio.ledger(script="generate_asset.py")) == 3
    assert_kept(studio, task_id)


def test_a_take_that_was_never_approved_does_not_pass_its_gate(studio: Studio) -> None:
    task_id = at(studio, Status.FINAL_REVIEW)
    edit(studio, task_id, motion="pull out")
    studio.bring(task_id, Status.FINAL_REVIEW)
    use(studio, task_id, "clip 1 take 1")
    studio.step(task_id)
    assert studio.task(task_id).status is Status.VIDEO_READY, "the last approval there was of the other take"


def test_who_brings_back_what_was_approved_last_is_not_asked_about_it_again(studio: Studio) -> None:
    task_id = again(studio, "clip 1: slower", to=Status.VIDEO_READY)
    studio.bring(task_id, Status.FINAL_REVIEW)
    use(studio, task_id, "clip 1 take 1")
    decide.hold(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    use(studio, task_id, "clip 1 take 2")
    decide.queue(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    while studio.task(task_id).status not in GATES:
        studio.step(task_id)
    assert studio.task(task_id).status is Status.FINAL_REVIEW


def test_a_rejected_take_is_taken_after_all(studio: Studio) -> None:
    task_id = at(studio, Status.VIDEO_READY)
    before = made(studio)
    studio.reject(task_id, "clip 1: slower")
    done = use(studio, task_id, "clip 1 take 1")
    assert (done.changed, done.seen.status) == (True, Status.GENERATING_VIDEO)
    studio.bring(task_id, Status.VIDEO_READY)
    assert made(studio) == before + (0 if not done.remade else 1)
    assert len(studio.ledger(script="generate_video.py")) == 2
    assert_kept(studio, task_id)


def test_in_an_error_status_the_failed_step_goes_on_with_it(studio: Studio) -> None:
    task_id = again(studio, "clip 1: slower", to=Status.VIDEO_READY)
    studio.reject(task_id, "clip 1: faster")
    refused = {"error_class": "permanent", "message": "no"}
    studio.faults({"script": "generate_video.py", "fault": "error", "error": refused, "times": 9})
    studio.retry(task_id)
    studio.step(task_id)
    assert studio.task(task_id).status is Status.VIDEO_ERROR
    use(studio, task_id, "clip 1 take 1")
    studio.bring(task_id, Status.VIDEO_READY)
    assert [take.in_use for take in of(studio, task_id)] == [True, False]
    assert_kept(studio, task_id)


def test_in_draft_it_waits_until_the_film_is_queued(studio: Studio) -> None:
    task_id = again(studio, "clip 1: slower", to=Status.VIDEO_READY)
    decide.hold(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    assert use(studio, task_id, "clip 1 take 1").seen.status is Status.DRAFT
    bought = len(studio.ledger(script="generate_video.py"))
    decide.queue(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(studio.ledger(script="generate_video.py")) == bought
    assert of(studio, task_id)[0].in_use


def test_bringing_it_back_twice_changes_nothing_and_there_and_back_gives_the_same(studio: Studio) -> None:
    task_id = again(studio, "narration 1: calmer", to=Status.AUDIO_READY)
    before = of(studio, task_id, Artifact(Kind.NARRATION))
    use(studio, task_id, "narration 1 take 1")
    version = studio.task(task_id).version
    assert use(studio, task_id, "narration 1 take 1").changed is False
    assert studio.task(task_id).version == version
    use(studio, task_id, "narration 1 take 2")
    after = of(studio, task_id, Artifact(Kind.NARRATION))
    assert [(t.number, t.sha256, t.in_use, t.cost_usd) for t in after] == [
        (t.number, t.sha256, t.in_use, t.cost_usd) for t in before
    ]
    assert_kept(studio, task_id)


def test_what_is_made_after_a_take_was_brought_back_gets_the_next_number_and_its_own_price(studio: Studio) -> None:
    studio.faults({"script": "generate_audio.py", "fault": "sell", "times": 99})
    task_id = again(studio, "narration 1: calmer", to=Status.AUDIO_READY)
    use(studio, task_id, "narration 1 take 1")
    again(studio, "narration 1: louder", to=Status.AUDIO_READY, task_id=task_id)
    found = of(studio, task_id, Artifact(Kind.NARRATION))
    assert [(take.number, take.in_use, take.cost_usd) for take in found] == [
        (1, False, PRICE),
        (2, False, PRICE),
        (3, True, PRICE),
    ]
    assert_kept(studio, task_id)


def test_several_at_once_are_brought_back_together_or_not_at_all(studio: Studio) -> None:
    task_id = again(studio, "narration 1: calmer; sfx 2: louder", to=Status.AUDIO_READY)
    with pytest.raises(NotFound, match="has no sfx 2 take 7"):
        use(studio, task_id, "narration 1 take 1; sfx 2 take 7")
    assert of(studio, task_id, Artifact(Kind.NARRATION))[1].in_use
    use(studio, task_id, "narration 1 take 1; sfx 2 take 1")
    assert of(studio, task_id, Artifact(Kind.NARRATION))[0].in_use
    assert of(studio, task_id, Artifact(Kind.SFX, 2))[0].in_use
    assert_kept(studio, task_id)


def test_a_storyboard_is_brought_back_as_if_it_were_typed_again(studio: Studio) -> None:
    task_id = at(studio, Status.AUDIO_READY)
    edit(studio, task_id, narration="Other words.")
    studio.bring(task_id, Status.AUDIO_READY)
    assert use(studio, task_id, "storyboard take 1", dry_run=True).seen.status is Status.GENERATING_AUDIO
    assert studio.task(task_id).status is Status.AUDIO_READY
    done = use(studio, task_id, "storyboard take 1")
    assert [str(item) for item in done.remade] == ["narration 1"]
    studio.bring(task_id, Status.AUDIO_READY)
    assert [take.in_use for take in of(studio, task_id, Artifact(Kind.STORYBOARD))] == [True, False]
    with pytest.raises(BadInput, match="storyboard decides"):
        use(studio, task_id, "storyboard take 2; narration 1 take 1")
    assert_kept(studio, task_id)


def test_it_is_in_the_history_and_in_the_record_of_decisions(studio: Studio) -> None:
    task_id = again(studio, "clip 1: slower; clip 2", to=Status.VIDEO_READY)
    use(studio, task_id, "clip 1 take 1; clip 2 take 1")
    reject, retry = details.moves(studio.db, task_id)[-2:]
    assert (reject.actor, reject.reason) == ("ana", BROUGHT_BACK)
    assert (retry.actor, retry.reason) == ("ana", "clip 1 take 1, clip 2 take 1 brought back")
    studio.bring(task_id, Status.FINAL_REVIEW)
    again(studio, "clip 1", to=Status.FINAL_REVIEW, task_id=task_id)
    use(studio, task_id, "film take 1")
    last = details.decisions(studio.db, task_id)[-1]
    assert (last.gate, last.action, last.reviewer_id, last.notes) == (
        "Final Review", "rejected", "ana", "film take 1 brought back",
    )  # fmt: skip
    assert studio.look().is_whole
    assert not audit.unrecorded(studio.db)


def test_what_would_be_made_again_at_once_is_refused(studio: Studio) -> None:
    task_id = again(studio, "clip 1: slower", to=Status.VIDEO_READY)
    studio.reject(task_id, "image 1: red")
    with pytest.raises(BadInput, match="clip 1 take 1 would be replaced at once: composite 1"):
        use(studio, task_id, "clip 1 take 1")
    use(studio, task_id, "clip 1 take 1; image 1 take 1")
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(studio.ledger(script="generate_asset.py")) == 2
    assert of(studio, task_id)[0].in_use


def test_a_take_whose_file_is_gone_or_harmed_is_told_and_changes_nothing(studio: Studio) -> None:
    task_id = again(studio, "narration 1: calmer", to=Status.AUDIO_READY)
    narration = Artifact(Kind.NARRATION)
    kept = studio.folder(task_id).path(of(studio, task_id, narration)[0].path)
    kept.write_bytes(b"harmed")
    for _ in range(2):
        with pytest.raises(NotFound, match="gone or damaged"):
            use(studio, task_id, "narration 1 take 1")
        kept.unlink(missing_ok=True)
    assert of(studio, task_id, narration)[1].in_use


def test_a_clip_that_the_storyboard_has_no_more_cannot_be_used(studio: Studio) -> None:
    task_id = again(studio, "clip 2: slower", to=Status.VIDEO_READY)
    task = studio.task(task_id)
    board = json.loads(path_of(studio.db, task, studio.home)[0].read_bytes())
    board["scenes"].pop()
    data = json.dumps(board).encode()
    edit_storyboard(studio.db, task, data, studio.author)
    studio.bring(task_id, Status.VIDEO_READY)
    with pytest.raises(BadInput, match="has no clip 2 any more"):
        use(studio, task_id, "clip 2 take 1")


@pytest.mark.parametrize("status", [Status.GENERATING_VIDEO, Status.PUBLISHED])
def test_a_film_that_may_not_be_edited_keeps_its_takes_as_they_are(studio: Studio, status: Status) -> None:
    task_id = again(studio, "image 1: red", to=Status.ASSETS_READY)
    if status is Status.PUBLISHED:
        studio.bring(task_id, status)
    else:
        studio.db.execute("update tasks set status = %s where id = %s", (status, task_id))
    with pytest.raises(BadInput) as refused:
        use(studio, task_id, "image 1 take 1")
    assert refused.value.hint


def test_a_film_that_a_step_works_on_or_that_was_moved_is_left_alone(studio: Studio) -> None:
    task_id = again(studio, "narration 1: calmer", to=Status.AUDIO_READY)
    seen = studio.task(task_id)
    with studio.session() as other:
        assert locks.try_task(other, task_id)
        with pytest.raises(Unavailable):
            use(studio, task_id, "narration 1 take 1")
    studio.approve(task_id)
    with pytest.raises(LostRace):
        bring_back(studio.db, seen, choices("narration 1 take 1"), studio.author)
    assert of(studio, task_id, Artifact(Kind.NARRATION))[1].in_use


def test_a_dry_run_tells_and_changes_nothing(studio: Studio) -> None:
    task_id = again(studio, "clip 1: slower", to=Status.VIDEO_READY)
    before = (studio.task(task_id), of(studio, task_id), sorted(studio.folder(task_id).root.rglob("*")))
    done = use(studio, task_id, "clip 1 take 1", dry_run=True)
    assert (done.changed, done.seen.status, [str(item) for item in done.remade]) == (
        True, Status.GENERATING_VIDEO, ["filmstrip"],
    )  # fmt: skip
    assert before == (studio.task(task_id), of(studio, task_id), sorted(studio.folder(task_id).root.rglob("*")))


def test_a_change_does_not_buy_what_a_quote_waits_for(desk: Desk) -> None:
    desk.studio.faults({"script": "generate_video.py", "fault": "sell", "times": 99})
    page = desk.at(Status.VIDEO_READY)
    desk.says(page, "redo clip 1: calmer")
    desk.sync()
    film = desk.film(page)
    board, _ = path_of(desk.studio.db, film, desk.studio.home)
    words = json.loads(board.read_text())
    words["scenes"][1]["motion"] = "quite another motion"
    data, sold = json.dumps(words).encode(), len(desk.studio.ledger("sold"))
    edit_storyboard(desk.studio.db, film, data, desk.studio.author)
    desk.studio.bring(film.id, Status.VIDEO_READY)
    assert len(desk.studio.ledger("sold")) == sold + 1, "of clip 2, whose motion was changed"


def test_what_leaving_an_error_has_made_besides_is_said(studio: Studio) -> None:
    film = studio.film()
    studio.bring(film, Status.VIDEO_READY)
    studio.reject(film, "clip 2: slower")
    studio.retry(film)
    studio.bring(film, Status.VIDEO_READY)
    studio.reject(film, "clip 1: slower")
    task = studio.task(film)
    done = bring_back(studio.db, task, {Artifact(Kind.CLIP, 2): 1}, studio.author, dry_run=True)
    assert Artifact(Kind.CLIP, 1) in done.remade
