"""What was made once stays: each take with its price, whatever replaces it."""

import json
import runpy
from pathlib import Path
from uuid import UUID

import pytest

from tests.studio import Studio
from tests.takes import CLIP, PRICE, again, assert_kept, at, edit, of, use
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Kind
from vidctl.engine.edit import edit_storyboard, path_of
from vidctl.store import details, takes


@pytest.fixture(autouse=True)
def short_films(studio: Studio) -> None:
    studio.channel(scenes=2)


ROOT = Path(__file__).resolve().parents[2]


def test_a_rejected_clip_keeps_its_take_with_its_price_and_what_it_was_asked_for(studio: Studio) -> None:
    studio.faults({"script": "generate_video.py", "fault": "sell", "times": 99})
    task_id = again(studio, "clip 1: slower pan", to=Status.VIDEO_READY)
    first, second = of(studio, task_id)
    assert (first.number, first.in_use, second.number, second.in_use) == (1, False, 2, True)
    assert (first.prompt, first.note, second.note) == ("push in 1", "", "slower pan")
    assert (first.cost_usd, second.cost_usd) == (PRICE, PRICE)
    assert first.path.startswith("takes/videos/clip_01_take_1_")
    assert_kept(studio, task_id)


def test_what_was_paid_for_nothing_counts_to_the_take_that_it_led_to(studio: Studio) -> None:
    task_id = at(studio, Status.COMPOSITES_READY)
    black = {"error_class": "transient", "error_type": "BlackPicture", "message": "it is black"}
    studio.faults(
        {"script": "generate_video.py", "fault": "sell", "times": 99},
        {"script": "inspect_media.py", "match": "clip_01", "fault": "error", "error": black},
    )
    studio.db.execute("update artifacts set job_id = null")
    studio.bring(task_id, Status.VIDEO_READY)
    spent = sum(entry["options"]["motion"] == "push in 1" for entry in studio.ledger("sold"))
    again(studio, "clip 1", to=Status.VIDEO_READY, task_id=task_id)
    assert [take.cost_usd for take in of(studio, task_id)] == [PRICE * spent, PRICE]
    (total,) = [file.cost_usd for file in details.files(studio.db, task_id) if file.artifact == CLIP]
    assert total == PRICE * (spent + 1)


def test_every_kind_that_is_worth_it_is_kept_and_nothing_that_follows_from_it(studio: Studio) -> None:
    task_id = at(studio, Status.FINAL_REVIEW)
    again(studio, "image 1: red; clip 1; narration 1; sfx 1", to=Status.FINAL_REVIEW, task_id=task_id)
    edit(studio, task_id, motion="pull out")
    studio.bring(task_id, Status.FINAL_REVIEW)
    several = {str(take.artifact): take.number for take in takes.of_film(studio.db, task_id)}
    expected = {"storyboard": 2, "image 1": 2, "clip 1": 3, "clip 2": 2, "narration 1": 2, "sfx 1": 2, "film": 3}
    assert {name: number for name, number in several.items() if number > 1} == {**expected, "thumbnail": 2}
    kinds = {take.artifact.kind for take in takes.of_film(studio.db, task_id)}
    assert kinds.isdisjoint({Kind.COMPOSITE, Kind.CONTACT_SHEET, Kind.FILMSTRIP, Kind.FINGERPRINT})
    assert of(studio, task_id, Artifact(Kind.STORYBOARD))[1].note == "edited by ana"
    assert_kept(studio, task_id)


def test_the_same_bytes_once_more_are_the_same_take(studio: Studio) -> None:
    task_id = at(studio, Status.VIDEO_READY)
    for motion in ("pull out", "push in 1", "pull out"):
        edit(studio, task_id, motion=motion)
        studio.bring(task_id, Status.VIDEO_READY)
    assert [(take.number, take.in_use) for take in of(studio, task_id)] == [(1, False), (2, True)]
    assert_kept(studio, task_id)


def test_takes_follow_their_image_to_its_new_number(studio: Studio) -> None:
    task_id = again(studio, "image 2: red", to=Status.ASSETS_READY)
    task = studio.task(task_id)
    board = json.loads(path_of(studio.db, task, studio.home)[0].read_bytes())
    board["assets"].reverse()
    data = json.dumps(board).encode()
    edit_storyboard(studio.db, task, data, studio.author)
    studio.bring(task_id, Status.ASSETS_READY)
    found = of(studio, task_id, Artifact(Kind.IMAGE, 1))
    assert [(take.number, take.place) for take in found] == [
        (1, "assets/characters/bird_2.png"),
        (2, "assets/characters/bird_2.png"),
    ]
    assert len(of(studio, task_id, Artifact(Kind.IMAGE, 2))) == 1
    use(studio, task_id, "image 1 take 1")
    studio.bring(task_id, Status.ASSETS_READY)
    assert_kept(studio, task_id)


def test_what_was_made_before_takes_were_kept_is_the_first_take_of_each(studio: Studio) -> None:
    studio.faults({"script": "generate_video.py", "fault": "sell", "times": 99})
    task_id = at(studio, Status.FINAL_REVIEW)
    before = [take for take in takes.of_film(studio.db, task_id) if take.artifact.kind is not Kind.THUMBNAIL]
    studio.db.execute("delete from takes")
    studio.db.execute(runpy.run_path(str(ROOT / "migrations/versions/0004_takes.py"))["FIRST_TAKES"])
    assert takes.of_film(studio.db, task_id) == before
    again(studio, "clip 1: slower", to=Status.VIDEO_READY, task_id=sent_back(studio, task_id))
    assert [take.cost_usd for take in of(studio, task_id)] == [PRICE, PRICE]
    assert_kept(studio, task_id)


def sent_back(studio: Studio, task_id: UUID) -> UUID:
    """Take a film from its last gate to that of its clips, with nothing made again."""
    studio.reject(task_id, "", Status.VIDEO_ERROR)
    studio.retry(task_id)
    studio.step(task_id)
    return task_id
