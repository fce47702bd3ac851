"""What was paid for outlives every trouble that is not its own: it is fetched and recorded, never bought again."""

import os
import threading
import time
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

import pytest
from psycopg import Cursor

from tests.long import long
from tests.processes import processes_of, until
from tests.studio import Studio
from vidctl.contract import Cost
from vidctl.domain.status import ERRORS, Status
from vidctl.domain.work import Artifact, Kind
from vidctl.engine import backlog, decide
from vidctl.engine.purchases import Purchase
from vidctl.engine.run_step import run_step
from vidctl.errors import Unavailable
from vidctl.store import services
from vidctl.store.connection import connect

REFUSED_KEY = {"error_type": "KeyRefused", "error_class": "permanent", "scope": "service", "message": "401"}
TROUBLE: list[dict[str, Any]] = [
    {"fault": "status", "status": 77},
    {"fault": "status", "status": 78},
    {"fault": "status", "status": 1},
    {"fault": "rubbish"},
    {"fault": "error", "error": REFUSED_KEY},
]
STEPS_HERE = "from pg_stat_activity where application_name = 'test step' and datname = current_database()"
CLIP, VOICE, UPLOAD = "generate_video.py", "generate_audio.py", "upload_video.py"


def purchase(studio: Studio, task_id: UUID) -> Purchase:
    """Return the purchase of a clip that ordered nothing yet."""
    files, task = studio.files(), studio.task(task_id)
    return Purchase(
        *(studio.db, task.seen, files.channels[0], Artifact(Kind.CLIP), "subject", "clips", "kie", "here"),
        caps=list,
        may_order=lambda: True,
        clock=lambda: studio.now,
    )


def go_on(studio: Studio, task_id: UUID, to: Status) -> None:
    """Be the person who puts the trouble right: services are used again, and failed films sent back."""
    for pause in services.paused(studio.db, now=studio.now):
        services.resume(studio.db, pause.service)
    if studio.task(task_id).status in ERRORS:
        studio.retry(task_id)
    studio.bring(task_id, to)


def jobs(studio: Studio, script: str) -> list[str | None]:
    """Return, for each run of a script, the job that it was told to go on with."""
    return [entry["options"].get("resume-job") for entry in studio.ledger("began", script)]


@pytest.mark.parametrize("trouble", [TROUBLE[0], TROUBLE[4], *map(long, TROUBLE[1:4])])
def test_a_submitted_job_is_resumed_after_trouble_that_is_not_its_own(studio: Studio, trouble: dict[str, Any]) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    studio.faults({"script": CLIP, "match": "push in 1", "fault": "sell", "then": trouble})
    studio.step(task_id)
    go_on(studio, task_id, Status.VIDEO_READY)
    (sold,) = studio.ledger("sold")
    assert sorted(filter(None, jobs(studio, CLIP))) == [sold["job"]]


def test_a_job_of_which_its_script_says_that_it_can_never_end_well_is_not_resumed(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    refused = {"error_type": "PolicyViolation", "error_class": "permanent", "message": "it shows a person"}
    studio.faults({
        "script": CLIP, "match": "push in 1", "fault": "sell", "then": {"fault": "error", "error": refused},
    })  # fmt: skip
    studio.step(task_id)
    go_on(studio, task_id, Status.VIDEO_READY)
    assert jobs(studio, CLIP) == [None] * 4


@pytest.mark.parametrize("after", [{"fault": "signal"}, long({"fault": "status", "status": 1}), {"fault": "hang"}])
def test_a_file_that_was_whole_before_its_script_ended_badly_is_kept(studio: Studio, after: dict[str, Any]) -> None:
    studio.channel(timeouts_s={VOICE: 1})
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_APPROVED)
    studio.faults({"script": VOICE, "match": "--text=Scene 2", "after": after})
    studio.step(task_id)
    go_on(studio, task_id, Status.AUDIO_READY)
    assert len(studio.ledger("began", VOICE)) == 3
    (told,) = studio.db.execute("select error_type from task_errors").fetchall()
    assert told[0] in {"Killed", "ScriptFailed", "TimedOut"}, "it is kept, and the trouble is told"


def cut_connections(studio: Studio, *, once_begun: int, script: str) -> threading.Thread:
    """End the step's session at the server once so many runs of a script have begun."""

    def cut() -> None:
        until(lambda: len(studio.ledger("began", script)) >= once_begun)
        with connect(studio.dsn, application_name="cut") as db:
            db.execute(f"select pg_terminate_backend(pid) {STEPS_HERE}")

    thread = threading.Thread(target=cut)
    thread.start()
    return thread


