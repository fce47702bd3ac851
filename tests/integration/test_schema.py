"""The database's own rules: it is what the models declare, takes every value that exists, and keeps its history."""

from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from vidctl.contract import ErrorClass, Scope
from vidctl.domain.channel import Priority
from vidctl.domain.status import Event, Status
from vidctl.domain.work import Kind, State
from vidctl.store.drift import differences

HISTORY = ("task_events", "review_audit")


@pytest.fixture
def task_id(db: psycopg.Connection[Any]) -> UUID:
    db.execute(
        """insert into channels (channel_id, channel_name, board, mode, max_concurrent)
           values ('c', 'C', 'local', 'preview', 1)"""
    )
    row = db.execute("insert into tasks (channel_id, title, topic) values ('c', 't', 't') returning id").fetchone()
    assert row
    db.execute(
        """insert into task_events (task_id, version, from_status, event, to_status, actor, at)
           values (%s, 0, 'Draft', 'queue', 'Queued', 'a', now())""",
        row,
    )
    db.execute(
        """insert into review_audit (task_id, gate, action, reviewer_id, content_sha256, at, previous_hash, hash)
           values (%s, 'Assets Ready', 'approved', 'a', '', now(), '', '')""",
        row,
    )
    return UUID(str(row[0]))


def test_the_migrations_make_what_the_models_declare(database_url: str) -> None:
    assert differences(database_url) == []


@pytest.mark.parametrize(
    "change",
    [
        "alter table tasks drop column review_notes",
        "alter table tasks alter column title drop not null",
        "drop index tasks_by_channel",
        "alter table tasks drop constraint status_known",
        "alter table artifacts drop constraint kind_known, add constraint kind_known check (kind in ('image'))",
        "drop index tasks_page; create unique index tasks_page on tasks (notion_page_id) where title = 'other'",
        "create table other (id int)",
    ],
)
def test_a_difference_between_models_and_database_is_seen(db: Any, database_url: str, change: str) -> None:
    db.execute(change)
    assert differences(database_url) != []


VALUES = {
    ("tasks", "status"): Status,
    ("tasks", "priority"): Priority,
    ("channels", "priority"): Priority,
    ("task_events", "event"): Event,
    ("task_events", "from_status"): Status,
    ("task_events", "to_status"): Status,
    ("artifacts", "kind"): Kind,
    ("artifacts", "state"): State,
    ("takes", "kind"): Kind,
    ("task_errors", "error_class"): ErrorClass,
    ("task_errors", "scope"): Scope,
}
ROWS: dict[str, dict[str, Any]] = {
    "tasks": {"channel_id": "c", "title": "t", "topic": "t"},
    "channels": {"channel_id": "new", "channel_name": "N", "board": "local", "mode": "preview", "max_concurrent": 1},
    "task_events": {"from_status": "Draft", "event": "queue", "to_status": "Queued", "actor": "a", "at": "now"},
    "artifacts": {"kind": "image", "index": 1, "state": "pending"},
    "takes": {
        "kind": "clip",
        "index": 1,
        "number": 1,
        "place": "a",
        "path": "b",
        "sha256": "c",
        "size_bytes": 1,
        "modified_ns": 1,
        "made_at": "now",
    },
    "task_errors": {
        "step": "plan",
        "attempt": 1,
        "error_type": "e",
        "error_class": "quota",
        "scope": "item",
        "message": "m",
        "host": "h",
        "at": "now",
    },
}
"""The least that a row of each table needs, besides its task."""


def insert(db: Any, table: str, row: dict[str, Any]) -> None:
    query = sql.SQL("insert into {} ({}) values ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join(sql.Placeholder() * len(row)),
    )
    db.execute(query, list(row.values()))


def own_key(table: str, number: int) -> dict[str, Any]:
    """Return what makes one row of a table differ from the others."""
    keys: dict[str, dict[str, Any]] = {
        "task_events": {"version": number},
        "channels": {"channel_id": f"c{number}"},
        "artifacts": {"index": number},
        "takes": {"index": number},
    }
    return keys.get(table, {})


@pytest.mark.parametrize(("where", "values"), VALUES.items(), ids=[".".join(where) for where in VALUES])
def test_every_value_can_be_stored_and_no_other(
    db: psycopg.Connection[Any], task_id: UUID, where: tuple[str, str], values: type[StrEnum]
) -> None:
    table, column = where
    row: dict[str, Any] = ROWS[table] | ({} if table in {"tasks", "channels"} else {"task_id": task_id})
    for number, value in enumerate(values, 1):
        insert(db, table, row | own_key(table, number) | {column: value})
    with pytest.raises(psycopg.errors.CheckViolation):
        insert(db, table, row | own_key(table, 999) | {column: "no such value"})


@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize("change", ["update {} set task_id = task_id", "delete from {}", "truncate {}"])
def test_history_can_only_grow(db: psycopg.Connection[Any], task_id: UUID, table: str, change: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=f"{table} is append-only"):
        db.execute(change.format(table).encode())
    row = db.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone()
    assert row == (1,)


def test_a_film_with_history_cannot_be_deleted(db: psycopg.Connection[Any], task_id: UUID) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        db.execute("delete from tasks")
