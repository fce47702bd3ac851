"""A whole film through all eight steps, with scripts that take no time."""

from uuid import UUID

import pytest

from tests.studio import Studio
from vidctl.domain.status import Event, Status
from vidctl.domain.work import Artifact, Kind
from vidctl.errors import ExitCode
from vidctl.store import artifacts, services


def test_a_film_goes_through_all_steps_and_gates(studio: Studio) -> None:
    task_id = studio.film()
    task = studio.advance(task_id, Status.PUBLISHED)
    assert task.status is Status.PUBLISHED
    studio.assert_legal([task_id])
    assert [to for _, event, to in studio.path_of(task_id) if event == Event.APPROVE] == [
        "Assets Approved",
        "Video Approved",
        "Audio Approved",
        "Approved",
    ]
    assert set(Kind) - {Kind.ANIMATIC} == {artifact.kind for artifact in artifacts.done(studio.db, task_id)}
    assert studio.look().is_whole


def test_files_lie_where_the_stories_say(studio: Studio, capfd: pytest.CaptureFixture[str]) -> None:
    task_id = studio.film()
    studio.advance(task_id, Status.FINAL_REVIEW)
    assert "store_file.py" not in capfd.readouterr().err, "this channel keeps its files here"
    root = studio.home / "workspace" / "channels" / "one" / "projects" / str(task_id)
    files = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    assert files == {
        "storyboard.json",
        "assets/environments/field.png",
        "assets/characters/bird_2.png",
        "assets/characters/bird_3.png",
        "contact_sheet.png",
        *(f"assets/composites/composite_{n:02d}.png" for n in (1, 2, 3)),
        *(f"videos/clip_{n:02d}.mp4" for n in (1, 2, 3)),
        "filmstrip.png",
        *(f"audio/narration_{n:02d}.mp3" for n in (1, 2, 3)),
        *(f"sfx/sfx_{n:02d}.wav" for n in (1, 2, 3)),
        f"{task_id}_final.mp4",
        "thumbnail.jpg",
        "fingerprint.json",
    }


def test_nothing_is_made_twice_on_the_way_or_by_a_hold(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_READY)
    before = studio.ledger()
    from vidctl.engine import decide

    decide.hold(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    decide.queue(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    studio.bring(task_id, Status.VIDEO_READY)
    assert studio.ledger() == before
    assert ("Assets Ready", "approve", "Assets Approved") in studio.path_of(task_id)[-9:]


@pytest.mark.parametrize(
    ("fault", "error_type", "words"),
    [
        ({"fault": "rubbish"}, "BrokenScript", "no message of the contract: 'hello, I am no JSON'"),
        ({"fault": "gigabytes"}, "BrokenScript", "printed without end"),
        ({"fault": "endless lines"}, "BrokenScript", "printed without end"),
        ({"fault": "no file"}, "NoFile", "wrote no file"),
        ({"fault": "silent"}, "BrokenScript", "said nothing of a result"),
        ({"fault": "status", "status": 70}, "ScriptFailed", "ended with status 70"),
        ({"fault": "status", "status": 3}, "ScriptFailed", "ended with status 3"),
    ],
)
def test_a_broken_script_is_told_apart_and_asks_for_a_person(
    studio: Studio, fault: dict[str, object], error_type: str, words: str
) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    studio.faults({"script": "generate_asset.py", "match": "bird_2", **fault})
    assert studio.step(task_id) is ExitCode.OK
    task = studio.task(task_id)
    assert task.status is Status.ASSET_ERROR
    assert task.failed_step == "assets"
    assert "image 2" in task.error_log
    assert words in task.error_log
    assert _errors(studio, task_id) == [(error_type, "permanent")]
    assert len(studio.ledger(script="generate_asset.py")) == 2, "its siblings finish: they are paid for"
    studio.retry(task_id)
    studio.bring(task_id, Status.ASSETS_READY)
    assert len(studio.ledger(script="generate_asset.py")) == 3


@pytest.mark.parametrize(
    ("fault", "error_type", "words"),
    [
        ({"fault": "signal"}, "Killed", "killed by signal 11"),
        ({"fault": "hang"}, "TimedOut", "took too long"),
        ({"fault": "status", "status": 75}, "ScriptFailed", "asks to be run again"),
    ],
)
def test_what_ends_by_no_will_of_its_own_is_told_apart_and_tried_again(
    studio: Studio, fault: dict[str, object], error_type: str, words: str
) -> None:
    studio.channel(timeouts_s={"generate_audio.py": 1})
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_APPROVED)
    studio.faults({"script": "generate_audio.py", "match": "--text=Scene 2", **fault})
    studio.step(task_id)
    assert _errors(studio, task_id) == [(error_type, "transient")]
    (said,) = studio.db.execute("select message from task_errors").fetchall()
    assert words in said[0]
    assert studio.task(task_id).status is Status.GENERATING_AUDIO
    studio.bring(task_id, Status.GENERATING_SFX)


@pytest.mark.parametrize("fault", [{"fault": "signal"}, {"fault": "status", "status": 75}])
def test_what_may_pass_is_tried_again_after_1_5_15_and_60_minutes_then_asks_for_a_person(
    studio: Studio, fault: dict[str, object]
) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_APPROVED)
    studio.faults({"script": "generate_audio.py", "times": 100, **fault})
    for wait_min in (1, 5, 15, 60):
        studio.step(task_id)
        task = studio.task(task_id)
        assert task.status is Status.GENERATING_AUDIO, "a pending retry is no error"
        assert task.error_log == ""
        assert task.next_attempt_at is not None
        assert (task.next_attempt_at - studio.now).total_seconds() == wait_min * 60
        assert studio.step(task_id) is ExitCode.OK, "before it is due nothing happens"
        assert studio.task(task_id).version == task.version
        studio.later(minutes=wait_min)
    studio.step(task_id)
    assert studio.task(task_id).status is Status.AUDIO_ERROR
    assert "attempt 5/5" in studio.task(task_id).error_log
    assert studio.db.execute("select kind from alerts").fetchall() == [("task failed",)]


