"""Films as their cards plan them: found by their page, their words taken over, their versions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from psycopg import sql
from psycopg.rows import class_row

from vidctl.domain.status import Status
from vidctl.store import Db
from vidctl.store.tasks import COLUMNS, Task

FIELDS: Final = ("channel_id", "title", "topic", "story_direction", "priority", "privacy", "publish_at", "review_notes")
"""What a card may change of its film."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a film has cost, and whether its storyboard is written."""

    cost_usd: Decimal
    has_storyboard: bool


def on_pages(db: Db, page_ids: Collection[str]) -> dict[str, Task]:
    """Return the present film of each of these pages that has one."""
    with db.cursor(row_factory=class_row(Task)) as cursor:
        tasks = cursor.execute(
            f"select {COLUMNS} from tasks where notion_page_id = any(%s) and superseded_at is null",  # noqa: S608
            (list(page_ids),),
        ).fetchall()
    return {str(task.notion_page_id): task for task in tasks}


def on_page(db: Db, page_id: str) -> Task | None:
    """Return the present film of a page."""
    return on_pages(db, [page_id]).get(page_id)


def pages_of(db: Db, task_ids: Collection[UUID]) -> list[str]:
    """Return the pages of those of some films that have one."""
    rows = db.execute(
        "select notion_page_id from tasks where id = any(%s) and notion_page_id is not null and superseded_at is null",
        (list(task_ids),),
    )
    return [row[0] for row in rows]


def spent(db: Db, task_id: UUID) -> Spent:
    """Return what a film has cost so far, and whether it has a storyboard."""
    with db.cursor(row_factory=class_row(Spent)) as cursor:
        found = cursor.execute(
            """select coalesce((select sum(cost_usd) from video_costs where task_id = %(id)s), 0) as cost_usd,
                      exists (select from artifacts where task_id = %(id)s and kind = 'storyboard' and state = 'done')
                          as has_storyboard""",
            {"id": task_id},
        ).fetchone()
    assert found is not None
    return found


def revise(db: Db, task_id: UUID, fields: Mapping[str, Any], *, now: datetime) -> None:
    """Take over what a card says of its film; this is no move."""
    if not fields:
        return
    settings = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in FIELDS if name in fields
    )
    db.execute(
        sql.SQL("update tasks set {}, updated_at = greatest(updated_at, %(_now)s) where id = %(_id)s").format(settings),
        {**fields, "_now": now, "_id": task_id},
    )


def seen_on_board(db: Db, task_id: UUID, status: str | None) -> None:
    """Remember what the Status of a film's card says."""
    db.execute(
        "update tasks set board_seen_status = %s where id = %s and board_seen_status is distinct from %s",
        (status, task_id, status),
    )


def shows(db: Db, task_id: UUID, version: int) -> None:
    """Remember that a film's card shows it as it is in this version, if perhaps not everything that it should."""
    db.execute("update tasks set pushed_version = %s where id = %s", (version, task_id))


def supersede(db: Db, task: Task, *, now: datetime) -> Status:
    """Make room for a new version of a published film; the old one stays, with all that was made and decided."""
    db.execute("update tasks set superseded_at = %s, updated_at = %s where id = %s", (now, now, task.id))
    return task.status
