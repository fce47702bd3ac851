"""Films as the engine sees them: their row, added and read. `vidctl.store.moves` is what leads them on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from vidctl.domain.status import Status, is_gate
from vidctl.errors import BadInput, NotFound
from vidctl.store import Db
from vidctl.store.many import rows_of_many

COLUMNS: Final = """id, channel_id, title, topic, story_direction, status, priority, privacy, version, fence, attempt,
    next_attempt_at, failed_step, claimed_by, claimed_at, kept_by, settings::text as settings, mode, error_log,
    review_notes, youtube_url, status_since, progress_done, progress_total, created_at, updated_at, notion_page_id,
    publish_at, board_seen_status, pushed_version, paused_at, asks"""

_GET: Final = f"select {COLUMNS} from tasks where id = %s"  # noqa: S608  # constants only

_FIND: Final = "select id from tasks where id::text like %s || '%%' and superseded_at is null order by id limit 2"

_ADD: Final = """
    insert into tasks (channel_id, title, topic, story_direction, priority, privacy, publish_at, notion_page_id, mode,
                       created_at, updated_at, status_since, id)
    values (%(channel_id)s, %(title)s, %(topic)s, %(story_direction)s, %(priority)s, %(privacy)s, %(publish_at)s,
            %(notion_page_id)s, %(mode)s, %(now)s, %(now)s, %(now)s,
            coalesce(%(id)s, gen_random_uuid()))
    returning id, version
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A task as it was read: whoever moved it since, a write that carries this loses."""

    id: UUID
    status: Status
    version: int


@dataclass(frozen=True, slots=True)
class Task:
    """One row of `tasks`."""

    id: UUID
    channel_id: str
    title: str
    topic: str
    story_direction: str
    status: Status
    priority: str
    privacy: str | None
    version: int
    fence: int
    attempt: int
    next_attempt_at: datetime | None
    failed_step: str | None
    claimed_by: str | None
    claimed_at: datetime | None
    kept_by: str | None
    """The host that could go on with it last: see `vidctl.store.keepers`."""
    settings: str | None
    """The channel's JSON as it was when the film was begun."""
    mode: str | None
    """How it is made, where that is not as its channel says: it holds until the film is begun."""
    error_log: str
    review_notes: str
    youtube_url: str | None
    status_since: datetime
    progress_done: int
    progress_total: int
    created_at: datetime
    updated_at: datetime
    notion_page_id: str | None
    publish_at: datetime | None
    board_seen_status: str | None
    """What its card's Status said last: where a person's move began."""
    pushed_version: int
    """The version that its card shows."""
    paused_at: datetime | None
    asks: str | None
    """What a person is asked at a gate that only some channels have."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "status", Status(self.status))

    @property
    def at_gate(self) -> bool:
        """Whether it waits for a person's approval."""
        return is_gate(self.status, asks=self.asks is not None)

    @property
    def seen(self) -> Seen:
        """What a move of this task has to carry."""
        return Seen(self.id, self.status, self.version)


@dataclass(frozen=True, slots=True)
class NewTask:
    """What a person has to say about a film before it can be made."""

    channel_id: str
    title: str
    topic: str
    story_direction: str = ""
    priority: str = "normal"
    privacy: str | None = None
    publish_at: datetime | None = None
    notion_page_id: str | None = None
    mode: str | None = None
    """preview or production; None: as its channel is when it is begun."""
    id: UUID | None = None
    """None: a random one."""


def add(db: Db, task: NewTask, *, now: datetime) -> Seen:
    """Add a film in Draft.

    Raises:
        NotFound: there is no such channel.
    """
    try:
        row = db.execute(_ADD, {**_fields(task), "now": now}).fetchone()
    except psycopg.errors.ForeignKeyViolation as exc:
        raise NotFound(f"there is no channel {task.channel_id!r}", hint="see: vidctl channel list") from exc
    assert row is not None
    return Seen(row[0], Status.DRAFT, row[1])


def add_all(db: Db, new: Sequence[tuple[NewTask, datetime]]) -> list[Seen]:
    """Add many films in Draft, each at its moment; one round trip for many. Call it in a transaction.

    Raises:
        NotFound: there is no such channel.
    """
    params = [{**_fields(task), "now": now} for task, now in new]
    try:
        return [Seen(row[0], Status.DRAFT, row[1]) for row in rows_of_many(db, _ADD, params)]
    except psycopg.errors.ForeignKeyViolation as exc:
        raise NotFound("the channel of a film is gone", hint="see: vidctl channel list") from exc


def _fields(task: NewTask) -> dict[str, Any]:
    return {name: getattr(task, name) for name in NewTask.__slots__}


def get(db: Db, task_id: UUID) -> Task:
    """Return a task.

    Raises:
        NotFound: there is no such task.
    """
    with db.cursor(row_factory=class_row(Task)) as cursor:
        task = cursor.execute(_GET, (task_id,)).fetchone()
    if task is None:
        raise NotFound(f"there is no task {task_id}", hint="see: vidctl status")
    return task


def find(db: Db, prefix: str) -> Task:
    """Return the one task whose id begins with `prefix`.

    Raises:
        NotFound: none does.
        BadInput: several do, or `prefix` is no part of an id.
    """
    prefix = prefix.strip().lower()
    if not prefix or set(prefix) - set("0123456789abcdef-"):
        raise BadInput(f"{prefix!r} is no part of a task's id", hint="see: vidctl status")
    rows = db.execute(_FIND, (prefix,)).fetchall()
    if not rows:
        raise NotFound(f"there is no task {prefix}", hint="see: vidctl status")
    if len(rows) > 1:
        raise BadInput(f"several tasks begin with {prefix}", hint="give more characters of the id")
    return get(db, rows[0][0])
