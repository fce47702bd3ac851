"""A storyboard changed by hand: what it concerns is made again, and nothing else."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.studio import Studio
from tests.takes import author_on
from vidctl.domain.status import GATES, Status
from vidctl.domain.work import Artifact, Kind, Retake
from vidctl.engine import decide
from vidctl.engine.edit import edit_storyboard, path_of
from vidctl.engine.rework import Edited
from vidctl.errors import BadInput, LostRace, NotFound, Unavailable
from vidctl.store import artifacts, audit, details, locks, ticks

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(autouse=True)
def short_films(studio: Studio) -> None:
    studio.channel(scenes=2)


def edit(studio: Studio, task_id: UUID, change: Change, *, machine: str = "", **more: Any) -> Edited:
    task = studio.task(task_id)
    path, _ = path_of(studio.db, task, studio.home)
    board = json.loads(path.read_bytes())
    change(board)
    data = json.dumps(board).encode()
    return edit_storyboard(studio.db, task, data, author_on(studio, machine), **more)


def motion(scene: int) -> Change:
    return lambda board: board["scenes"][scene - 1].update(motion="slow pull out")


def words(scene: int) -> Change:
    return lambda board: board["scenes"][scene - 1].update(narration="Other words.")


def at(studio: Studio, status: Status) -> UUID:
    task_id = studio.film()
    studio.bring(task_id, status)
    return task_id


def made_by(studio: Studio, script: str) -> int:
    return len(studio.ledger(script=script))


def test_a_new_motion_at_the_last_gate_remakes_that_clip_and_the_film_alone(studio: Studio) -> None:
    task_id = at(studio, Status.FINAL_REVIEW)
    before = {name: made_by(studio, name) for name in ("generate_asset.py", "generate_video.py", "generate_audio.py")}
    done = edit(studio, task_id, motion(2))
    assert [str(item) for item in done.remade] == ["clip 2", "filmstrip", "film"]
    assert done.seen.status is Status.GENERATING_VIDEO
    studio.bring(task_id, Status.FINAL_REVIEW)
    assert made_by(studio, "generate_video.py") == before["generate_video.py"] + 1
    assert made_by(studio, "generate_asset.py") == before["generate_asset.py"]
    assert made_by(studio, "generate_audio.py") == before["generate_audio.py"]
    assert made_by(studio, "generate_story.py") == 1
    studio.assert_legal([task_id])


def test_the_gate_of_what_was_remade_asks_again_and_the_others_do_not(studio: Studio) -> None:
    task_id = at(studio, Status.FINAL_REVIEW)
    edit(studio, task_id, motion(1))
    studio.step(task_id)
    assert studio.task(task_id).status is Status.VIDEO_READY
    studio.approve(task_id)
    while studio.task(task_id).status not in GATES:
        studio.step(task_id)
    assert studio.task(task_id).status is Status.FINAL_REVIEW


def test_new_words_at_the_audio_gate_remake_that_narration(studio: Studio) -> None:
    task_id = at(studio, Status.AUDIO_READY)
    done = edit(studio, task_id, words(2))
    assert (done.step and done.step.name, [str(item) for item in done.remade]) == ("narration", ["narration 2"])
    assert studio.task(task_id).status is Status.GENERATING_AUDIO


def test_new_words_before_anything_is_spoken_move_nothing(studio: Studio) -> None:
    task_id = at(studio, Status.ASSETS_READY)
    done = edit(studio, task_id, words(1))
    assert (done.changed, done.step, done.remade) == (True, None, ())
    assert studio.task(task_id).status is Status.ASSETS_READY
    studio.bring(task_id, Status.AUDIO_READY)
    spoken = sorted(entry["options"]["text"] for entry in studio.ledger(script="generate_audio.py"))
    assert spoken == ["Other words.", "Scene 2."], "side by side, in any order"


def test_a_scene_more_is_made_and_a_scene_less_leaves_the_film(studio: Studio) -> None:
    task_id = at(studio, Status.FINAL_REVIEW)
    edit(studio, task_id, lambda board: board["scenes"].append(board["scenes"][0] | {"number": 3}))
    studio.bring(task_id, Status.FINAL_REVIEW)
    assert Artifact(Kind.CLIP, 3) in artifacts.done(studio.db, task_id)
    done = edit(studio, task_id, lambda board: board["scenes"].pop())
    assert [str(item) for item in done.remade] == ["filmstrip", "film", "thumbnail"]


LAKE = {"name": "lake", "kind": "environment", "prompt": "a lake"}


def three_images(studio: Studio) -> UUID:
    """A film at the gate of its images: a field, bird_2 and bird_3; each image was charged."""
    studio.channel(scenes=3)
    studio.faults({"script": "generate_asset.py", "fault": "sell", "times": 99})
    return at(studio, Status.ASSETS_READY)


def drawn(studio: Studio, task_id: UUID, change: Change) -> tuple[list[str], list[str]]:
    """Edit the film and take it back to its gate; return what should be made again, and the images that were."""
    before = made_by(studio, "generate_asset.py")
    remade = edit(studio, task_id, change).remade
    studio.bring(task_id, Status.ASSETS_READY)
    new = studio.ledger(script="generate_asset.py")[before:]
    return [str(item) for item in remade], [entry["options"]["name"] for entry in new]


def names(studio: Studio, task_id: UUID) -> list[str]:
    """Return the images in the order of their numbers, by the names of the files recorded."""
    kept = sorted(artifacts.done(studio.db, task_id).items())
    return [Path(item.made.path).stem for artifact, item in kept if artifact.kind is Kind.IMAGE]


def assert_charged_where_it_is_shown(studio: Studio, task_id: UUID) -> None:
    """Each image's charges bear its number."""
    shown = {file.index: file.cost_usd for file in details.files(studio.db, task_id) if file.kind is Kind.IMAGE}
    charged = studio.db.execute("select index, sum(cost_usd) from video_costs where kind = 'image' group by 1")
    assert dict(charged.fetchall()) == shown
    assert all(shown.values())


