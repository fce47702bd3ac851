"""What was bought is kept, whatever happens between the purchase and the record of it."""

import json
import os
import signal
from pathlib import Path
from uuid import UUID

import pytest

from tests.page_cache import kernel_tells_of_dirty_pages
from tests.studio import INSTANT, Studio
from vidctl.domain.status import Status
from vidctl.domain.work import Made
from vidctl.engine import decide
from vidctl.errors import BadInput, ExitCode
from vidctl.store import artifacts, services

ROOT = Path(__file__).resolve().parents[2]


def test_a_purchase_announced_after_the_order_to_stop_is_journaled(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    studio.faults({"script": "generate_video.py", "fault": "sell when stopped"})
    assert (
        studio.step(task_id, stopping=lambda: bool(studio.ledger("began", "generate_video.py"))) is ExitCode.TRY_AGAIN
    )
    rows = studio.db.execute("select state, job_id from artifacts where kind = 'clip'").fetchall()
    assert rows == [("submitted", "late-job")]
    studio.bring(task_id, Status.VIDEO_READY)
    assert studio.ledger(script="generate_video.py")[0]["options"].get("resume-job") == "late-job"


@pytest.mark.parametrize("fault", [{"fault": "status", "status": 70}, {"fault": "signal"}, {"fault": "rubbish"}])
def test_a_file_whose_check_broke_down_is_checked_again_and_not_bought_again(
    studio: Studio, fault: dict[str, object]
) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    studio.faults({"script": "inspect_media.py", "times": 1, **fault})
    studio.step(task_id)
    if studio.task(task_id).status is Status.ASSET_ERROR:
        studio.retry(task_id)
    studio.bring(task_id, Status.ASSETS_READY)
    assert len(studio.ledger(script="generate_asset.py")) == 3
    assert not (studio.folder(task_id).root / ".staging").exists()


def test_a_file_that_its_check_refused_is_made_again(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    black = {"error_class": "transient", "error_type": "BlackPicture", "message": "it is black"}
    studio.faults({"script": "inspect_media.py", "fault": "error", "error": black})
    studio.step(task_id)
    studio.bring(task_id, Status.ASSETS_READY)
    assert len(studio.ledger(script="generate_asset.py")) == 4


def test_a_killed_run_leaves_its_unchecked_files_to_the_next(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    studio.faults({"script": "inspect_media.py", "fault": "sleep", "seconds": 30, "times": 3})
    if (pid := os.fork()) == 0:
        studio.step(task_id)
        os._exit(0)
    from tests.processes import until

    until(lambda: len(studio.ledger(script="generate_asset.py")) == 3)
    until(lambda: len(list(studio.folder(task_id).root.glob(".staging/*/delivered/*.json"))) == 3)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    studio.faults()
    studio.bring(task_id, Status.ASSETS_READY)
    assert len(studio.ledger(script="generate_asset.py")) == 3


def test_a_corrected_channel_name_or_new_tags_make_nothing_again(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_READY)
    before = studio.ledger()
    studio.channel(channel_name="One, corrected", tags=["birds"], default_privacy="public")
    decide.hold(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    decide.queue(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    studio.bring(task_id, Status.VIDEO_READY)
    assert studio.ledger() == before


def test_a_folder_that_is_not_here_is_no_trouble_where_hosts_share_the_files(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_APPROVED)
    studio.channel(storage_strategy="r2")
    studio.folder(task_id).root.rename(studio.root / "with another host")
    studio.step(task_id)
    said = studio.task(task_id).error_log
    assert ("folder is not here" in said, "storyboard is gone" in said) == (False, True), said


def test_a_film_whose_folder_is_gone_asks_a_person_instead_of_buying_it_all_again(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_APPROVED)
    before, root = studio.ledger(), studio.folder(task_id).root
    root.rename(studio.root / "unmounted")
    studio.step(task_id)
    task = studio.task(task_id)
    assert task.status is Status.AUDIO_ERROR
    assert "folder is not here" in task.error_log
    assert studio.db.execute("select count(*) from alerts").fetchone() == (1,)
    studio.retry(task_id)
    studio.step(task_id)
    assert studio.ledger() == before
    (studio.root / "unmounted").rename(root)
    studio.retry(task_id)
    studio.bring(task_id, Status.FINAL_REVIEW)
    assert len(studio.ledger(script="generate_video.py")) == 3


def test_a_lost_storyboard_asks_a_person(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.ASSETS_READY)
    studio.approve(task_id)
    studio.folder(task_id).path("storyboard.json").unlink()
    before = studio.ledger()
    studio.step(task_id)
    assert studio.task(task_id).status is Status.ASSET_ERROR
    assert studio.ledger() == before


def test_one_flipped_bit_keeps_a_film_from_being_published(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.FINAL_REVIEW)
    studio.approve(task_id)
    film = studio.folder(task_id).path(f"{task_id}_final.mp4")
    data, stat = bytearray(film.read_bytes()), film.stat()
    data[0] ^= 1
    film.write_bytes(data)
    os.utime(film, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    studio.step(task_id)
    assert studio.task(task_id).status is Status.UPLOAD_ERROR
    assert not studio.ledger(script="upload_video.py")


def test_a_job_whose_result_is_no_good_is_not_resumed_after_a_persons_retry(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    black = {"error_class": "permanent", "error_type": "BlackPicture", "message": "it is black"}
    studio.faults(
        {"script": "generate_video.py", "fault": "sell", "times": 100},
        {"script": "inspect_media.py", "match": "clip_01", "fault": "error", "error": black},
    )
    studio.step(task_id)
    assert studio.task(task_id).status is Status.VIDEO_ERROR
    studio.retry(task_id)
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(studio.ledger("sold")) == 4


def test_a_pause_stops_a_step_at_work_and_one_that_was_dispatched_already(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    until = studio.now.replace(year=2099)

    def pause() -> bool:
        if studio.ledger(script="generate_video.py"):
            services.pause(studio.db, "kie", until=until, reason="another film's quota")
        return False

    studio.step(task_id, stopping=pause)
    task = studio.task(task_id)
    assert (task.status, task.next_attempt_at, task.attempt) == (Status.GENERATING_VIDEO, until, 0)
    made = len(studio.ledger(script="generate_video.py"))
    assert made < 3
    studio.db.execute("update tasks set next_attempt_at = null")
    studio.step(task_id)
    assert len(studio.ledger(script="generate_video.py")) == made


def test_a_channels_own_broken_program_stops_no_other_channel(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.ASSETS_APPROVED)
    studio.faults({"script": "create_composite.py", "fault": "status", "status": 78, "times": 9})
    studio.step(task_id)
    assert studio.task(task_id).status is Status.ASSET_ERROR
    assert services.paused(studio.db, now=studio.now) == []


def test_no_secret_and_no_endless_text_of_a_script_is_kept(studio: Studio) -> None:
    from dataclasses import replace

    from vidctl.engine.run_step import run_step
    from vidctl.store.connection import connect

    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    said = "\x1b[2J https://x/?key=very-secret-key " + "x" * 500_000
    studio.faults({
        "script": "generate_asset.py", "times": 3, "fault": "error",
        "error": {"error_class": "permanent", "message": said, "hint": said},
    })  # fmt: skip
    context = replace(studio.context, environment={**studio.context.environment, "GEMINI_API_KEY": "very-secret-key"})
    with connect(studio.dsn, application_name="test") as db:
        run_step(db, task_id, context)
    kept = json.dumps(
        [
            studio.db.execute(f"select * from {table}").fetchall()
            for table in ("tasks", "task_events", "task_errors", "alerts", "artifacts")
        ],
        default=str,
    )
    assert studio.task(task_id).status is Status.ASSET_ERROR
    assert "very-secret" not in kept
    assert "\\u001b" not in kept
    assert len(kept) < 100_000


@pytest.mark.parametrize("to", [Status.ASSET_ERROR, Status.VIDEO_ERROR, None])
def test_whatever_is_rejected_has_a_way_back(studio: Studio, to: Status | None) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_READY)
    studio.reject(task_id, "the whole look is wrong", to)
    studio.retry(task_id)
    studio.bring(task_id, Status.VIDEO_READY)


def test_an_item_is_not_rejected_into_a_stage_before_it_is_made(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_READY)
    with pytest.raises(BadInput):
        studio.reject(task_id, "clip 2: slower", Status.ASSET_ERROR)
    with pytest.raises(BadInput, match="follows from its images"):
        studio.reject(task_id, "composite 2: larger")
    assert studio.task(task_id).status is Status.VIDEO_READY


INSPECTOR = """
import json, pathlib, sys
sys.path.insert(0, {root!r})
from tests.page_cache import dirty_pages
file = pathlib.Path(sys.argv[-1])
with pathlib.Path({found!r}).open("a") as found:
    found.write(json.dumps([file.name, dirty_pages(file)]) + chr(10))
"""


@pytest.mark.skipif(not kernel_tells_of_dirty_pages(), reason="this kernel does not tell which pages are on the disk")
def test_what_was_bought_is_on_the_disk_before_the_database_says_that_it_is(studio: Studio) -> None:
    """A power cut forgets what was not flushed, but not what the database committed.

    The check runs after the file is whole and before it is recorded, so it asks the kernel then.
    """
    found, check = studio.root / "found.jsonl", studio.scripts / "inspect_media.py"
    task_id = studio.film()
    asking = INSPECTOR.format(root=str(ROOT), found=str(found))
    check.write_text(INSTANT.read_text().replace("def main()", asking + "\n\ndef main()", 1))
    studio.bring(task_id, Status.ASSETS_READY)
    looked_at = [json.loads(line) for line in found.read_text().splitlines()]
    names = [made.path.rsplit("/", 1)[-1] for made in _done(studio, task_id)]
    assert len(names) == 5
    assert sorted(looked_at) == sorted([name, 0] for name in names)


def _done(studio: Studio, task_id: UUID) -> list[Made]:
    return [kept.made for kept in artifacts.done(studio.db, task_id).values()]
