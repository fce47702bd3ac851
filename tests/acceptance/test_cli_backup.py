"""A dead server is a new server: what is backed up is restored whole, and no film is made or published twice."""

import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from alembic import command
from alembic.config import Config
from cryptography.fernet import Fernet
from psycopg import Rollback, sql

from tests.disks import small_disk
from tests.place import Place, Ran
from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.engine import sealing
from vidctl.engine.backup import write
from vidctl.engine.backup.check import FORMAT
from vidctl.engine.doctor import backups as doctor
from vidctl.engine.doctor.ground import Ground
from vidctl.engine.sealing import Token
from vidctl.errors import CannotWrite, ExitCode, Misconfigured
from vidctl.places import shipped
from vidctl.settings import load
from vidctl.storage.bundle import Packing
from vidctl.store import Db, backups, dump, known, tasks
from vidctl.store.connection import connect
from vidctl.store.migrate import head, revision_of

Run = Callable[..., Ran]
PASSPHRASE = "four random words, say"
KEY = Fernet.generate_key().decode()
EVIL = "Salt \x1b[31m[bold]@everyone"


@pytest.fixture
def studio(studio: Studio, place: Place) -> Studio:
    """Films in several statuses, a token, decisions, and a `.env` with the keys."""
    studio.channel(scenes=1)
    (place.root / ".env").write_text(
        f"# ours\nVIDCTL_BACKUP_PASSPHRASE='{PASSPHRASE}'\nFERNET_KEY={KEY}\nKIE_API_KEY=k-secret-1\n"
        "DATABASE_URL=postgresql://u:p@old.example/db\n"
    )
    token = sealing.sealed(Token("one", "UC-1", "refresh-1"), {"FERNET_KEY": KEY})
    studio.db.execute("update channels set youtube_token_encrypted = %s", (token,))
    return studio


@pytest.fixture
def films(studio: Studio) -> dict[str, UUID]:
    """One film that nobody began, and three on their way."""
    made = {name: studio.film(title=EVIL, queue=name != "draft") for name in ("draft", "gate", "working", "uploading")}
    for name in ("gate", "working", "uploading"):
        studio.bring(made[name], Status.ASSETS_READY)
    for name, status in (("working", Status.GENERATING_VIDEO), ("uploading", Status.UPLOADING)):
        studio.approve(made[name])
        studio.db.execute("update tasks set status = %s where id = %s", (status, made[name]))
    return made


