"""Killed, full, fenced or without second names: no take is lost, and none is paid for twice."""

import itertools
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.disks import small_disk
from tests.long import long
from tests.processes import until
from tests.studio import Studio
from tests.takes import CLIP, again, assert_kept, at, of, use
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Kind, Made
from vidctl.engine import decide
from vidctl.engine.bring_back import bring_back
from vidctl.errors import CannotWrite, LostRace
from vidctl.storage import files
from vidctl.storage.files import is_whole
from vidctl.store import artifacts, details, jobs, moves, takes, tasks
from vidctl.store.connection import connect


@pytest.fixture(autouse=True)
def short_films(studio: Studio) -> None:
    studio.channel(scenes=2)


def fill(folder: Path, *, leaving: int) -> list[Path]:
    """Leave room for so many files and folders."""
    folder.mkdir(exist_ok=True)
    made: list[Path] = []
    while os.statvfs(folder).f_ffree > leaving:
        made.append(folder / f"filler_{len(made)}")
        made[-1].touch()
    return made


def test_a_disk_that_fills_up_at_any_moment_loses_no_take_and_buys_none_twice(studio: Studio) -> None:
    with small_disk(studio.home, files=150):
        task_id, rounds = at(studio, Status.VIDEO_READY), 12
        place = studio.folder(task_id)
        for room in range(rounds):
            (present,) = [take for take in of(studio, task_id) if take.in_use]
            studio.reject(task_id, f"clip 1: {room}")
            studio.retry(task_id)
            fillers = fill(studio.home / "fillers", leaving=room)
            studio.step(task_id)
            found = [place.path(present.place), place.path(present.path)]
            assert any(is_whole(path, present.file, modified_ns=-1) for path in found)
            if studio.task(task_id).status is Status.GENERATING_VIDEO:
                error = details.errors(studio.db, task_id, last=1)[0]
                assert "No space left" in f"{error.message} {error.hint}", error
            for filler in fillers:
                filler.unlink()
            studio.bring(task_id, Status.VIDEO_READY)
            shutil.rmtree(place.root / "takes")  # so that there has to be room for it in each round
        assert [take.number for take in of(studio, task_id)] == list(range(1, rounds + 2))
        assert len(studio.ledger(script="generate_video.py")) == rounds + 2


def test_a_full_disk_is_met_before_a_take_is_brought_back(studio: Studio) -> None:
    with small_disk(studio.home, files=150):
        task_id = again(studio, "narration 1: calmer", to=Status.AUDIO_READY)
        before = of(studio, task_id, Artifact(Kind.NARRATION))
        fillers = fill(studio.home / "fillers", leaving=0)
        with pytest.raises(CannotWrite) as told:
            use(studio, task_id, "narration 1 take 1")
        assert "free disk space" in told.value.hint
        assert of(studio, task_id, Artifact(Kind.NARRATION)) == before
        for filler in fillers:
            filler.unlink()
        assert use(studio, task_id, "narration 1 take 1").changed
        assert_kept(studio, task_id)


def die_after(operations: int, act: Callable[[], object]) -> bool:
    """Do something in a process that is killed before its n-th change of files or of the database; False: it ended."""
    if (pid := os.fork()) == 0:
        with suppress(BaseException):
            left = itertools.count(operations, -1)

            def hook(event: str, _: object = None) -> None:
                if event in CHANGES and next(left) == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            sys.addaudithook(hook)
            leave, ask = psycopg.Transaction.__exit__, psycopg.Connection.execute

            def leaves(*about: Any) -> Any:
                hook("transaction")
                done = leave(*about)
                hook("transaction")
                return done

            def asks(*about: Any, **more: Any) -> Any:
                hook("query")
                return ask(*about, **more)

            psycopg.Transaction.__exit__ = leaves  # type: ignore[method-assign]
            psycopg.Connection.execute = asks  # type: ignore[method-assign]
            act()
            os._exit(0)
        os._exit(1)
    _, how = os.waitpid(pid, 0)
    assert how in {0, signal.SIGKILL}, f"it ended with {how}"
    return how != 0


CHANGES = frozenset({
    "os.link", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.copyfile", "shutil.rmtree",
    "transaction", "query",
})  # fmt: skip


def kill_everywhere(studio: Studio, act: Callable[[], object], check: Callable[[], None], *, every: int) -> int:
    """Kill the act at each moment in turn, until it ends by itself; return how many moments there were."""
    for operations in itertools.count(0, every):
        killed = die_after(operations, act)
        until(lambda: not studio.db.execute(OTHERS).fetchone(), what="the end of its session")
        check()
        if not killed:
            return operations
    raise AssertionError


OTHERS = "select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"


@pytest.mark.parametrize("every", [8, long(1)])
def test_a_step_that_is_killed_at_any_moment_loses_no_take(studio: Studio, every: int) -> None:
    task_id = at(studio, Status.FINAL_REVIEW)
    place, numbers = studio.folder(task_id), itertools.count()

    def assert_nothing_lost() -> None:
        """Each take that is recorded lies where it is in use, or is kept, or waits in staging."""
        for take in of(studio, task_id):
            staged = [staging.root / take.place for staging in place.old_stagings(-1)]
            found = [place.path(take.place), place.path(take.path), *staged]
            assert any(is_whole(path, take.file, modified_ns=-1) for path in found), take
        studio.db.execute("update tasks set attempt = 0")
        studio.bring(task_id, Status.VIDEO_READY)
        assert_kept(studio, task_id, tidy=False)  # it may have died when all was done
        reject()

    def reject() -> None:
        studio.reject(task_id, f"clip 1: {next(numbers)}")
        studio.retry(task_id)

    reject()
    rounds = kill_everywhere(studio, lambda: studio.step(task_id), assert_nothing_lost, every=every) // every + 1
    studio.bring(task_id, Status.VIDEO_READY)
    assert [take.number for take in of(studio, task_id)] == list(range(1, rounds + 3))
    assert rounds * every > 50, "there are many such moments"


