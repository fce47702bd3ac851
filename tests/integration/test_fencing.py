"""Two processes and one film: only the one that holds it may write."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest

from tests.long import long
from tests.processes import processes_of, until
from tests.studio import Studio
from vidctl.domain.status import Event, Status
from vidctl.domain.work import Artifact, Kind, Made
from vidctl.errors import ExitCode, LostRace
from vidctl.store import artifacts, jobs, locks, moves, tasks


def claim(studio: Studio, task_id: UUID) -> tasks.Seen:
    return moves.claim(studio.db, studio.task(task_id).seen, by="test", settings="{}", now=studio.now)[0]


def test_a_worker_that_lost_its_film_can_move_and_record_nothing(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    slow = claim(studio, task_id)
    quick = claim(studio, task_id)
    clip = Artifact(Kind.CLIP, 1)
    made = Made(clip, "videos/clip_01.mp4", "0" * 64, 1, "mark")
    with pytest.raises(LostRace):
        moves.move(studio.db, slow, Event.FINISH, actor="engine", now=studio.now)
    with pytest.raises(LostRace):
        jobs.begin(studio.db, slow, clip, fingerprint="mark", prompt="", now=studio.now)
    with pytest.raises(LostRace):
        artifacts.record(studio.db, slow, made, modified_ns=0, url=None, facts={}, now=studio.now)
    jobs.begin(studio.db, quick, clip, fingerprint="mark", prompt="", now=studio.now)
    with pytest.raises(LostRace):
        jobs.submitted(studio.db, slow, clip, "job-1")
    jobs.submitted(studio.db, quick, clip, "job-2")
    artifacts.record(studio.db, quick, made, modified_ns=0, url=None, facts={}, now=studio.now)
    assert moves.move(studio.db, quick, Event.FINISH, actor="engine", now=studio.now).status is Status.ASSETS_READY


def test_a_job_is_resumed_for_the_same_request_and_never_for_a_changed_one(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    held, clip = claim(studio, task_id), Artifact(Kind.CLIP, 1)
    assert jobs.begin(studio.db, held, clip, fingerprint="a", prompt="", now=studio.now).job_id is None
    jobs.submitted(studio.db, held, clip, "job-1")
    assert jobs.begin(studio.db, held, clip, fingerprint="a", prompt="", now=studio.now).job_id == "job-1"
    assert jobs.begin(studio.db, held, clip, fingerprint="b", prompt="", now=studio.now).job_id is None


def test_a_move_and_its_history_are_one(studio: Studio) -> None:
    task_id = studio.film(queue=False)
    seen = studio.task(task_id).seen
    moves.move(studio.db, seen, Event.QUEUE, actor="ana", now=studio.now, reason="now")
    with pytest.raises(LostRace):
        moves.move(studio.db, seen, Event.QUEUE, actor="bob", now=studio.now)
    assert studio.path_of(task_id) == [("Draft", "queue", "Queued")]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        studio.db.execute("delete from task_events")


def test_a_locked_film_is_left_alone_by_a_second_run_step(studio: Studio) -> None:
    task_id = studio.film()
    with studio.session() as other:
        assert locks.try_task(other, task_id)
        assert studio.step(task_id) is ExitCode.OK
    assert studio.task(task_id).status is Status.QUEUED


@pytest.fixture
def processes() -> Iterator[list["subprocess.Popen[bytes]"]]:
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        process.kill()
        process.wait()


def start(studio: Studio, processes: list["subprocess.Popen[bytes]"], task_id: UUID) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [sys.executable, "-m", "vidctl", "run-step", str(task_id)], env={**os.environ, **studio.environment}
    )
    processes.append(process)
    return process


@pytest.mark.parametrize(
    ("script", "made", "before", "after", "nap_s"),
    [
        ("generate_video.py", Artifact(Kind.CLIP), Status.COMPOSITES_READY, Status.VIDEO_READY, 0.3),
        long("generate_story.py", Artifact(Kind.STORYBOARD), Status.QUEUED, Status.ASSETS_READY, 0.2),
        long("generate_asset.py", Artifact(Kind.IMAGE), Status.GENERATING_ASSETS, Status.ASSETS_READY, 0.0),
        long("contact_sheet.py", Artifact(Kind.CONTACT_SHEET), Status.GENERATING_ASSETS, Status.ASSETS_READY, 1.0),
        long("create_composite.py", Artifact(Kind.COMPOSITE), Status.ASSETS_APPROVED, Status.VIDEO_READY, 0.5),
        long("inspect_media.py", Artifact(Kind.CLIP), Status.COMPOSITES_READY, Status.VIDEO_READY, 0.1),
        long("generate_audio.py", Artifact(Kind.NARRATION), Status.VIDEO_APPROVED, Status.AUDIO_READY, 0.7),
        long("generate_sound_effects.py", Artifact(Kind.SFX), Status.GENERATING_SFX, Status.AUDIO_READY, 0.2),
        long("assemble_video.py", Artifact(Kind.FILM), Status.AUDIO_APPROVED, Status.FINAL_REVIEW, 0.4),
    ],
)
def test_a_worker_that_was_stopped_and_fenced_writes_nothing_when_it_wakes(
    studio: Studio,
    processes: list["subprocess.Popen[bytes]"],
    script: str,
    made: Artifact,
    before: Status,
    after: Status,
    nap_s: float,
) -> None:
    task_id = studio.film()
    studio.bring(task_id, before)
    studio.limit(items_per_step=1)
    studio.faults({"script": script, "fault": "sleep", "seconds": 2, "times": 1})
    worker = start(studio, processes, task_id)
    until(lambda: made in artifacts.known(studio.db, task_id))
    time.sleep(nap_s)
    worker.send_signal(signal.SIGSTOP)
    studio.db.execute(
        """select pg_terminate_backend(pid) from pg_stat_activity
            where application_name like 'vidctl run-step %' and datname = current_database()"""
    )
    until(lambda: not _is_locked(studio, task_id))
    studio.advance(task_id, after)
    state = _everything(studio, task_id)
    worker.send_signal(signal.SIGCONT)
    assert worker.wait(20) == ExitCode.TRY_AGAIN
    assert _everything(studio, task_id) == state
    assert not (studio.folder(task_id).root / ".staging").exists()


def test_sigterm_ends_the_children_keeps_what_is_whole_and_frees_the_lock(
    studio: Studio, processes: list["subprocess.Popen[bytes]"]
) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    studio.limit(items_per_step=2)
    studio.faults({"script": "generate_video.py", "match": "push in 2", "fault": "sleep", "seconds": 60})
    worker = start(studio, processes, task_id)
    until(lambda: studio.task(task_id).progress_done == 2)
    worker.terminate()
    assert worker.wait(20) == ExitCode.TRY_AGAIN
    task = studio.task(task_id)
    assert (task.status, task.next_attempt_at, task.error_log) == (Status.GENERATING_VIDEO, None, "")
    assert not _is_locked(studio, task_id)
    assert not processes_of((str(studio.root),))
    before = len(studio.ledger(script="generate_video.py"))
    assert before == 2
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(studio.ledger(script="generate_video.py")) == 3


@pytest.mark.parametrize("fault", ["grandchild", "grandchild in the pipe"])
def test_no_grandchild_outlives_its_step(
    studio: Studio, processes: list["subprocess.Popen[bytes]"], fault: str
) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    studio.faults({"script": "generate_video.py", "fault": fault})
    assert start(studio, processes, task_id).wait(20) == ExitCode.OK
    assert studio.task(task_id).status is Status.VIDEO_READY
    assert not processes_of((str(studio.root),))


def test_a_script_that_hangs_is_ended_after_its_time(studio: Studio) -> None:
    from dataclasses import replace

    from vidctl.engine.children import Children, Command, Ended, Piece

    ends: list[Ended] = []

    def piece(command: Command) -> Piece:
        ends.append((yield command))

    studio.channel()
    studio.faults({"script": "generate_audio.py", "fault": "hang"})
    argv = [sys.executable, str(studio.scripts / "generate_audio.py"), f"--output={studio.root / 'x.mp3'}"]
    command = Command(argv, {}, studio.root, 0.5, lambda _: None)
    Children(2, stopping=lambda: False).run([piece(command), piece(replace(command, timeout_s=20))])
    assert sorted(end.timed_out for end in ends) == [False, True]


def _everything(studio: Studio, task_id: UUID) -> object:
    rows = studio.db.execute("select * from artifacts where task_id = %s order by kind, index", (task_id,)).fetchall()
    root = studio.folder(task_id).root
    files = {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return studio.task(task_id), rows, files


def _is_locked(studio: Studio, task_id: UUID) -> bool:
    with studio.session() as other:
        return not locks.try_task(other, task_id)
