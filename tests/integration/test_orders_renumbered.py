"""What was bought is known by what it was bought for: under another number, for an earlier prompt, and when lost."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from tests.integration.test_orders import BOUGHT, CLIP, IMAGE, LOST, at_clips, doubted, sold, states
from tests.integration.test_orders_trouble import TRANSIENT, booked, wait_and_step
from tests.studio import Studio
from tests.takes import of, use
from vidctl.domain.status import ERRORS, GATES, Status
from vidctl.domain.work import Artifact, Kind, Retake
from vidctl.engine import decide, estimate, settle
from vidctl.engine.edit import edit_storyboard
from vidctl.engine.rework import Edited
from vidctl.store import artifacts, takes

SPOKEN = "generate_audio.py"
LATER: list[dict[str, Any]] = [{**BOUGHT, "then": TRANSIENT, "times": 3}, BOUGHT]
"""The first three jobs are bought, and not ready yet."""


def edit(studio: Studio, task_id: UUID, change: Callable[[dict[str, Any]], object]) -> Edited:
    """Have a person change the storyboard; a film at work is held meanwhile."""
    if held := studio.task(task_id).status not in (*GATES, *ERRORS):
        decide.hold(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    board = json.loads(studio.folder(task_id).path("storyboard.json").read_text())
    change(board)
    data = json.dumps(board).encode()
    edited = edit_storyboard(studio.db, studio.task(task_id), data, studio.author)
    if held:
        decide.queue(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    return edited


def change_places(board: dict[str, Any], *names: str) -> None:
    """Let the first two scenes change places, or what they say of these things."""
    one, two = board["scenes"][:2]
    for name in names or ("composite", "motion", "sound", "narration"):
        one[name], two[name] = two[name], one[name]


def files(studio: Studio, task_id: UUID, *names: str) -> list[bytes]:
    return [studio.folder(task_id).path(name).read_bytes() for name in names]


def test_two_scenes_that_change_places_keep_the_jobs_that_were_bought_for_them(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio)
    studio.faults(*LATER)
    studio.step(task_id)
    edit(studio, task_id, lambda board: change_places(board, "motion"))
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(sold(studio)) == 3, "each was resumed, under its new number"
    assert states(studio) == ["made"] * 3
    resumed = {row["options"]["motion"]: row["options"]["resume-job"] for row in studio.ledger("made", CLIP)}
    assert [resumed[f"push in {number}"] for number in (1, 2, 3)] == sold(studio)
    assert booked(studio) == (Decimal("1.26"), 3)


def test_scenes_that_change_places_take_their_files_and_their_notes_along(studio: Studio) -> None:
    task_id = at_clips(studio)
    studio.faults(BOUGHT, {**BOUGHT, "script": SPOKEN, "by_job": False})
    studio.bring(task_id, Status.VIDEO_READY)
    studio.reject(task_id, "clip 2: slower")
    studio.retry(task_id)
    studio.bring(task_id, Status.AUDIO_READY)
    names = ("videos/clip_01.mp4", "videos/clip_02.mp4", "audio/narration_01.mp3", "audio/narration_02.mp3")
    clips, words = files(studio, task_id, *names[:2]), files(studio, task_id, *names[2:])
    ran = len(studio.ledger("began", CLIP)), len(studio.ledger("began", SPOKEN))
    edit(studio, task_id, change_places)
    studio.bring(task_id, Status.AUDIO_READY)
    assert files(studio, task_id, *names) == [*reversed(clips), *reversed(words)]
    assert (len(studio.ledger("began", CLIP)), len(studio.ledger("began", SPOKEN))) == ran
    assert artifacts.retakes(studio.db, task_id) == {Artifact(Kind.CLIP, 1): Retake(2, "slower")}
    edit(studio, task_id, lambda board: board["scenes"].append({**board["scenes"][0], "number": 4}))
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(sold(studio)) == 5, "one that was rejected is neither used nor fetched again by itself"


def test_a_clip_that_was_rejected_under_a_later_number_is_not_used_again_under_any(studio: Studio) -> None:
    task_id = at_clips(studio)
    studio.faults(BOUGHT)
    studio.bring(task_id, Status.VIDEO_READY)
    edit(studio, task_id, lambda board: change_places(board, "motion", "composite"))
    studio.bring(task_id, Status.VIDEO_READY)
    studio.reject(task_id, "clip 1: slower")
    studio.retry(task_id)
    edit(studio, task_id, lambda board: board["scenes"].append({**board["scenes"][0], "number": 4}))
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(sold(studio)) == 5


def test_a_prompt_that_is_changed_back_brings_its_own_file_back(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    studio.faults({"script": IMAGE, "fault": "order", "by_job": False, "price": 0.03, "times": 99})
    studio.bring(task_id, Status.ASSETS_READY)

    def say(prompt: str) -> None:
        edit(studio, task_id, lambda board: board["assets"][1].update(prompt=prompt))
        studio.bring(task_id, Status.ASSETS_READY)

    say("an owl")
    say("bird 2")
    assert len(sold(studio, IMAGE)) == 4


def test_a_take_brought_back_for_another_prompt_is_still_known_by_the_one_it_was_made_for(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    studio.faults({"script": IMAGE, "fault": "order", "by_job": False, "price": 0.03, "times": 99})
    studio.bring(task_id, Status.ASSETS_READY)
    edit(studio, task_id, lambda board: board["assets"][1].update(prompt="an owl"))
    studio.bring(task_id, Status.ASSETS_READY)
    use(studio, task_id, "image 2 take 1")
    studio.bring(task_id, Status.ASSETS_READY)
    edit(studio, task_id, lambda board: board["assets"][1].update(prompt="bird 2"))
    rest = estimate.of(studio.db, studio.task(task_id), studio.files().limits, home=studio.home, now=studio.now)
    assert "assets" not in [part.step for part in rest.parts]
    picture = studio.folder(task_id).path("assets/characters/bird_2.png")
    picture.rename(kept := picture.with_name("kept"))
    studio.folder(task_id).path(of(studio, task_id, Artifact(Kind.IMAGE, 2))[0].path).unlink()
    studio.step(task_id)
    assert "image 2: its file assets/characters/bird_2.png is gone" in studio.task(task_id).error_log
    studio.retry(task_id)
    assert studio.db.execute("select count(let_go_at) from takes").fetchone() == (1,)
    kept.rename(picture)
    studio.bring(task_id, Status.ASSETS_READY)
    assert len(sold(studio, IMAGE)) == 4


def test_scenes_that_show_the_same_are_bought_each(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio)
    studio.faults(*LATER)
    edit(studio, task_id, lambda board: board["scenes"][1].update(motion="push in 1"))
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(sold(studio)) == 3
    edit(studio, task_id, lambda board: board["scenes"][2].update(motion="push in 1"))
    studio.bring(task_id, Status.VIDEO_READY)
    assert (len(sold(studio)), set(states(studio))) == (4, {"made"})


def lost(studio: Studio, *, days: int = 15) -> UUID:
    """A film that waits at the gate of its clips; the second is gone, and its provider keeps it no more."""
    task_id = at_clips(studio)
    studio.faults(BOUGHT)
    studio.bring(task_id, Status.VIDEO_READY)
    clip = studio.folder(task_id).path("videos/clip_02.mp4")
    clip.rename(clip.with_name("kept"))
    studio.later(days=days)
    studio.approve(task_id)
    for _ in range(3):
        if studio.task(task_id).status is not Status.VIDEO_ERROR:
            wait_and_step(studio, task_id)
    return task_id


def test_a_file_that_is_gone_and_can_be_fetched_no_more_is_not_bought_again_without_a_word(studio: Studio) -> None:
    task_id = lost(studio)
    task = studio.task(task_id)
    assert (task.status, len(sold(studio))) == (Status.VIDEO_ERROR, 3)
    said = task.error_log.rpartition("\n")[2]
    assert all(words in said for words in ("clip 2", "videos/clip_02.mp4", "$0.42", "vidctl retry")), said
    decide.retry(studio.db, task, actor="ana", now=studio.now, buys_again=False)
    studio.step(task_id)
    assert (studio.task(task_id).status, len(sold(studio))) == (Status.VIDEO_ERROR, 3), "nor is a retry of all films"
    decide.hold(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    decide.queue(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    for _ in range(6):
        wait_and_step(studio, task_id)
        if studio.task(task_id).status in GATES:
            studio.approve(task_id)
    assert (studio.task(task_id).status, len(sold(studio))) == (Status.VIDEO_ERROR, 3), "queued is not the word"
    studio.retry(task_id)
    studio.bring(task_id, Status.AUDIO_READY)
    assert len(sold(studio)) == 4


def test_of_all_files_that_a_retry_would_buy_again_a_person_is_told_with_the_sum(studio: Studio) -> None:
    task_id = at_clips(studio, story={"assets": 1, "scenes": 5})
    studio.faults(BOUGHT)
    studio.bring(task_id, Status.VIDEO_READY)
    for number in (1, 2, 3, 5):
        studio.folder(task_id).path(f"videos/clip_0{number}.mp4").unlink()
    studio.later(days=15)
    studio.approve(task_id)
    for _ in range(2):
        wait_and_step(studio, task_id)
    said = studio.task(task_id).error_log.rpartition("\n")[2]
    assert "4 files are gone or damaged, and cannot be fetched: clip 1 to 3, 5; they had cost $1.68" in said


@pytest.mark.parametrize("error_class", ["permanent", "transient"])
def test_whoever_hears_that_the_provider_has_a_lost_file_no_more_is_asked_in_the_same_breath(
    studio: Studio, error_class: str
) -> None:
    task_id = at_clips(studio)
    studio.faults(BOUGHT)
    studio.bring(task_id, Status.VIDEO_READY)
    studio.folder(task_id).path("videos/clip_02.mp4").unlink()
    over = {"error_class": error_class, "job_over": True, "message": "it is kept no more"}
    studio.faults({"script": CLIP, "fault": "error", "error": over, "times": 1}, BOUGHT)
    studio.approve(task_id)
    for _ in range(2):
        wait_and_step(studio, task_id)
    said = studio.task(task_id).error_log.rpartition("\n")[2]
    assert all(words in said for words in ("it is kept no more", "had cost $0.42", "vidctl retry")), said
    assert len(sold(studio)) == 3
    studio.retry(task_id)
    studio.bring(task_id, Status.AUDIO_READY)
    assert len(sold(studio)) == 4


def test_a_file_that_is_put_back_is_used_and_asked_about_anew_when_it_is_gone_again(studio: Studio) -> None:
    task_id = lost(studio)
    clip = studio.folder(task_id).path("videos/clip_02.mp4")
    clip.with_name("kept").rename(clip)
    studio.later(minutes=1)
    studio.retry(task_id)
    studio.bring(task_id, Status.AUDIO_READY)
    assert len(sold(studio)) == 3
    clip.unlink()
    with studio.db.transaction(force_rollback=True):
        studio.db.execute("update artifacts set state = 'pending'")
        takes.let_go(studio.db, task_id, now=studio.now)
        assert studio.db.execute("select count(let_go_at) from takes").fetchone() == (0,), "an old question"
    studio.approve(task_id)
    for _ in range(4):
        wait_and_step(studio, task_id)
    assert (studio.task(task_id).status, len(sold(studio))) == (Status.VIDEO_ERROR, 3)


def test_a_lost_file_whose_scene_has_another_number_by_now_is_used_where_it_is_said_to_be_put_back(
    studio: Studio,
) -> None:
    task_id = at_clips(studio)
    studio.faults(BOUGHT)
    studio.bring(task_id, Status.VIDEO_READY)
    clip = studio.folder(task_id).path("videos/clip_02.mp4")
    clip.rename(kept := clip.with_name("kept"))
    studio.later(days=15)
    edit(studio, task_id, change_places)
    for _ in range(2):
        wait_and_step(studio, task_id)
    assert "clip 1: its file videos/clip_01.mp4 is gone" in studio.task(task_id).error_log
    kept.replace(clip.with_name("clip_01.mp4"))
    studio.retry(task_id)
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(sold(studio)) == 3


def test_the_word_on_one_of_two_clips_that_show_the_same_is_none_on_the_other(studio: Studio) -> None:
    task_id = at_clips(studio)
    studio.faults(BOUGHT)
    same = ("motion", "composite")
    edit(studio, task_id, lambda board: board["scenes"][1].update({name: board["scenes"][0][name] for name in same}))
    studio.bring(task_id, Status.VIDEO_READY)
    for number, to in ((2, Status.AUDIO_READY), (1, Status.FINAL_REVIEW)):
        studio.folder(task_id).path(f"videos/clip_0{number}.mp4").unlink()
        studio.later(days=15)
        studio.approve(task_id)
        for _ in range(2):
            wait_and_step(studio, task_id)
        assert studio.task(task_id).status is Status.VIDEO_ERROR
        assert f"clip {number}: its file" in studio.task(task_id).error_log.rpartition("\n")[2]
        studio.retry(task_id)
        studio.bring(task_id, to)
    assert len(sold(studio)) == 5


@pytest.mark.parametrize("word", ["image 2: bluer", ""])
def test_a_picture_that_is_gone_is_bought_again_on_the_word_that_rejects_it_and_on_no_other(
    studio: Studio, word: str
) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    studio.faults({"script": IMAGE, "fault": "order", "by_job": False, "price": 0.03, "times": 99})
    studio.bring(task_id, Status.ASSETS_READY)
    studio.folder(task_id).path("assets/characters/bird_2.png").unlink()
    studio.reject(task_id, word or "image 3: bluer")
    studio.retry(task_id)
    studio.step(task_id)
    assert studio.task(task_id).status is (Status.ASSETS_READY if word else Status.ASSET_ERROR)
    assert len(sold(studio, IMAGE)) == 4


def test_a_job_of_an_earlier_prompt_comes_into_the_books_once_and_is_fetched_if_it_is_asked_for_again(
    studio: Studio,
) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio)
    studio.faults(*LATER)
    studio.step(task_id)
    edit(studio, task_id, lambda board: board["scenes"][1].update(motion="pull out 2"))
    studio.bring(task_id, Status.VIDEO_READY)
    assert sorted(states(studio)) == ["made", "made", "made", "unwanted"]
    assert booked(studio) == (Decimal("0.42") * 4, 4)
    bases = studio.db.execute("select basis, count(*) from video_costs group by 1 order by 1").fetchall()
    assert bases == [("list price", 1), ("provider", 3)]
    edit(studio, task_id, lambda board: board["scenes"][1].update(motion="push in 2"))
    studio.bring(task_id, Status.VIDEO_READY)
    assert (len(sold(studio)), booked(studio)) == (4, (Decimal("0.42") * 4, 4))
    assert set(states(studio)) == {"made"}


def test_a_job_of_a_scene_that_is_no_more_is_booked_too_and_one_that_nobody_heard_of_asked_about(
    studio: Studio,
) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio)
    studio.faults(*LATER)
    studio.step(task_id)
    studio.db.execute("update orders set state = 'asked', job_id = null where index = 3")
    edit(studio, task_id, lambda board: board["scenes"].__delitem__(slice(1, 3)))
    studio.bring(task_id, Status.VIDEO_READY)
    assert states(studio) == ["made", "unwanted", "in doubt"]
    assert (len(sold(studio)), booked(studio)) == (3, (Decimal("0.84"), 2))


def test_a_job_that_is_found_when_its_film_has_another_is_booked_and_not_left_open(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio, story={"assets": 1, "scenes": 1})
    studio.faults({**BOUGHT, "lost": LOST, "times": 1}, BOUGHT)
    studio.step(task_id)
    edit(studio, task_id, lambda board: board["scenes"][0].update(motion="pull out 1"))
    studio.bring(task_id, Status.VIDEO_READY)
    settle.found(studio.db, doubted(studio), sold(studio)[0], actor="ana", now=studio.now)
    assert (states(studio), booked(studio)) == (["unwanted", "made"], (Decimal("0.84"), 2))


def test_a_job_that_is_found_after_its_prompt_was_changed_is_not_said_to_be_fetched(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio, story={"assets": 1, "scenes": 1})
    studio.faults({**BOUGHT, "lost": LOST, "times": 1}, TRANSIENT | {"script": CLIP, "times": 1}, BOUGHT)
    studio.step(task_id)
    edit(studio, task_id, lambda board: board["scenes"][0].update(motion="pull out 1"))
    while studio.task(task_id).status is not Status.GENERATING_VIDEO:
        studio.advance(task_id, Status.COMPOSITES_READY)
        studio.step(task_id)
    said = settle.found(studio.db, doubted(studio), sold(studio)[0], actor="ana", now=studio.now)
    assert said == f"clip 1 is another one by now: job {sold(studio)[0]} is only booked"
    edit(studio, task_id, lambda board: board["scenes"][0].update(motion="push in 1"))
    studio.bring(task_id, Status.VIDEO_READY)
    assert (len(sold(studio)), states(studio), booked(studio)) == (1, ["made"], (Decimal("0.42"), 1))