@pytest.fixture
def other(server_url: str, place: Place) -> Iterator[Place]:
    """Another server: an empty database, and a folder with nothing in it."""
    name = f"restored_{uuid4().hex[:12]}"
    root = place.root / "other"
    root.mkdir()
    with connect(server_url, application_name="tests") as server:
        server.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        url = urlsplit(server_url)._replace(path=f"/{name}").geturl()
        changes = {
            "DATABASE_URL": url,
            "VIDCTL_HOME": str(root / "home"),
            "VIDCTL_CHANNEL_CONFIGS": str(root / "channel_configs"),
        }
        yield Place(root, place.environment | changes)
        server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def there(quick: Run, other: Place, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on the other server."""

    def run(*arguments: str, **environment: str) -> Ran:
        with monkeypatch.context() as patch:
            for name, value in (other.environment | environment).items():
                patch.setenv(name, value)
            patch.chdir(other.root)
            return quick(*arguments)

    return run


def all_rows(url: str) -> dict[str, Any]:
    """Return all that a backup can hold: that it was made is recorded once it is whole."""
    with closing(connect(url, application_name="test")) as db:
        tables = db.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
        return {
            name: sorted(map(str, db.execute(sql.SQL("select to_jsonb(t) from {} t").format(sql.Identifier(name)))))
            for (name,) in tables.fetchall()
            if name != "backups"
        }


def test_a_new_server_has_everything_and_no_film_goes_on_before_somebody_looked(
    quick: Run, there: Run, studio: Studio, films: dict[str, UUID], other: Place, place: Place
) -> None:
    folder = place.root / "backups"
    folder.mkdir()
    made = quick("backup", str(folder), "--json").json
    file = Path(made["path"])
    assert (file.parent, file.stat().st_mode & 0o777, made["films"]) == (folder, 0o600, 4)
    clear = file.read_bytes()
    assert not any(secret.encode() in clear for secret in (PASSPHRASE, KEY, "k-secret-1", "Salt"))

    assert there("restore", str(file)).err.splitlines() == [
        "error: there is no passphrase",
        "hint: set VIDCTL_BACKUP_PASSPHRASE in .env; the backup is sealed with it",
    ]
    wrong = there("restore", str(file), VIDCTL_BACKUP_PASSPHRASE="four other words, say")
    assert (wrong.status, "passphrase is not the one" in wrong.err) == (ExitCode.BAD_DATA, True)
    dry = there("restore", str(file), "--dry-run", VIDCTL_BACKUP_PASSPHRASE=PASSPHRASE)
    assert (dry.status, dry.out[:31]) == (0, "would be restored: 4 films of 1")
    assert list(other.root.iterdir()) == []

    ran = there("restore", str(file), "--json", VIDCTL_BACKUP_PASSPHRASE=PASSPHRASE)
    assert ran.status == 0, ran.err
    said = ran.json
    assert (said["films"], said["decisions"]["whole"], said["tokens"]) == (4, True, {"one": True})
    assert said["decisions"]["number"] == studio.look().decisions > 0
    held = {one["id"]: (one["was"], one["status"]) for one in said["held"]}
    assert held == {
        str(films["working"]): ("Generating Video", "Draft"),
        str(films["gate"]): ("Assets Ready", "Draft"),
        str(films["uploading"]): ("Uploading", "Upload Error"),
    }
    env = (other.home / ".env").read_text()
    assert f"FERNET_KEY={KEY}" in env
    assert "# on the server of the backup: DATABASE_URL=" in env
    assert (other.configs / "one.yaml").read_bytes() == (place.configs / "one.yaml").read_bytes()

    with connect(other.environment["DATABASE_URL"], application_name="test") as db:
        new = replace(studio, root=other.root, dsn=other.environment["DATABASE_URL"], db=db)
        [(told,)] = db.execute("select message from alerts where kind = 'restored'").fetchall()
        assert told.startswith("3 films are on hold since the database was restored")
        assert "restored from a backup of" in new.task(films["gate"]).error_log
        assert "restored from a backup of" in new.task(films["uploading"]).error_log
        sold = len(studio.ledger("sold"))
        assert there("tick").err == ""
        assert db.execute(
            "select sum(dispatched) from ticks where started_at > now() - interval '1 min'"
        ).fetchone() == (0,)
        assert len(studio.ledger("sold")) == sold
        assert there("queue", str(films["gate"])).status == 0
        assert new.look().is_whole
        newest = db.execute("select max(id) from task_events").fetchone()
        assert newest == db.execute("select last_value from task_events_id_seq").fetchone()


def test_a_backup_holds_every_row_of_every_table_and_a_move_changes_none(
    quick: Run, there: Run, studio: Studio, films: dict[str, UUID], other: Place, place: Place
) -> None:
    file = place.root / "all.tar.gz"
    assert quick("backup", str(file), "--without-secrets").status == 0
    with tarfile.open(file) as tar:  # which any tar opens
        names = tar.getnames()
    assert {"backup.json", "tables/tasks", "channel_configs/one.yaml", "contents.json"} < set(names)
    assert f"storyboards/one/{films['gate']}" in names
    assert not any(name.startswith("settings/") for name in names)
    restored = there("restore", str(file), "--moved")
    assert (restored.status, restored.out.splitlines()[-1]) == (0, "Have ticks run here: vidctl install-cron")
    assert all_rows(other.environment["DATABASE_URL"]) == all_rows(studio.dsn)
    again = there("restore", str(file), "--moved")
    assert (again.status, again.err.splitlines()[0][:48]) == (
        ExitCode.BAD_DATA,
        "error: the database is in use: it has 4 rows in t"[:48],
    )


def test_what_is_not_whole_or_not_ours_changes_nothing(
    quick: Run, there: Run, studio: Studio, other: Place, place: Place
) -> None:
    studio.film()
    file = place.root / "plain.tar.gz"
    assert quick("backup", str(file), "--without-secrets").status == 0
    data = file.read_bytes()
    bad = place.root / "bad.tar.gz"
    for content, status in (
        (data[:-30], ExitCode.BAD_DATA),
        (data[:4000] + b"\0" + data[4001:], ExitCode.BAD_DATA),
        (b"no backup", ExitCode.BAD_DATA),
        (b"", ExitCode.BAD_DATA),
    ):
        bad.write_bytes(content)
        assert there("restore", str(bad)).status == status
    assert there("restore", str(place.root / "none")).status == ExitCode.NO_INPUT
    with connect(other.environment["DATABASE_URL"], application_name="test") as db:
        assert revision_of(db) is None
    assert list(other.root.iterdir()) == []


def test_backups_of_a_folder_are_kept_by_number_and_a_failure_is_an_alert(
    quick: Run, studio: Studio, place: Place
) -> None:
    folder = place.root / "backups"
    folder.mkdir()
    for day in (1, 2, 3):
        (folder / f"vidctl_2026010{day}T030000Z.tar.gz").touch()
    abandoned = folder / ".vidctl_backup_1.part"
    abandoned.touch()
    os.utime(abandoned, (0, 0))
    before = {path.name for path in folder.iterdir()}
    tried = quick("backup", str(folder), "--keep", "2", "--without-secrets", "--json", "--dry-run").json
    assert {path.name for path in folder.iterdir()} == before
    assert backups.last(studio.db) is None, "a trial is none"
    ran = quick("backup", str(folder), "--keep", "2", "--without-secrets", "--json").json
    assert (tried["removed"], tried["dry_run"], ran["dry_run"]) == (ran["removed"], True, False)
    assert ran["removed"] == ["vidctl_20260101T030000Z.tar.gz", "vidctl_20260102T030000Z.tar.gz"]
    assert {path.name for path in folder.iterdir()} == {"vidctl_20260103T030000Z.tar.gz", Path(ran["path"]).name}
    assert quick("backup", ran["path"], "--without-secrets").status == ExitCode.BAD_DATA
    missing = quick("backup", str(place.root / "not_mounted"), "--keep", "2", "--without-secrets")
    assert (missing.status, missing.err.splitlines()[1]) == (ExitCode.NO_INPUT, "hint: make it, or mount its disk")
    (place.root / ".env").unlink()
    assert quick("backup", str(folder), "--keep", "2").status == ExitCode.MISCONFIGURED
    said = studio.db.execute("select kind, message from alerts order by id").fetchall()
    assert [(kind, why.partition(": there is no ")[2][:10]) for kind, why in said] == [
        ("backup", f"folder {place.root}"[:10]),
        ("backup", "passphrase"),
    ]


def test_a_backup_that_is_whole_is_known_to_health_and_doctor_and_one_of_none_to_the_doctor_alone(
    quick: Run, studio: Studio, place: Place
) -> None:
    at = Ground(load(place.environment), lambda: datetime.now(UTC), dsn=studio.dsn)

    def looked() -> tuple[bool, str]:
        reasons = quick("health", "--json", "--limit", "20").json["reasons"]
        [found] = doctor.made(at)
        return any("backup" in one["what"] for one in reasons), f"{found.level}: {found.what}"

    assert looked() == (False, "ok: no backup was made yet")
    studio.film()
    assert looked() == (False, "warning: no backup was ever made: a disk that dies takes everything with it")
    folder = place.root / "backups"
    folder.mkdir()
    assert quick("backup", str(folder), "--keep", "2", "--without-secrets").status == 0
    late, said = looked()
    assert (late, said.partition(" of ")[0]) == (False, "ok: the last backup is")
    studio.db.execute("update backups set made_at = made_at - interval '4 days'")
    late, said = looked()
    assert (late, said.partition(":")[0]) == (True, "warning")
    studio.limit(alerts={"backup_after_days": 5})  # type: ignore[arg-type]
    at.files = studio.files()
    late, said = looked()
    assert (late, said.partition(":")[0]) == (False, "ok")


def packed(db: Db, path: Path, schema: str, *, more: bytes = b"") -> Path:
    """Write a backup as the vidctl of some schema would have; `more` are rows of channels that nobody wrote."""
    tables = dump.present(db, known.tables())
    head = {"format": FORMAT, "made_at": "2026-11-22T03:15:00+00:00", "schema": schema, "version": "0.1", "host": "old"}
    with path.open("wb") as file, db.transaction():
        packing = Packing(file, head | {"secrets": False}, made_at=0)
        for name in tables:
            with dump.copy_out(db, name, dump.columns(db, name)) as rows:
                packing.add_parts(f"tables/{name}", [*rows, *([more] if name == "channels" else [])])
        listed = [{"name": name, "columns": dump.columns(db, name), "item": f"tables/{name}"} for name in tables]
        packing.finish(tables=listed, sequences=dump.sequences(db, tables))
    return path


def test_a_backup_of_an_earlier_version_is_upgraded_and_that_of_a_later_one_is_refused(
    there: Run, studio: Studio, other: Place, place: Place
) -> None:
    task_id = studio.film()
    newer = there("restore", str(packed(studio.db, place.root / "newer.tar.gz", "9999")))
    assert (newer.status, newer.err.splitlines()[1]) == (
        ExitCode.MISCONFIGURED,
        "hint: install that version or a newer one, then restore",
    )
    config = Config(attributes={"dsn": studio.dsn})
    config.set_main_option("script_location", str(shipped("migrations")))
    command.downgrade(config, "0014")
    file = packed(studio.db, place.root / "older.tar.gz", "0014")
    other.configs.mkdir()
    (other.configs / "one.yaml").write_bytes((place.configs / "one.yaml").read_bytes())
    assert there("tick").status == 0  # the new server's cron was on already: there are channels and ticks, and no film
    assert there("restore", str(file)).status == 0
    with connect(other.environment["DATABASE_URL"], application_name="test") as db:
        assert revision_of(db) == head()
        assert tasks.get(db, task_id).status is Status.DRAFT
        # A film that is added goes on with the numbers; the new server's own channels and ticks are gone.
        assert db.execute("select channel_id from channels").fetchall() == [("one",)]
        assert db.execute("select count(*) from ticks").fetchone() == (0,)


def test_a_restore_that_fails_at_its_last_table_leaves_nothing(
    there: Run, studio: Studio, other: Place, place: Place
) -> None:
    file = packed(studio.db, place.root / "bad.tar.gz", head(), more=b"not\ta\tchannel\n")
    ran = there("restore", str(file))
    assert (ran.status, ran.err.splitlines()[0][:60]) == (
        ExitCode.BAD_DATA,
        "error: the table channels does not take the rows in the backup: "[:60],
    )
    with connect(other.environment["DATABASE_URL"], application_name="test") as db:
        assert revision_of(db) is None


def test_a_backup_is_of_one_moment_while_films_go_on(studio: Studio) -> None:
    first = studio.film()
    with studio.session() as other, dump.snapshot(other, known.tables()):
        second = studio.film()
        with dump.copy_out(other, "tasks", ["id"]) as rows:
            lines = b"".join(rows).decode()
        assert (str(first) in lines, str(second) in lines) == (True, False)


def test_a_disk_that_is_full_amid_a_table_ends_the_backup(studio: Studio) -> None:
    folder, said = studio.root / "small", list[str]()
    studio.db.execute(
        """insert into notices (host, sentence, said_at, seen_at)
           select md5(n::text), sha512(n::text::bytea)::text, now(), now() from generate_series(1, 9000) n"""
    )

    def back_up() -> None:
        target = write.target_of(folder, keep=None)
        with studio.session() as other, pytest.raises(CannotWrite) as refused:
            write.backup(other, target, load(), studio.context, tables=known.tables(), passphrase=None)
        said.append(str(refused.value))

    with small_disk(folder, "300k"):
        thread = Thread(target=back_up, daemon=True)  # it used to wait for itself
        thread.start()
        thread.join(10)
        assert said == [f"cannot write a backup to {folder}: No space left on device"]
        assert list(folder.iterdir()) == []


def test_a_database_that_would_let_history_be_changed_is_not_taken_for_restored(studio: Studio) -> None:
    dump.require_history_kept(studio.db, ["task_events", "review_audit"])
    for weaken in (
        "grant update on task_events to current_user",
        "alter table review_audit disable trigger append_only",
    ):
        with studio.db.transaction() as transaction:
            studio.db.execute(weaken)
            with pytest.raises(Misconfigured, match="be changed"):
                dump.require_history_kept(studio.db, ["task_events", "review_audit"])
            raise Rollback(transaction)
