"""A workspace in trouble: the disk full, read-only, files gone, changed or in the way.

Each time people are told where they look, nothing is lost or paid for twice, and the next try makes only what is
missing.
"""

import os
import random
import resource
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from compileall import compile_dir
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from uuid import UUID

import pytest

from tests import disks
from tests.disks import small_disk
from tests.long import long
from tests.processes import processes_of, until, vidctl
from tests.studio import Studio
from vidctl.domain.script_names import SCRIPTS
from vidctl.domain.status import ERRORS, GATES, Status
from vidctl.errors import ExitCode
from vidctl.storage.files import is_whole
from vidctl.store import artifacts, details

FULL = "No space left on device"


@contextmanager
def full_disk(studio: Studio, *, room_bytes: int = 20_000) -> Iterator[None]:
    """Leave next to nothing of the small disk."""
    filler = studio.home / "filler"
    with filler.open("wb") as file:
        file.write(b"x" * (shutil.disk_usage(studio.home).free - room_bytes))
    yield
    filler.unlink()


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nobody write into a folder, root (whose disk this is) no more than others."""
    root = os.geteuid() == 0
    if root:
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    else:
        modes = {path: path.stat().st_mode for path in (folder, *folder.rglob("*")) if path.is_dir()}
        for path in modes:
            path.chmod(0o555)
    yield
    if root:
        subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)
    else:
        for path, mode in modes.items():
            path.chmod(mode)


A_FILM = {"assemble_video.py": 1, "make_thumbnail.py": 1, "fingerprint_film.py": 1}


def real(studio: Studio, *names: str) -> None:
    """Let these scripts be the real ones of the preview set, the others instant."""
    own = {name: str(studio.scripts / name) for name in SCRIPTS if name not in names}
    studio.channel(scenes=1, mode="preview", scripts=own)


def run_step(studio: Studio, task_id: UUID, *, file_bytes: int) -> "subprocess.CompletedProcess[str]":
    """Do a step in a process that, like its children, can write no file larger than this.

    What it imports is compiled before: Python keeps what it could write of a module, and fails with it for ever.
    """
    compile_dir(Path(__file__).parents[2] / "vidctl", quiet=2)
    return subprocess.run(
        [sys.executable, "-m", "vidctl", "run-step", str(task_id)],
        env={**os.environ, **studio.environment},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes)),
        capture_output=True,
        text=True,
        check=False,
    )


def assert_told(studio: Studio, task_id: UUID, words: str, status: Status) -> None:
    """A person who looks finds the trouble and what to do; the engine tries again by itself."""
    task = studio.task(task_id)
    assert (task.status, task.error_log) == (status, ""), "what may pass is no error yet"
    assert task.next_attempt_at is not None
    (error,) = details.errors(studio.db, task_id, last=1)
    assert words in error.message
    assert error.error_class == "transient"
    assert error.hint


def made(studio: Studio) -> Counter[str]:
    return Counter(entry["script"] for entry in studio.ledger())


def again(studio: Studio, task_id: UUID, to: Status) -> Counter[str]:
    """Go on when the time has come, and return what was made for that."""
    before = made(studio)
    studio.bring(task_id, to)
    studio.assert_legal([task_id])
    assert not list(studio.home.rglob(".staging"))
    assert not [path for path in studio.home.rglob("*") if ".part" in path.name]
    return made(studio) - before


def test_a_full_disk_costs_no_file_and_the_step_goes_on_when_there_is_room(studio: Studio) -> None:
    real(studio, "generate_asset.py")
    with small_disk(studio.home):
        task_id = studio.film()
        studio.bring(task_id, Status.GENERATING_ASSETS)
        with full_disk(studio):
            studio.step(task_id)
        assert_told(studio, task_id, FULL, Status.GENERATING_ASSETS)
        assert again(studio, task_id, Status.ASSETS_READY) == {"contact_sheet.py": 1}
        assert made(studio)["generate_story.py"] == 1


def test_an_encoder_on_a_full_disk_does_not_blame_the_picture(studio: Studio) -> None:
    real(studio, "generate_asset.py", "create_composite.py", "generate_video.py")
    with small_disk(studio.home, "12m"):
        task_id = studio.film()
        studio.bring(task_id, Status.COMPOSITES_READY)
        with full_disk(studio):
            studio.step(task_id)
        assert_told(studio, task_id, FULL, Status.GENERATING_VIDEO)
        (error,) = details.errors(studio.db, task_id, last=1)
        assert "free disk space" in error.hint


def test_what_a_script_cannot_write_is_tried_again(studio: Studio) -> None:
    real(studio, "generate_asset.py")
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    assert run_step(studio, task_id, file_bytes=20_000).returncode == ExitCode.OK
    assert_told(studio, task_id, "File too large", Status.GENERATING_ASSETS)
    assert again(studio, task_id, Status.ASSETS_READY) == {"contact_sheet.py": 1}


def test_what_the_engine_itself_cannot_write_is_tried_again(studio: Studio) -> None:
    task_id = studio.film(story_direction="a long story " * 50)
    ran = run_step(studio, task_id, file_bytes=100)
    assert "Traceback" not in ran.stderr
    assert_told(studio, task_id, "File too large", Status.CLAIMED)
    assert again(studio, task_id, Status.ASSETS_READY)["generate_story.py"] == 1


def test_a_step_works_on_without_its_log(studio: Studio) -> None:
    """A full disk must not silence a step: its trouble is told in the database."""
    task_id = studio.film()
    with disks.full_disk(studio.home / "logs"):
        ran = vidctl("tick", environment=studio.environment)
        assert (ran.communicate(timeout=60), ran.returncode) == (("", ""), 0)
        until(lambda: studio.task(task_id).status is Status.GENERATING_ASSETS, what="the storyboard")
        until(lambda: not processes_of((str(studio.root),)), what="the end of the step")


def test_a_read_only_workspace_is_told_and_nothing_is_made_twice(studio: Studio) -> None:
    with small_disk(studio.home, "3g") if os.geteuid() == 0 else contextmanager(lambda: iter([None]))():
        task_id = studio.film()
        studio.bring(task_id, Status.COMPOSITES_READY)
        with read_only(studio.home):
            studio.step(task_id)
            assert made(studio)["generate_video.py"] == 0
            told = vidctl("tick", environment=studio.environment)
            assert told.communicate(timeout=60)[1] == "", "the film is not due: nothing to say"
        assert_told(studio, task_id, "cannot write", Status.GENERATING_VIDEO)
        assert again(studio, task_id, Status.VIDEO_READY) == {"generate_video.py": 3, "contact_sheet.py": 1}


@pytest.mark.parametrize("times", [3, long(25)])
def test_a_disk_that_is_full_or_read_only_again_and_again_costs_a_film_nothing(studio: Studio, times: int) -> None:
    """Before any step, up to four times in a row: it waits, it is no error, and nothing that was made is made again."""
    chance, met = random.Random(times), 0
    with small_disk(studio.home):
        task_id = studio.film()
        while (task := studio.task(task_id)).status is not Status.FINAL_REVIEW:
            assert task.status not in ERRORS, task.error_log
            if task.status in GATES:
                studio.approve(task_id)
                continue
            studio.wait(task)
            trouble: AbstractContextManager[None] = nullcontext()
            if met < times and task.attempt < 4 and (times > 3 or chance.random() < 0.4):
                met += 1
                trouble = chance.choice([full_disk(studio, room_bytes=0), read_only(studio.home)])
            with trouble:
                studio.step(task_id)
        assert met == times
        assert again(studio, task_id, Status.FINAL_REVIEW) == {}
        kept = artifacts.done(studio.db, task_id).values()
        assert all(is_whole(studio.folder(task_id).path(it.made.path), it.made, modified_ns=-1) for it in kept)
        assert len(studio.ledger()) == len(kept), "each thing once"


@pytest.mark.parametrize("name", ["", "logs"])
def test_a_tick_that_cannot_write_says_so_to_cron_and_spends_no_attempt(studio: Studio, name: str) -> None:
    task_id = studio.film()
    obstacle = studio.home / name
    obstacle.parent.mkdir(parents=True, exist_ok=True)
    obstacle.write_text("I am no folder")
    told = ""
    for _ in range(2):
        ran = vidctl("tick", environment=studio.environment)
        out, said = ran.communicate(timeout=60)
        assert (ran.returncode, out) == (ExitCode.CANNOT_WRITE, "")
        told += said
    assert [line.split(":")[0] for line in told.splitlines()] == ["error", "hint"], "once, not every minute"
    assert str(obstacle) in told
    assert (studio.task(task_id).status, studio.task(task_id).attempt) == (Status.QUEUED, 0)
    obstacle.unlink()
    assert again(studio, task_id, Status.ASSETS_READY)["generate_story.py"] == 1


def test_a_workspace_that_is_a_file_is_told(studio: Studio) -> None:
    task_id = studio.film()
    studio.home.mkdir()
    (studio.home / "workspace").write_text("I am no folder")
    studio.step(task_id)
    assert_told(studio, task_id, "cannot write", Status.CLAIMED)
    (studio.home / "workspace").unlink()
    assert again(studio, task_id, Status.ASSETS_READY)["generate_story.py"] == 1


def test_what_was_paid_for_and_cannot_be_moved_into_place_is_kept_and_not_bought_again(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    studio.faults({"script": "generate_video.py", "fault": "sell", "times": 100})
    (studio.folder(task_id).root / "videos").write_text("I am in the way")
    studio.step(task_id)
    assert_told(studio, task_id, "videos/clip_0", Status.GENERATING_VIDEO)
    (studio.folder(task_id).root / "videos").unlink()
    assert again(studio, task_id, Status.VIDEO_READY) == {"contact_sheet.py": 1}
    assert len(studio.ledger("sold")) == 3


def test_it_stays_kept_through_any_number_of_tries_in_vain(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    place = studio.folder(task_id).root / "videos"
    place.write_text("I am in the way")
    for _ in range(5):
        studio.wait(studio.task(task_id))
        studio.step(task_id)
    assert studio.task(task_id).status is Status.VIDEO_ERROR
    assert "cannot write" in studio.task(task_id).error_log
    place.unlink()
    studio.retry(task_id)
    assert again(studio, task_id, Status.VIDEO_READY) == {"contact_sheet.py": 1}


def test_a_folder_in_a_files_place_is_told_and_not_deleted(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_READY)
    clip = studio.folder(task_id).path("videos/clip_02.mp4")
    clip.unlink()
    (clip / "somebody's").mkdir(parents=True)
    studio.approve(task_id)
    studio.step(task_id)
    assert "clip 2 is gone or damaged" in studio.task(task_id).error_log
    studio.step(task_id)
    assert studio.task(task_id).status is Status.GENERATING_VIDEO
    assert str(clip) in details.errors(studio.db, task_id, last=1)[0].message
    shutil.rmtree(clip)
    assert again(studio, task_id, Status.AUDIO_READY)["generate_video.py"] == 0, "it waited in staging"


def test_a_file_that_cannot_be_read_is_told_and_not_bought_again(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.AUDIO_APPROVED)
    clip = studio.folder(task_id).path("videos/clip_02.mp4")
    kept = clip.rename(clip.with_name("kept"))
    clip.symlink_to(clip)  # even root cannot follow it
    before = made(studio)
    studio.step(task_id)
    assert_told(studio, task_id, f"cannot read {clip}", Status.ASSEMBLING)
    assert made(studio) == before
    kept.replace(clip)
    assert again(studio, task_id, Status.FINAL_REVIEW) == A_FILM


HARM: dict[str, Callable[[Path], object]] = {
    "deleted": Path.unlink,
    "truncated": lambda path: os.truncate(path, path.stat().st_size // 2),
    "emptied": lambda path: path.write_bytes(b""),
    "replaced by as many other bytes": lambda path: path.write_bytes(bytes(path.stat().st_size)),
}


@pytest.mark.parametrize(
    ("harm", "name", "script"),
    [
        long("deleted", "audio/narration_01.mp3", "generate_audio.py"),
        ("truncated", "assets/environments/field.png", "generate_asset.py"),
        ("replaced by as many other bytes", "videos/clip_02.mp4", "generate_video.py"),
        long("emptied", "sfx/sfx_03.wav", "generate_sound_effects.py"),
    ],
)
def test_a_file_lost_between_two_steps_is_made_again_alone(studio: Studio, harm: str, name: str, script: str) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.AUDIO_APPROVED)
    path = studio.folder(task_id).path(name)
    whole = path.read_bytes()
    HARM[harm](path)
    assert again(studio, task_id, Status.FINAL_REVIEW) == {script: 1, **A_FILM}
    assert path.read_bytes() == whole
    reasons = studio.db.execute("select reason from task_events where event = 'fail'").fetchall()
    assert len(reasons) == 1
    assert "is gone or damaged" in reasons[0][0], "its history tells why it went back"


@pytest.mark.parametrize("wounds", [6, long(80)])
def test_a_film_whose_files_are_harmed_again_and_again_is_whole_in_the_end(studio: Studio, wounds: int) -> None:
    """Any file but the storyboard, in any way, between any two steps; each costs one making of what it was."""
    chance, task_id = random.Random(wounds), studio.film()
    studio.channel(scenes=4)
    hurt: Counter[str] = Counter()
    while (task := studio.task(task_id)).status is not Status.FINAL_REVIEW or hurt.total() < wounds:
        files = sorted(path for kind in ("*.png", "*.mp4", "*.mp3", "*.wav") for path in studio.home.rglob(kind))
        if files and hurt.total() < wounds:
            path = chance.choice(files)
            HARM[chance.choice(list(HARM))](path)
            hurt[path.name] += 1
        if task.status in GATES:
            studio.reject(task_id, "") if task.status is Status.FINAL_REVIEW else studio.approve(task_id)
        elif task.status in ERRORS:
            studio.retry(task_id)
        else:
            studio.step(task_id)
    studio.bring(task_id, Status.FINAL_REVIEW)
    for kept in artifacts.done(studio.db, task_id).values():
        path = studio.folder(task_id).path(kept.made.path)
        assert is_whole(path, kept.made, modified_ns=-1) or hurt[path.name], path
    begun = Counter(Path(entry["options"]["output"]).name for entry in studio.ledger("began"))
    films = {path.name for path in studio.home.rglob("*_final.mp4")}
    for name, times in begun.items():
        assert name in films or times <= 1 + hurt[name] + (name in {"contact_sheet.png", "filmstrip.png"}), name
    studio.assert_legal([task_id])


def test_a_lost_storyboard_waits_for_a_person_and_once_it_is_back_nothing_else_is_made(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.AUDIO_APPROVED)
    path = studio.folder(task_id).path("storyboard.json")
    kept = path.rename(path.with_name("kept.json"))
    studio.step(task_id)
    task = studio.task(task_id)
    assert (task.status, task.failed_step) == (Status.VIDEO_ERROR, "plan"), "a new one would be a new film"
    assert "storyboard is gone or damaged" in task.error_log
    kept.rename(path)
    studio.retry(task_id)
    assert again(studio, task_id, Status.FINAL_REVIEW) == A_FILM


def test_what_a_killed_run_recorded_and_did_not_move_is_moved_and_the_rest_removed(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.AUDIO_APPROVED)
    folder = studio.folder(task_id)
    claimed = folder.staging(studio.task(task_id).fence)
    recorded = claimed.place("videos/clip_02.mp4")
    staging = claimed.root
    folder.path("videos/clip_02.mp4").rename(recorded)
    (staging / "videos" / "clip_03.mp4").write_text("half of a cl")
    (staging / "videos" / ".clip_03.4711.part.mp4").write_text("half")
    (staging / "documents").mkdir()
    whole = folder.path("videos/clip_03.mp4").read_bytes()
    assert again(studio, task_id, Status.FINAL_REVIEW) == A_FILM
    assert folder.path("videos/clip_03.mp4").read_bytes() == whole


def test_a_whole_file_that_was_never_recorded_is_not_trusted(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    stray = studio.folder(task_id).staging(1).place("videos/clip_01.mp4")
    stray.write_text("nobody knows who wrote me")
    assert again(studio, task_id, Status.VIDEO_READY)["generate_video.py"] == 3
    assert "nobody" not in studio.folder(task_id).path("videos/clip_01.mp4").read_text()