def test_what_is_at_work_when_the_database_goes_away_ends_and_is_kept(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_APPROVED)
    studio.faults({"script": VOICE, "fault": "sleep", "seconds": 1, "times": 9})
    cutting = cut_connections(studio, once_begun=2, script=VOICE)
    with pytest.raises(Unavailable):
        studio.step(task_id)
    cutting.join()
    begun = len(studio.ledger("began", VOICE))
    assert begun >= 2
    assert len(studio.ledger(script=VOICE)) == begun, "what was begun was let end"
    studio.bring(task_id, Status.AUDIO_READY)
    assert len(studio.ledger("began", VOICE)) == 3


def test_a_purchase_announced_while_the_database_is_away_is_booked_and_resumed(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    studio.faults({"script": CLIP, "fault": "sell", "delay": 1, "then": {"fault": "status", "status": 75}})
    cutting = cut_connections(studio, once_begun=1, script=CLIP)
    with pytest.raises(Unavailable):
        studio.step(task_id)
    cutting.join()
    studio.bring(task_id, Status.VIDEO_READY)
    (sold,) = studio.ledger("sold")
    assert jobs(studio, CLIP)[:2] == [None, sold["job"]]
    assert studio.db.execute("select sum(cost_usd) from video_costs").fetchone() == (Decimal("0.42"),)


def test_a_delivered_file_waits_for_its_check_while_other_steps_work(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    studio.faults({"script": "inspect_media.py", "match": "clip_02", "fault": "signal"})
    studio.step(task_id)
    decide.hold(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    decide.queue(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(studio.ledger(script=CLIP)) == 3


class DiesBeforeTheBooks(Cursor[Any]):
    """Ends the process where it is about to write down what became of an order."""

    def execute(self, query: Any, *args: Any, **options: Any) -> Self:
        if "coalesce(%(job)s, job_id)" in str(query):
            raise SystemExit
        return super().execute(query, *args, **options)


def test_who_dies_between_a_whole_file_and_the_books_has_not_bought_in_vain(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    studio.channel(scenes=1)
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_APPROVED)
    studio.faults({"script": VOICE, "fault": "order", "by_job": False, "price": 0.02, "times": 9})
    with suppress(SystemExit), studio.session("test step") as db:
        db.cursor_factory = DiesBeforeTheBooks
        run_step(db, task_id, studio.context)
    assert studio.task(task_id).status is Status.GENERATING_AUDIO
    studio.step(task_id)
    assert studio.task(task_id).status is Status.GENERATING_SFX
    assert len(studio.ledger("sold", VOICE)) == 1
    assert studio.db.execute("select state from orders where step = 'narration'").fetchall() == [("made",)]


def test_a_file_is_recorded_though_there_is_no_room_for_the_note_that_it_was_delivered(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_APPROVED)
    fence = studio.task(task_id).version + 2  # after the move into the step, and the claim
    studio.folder(task_id).staging(fence).place("delivered").write_text("I am no folder")
    studio.step(task_id)
    assert studio.task(task_id).status is Status.GENERATING_SFX
    assert studio.task(task_id).fence == fence
    assert len(studio.ledger("began", VOICE)) == 3


def test_words_that_were_changed_and_changed_back_never_get_the_file_of_the_others(studio: Studio) -> None:
    staging = studio.folder(studio.film()).staging(1)
    staged = staging.place("videos/clip_01.mp4")
    for mark in ("a", "b"):
        staged.write_text(mark)
        staging.deliver(mark, staged, {"url": None, "facts": {}})
    assert staging.delivered("b") is not None
    assert staging.delivered("a") is None


def test_a_crash_between_the_record_of_a_file_and_its_move_leaves_nothing_behind(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_READY)
    folder = studio.folder(task_id)
    staging = folder.staging(studio.task(task_id).fence)
    staged = staging.place("videos/clip_02.mp4")
    folder.path("videos/clip_02.mp4").rename(staged)
    staging.deliver("videos_clip_02.mp4_mark", staged, {"url": None, "facts": {}})
    studio.approve(task_id)
    studio.bring(task_id, Status.AUDIO_READY)
    assert folder.path("videos/clip_02.mp4").is_file()
    assert not (folder.root / ".staging").exists()
    assert len(studio.ledger("began", CLIP)) == 3


def test_a_note_that_cannot_be_read_costs_its_file_and_not_the_film(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    note = studio.folder(task_id).staging(1).place("delivered/clip_1_x.json")
    note.write_text('{"path": ')
    studio.bring(task_id, Status.VIDEO_READY)
    assert not (studio.folder(task_id).root / ".staging").exists()


def test_a_damaged_note_of_what_was_bought_refuses_and_buys_nothing(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    studio.folder(task_id).staging(1).place("put_off.jsonl").write_text('{"kind": "clip"}\nrubbish\n{"half')
    studio.step(task_id)
    task = studio.task(task_id)
    assert (task.status, studio.ledger(script=CLIP)) == (Status.VIDEO_ERROR, [])
    assert "a note of what was bought is damaged" in task.error_log
    for note in studio.folder(task_id).root.rglob("put_off.jsonl"):
        note.write_text('{"half a line, of a process that died in the middle of it')
    studio.retry(task_id)
    studio.bring(task_id, Status.VIDEO_READY)


def test_giving_up_after_crashes_ends_what_the_last_one_left_running(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    studio.faults({"script": "generate_asset.py", "fault": "hang"})
    if (pid := os.fork()) == 0:
        with suppress(BaseException):
            studio.step(task_id)
        os._exit(0)
    until(lambda: processes_of((f"{studio.root}/scripts/generate_asset.py",)), what="a script that hangs")
    time.sleep(0.3)  # until it ignores signals
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    studio.db.execute("update tasks set attempt = 5")
    until(lambda: not _locked(studio), what="the end of the killed step's session")
    studio.step(task_id)
    assert studio.task(task_id).status is Status.ASSET_ERROR
    until(lambda: not processes_of((str(studio.root),)), what="the end of the script")


def _locked(studio: Studio) -> bool:
    return studio.db.execute(f"select count(*) {STEPS_HERE}").fetchone() != (0,)


@pytest.mark.parametrize("trouble", [TROUBLE[0], "refused receipt", *map(long, TROUBLE[1:])])
def test_an_upload_that_was_begun_is_gone_on_with_and_never_begun_anew(
    studio: Studio, trouble: dict[str, Any] | str
) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.APPROVED)
    if trouble == "refused receipt":
        bad = {"error_type": "BadReceipt", "error_class": "permanent", "message": "no"}
        studio.faults(
            {"script": UPLOAD, "fault": "sell"}, {"script": "inspect_media.py", "fault": "error", "error": bad}
        )
    else:
        studio.faults({"script": UPLOAD, "fault": "sell", "then": trouble})
    studio.step(task_id)
    go_on(studio, task_id, Status.PUBLISHED)
    (sold,) = studio.ledger("sold")
    assert jobs(studio, UPLOAD) == [None, sold["job"]]


@pytest.mark.parametrize("harm", ["its receipt is lost", "its title was changed"])
def test_a_finished_upload_is_not_begun_again_after_a_crash_before_the_last_move(studio: Studio, harm: str) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.APPROVED)
    studio.faults({"script": UPLOAD, "result": {"url": "https://example.org/watch"}})
    studio.bring(task_id, Status.PUBLISHED)
    studio.db.execute("update tasks set status = 'Uploading', youtube_url = null where id = %s", (task_id,))
    if harm == "its receipt is lost":
        studio.folder(task_id).path("receipt.json").unlink()
    else:
        studio.db.execute("update tasks set title = 'Another title' where id = %s", (task_id,))
    studio.step(task_id)
    assert studio.task(task_id).status is Status.PUBLISHED
    assert studio.task(task_id).youtube_url == "https://example.org/watch"
    assert len(studio.ledger("began", UPLOAD)) == 1


def test_a_film_published_without_an_address_is_told_to_a_person(studio: Studio) -> None:
    studio.bring(studio.film(), Status.PUBLISHED)
    assert studio.db.execute("select kind from alerts").fetchall() == [("no address",)]


def test_an_upload_of_an_earlier_cut_is_never_gone_on_with_another_film(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.APPROVED)
    studio.faults({"script": UPLOAD, "fault": "sell", "then": {"fault": "error", "error": REFUSED_KEY}})
    studio.step(task_id)
    for pause in services.paused(studio.db, now=studio.now):
        services.resume(studio.db, pause.service)
    decide.hold(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    decide.queue(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    studio.bring(task_id, Status.FINAL_REVIEW)
    studio.reject(task_id, "clip 2: slower")
    studio.retry(task_id)
    studio.bring(task_id, Status.UPLOAD_ERROR)
    assert "another cut of this film began to be uploaded" in studio.task(task_id).error_log
    assert len(studio.ledger("began", UPLOAD)) == 1
    decide.upload_anew(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    studio.bring(task_id, Status.PUBLISHED)
    assert jobs(studio, UPLOAD) == [None, None]


def test_a_crash_in_the_middle_of_booking_what_was_put_off_books_nothing_twice(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    staging, cost = studio.folder(task_id).staging(1), Cost("kling", Decimal(10), Decimal("0.42"))
    for minute in range(2):
        backlog.keep(staging, purchase(studio, task_id), cost, at=studio.now + timedelta(minutes=minute))
    put_off = staging.put_off_file.read_bytes()
    backlog.book(studio.db, studio.task(task_id).seen, staging)
    staging.put_off_file.write_bytes(put_off)  # as if the machine had died before it was removed
    studio.bring(task_id, Status.VIDEO_READY)
    booked = studio.db.execute("select at, cost_usd from video_costs order by at").fetchall()
    assert booked == [(studio.now + timedelta(minutes=minute), Decimal("0.42")) for minute in range(2)]
    assert not staging.put_off_file.exists()