@pytest.mark.parametrize(
    ("change", "remade", "order"),
    [
        (lambda assets: assets.insert(1, LAKE), ["lake"], ["field", "lake", "bird_2", "bird_3"]),
        (lambda assets: assets.insert(0, LAKE), ["lake"], ["lake", "field", "bird_2", "bird_3"]),
        (lambda assets: assets.reverse(), [], ["bird_3", "bird_2", "field"]),
        (lambda assets: assets.append(assets.pop(1)), [], ["field", "bird_3", "bird_2"]),
        (lambda assets: assets.pop(1), [], ["field", "bird_3", "bird_2"]),
        (lambda assets: assets[1].update(name="magpie"), ["magpie"], ["field", "magpie", "bird_3", "bird_2"]),
        (lambda assets: assets[1].update(kind="prop"), ["bird_2"], ["field", "bird_2", "bird_3", "bird_2"]),
    ],
    ids=["one more", "one more in front", "backwards", "another order", "one less", "another name", "another kind"],
)
def test_only_a_new_image_is_drawn_whatever_the_places_of_the_others(
    studio: Studio, change: Change, remade: list[str], order: list[str]
) -> None:
    """An image that the storyboard has no more keeps a place behind the others: it is paid for."""
    task_id = three_images(studio)
    told, made = drawn(studio, task_id, lambda board: change(board["assets"]))
    assert made == remade
    assert names(studio, task_id) == order
    assert told == [*(f"image {order.index(name) + 1}" for name in remade), "contact sheet"]
    assert_charged_where_it_is_shown(studio, task_id)


def test_an_image_that_is_put_back_is_not_drawn_again(studio: Studio) -> None:
    task_id = three_images(studio)
    removed: list[dict[str, str]] = []
    drawn(studio, task_id, lambda board: removed.append(board["assets"].pop(1)))
    _, made = drawn(studio, task_id, lambda board: board["assets"].extend([LAKE, *removed]))
    assert (made, names(studio, task_id)) == (["lake"], ["field", "bird_3", "lake", "bird_2"])
    assert_charged_where_it_is_shown(studio, task_id)


def test_what_was_asked_for_stays_with_its_image(studio: Studio) -> None:
    task_id = three_images(studio)
    studio.reject(task_id, "image 2: make the bird red")
    studio.retry(task_id)
    studio.bring(task_id, Status.ASSETS_READY)
    assert drawn(studio, task_id, lambda board: board["assets"].insert(1, LAKE))[1] == ["lake"]
    assert studio.ledger(script="generate_asset.py")[-1]["options"].get("note") is None
    assert list(artifacts.retakes(studio.db, task_id).items()) == [
        (Artifact(Kind.IMAGE, 3), Retake(2, "make the bird red"))
    ]


def test_what_was_rejected_and_is_not_drawn_yet_is_drawn_as_it_was_asked_for(studio: Studio) -> None:
    task_id = three_images(studio)
    studio.reject(task_id, "image 2: make the bird red")
    told, made = drawn(studio, task_id, lambda board: board["assets"].insert(0, LAKE))
    assert (told, sorted(made)) == (["image 1", "image 3"], ["bird_2", "lake"])
    asked = {entry["options"]["name"]: entry["options"] for entry in studio.ledger(script="generate_asset.py")[-2:]}
    assert (asked["bird_2"]["note"], "note" in asked["lake"]) == ("make the bird red", False)