def test_an_attempt_that_got_something_done_is_the_first_of_a_new_series(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_APPROVED)
    studio.faults({"script": "generate_audio.py", "match": "--text=Scene 2", "times": 3, "fault": "signal"})
    studio.step(task_id)
    task = studio.task(task_id)
    assert (task.attempt, task.progress_done, task.progress_total) == (1, 2, 3)
    studio.bring(task_id, Status.GENERATING_SFX)


def test_a_used_up_quota_pauses_the_service_and_spends_no_attempt(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    quota = {"error_class": "quota", "scope": "service", "message": "daily quota is gone", "retry_after_s": 7200}
    studio.faults({"script": "generate_asset.py", "times": 9, "fault": "error", "error": quota})
    studio.step(task_id)
    task = studio.task(task_id)
    assert task.status is Status.GENERATING_ASSETS
    assert task.attempt == 0
    paused = services.paused(studio.db, now=studio.now)
    assert [(pause.service, pause.reason) for pause in paused] == [("one:gemini", "daily quota is gone")]
    assert task.next_attempt_at == paused[0].paused_until
    assert len(_errors(studio, task_id)) == 1, "no new item is begun with a service that said no"


def test_a_rejection_remakes_what_it_names_and_nothing_else(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_READY)
    before = len(studio.ledger())
    studio.reject(task_id, "the rest is lovely\nclip 2: slower pan\nas in clip 1")
    task = studio.task(task_id)
    assert (task.status, task.failed_step) == (Status.VIDEO_ERROR, "clips")
    assert "slower pan" in task.error_log
    studio.retry(task_id)
    studio.bring(task_id, Status.VIDEO_READY)
    new = studio.ledger()[before:]
    assert [entry["script"] for entry in new] == ["generate_video.py", "contact_sheet.py"]
    assert new[0]["options"]["note"] == "slower pan; as in clip 1"
    assert new[0]["options"]["take"] == "2"


def test_a_rejection_that_names_nothing_throws_nothing_away_and_is_asked_again(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.ASSETS_READY)
    before = studio.ledger()
    studio.reject(task_id, "I am not sure about this")
    studio.retry(task_id)
    studio.step(task_id)
    assert studio.task(task_id).status is Status.ASSETS_READY, "what was rejected is never passed by itself"
    assert studio.ledger() == before


def test_an_approval_is_bound_to_what_was_approved(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.FINAL_REVIEW)
    studio.reject(task_id, "narration 1: calmer")
    assert studio.task(task_id).status is Status.AUDIO_ERROR
    studio.retry(task_id)
    studio.bring(task_id, Status.AUDIO_READY)
    studio.step(task_id)
    assert studio.task(task_id).status is Status.AUDIO_READY, "one narration is new: the gate is asked again"


def test_unchanged_gates_are_passed_but_never_the_last(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.FINAL_REVIEW)
    studio.reject(task_id, "clip 1")
    studio.retry(task_id)
    studio.bring(task_id, Status.VIDEO_READY)
    studio.approve(task_id)
    for _ in range(4):
        studio.step(task_id)
    task = studio.task(task_id)
    assert task.status is Status.FINAL_REVIEW, "the sounds were approved before and did not change"
    assert ("Audio Ready", "approve", "Audio Approved") in studio.path_of(task_id)[-6:]


def test_a_film_changed_after_its_approval_is_not_published(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.FINAL_REVIEW)
    studio.approve(task_id)
    film = studio.folder(task_id).path(f"{task_id}_final.mp4")
    film.write_bytes(b"another film")
    studio.step(task_id)
    assert not studio.ledger(script="upload_video.py")
    assert studio.task(task_id).status in {Status.ASSEMBLING, Status.UPLOAD_ERROR}


def test_a_lost_file_is_made_again_by_the_step_that_makes_it(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.AUDIO_APPROVED)
    folder = studio.folder(task_id)
    folder.path("audio/narration_02.mp3").unlink()
    folder.path("videos/clip_03.mp4").write_bytes(b"")
    before = len(studio.ledger())
    studio.bring(task_id, Status.FINAL_REVIEW)
    made = [entry["script"] for entry in studio.ledger()[before:]]
    assert made[:2] == ["generate_video.py", "generate_audio.py"]
    assert sorted(made[2:]) == ["assemble_video.py", "fingerprint_film.py", "make_thumbnail.py"]
    studio.assert_legal([task_id])


def test_a_submitted_job_is_resumed_and_not_bought_again(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    sell = {"script": "generate_video.py", "fault": "sell", "times": 100, "seconds": 30}
    studio.faults(sell)
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(studio.ledger("sold")) == 3 and _submitted(studio, task_id) == 3

    assert studio.step(task_id, stopping=stop) is ExitCode.TRY_AGAIN
    assert studio.task(task_id).attempt == 0, "being told to stop is no failure"
    studio.faults({**sell, "seconds": 0})
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(studio.ledger("sold")) == 3
    assert len(studio.ledger(script="generate_video.py")) == 3
    cost = studio.db.execute("select sum(cost_usd) from video_costs").fetchone()
    assert cost is not None
    assert str(cost[0]) == "1.260000"


def test_a_hold_while_working_keeps_what_is_in_flight(studio: Studio) -> None:
    from vidctl.engine import decide

    studio.limit(items_per_step=1)
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    studio.faults({"script": "generate_video.py", "fault": "sleep", "seconds": 0.2, "times": 1})
    held: list[bool] = []

    def hold() -> bool:
        if not held and Artifact(Kind.CLIP, 1) in artifacts.known(studio.db, task_id):
            held.append(True)
            decide.hold(studio.db, studio.task(task_id), actor="ana", now=studio.now)
        return False

    studio.step(task_id, stopping=hold)
    assert studio.task(task_id).status is Status.DRAFT
    assert sum(artifact.kind is Kind.CLIP for artifact in artifacts.done(studio.db, task_id)) == 1
    assert Artifact(Kind.CLIP, 1) in artifacts.done(studio.db, task_id)


def _submitted(studio: Studio, task_id: UUID) -> int:
    rows = studio.db.execute("select from artifacts where task_id = %s and state = 'submitted'", (task_id,)).fetchall()
    return len(rows)


def _errors(studio: Studio, task_id: UUID) -> list[tuple[str, str]]:
    return studio.db.execute(
        "select error_type, error_class from task_errors where task_id = %s order by id", (task_id,)
    ).fetchall()
