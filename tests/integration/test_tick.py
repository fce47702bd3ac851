"""What a tick does when something is in its way: the films behind it are begun all the same."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from tests.disks import full_disk, small_disk
from tests.processes import processes_of, until, vidctl
from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.engine.context import Context
from vidctl.engine.dispatch import dispatch
from vidctl.errors import ExitCode
from vidctl.logs.book import FOLDER, folder_of
from vidctl.store import locks

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def films(studio: Studio) -> Iterator[list[UUID]]:
    """Three films that a tick picks, in this order; whatever a tick began of them has ended after the test."""
    made = []
    for _ in range(3):
        made.append(studio.film())
        studio.later(seconds=1)
    yield made
    until(lambda: not processes_of((str(studio.root),)), what="the end of all steps")


def ticked(studio: Studio) -> tuple[int, list[UUID], list[str]]:
    """Return a tick's exit status, the films that it began, and its lines of complaint."""
    ran = vidctl("tick", "--json", environment=studio.environment)
    out, said = ran.communicate(timeout=60)
    lines = said.splitlines()
    assert [line.split(":")[0] for line in lines] == ["error", "hint"] * (len(lines) // 2)
    return ran.returncode, [UUID(begun["id"]) for begun in json.loads(out)["begun"]], lines[::2]


def recorded(studio: Studio) -> list[tuple[int]]:
    return studio.db.execute("select dispatched from ticks order by id").fetchall()


def in_the_way(studio: Studio, task_id: UUID) -> str:
    log = folder_of(studio.home, task_id)
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("I am no folder")
    return str(log)


def test_films_whose_logs_cannot_be_opened_stop_no_other_and_cron_is_told_of_each(
    studio: Studio, films: list[UUID]
) -> None:
    logs = [in_the_way(studio, task_id) for task_id in films[:2]]
    status, begun, complaints = ticked(studio)
    assert (status, begun) == (ExitCode.CANNOT_WRITE, films[2:])
    assert [log in line for log, line in zip(logs, complaints, strict=True)] == [True, True]
    assert recorded(studio) == [(1,)]
    until(lambda: studio.task(films[2]).status is Status.GENERATING_ASSETS, what="the step of the third film")
    assert [studio.task(task_id).attempt for task_id in films[:2]] == [0, 0]


@pytest.mark.usefixtures("films")
def test_what_is_wrong_for_all_films_is_said_once(studio: Studio) -> None:
    studio.home.mkdir(exist_ok=True)
    (studio.home / FOLDER).write_text("I am no folder")
    status, begun, complaints = ticked(studio)
    assert (status, begun, len(complaints)) == (ExitCode.CANNOT_WRITE, [], 1)
    assert recorded(studio) == [(0,)]


@pytest.mark.usefixtures("films")
def test_a_full_disk_is_said_once_though_each_film_has_a_log_of_its_own(studio: Studio) -> None:
    with small_disk(studio.home / FOLDER, files=0):
        status, begun, complaints = ticked(studio)
    assert (status, begun, len(complaints)) == (ExitCode.CANNOT_WRITE, [], 1)
    assert "No space left on device" in complaints[0]


CROWDED = """
import json, os, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from vidctl.domain.limits import Limits
from vidctl.engine import channel_files, dispatch
from vidctl.engine.context import Context
from vidctl.engine.tick import tick
from vidctl.store.connection import connect

dsn, home, configs = sys.argv[1:]
channel_files.load(Path(configs))  # imports what it needs while Python itself can still be read
with connect(dsn, application_name="tick") as db:
    if os.geteuid() == 0:  # no limit counts for root
        os.chown(home, 54321, -1)
        os.setuid(54321)
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    open_files = len(os.listdir("/proc/self/fd"))
    done = tick(db, dsn, Path(configs), Context(Path(home), Limits(), {}, lambda: datetime.now(UTC)))
    left_open = len(os.listdir("/proc/self/fd")) - open_files
print(json.dumps([len(done.begun), [f"{type(it).__name__}: {it}" for it in done.troubles], left_open]))
"""
"""A tick of a user who may have no further process."""


@pytest.mark.usefixtures("films")
def test_no_room_for_another_process_is_said_once_and_spends_no_attempt(studio: Studio) -> None:
    studio.root.chmod(0o755)
    studio.home.mkdir(exist_ok=True)
    places = [studio.dsn, str(studio.home), str(studio.configs)]
    ran = subprocess.run(
        [sys.executable, "-c", CROWDED, *places], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    begun, troubles, left_open = json.loads(ran.stdout)
    assert (begun, left_open) == (0, 0)
    assert len(troubles) == 1
    assert troubles[0].startswith("Unavailable: no process can be started for a step")
    assert recorded(studio) == [(0,)]
    assert studio.db.execute("select distinct attempt, status from tasks").fetchall() == [(0, "Queued")]


def test_a_tick_waits_for_that_of_another_host_and_not_for_another_of_its_own(studio: Studio) -> None:
    studio.film()
    with studio.session("vidctl tick 1 elsewhere") as elsewhere:
        assert locks.try_lock(elsewhere, locks.TICK)
        first = vidctl("tick", environment=studio.environment)
        until(lambda: _waiting(studio) == 1, what="the tick that waits for its turn")
        second = vidctl("tick", environment=studio.environment)
        assert (*second.communicate(timeout=60), second.returncode) == ("", "", 0)
        assert (first.poll(), recorded(studio)) == (None, [])
    assert (*first.communicate(timeout=60), first.returncode) == ("", "", 0)
    assert recorded(studio) == [(1,)]
    until(lambda: not processes_of((str(studio.root),)), what="the end of the step")


def test_a_lock_that_is_not_to_be_had_in_time_is_waited_for_no_longer(studio: Studio) -> None:
    with studio.session() as other:
        assert locks.try_lock(other, locks.TICK)
        assert not locks.wait_for(studio.db, locks.TICK, seconds=0.1)
    assert locks.wait_for(studio.db, locks.TICK, seconds=0.1)


def _waiting(studio: Studio) -> int:
    """Return how many wait for the lock of ticks."""
    query = "select count(*) from pg_locks where locktype = 'advisory' and not granted and classid::bigint = %s"
    row = studio.db.execute(query, (locks.TICK.group,)).fetchone()
    return row[0] if row else 0


def test_a_new_process_never_goes_on_as_the_tick(studio: Studio) -> None:
    """Not even where it breaks off by a bug, and its last words cannot be written."""
    tick_pid, task_id = os.getpid(), studio.film()
    broken = replace(studio.context, limits=None)  # type: ignore[arg-type]
    with studio.session("tick") as db, full_disk(studio.home / FOLDER):
        try:
            pid = dispatch(db, studio.dsn, task_id, broken)
        finally:
            if os.getpid() != tick_pid:
                os._exit(ExitCode.OK)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == ExitCode.BUG


def test_what_breaks_a_process_off_and_what_python_says_in_it_is_in_its_log_without_a_key(studio: Studio) -> None:
    task_id, secret = studio.film(), "kie-0123456789"
    context = replace(studio.context, environment={"KIE_API_KEY": secret})

    def work(_dsn: str, _task_id: UUID, _context: Context) -> int:
        print(f"a warning about {secret}", file=sys.stderr)
        raise ValueError(secret)

    with studio.session("tick") as db:
        pid = dispatch(db, studio.dsn, task_id, context, work)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == ExitCode.BUG
    [file] = folder_of(studio.home, task_id).iterdir()
    said, end = map(json.loads, file.read_text().splitlines())
    assert (said["level"], said["message"]) == ("warning", "a warning about [KIE_API_KEY]")
    assert (end["level"], end["correlation_id"]) == ("critical", str(task_id))
    assert "ValueError: [KIE_API_KEY]" in end["exception"]
    assert secret not in file.read_text()


def test_a_process_that_had_nothing_to_do_leaves_no_log(studio: Studio) -> None:
    task_id = studio.film(queue=False)
    with studio.session("tick") as db:
        pid = dispatch(db, studio.dsn, task_id, studio.context)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == ExitCode.OK
    assert list(folder_of(studio.home, task_id).iterdir()) == []