@pytest.mark.parametrize("every", [6, long(1)])
def test_a_command_that_is_killed_at_any_moment_loses_no_take(studio: Studio, every: int) -> None:
    """Afterwards one of the two is in use, which the row, the file and the list of takes agree about."""
    task_id = again(studio, "narration 1: calmer", to=Status.AUDIO_READY)
    narration, bought = Artifact(Kind.NARRATION), len(studio.ledger(script="generate_audio.py"))

    def bring_the_other_back() -> None:
        with connect(studio.dsn, application_name="test command") as db:
            task = tasks.get(db, task_id)
            other = next(take for take in takes.of_film(db, task_id) if take.artifact == narration and not take.in_use)
            bring_back(db, task, {narration: other.number}, studio.author)

    def assert_nothing_lost() -> None:
        place = studio.folder(task_id)
        for take in of(studio, task_id, narration):
            found = [place.path(take.place), place.path(take.path)]
            assert any(is_whole(path, take.file, modified_ns=-1) for path in found), take
        assert sum(take.in_use for take in of(studio, task_id, narration)) == 1
        if studio.task(task_id).version % 2:  # the next step puts it in order, or the next command
            decide.hold(studio.db, studio.task(task_id), actor="ana", now=studio.now)
            decide.queue(studio.db, studio.task(task_id), actor="ana", now=studio.now)
            studio.bring(task_id, Status.AUDIO_READY)
            assert_kept(studio, task_id)

    kill_everywhere(studio, bring_the_other_back, assert_nothing_lost, every=every)
    assert len(studio.ledger(script="generate_audio.py")) == bought


def test_who_comes_late_to_keep_a_take_keeps_nothing_else_under_its_name(studio: Studio) -> None:
    """A fenced process that wakes up between its look and its move finds the next take in the place."""
    task_id = again(studio, "clip 1: slower", to=Status.VIDEO_READY)
    place, (first, _) = studio.folder(task_id), of(studio, task_id)
    kept = place.path(first.path)
    right = kept.read_bytes()
    files.keep_whole(place.path(first.place), kept, lambda found: is_whole(found, first.file, modified_ns=-1))
    assert kept.read_bytes() == right


def test_a_process_that_lost_its_film_replaces_nothing(studio: Studio) -> None:
    task_id = at(studio, Status.VIDEO_READY)
    slow, _ = moves.claim(studio.db, studio.task(task_id).seen, by="slow", settings="{}", now=studio.now)
    moves.claim(studio.db, studio.task(task_id).seen, by="quick", settings="{}", now=studio.now)
    before = of(studio, task_id)
    late = Made(CLIP, "videos/clip_01.mp4", "0" * 64, 1, "mark")
    with pytest.raises(LostRace):
        jobs.begin(studio.db, slow, CLIP, fingerprint="mark", prompt="", now=studio.now)
    with pytest.raises(LostRace):
        artifacts.record(studio.db, slow, late, modified_ns=0, url=None, facts={}, now=studio.now)
    assert of(studio, task_id) == before


def test_where_a_file_can_have_no_second_name_copies_are_kept(studio: Studio, elsewhere: Path) -> None:
    """As where `takes/` is on another disk, or on a file system that has one name for each file."""
    task_id = at(studio, Status.VIDEO_READY)
    studio.folder(task_id).path("takes").symlink_to(elsewhere)
    again(studio, "clip 1: slower", to=Status.VIDEO_READY, task_id=task_id)
    assert_kept(studio, task_id)
    use(studio, task_id, "clip 1 take 1")
    studio.bring(task_id, Status.VIDEO_READY)
    assert_kept(studio, task_id)
    assert list(elsewhere.iterdir())


@pytest.fixture
def elsewhere(studio: Studio) -> Iterator[Path]:
    """A folder on another file system than a studio's."""
    memory = Path("/dev/shm")  # the point is that it is another file system
    if not memory.is_dir() or memory.stat().st_dev == studio.root.stat().st_dev:
        pytest.skip("there is no other file system at hand")
    with tempfile.TemporaryDirectory(prefix="vidctl-test-", dir=memory) as folder:
        yield Path(folder)


def test_a_file_brought_back_and_then_lost_is_taken_from_where_it_is_kept(studio: Studio) -> None:
    task_id = again(studio, "clip 1: slower", to=Status.VIDEO_READY)
    use(studio, task_id, "clip 1 take 1")
    studio.bring(task_id, Status.VIDEO_READY)
    bought = len(studio.ledger(script="generate_video.py"))
    studio.folder(task_id).path("videos/clip_01.mp4").unlink()
    studio.bring(task_id, Status.FINAL_REVIEW)
    assert len(studio.ledger(script="generate_video.py")) == bought
    assert_kept(studio, task_id)
