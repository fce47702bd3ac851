"""Every schema that was ever released is brought to this version's with everything that is in it."""

import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from psycopg import sql
from psycopg.types.json import Jsonb

from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.places import shipped
from vidctl.store import Db
from vidctl.store.connection import connect
from vidctl.store.drift import differences
from vidctl.store.migrate import head, migrate, revision_of

ROOT = Path(__file__).resolve().parents[2]
REVISIONS: Final = sorted(file.name[:4] for file in (shipped("migrations") / "versions").glob("[0-9]*.py"))
COLUMNS = """
    select a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull and not a.atthasdef and a.attidentity = '',
           a.attidentity <> '' or a.attgenerated <> '',
           (select c.confrelid::regclass::text from pg_constraint c
             where c.conrelid = a.attrelid and c.contype = 'f' and c.conkey = array[a.attnum]),
           (select array_agg(pg_get_constraintdef(c.oid)) from pg_constraint c
             where c.conrelid = a.attrelid and c.contype = 'c' and a.attnum = any(c.conkey)),
           exists (select from pg_index i where i.indrelid = a.attrelid and i.indisunique and a.attnum = any(i.indkey))
      from pg_attribute a
     where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped
     order by a.attnum
"""
TABLES = """
    select c.relname from pg_class c
     where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> 'alembic_version'
     order by 1
"""
REFERS = """
    select conrelid::regclass::text, confrelid::regclass::text from pg_constraint where contype = 'f'
"""
KEY = """
    select array_agg(a.attname::text order by a.attnum) from pg_index i
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
     where i.indrelid = %s::regclass and i.indisprimary
"""


def to(dsn: str, revision: str, *, down: bool = False) -> None:
    config = Config(attributes={"dsn": dsn})
    config.set_main_option("script_location", str(shipped("migrations")))
    (command.downgrade if down else command.upgrade)(config, revision)


@pytest.fixture
def empty(server_url: str) -> Iterator[str]:
    name = f"upgrade_{uuid4().hex}"
    with connect(server_url, application_name="tests") as server:
        server.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        yield urlsplit(server_url)._replace(path=f"/{name}").geturl()
        server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


class Filler:
    """Rows in every table of a schema that is known only as the server describes it.

    Of each CHECK every value that it allows is in some row.
    """

    def __init__(self, db: Db) -> None:
        self.db = db
        self.number = 0
        self.known: dict[str, Any] = {}
        self.turns: Counter[tuple[str, str]] = Counter()
        self.made: dict[str, list[dict[str, Any]]] = {}
        """By table, the key of each row and what it was given."""

    def tables(self) -> list[str]:
        """Return all tables, each behind those that it refers to."""
        waiting = [name for (name,) in self.db.execute(TABLES)]
        needs = self.db.execute(REFERS).fetchall()
        ready: list[str] = []
        while waiting:
            free = [one for one in waiting if all(to in {*ready, one} for by, to in needs if by == one)]
            ready += free
            waiting = [one for one in waiting if one not in free]
        return ready

    def fill(self, table: str) -> None:
        """Add rows to a table, if it is another than it was when it was filled last."""
        columns = self.db.execute(COLUMNS, (table,)).fetchall()
        if self.known.get(table) == columns:
            return
        self.known[table] = columns
        allowed = {name: _allowed(name, checks) for name, *_, checks, _ in columns}
        rows = max([2, *(len(values) for values in allowed.values())])
        turns = {name: list(islice(cycle(values), rows)) for name, values in allowed.items() if values}
        for at in range(rows):
            self.number += 1
            row = {
                name: turns[name][at]
                if name in turns
                else self.value(table, name, kind, self.parent(table, name, refers))
                for name, kind, needed, given, refers, _, unique in columns
                if not given and (needed or unique or name in turns or refers)
            }
            self.insert(table, row)

    def insert(self, table: str, row: dict[str, Any]) -> None:
        (key,) = self.db.execute(KEY, (table,)).fetchone() or ([],)
        query = sql.SQL("insert into {} ({}) values ({}) returning {}").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(sql.Placeholder() * len(row)),
            sql.SQL(", ").join(map(sql.Identifier, key)),
        )
        given = [Jsonb(value) if isinstance(value, (dict, list)) else value for value in row.values()]
        found = self.db.execute(query, given).fetchone() or ()
        self.made.setdefault(table, []).append(row | dict(zip(key, found, strict=True)))

    def parent(self, table: str, name: str, refers: str | None) -> dict[str, Any] | None:
        """Return what a row refers to: each time another one."""
        if refers is None:
            return None
        self.turns[table, name] += 1
        return self.made[refers][self.turns[table, name] % len(self.made[refers])]

    def value(self, table: str, name: str, kind: str, refers_to: dict[str, Any] | None) -> Any:
        if refers_to is not None:
            return refers_to[name if name in refers_to else "id"]
        if kind == "text":
            return f"{table} {name} {self.number}"
        plain: dict[str, Any] = {
            "uuid": uuid4(),
            "boolean": True,
            "jsonb": {"n": self.number},
            "bytea": b"\x00\xff",
            "date": f"20{self.number // 300 % 100:02d}-{self.number // 25 % 12 + 1:02d}-{self.number % 25 + 1:02d}",
            "timestamp with time zone": "2026-11-22T12:00:00Z",
        }
        return plain.get(kind, self.number)

    def lost(self) -> list[str]:
        """Return every row that is gone, or says something else than what it was given."""
        return [
            f"{table}: {row}"
            for table, rows in self.made.items()
            for there in [{name for name, *_ in self.db.execute(COLUMNS, (table,))}]
            for row in rows
            if not self._finds(table, {name: value for name, value in row.items() if name in there})
        ]

    def _finds(self, table: str, row: dict[str, Any]) -> bool:
        given = [Jsonb(value) if isinstance(value, (dict, list)) else value for value in row.values()]
        same = sql.SQL(" and ").join(sql.SQL("{} is not distinct from %s").format(sql.Identifier(name)) for name in row)
        query = sql.SQL("select 1 from {} where {}").format(sql.Identifier(table), same)
        return self.db.execute(query, given).fetchone() is not None


