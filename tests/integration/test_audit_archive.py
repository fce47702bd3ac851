"""Old decisions go to files: nothing leaves the table before it is safe elsewhere, whatever happens meanwhile."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest

from tests.disks import small_disk
from tests.processes import until, vidctl
from tests.studio import Studio
from vidctl.domain.chain import Entry
from vidctl.domain.decisions import Action
from vidctl.domain.status import Status
from vidctl.engine import archive, record
from vidctl.errors import BadInput, CannotWrite
from vidctl.storage import decision_files
from vidctl.storage.decision_files import FORMAT, Header
from vidctl.store import audit, heads, locks
from vidctl.store.audit import Decision

NOW: Final = datetime.now(UTC)
LONG_AGO: Final = NOW - timedelta(days=3 * 365)
BEFORE: Final = NOW - timedelta(days=2 * 365)


@pytest.fixture
def old(studio: Studio) -> UUID:
    """A film of three years ago: four approvals, the newest one of the record among them."""
    studio.stay_at_home()
    studio.now = LONG_AGO
    task_id = studio.film()
    studio.bring(task_id, Status.PUBLISHED)
    return task_id


def decide(studio: Studio, task_id: UUID, at: datetime, notes: str = "") -> None:
    audit.append(studio.db, Decision(task_id, Status.FINAL_REVIEW, Action.ALLOWED, "ana", notes, [], at))


def folder(studio: Studio) -> Path:
    return studio.home / record.FOLDER


def archived(studio: Studio, before: datetime = BEFORE) -> int:
    """Archive what is old, and return how many decisions that was."""
    header = archive.plan(studio.db, before)
    if header is None:
        return 0
    return archive.archive(studio.db, folder(studio), header, host="host", now=NOW).rows


def test_old_decisions_are_in_a_file_that_only_we_can_read_and_the_chain_goes_on(studio: Studio, old: UUID) -> None:
    was = studio.look()
    assert archived(studio) == 3, "the newest row stays"
    (file,) = folder(studio).iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(file.read_bytes().splitlines()) == 1 + 3
    assert studio.decided() == 1
    assert studio.look(str(was.head)).is_whole
    decide(studio, old, LONG_AGO)
    decide(studio, old, NOW)
    assert archived(studio) == 2
    assert archived(studio) == 0
    found = studio.look(str(was.head))
    assert (found.is_whole, found.decisions, found.archived) == (True, 6, 5)
    with pytest.raises(Exception, match="append-only"):
        studio.db.execute("delete from review_audit")
    with pytest.raises(Exception, match="append-only"):
        studio.db.execute("delete from audit_archives")


def test_what_is_not_old_or_is_behind_a_film_on_its_way_stays(studio: Studio, old: UUID) -> None:
    assert archived(studio, LONG_AGO) == 0
    on_its_way = studio.film()
    studio.bring(on_its_way, Status.VIDEO_READY)
    decide(studio, old, LONG_AGO)
    decide(studio, old, NOW)
    studio.db.execute("update tasks set updated_at = %s where id = %s", (NOW, on_its_way))
    assert archived(studio) == 4, "the approval of its images still counts"
    studio.db.execute("update tasks set updated_at = %s where id = %s", (LONG_AGO, on_its_way))
    assert archived(studio) == 2, "nobody touched it for years: it would ask again"


def test_a_file_that_was_changed_or_is_gone_is_said(studio: Studio, old: UUID, tmp_path: Path) -> None:
    with audit.snapshot(studio.db):
        _, second, last, _ = audit.rows(studio.db)
    heads.post(studio.db, heads.Head(last.id, last.hash), now=LONG_AGO)
    archived(studio)
    (file,) = folder(studio).iterdir()
    text = file.read_text()
    file.write_text(text.replace("ana", "bob"))
    assert studio.look().complaints == [f"{file} was changed after it was written"]
    file.rename(tmp_path / file.name)
    gone = studio.look(f"2:{second.hash}", second.hash)
    assert (gone.is_whole, gone.complaints, gone.missing) == (False, [], [str(file)])
    others = [f"{number}:{second.hash}" for number in (1, 3, 9)]
    assert studio.look(*others).heads == others, "none of them can be in that archive"
    (tmp_path / file.name).write_text(text)
    with audit.snapshot(studio.db):
        assert record.verify(studio.db, tmp_path).is_whole, "it was carried elsewhere"
    (tmp_path / file.name).rename(file)
    studio.db.execute("set session_replication_role = replica")
    studio.db.execute("update audit_archives set rows = 9")
    assert studio.look().complaints == [f"{file} does not hold the decisions 1 to 3"]
    studio.db.execute("delete from audit_archives")
    assert studio.look().broken == [(4, "a row before it was removed, inserted or changed")]


def test_what_was_tampered_with_is_not_moved_anywhere(studio: Studio, old: UUID) -> None:
    studio.db.execute("set session_replication_role = replica")
    studio.db.execute("update review_audit set notes = 'fine' where id = 2")
    with pytest.raises(BadInput, match="row 2: it was changed"):
        archived(studio)
    assert not folder(studio).exists()


def test_where_no_file_can_be_written_nothing_leaves_the_table(studio: Studio, old: UUID) -> None:
    decide(studio, old, LONG_AGO, notes="x" * 200_000)
    decide(studio, old, NOW)
    with small_disk(folder(studio), "64k"), pytest.raises(CannotWrite, match="No space"):
        archived(studio)
    assert studio.decided() == 6
    assert list(folder(studio).iterdir()) == []
    assert archived(studio) == 5


def test_of_two_that_archive_at_once_one_does(studio: Studio, old: UUID) -> None:
    header = archive.plan(studio.db, BEFORE)
    assert header is not None
    assert archived(studio) == 3
    with pytest.raises(BadInput, match="does not hold what its first line says"):
        archive.archive(studio.db, folder(studio), header, host="other", now=NOW)
    assert studio.look().is_whole


def test_of_two_that_write_at_once_neither_takes_the_others_file_away(studio: Studio, old: UUID) -> None:
    header = archive.plan(studio.db, BEFORE)
    assert header is not None
    with audit.snapshot(studio.db):
        first, *others = audit.rows(studio.db, up_to=header.to_id)
    one = Header(FORMAT, first.id, first.id, 1, first.previous_hash, first.hash)

    def meanwhile() -> Iterator[Entry]:
        yield first
        decision_files.write(folder(studio), one, [first])
        yield from others

    assert decision_files.write(folder(studio), header, meanwhile())[1].header == header
    assert sorted(file.name for file in folder(studio).iterdir()) == sorted(map(decision_files.name_of, (one, header)))


def test_of_two_that_write_the_same_at_once_neither_opens_the_others_file(studio: Studio, old: UUID) -> None:
    """They have one process number, as in two containers that share a folder."""
    header = archive.plan(studio.db, BEFORE)
    assert header is not None
    with audit.snapshot(studio.db):
        first, *others = audit.rows(studio.db, up_to=header.to_id)

    def meanwhile() -> Iterator[Entry]:
        yield first
        same = pool.submit(decision_files.write, folder(studio), header, [first, *others])
        assert same.result(timeout=2)[1].header == header
        yield from others

    with ThreadPoolExecutor(1) as pool:
        path, written = decision_files.write(folder(studio), header, meanwhile())
    assert decision_files.read(path) == written
    assert list(folder(studio).iterdir()) == [path]


@pytest.mark.parametrize(
    "lock", [f"select pg_advisory_xact_lock({locks.AUDIT.group}, 0)", "lock table review_audit in share mode"]
)
def test_killed_before_or_in_the_middle_of_the_removal_nothing_is_lost_and_again_ends_well(
    studio: Studio, old: UUID, lock: str
) -> None:
    """The first waits with its file in place, the second with the table half way open."""
    with studio.session() as other, other.transaction():
        other.execute(lock.encode())
        process = vidctl("audit", "archive", environment=studio.environment)
        until(lambda: _waits(studio), what="the wait for the lock")
        process.send_signal(signal.SIGKILL)
        process.communicate()
    until(lambda: not _waits(studio))
    assert (studio.decided(), len(list(folder(studio).iterdir()))) == (4, 1)
    assert studio.look().is_whole
    with pytest.raises(Exception, match="append-only"):
        studio.db.execute("delete from review_audit")
    (folder(studio) / ".decisions_1-2_0.jsonl.1.part").write_text("of one that was killed while it wrote")
    assert archived(studio) == 3
    assert len(list(folder(studio).iterdir())) == 1
    assert studio.look().is_whole


def _waits(studio: Studio) -> bool:
    """Say whether an archiver waits for a lock, or its session has not ended yet."""
    sessions = studio.db.execute(
        "select wait_event_type from pg_stat_activity where application_name = 'vidctl audit archive'"
    ).fetchall()
    return any(kind == "Lock" for (kind,) in sessions)