def test_a_failure_is_still_told_of_the_image_that_it_met(studio: Studio) -> None:
    studio.channel(scenes=3)
    task_id = at(studio, Status.GENERATING_ASSETS)
    refused = {"error_class": "permanent", "message": "names a person"}
    studio.faults({"script": "generate_asset.py", "match": "bird_2", "fault": "error", "error": refused})
    studio.step(task_id)
    edit(studio, task_id, lambda board: board["assets"].insert(1, LAKE))
    assert [error.item for error in details.errors(studio.db, task_id, last=9)] == ["image 3"]


def test_a_job_that_was_bought_for_an_image_is_fetched_under_its_new_number(studio: Studio) -> None:
    studio.channel(scenes=3)
    task_id = at(studio, Status.GENERATING_ASSETS)
    studio.faults({"script": "generate_asset.py", "match": "bird_2", "fault": "status", "status": 65})
    studio.step(task_id)
    studio.db.execute("update artifacts set state = 'submitted', job_id = 'job-1' where kind = 'image' and index = 2")
    studio.faults()
    drawn(studio, task_id, lambda board: board["assets"].insert(1, LAKE))
    jobs = {entry["options"]["name"]: entry["options"].get("resume-job") for entry in studio.ledger()[-3:-1]}
    assert jobs == {"lake": None, "bird_2": "job-1"}


def test_an_edit_that_is_refused_renumbers_nothing(studio: Studio) -> None:
    task_id = three_images(studio)
    before = details.files(studio.db, task_id)
    with pytest.raises(LostRace):
        edit(studio, task_id, lambda board: board["assets"].reverse(), based_on="another")
    assert details.files(studio.db, task_id) == before


def test_an_edit_in_draft_waits_until_the_film_is_queued(studio: Studio) -> None:
    task_id = at(studio, Status.VIDEO_READY)
    decide.hold(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    done = edit(studio, task_id, motion(1))
    assert (done.step, str(done.remade[0]), studio.task(task_id).status) == (None, "clip 1", Status.DRAFT)
    decide.queue(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    studio.bring(task_id, Status.VIDEO_READY)
    assert made_by(studio, "generate_story.py") == 1
    assert made_by(studio, "generate_video.py") == 3


def test_an_edit_after_an_error_tries_the_failed_step_again(studio: Studio) -> None:
    task_id = at(studio, Status.COMPOSITES_READY)
    refused = {"error_class": "permanent", "message": "names a person"}
    studio.faults({"script": "generate_video.py", "match": "push in 2", "fault": "error", "error": refused, "times": 9})
    studio.step(task_id)
    assert studio.task(task_id).status is Status.VIDEO_ERROR
    done = edit(studio, task_id, motion(2))
    assert done.seen.status is Status.GENERATING_VIDEO
    studio.bring(task_id, Status.VIDEO_READY)


def test_an_edit_after_an_error_goes_back_to_an_earlier_step_that_it_concerns(studio: Studio) -> None:
    task_id = at(studio, Status.COMPOSITES_READY)
    studio.faults({"script": "generate_video.py", "fault": "status", "status": 65, "times": 2})
    studio.step(task_id)
    done = edit(studio, task_id, lambda board: board["assets"][0].update(prompt="a field at night"))
    assert (done.step and done.step.name, done.seen.status) == ("assets", Status.GENERATING_ASSETS)


def test_other_spaces_in_the_file_change_nothing_that_is_made(studio: Studio) -> None:
    task_id = at(studio, Status.VIDEO_READY)
    task = studio.task(task_id)
    path, _ = path_of(studio.db, task, studio.home)
    data = json.dumps(json.loads(path.read_bytes()), indent=8).encode()
    done = edit_storyboard(studio.db, task, data, studio.author)
    assert (done.changed, done.step, done.remade) == (True, None, ())
    again = edit_storyboard(studio.db, studio.task(task_id), data, studio.author)
    assert not again.changed


def test_an_edit_is_in_the_record_of_decisions(studio: Studio) -> None:
    task_id = at(studio, Status.VIDEO_READY)
    edit(studio, task_id, motion(1))
    assert studio.look().is_whole
    assert not audit.unrecorded(studio.db)
    last = studio.db.execute("select action, reviewer_id, notes from review_audit order by id desc").fetchone()
    assert last == ("rejected", "ana", "storyboard edited")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda board: board.pop("style"), "style"),
        (lambda board: board["scenes"][1].update(number=7), "$.scenes[1].number"),
        (lambda board: board["scenes"][0]["composite"]["panels"][0].update(environment="no_such"), "no_such"),
        (lambda board: board["assets"][0].update(name="../etc"), "$.assets[0].name"),
    ],
)
def test_what_is_no_storyboard_is_refused_by_its_field_and_changes_nothing(
    studio: Studio, change: Change, field: str
) -> None:
    task_id = at(studio, Status.ASSETS_READY)
    before = path_of(studio.db, studio.task(task_id), studio.home)[0].read_bytes()
    with pytest.raises(BadInput) as refused:
        edit(studio, task_id, change)
    assert field in str(refused.value)
    assert path_of(studio.db, studio.task(task_id), studio.home)[0].read_bytes() == before
    assert studio.task(task_id).status is Status.ASSETS_READY