def _allowed(name: str, checks: list[str] | None) -> list[str]:
    """Return the values that a column's CHECK names; of a CHECK over several columns nothing is taken."""
    texts = [text for text in checks or [] if re.search(rf"\(\(?{name} = ANY|\({name} = '", text)]
    return re.findall(r"'([^']*)'::text", texts[0]) if texts else []


def test_what_was_written_by_any_released_version_survives_and_its_films_go_on(empty: str, tmp_path: Path) -> None:
    with closing(connect(empty, application_name="test")) as db:
        studio, filler = Studio(tmp_path, empty, db), Filler(db)
        oldest = None
        for revision in REVISIONS:
            to(empty, revision)
            if not filler.made:
                filler.insert("channels", {"channel_id": "one", "channel_name": "One", "board": "local",
                                           "mode": "preview", "max_concurrent": 3})  # fmt: skip
                filler.insert("tasks", {"channel_id": "one", "title": "Salt", "topic": "Salt", "status": "Queued"})
                oldest = filler.made["tasks"][0]
            for table in filler.tables():
                filler.fill(table)
        assert filler.lost() == []
        assert differences(empty) == []
        assert revision_of(db) == head()
        assert oldest is not None
        studio.channel(scenes=1)
        studio.step(oldest["id"])
        assert studio.task(oldest["id"]).status is Status.GENERATING_ASSETS


def test_an_upgrade_that_is_killed_in_the_middle_leaves_the_old_schema_and_is_done_by_whoever_comes_next(
    empty: str,
) -> None:
    to(empty, "0001")
    with (
        closing(connect(empty, application_name="test")) as db,
        closing(connect(empty, application_name="test")) as busy,
    ):
        busy.execute("begin; lock table video_costs in access share mode")  # which is altered seven revisions later
        code = f"from vidctl.store.migrate import migrate; migrate({empty!r})"
        process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
        until = time.monotonic() + 60
        while not db.execute(
            "select 1 from pg_locks where not granted and relation = 'video_costs'::regclass"
        ).fetchone():
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        process.kill()
        process.wait()
        busy.execute("commit")
        assert revision_of(db) == "0001"
        migrate(empty)
        assert revision_of(db) == head()


def test_a_schema_goes_all_the_way_down_and_up_again(database_url: str) -> None:
    to(database_url, "base", down=True)
    with closing(connect(database_url, application_name="test")) as db:
        assert db.execute(TABLES).fetchall() == []
    migrate(database_url)
    assert differences(database_url) == []
