"""What a tick does when something is in its way: the films behind it are begun all the same."""

import errno
import json
import os
from pathlib import Path
from uuid import UUID

import pytest

from tests.processes import processes_of, until, vidctl
from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.engine import dispatch as dispatching
from vidctl.engine import process
from vidctl.engine.tick import Ticked, tick
from vidctl.errors import CannotWrite, ExitCode, Unavailable


@pytest.fixture
def films(studio: Studio) -> list[UUID]:
    """Three films that a tick picks, in this order."""
    made = []
    for _ in range(3):
        made.append(studio.film())
        studio.later(seconds=1)
    return made


@pytest.fixture
def no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be really started."""
    monkeypatch.setattr(os, "fork", lambda: 4711)


def ticked(studio: Studio) -> Ticked:
    with studio.session("tick") as db:
        return tick(db, studio.dsn, studio.configs, studio.context)


def recorded(studio: Studio) -> list[tuple[int]]:
    return studio.db.execute("select dispatched from ticks order by id").fetchall()


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def in_the_way(studio: Studio, task_id: UUID) -> str:
    log = dispatching.log_of(studio.home, task_id)
    log.mkdir(parents=True)
    return str(log)


@pytest.mark.usefixtures("no_process")
def test_a_film_whose_log_cannot_be_opened_stops_no_other(studio: Studio, films: list[UUID]) -> None:
    log = in_the_way(studio, films[0])
    done = ticked(studio)
    assert [pick.id for pick in done.begun] == films[1:]
    (trouble,) = done.troubles
    assert isinstance(trouble, CannotWrite)
    assert log in str(trouble)
    assert recorded(studio) == [(2,)]


def test_a_process_that_cannot_be_started_stops_no_other(
    studio: Studio, films: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    meets = iter([OSError(errno.EAGAIN, "Resource temporarily unavailable"), None, None])

    def fork() -> int:
        if trouble := next(meets):
            raise trouble
        return 4711

    monkeypatch.setattr(os, "fork", fork)
    before = open_files()
    done = ticked(studio)
    assert [pick.id for pick in done.begun] == films[1:]
    assert [type(trouble) for trouble in done.troubles] == [Unavailable]
    assert recorded(studio) == [(2,)]
    assert open_files() == before, "a log is left open"


@pytest.mark.usefixtures("no_process", "films")
def test_what_is_wrong_for_all_films_is_said_once(studio: Studio) -> None:
    studio.home.mkdir(exist_ok=True)
    (studio.home / dispatching.LOGS).write_text("I am no folder")
    done = ticked(studio)
    assert (len(done.begun), len(done.troubles)) == (0, 1)
    assert recorded(studio) == [(0,)]


@pytest.mark.usefixtures("no_process", "films")
def test_a_full_disk_is_said_once_though_each_film_has_a_log_of_its_own(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with studio.session("tick") as db:
        context = studio.context
        monkeypatch.setattr(os, "open", full)
        done = tick(db, studio.dsn, studio.configs, context)
        monkeypatch.undo()
    assert (len(done.begun), len(done.troubles)) == (0, 1)


def test_cron_is_told_of_each_trouble_and_by_the_exit_status(studio: Studio, films: list[UUID]) -> None:
    logs = [in_the_way(studio, task_id) for task_id in films[:2]]
    ran = vidctl("tick", "--json", environment=studio.environment)
    out, said = ran.communicate(timeout=60)
    assert ran.returncode == ExitCode.CANNOT_WRITE
    assert [begun["id"] for begun in json.loads(out)["begun"]] == [str(films[2])]
    assert [line.split(":")[0] for line in said.splitlines()] == ["error", "hint"] * 2
    assert [log in line for log, line in zip(logs, said.splitlines()[::2], strict=True)] == [True, True]
    until(lambda: studio.task(films[2]).status is Status.GENERATING_ASSETS, what="the step of the third film")
    until(lambda: not processes_of((str(studio.root),)), what="the end of the step")
    assert [studio.task(task_id).attempt for task_id in films[:2]] == [0, 0]


def test_a_new_process_never_goes_on_as_the_tick(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even where it breaks off and its last words cannot be written."""

    def break_off(*_: object, **__: object) -> None:
        raise CannotWrite("nothing works", hint="nothing helps")

    monkeypatch.setattr(process, "run", break_off)
    monkeypatch.setattr(dispatching, "log", break_off)
    tick_pid, task_id = os.getpid(), studio.film()
    with studio.session("tick") as db:
        try:
            pid = dispatching.dispatch(db, studio.dsn, task_id, studio.context)
        finally:
            if os.getpid() != tick_pid:
                os._exit(ExitCode.OK)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == ExitCode.BUG
