"""A restore makes everything or nothing, and only where nothing can be lost; a backup is of one moment."""

from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import LiteralString

import psycopg
import pytest

from tests.processes import until
from tests.studio import Studio
from vidctl.engine import decide
from vidctl.engine.backup import write
from vidctl.engine.backup.restore import Restored, restore
from vidctl.engine.backup.write import Written
from vidctl.errors import BadInput, Misconfigured, VidctlError
from vidctl.settings import load
from vidctl.store import Db, channels, known, tasks
from vidctl.store.connection import connect
from vidctl.store.tasks import NewTask

SPOIL: LiteralString = """
    create function spoil() returns trigger language plpgsql
        as 'begin new.channel_name := ''another''; return new; end';
    create trigger spoil before insert on channels for each row execute function spoil()"""


def back_up(studio: Studio, db: Db) -> Written:
    target = write.target_of(studio.root, keep=None)
    settings = load(studio.environment)
    return write.backup(db, target, settings, studio.context, tables=known.tables(), passphrase=None)


def restored(studio: Studio, file: Path, url: str) -> Restored:
    settings = replace(load(studio.environment), home=studio.root / "new", channel_configs=studio.root / "new_configs")
    return restore(url, file, None, settings, tables=known.tables(), moved=True, now=studio.now)


@pytest.mark.parametrize(
    ("harm", "error", "said"),
    [
        ("update alembic_version set version_num = '9999'", Misconfigured, "is at schema 9999"),
        ("alter table review_audit disable trigger append_only", Misconfigured, "lets review_audit be changed"),
        (SPOIL, VidctlError, "channels does not hold what was backed up"),
    ],
)
def test_a_database_that_would_not_keep_what_is_restored_is_left_as_it_is(
    studio: Studio, other_database_url: str, harm: LiteralString, error: type[VidctlError], said: str
) -> None:
    file = back_up(studio, studio.db).path
    with connect(other_database_url, application_name="test") as there:
        there.execute(harm)
        version = there.execute("select version_num from alembic_version").fetchall()
        with pytest.raises(error, match=said):
            restored(studio, file, other_database_url)
        assert there.execute("select version_num from alembic_version").fetchall() == version
        assert there.execute("select from channels").fetchall() == []


def test_what_somebody_may_miss_is_never_restored_over(studio: Studio, other_database_url: str) -> None:
    file = back_up(studio, studio.db).path
    with connect(other_database_url, application_name="test") as there:
        channels.put(there, studio.files().channels)
        there.execute("update channels set youtube_token_encrypted = 'x'")
        with pytest.raises(BadInput, match="it has 1 tokens of channels"):
            restored(studio, file, other_database_url)
        there.execute("update channels set youtube_token_encrypted = null")
        tasks.add(there, NewTask("one", "A film", "Birds"), now=studio.now)
        with pytest.raises(BadInput, match="it has 1 rows in tasks"):
            restored(studio, file, other_database_url)


def test_nobody_writes_into_a_database_that_is_being_restored(studio: Studio, other_database_url: str) -> None:
    file = back_up(studio, studio.db).path
    with connect(other_database_url, application_name="test") as there:
        there.execute(
            "do $$ begin execute format('alter database %I set lock_timeout = 200', current_database()); end $$"
        )
        with there.transaction():
            there.execute("insert into pace (service, free_at) values ('kie', now())")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                restored(studio, file, other_database_url)


def test_what_happens_while_a_backup_is_made_is_in_it_whole_or_not_at_all(studio: Studio) -> None:
    made = list[Written]()
    with studio.session() as other, studio.session("backup") as db:
        with other.transaction():
            other.execute("lock table task_events in access exclusive mode")
            thread = Thread(target=lambda: made.append(back_up(studio, db)))
            thread.start()
            waits = "select from pg_stat_activity where application_name = 'backup' and wait_event_type = 'Lock'"
            until(lambda: studio.db.execute(waits).rowcount)
            film = tasks.add(other, NewTask("one", "A film", "Birds"), now=studio.now)
            decide.queue(other, tasks.get(other, film.id), actor="ana", now=studio.now)
        thread.join()
    assert [made[0].contents.rows(name) for name in ("tasks", "task_events")] == [1, 1]