def test_a_film_on_its_way_has_to_be_held_first(studio: Studio) -> None:
    task_id = at(studio, Status.GENERATING_ASSETS)
    with pytest.raises(BadInput) as refused:
        edit(studio, task_id, motion(1))
    assert "vidctl hold" in refused.value.hint


def test_a_published_film_stays_as_it_is(studio: Studio) -> None:
    task_id = at(studio, Status.PUBLISHED)
    with pytest.raises(BadInput, match="published"):
        edit(studio, task_id, motion(1))


def test_a_film_without_a_storyboard_has_none_to_edit(studio: Studio) -> None:
    with pytest.raises(NotFound, match="no storyboard"):
        edit(studio, studio.film(queue=False), motion(1))


def test_a_film_that_a_step_works_on_cannot_be_edited_and_can_be_afterwards(studio: Studio) -> None:
    task_id = at(studio, Status.VIDEO_READY)
    with studio.session() as other:
        assert locks.try_task(other, task_id)
        with pytest.raises(Unavailable):
            edit(studio, task_id, motion(1))
    edit(studio, task_id, motion(1))
    with studio.session() as other:
        assert locks.try_task(other, task_id), "the edit must let go of the film"


def test_of_two_people_who_edit_at_once_the_later_one_is_told(studio: Studio) -> None:
    task_id = at(studio, Status.VIDEO_READY)
    _, seen = path_of(studio.db, studio.task(task_id), studio.home)
    edit(studio, task_id, lambda board: board.update(summary="mine"), based_on=seen.sha256)
    with pytest.raises(LostRace, match="meanwhile"):
        edit(studio, task_id, lambda board: board.update(summary="theirs"), based_on=seen.sha256)


def test_a_crash_between_record_and_file_loses_no_edit(studio: Studio) -> None:
    """Recorded and staged, but not in place: the next step finds it."""
    task_id = at(studio, Status.VIDEO_READY)
    place, task = studio.folder(task_id), studio.task(task_id)
    before = place.path("storyboard.json").read_bytes()
    edit(studio, task_id, motion(1))
    after = place.path("storyboard.json").read_bytes()
    staged = place.staging(task.version).place("storyboard.json")
    place.path("storyboard.json").rename(staged)
    place.path("storyboard.json").write_bytes(before)
    studio.bring(task_id, Status.VIDEO_READY)
    assert place.path("storyboard.json").read_bytes() == after
    assert made_by(studio, "generate_story.py") == 1


def test_another_intro_under_the_same_name_makes_the_film_again_and_nothing_else(studio: Studio) -> None:
    intro = studio.root / "intro.mp4"
    intro.write_bytes(b"the old one")
    studio.channel(branding={"intro_video": str(intro)})
    task_id = studio.film()
    studio.bring(task_id, Status.FINAL_REVIEW)
    for content, films in ((b"the old one", 1), (b"a new one", 2)):
        intro.write_bytes(content)
        studio.reject(task_id, "look at it again")
        studio.retry(task_id)
        studio.bring(task_id, Status.FINAL_REVIEW)
        assert made_by(studio, "assemble_video.py") == films
    assert made_by(studio, "generate_video.py") == 3


def test_an_intro_that_is_gone_stops_no_step_that_does_not_need_it(studio: Studio) -> None:
    intro = studio.root / "intro.mp4"
    intro.write_bytes(b"an intro")
    studio.channel(branding={"intro_video": str(intro)})
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    intro.unlink()
    studio.bring(task_id, Status.AUDIO_APPROVED)


def test_a_film_goes_on_where_it_was_edited_and_is_not_edited_where_another_host_has_what_is_nowhere_else(
    studio: Studio,
) -> None:
    task_id = at(studio, Status.ASSETS_READY)
    for host in ("attic", "barn"):
        ticks.record(studio.db, host=f"{host}:7", began=studio.now, ended=studio.now, dispatched=0)
    studio.db.execute("update tasks set kept_by = 'attic'")
    edit(studio, task_id, motion(1), machine="barn")
    assert studio.task(task_id).kept_by == "barn"
    image = next(iter((studio.folder(task_id).root / "assets").rglob("*.png")))
    image.rename(image.with_suffix(".away"))
    with pytest.raises(BadInput, match="only on barn"):
        edit(studio, task_id, motion(2), machine="attic")
    assert studio.task(task_id).kept_by == "barn"
