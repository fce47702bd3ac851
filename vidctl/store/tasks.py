"""Films as the engine sees them: adding, moving and claiming; the only place that writes a status."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from vidctl.domain.status import Event, Status, is_gate, next_status
from vidctl.errors import BadInput, LostRace, NotFound
from vidctl.store import Db

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

_MOVE: Final = """
    with moved as (
        update tasks
           set status = %(to)s, version = version + 1, updated_at = %(now)s, next_attempt_at = %(due_at)s,
               attempt = %(attempt)s, claimed_by = null, claimed_at = null, asks = null,
               failed_step = case when %(failed_step)s::text <> '' then %(failed_step)s
                                  when %(event)s in ('reject', 'fail', 'retry', 'hold', 'defer') then failed_step end,
               queued_at = case when %(event)s = 'queue' then %(now)s else queued_at end,
               status_since = case when status = %(to)s then status_since else %(now)s end,
               progress_done = case when status = %(to)s then progress_done else 0 end,
               progress_total = case when status = %(to)s then progress_total else 0 end,
               error_log = case when %(log_line)s::text = '' then error_log
                                else right(concat_ws(e'\\n', nullif(error_log, ''), %(log_line)s), 20000) end
         where id = %(id)s and version = %(version)s
        returning id, version
    ), told as (
        insert into card_notes (page_id, line, at)
        select t.notion_page_id, %(log_line)s, %(now)s from moved join tasks t using (id)
         where %(log_line)s::text <> '' and t.notion_page_id is not null
    ), logged as (
        insert into task_events (task_id, version, from_status, event, to_status, actor, reason, at)
        select id, version, %(was)s, %(event)s, %(to)s, %(actor)s, %(reason)s, %(now)s from moved
    )
    select version from moved
"""

_CLAIM: Final = """
    update tasks
       set version = version + 1, fence = version + 1, attempt = attempt + 1, next_attempt_at = null,
           claimed_at = %(now)s, claimed_by = %(by)s,
           settings = coalesce(settings, %(settings)s::jsonb
                                         || case when mode is null then '{}' else jsonb_build_object('mode', mode) end),
           updated_at = %(now)s
     where id = %(id)s and version = %(version)s
    returning version, attempt
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
        return [Seen(row[0], Status.DRAFT, row[1]) for row in _rows_of_many(db, _ADD, params)]
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


def move(
    db: Db,
    task: Seen,
    event: Event,
    *,
    actor: str,
    now: datetime,
    to: Status | None = None,
    reason: str = "",
    due_at: datetime | None = None,
    attempt: int = 0,
    failed_step: str = "",
    log_line: str = "",
) -> Seen:
    """Move a task and log the move: one statement, all or nothing.

    `due_at` is when the engine may go on, None for at once. `attempt` is how many were spent on the
    step so far. `failed_step` says where a retry resumes. `log_line` is added to the error log.

    Raises:
        InvalidStateTransitionError: the table of moves has no such row.
        LostRace: somebody else moved the task since it was read.
    """
    params = _move_params(
        task,
        event,
        to=next_status(task.status, event, to),
        actor=actor,
        now=now,
        reason=reason,
        due_at=due_at,
        attempt=attempt,
        failed_step=failed_step,
        log_line=log_line,
    )
    row = db.execute(_MOVE, params).fetchone()
    if row is None:
        raise _lost(task)
    return Seen(task.id, params["to"], row[0])


def queue_all(db: Db, drafts: Sequence[tuple[Seen, datetime]], *, actor: str) -> list[Seen]:
    """Queue many films, each at its moment; one round trip for many. Call it in a transaction.

    Raises:
        InvalidStateTransitionError, LostRace: as `move`, for the first of them.
    """
    params = [
        _move_params(task, Event.QUEUE, to=next_status(task.status, Event.QUEUE), actor=actor, now=now)
        for task, now in drafts
    ]
    moved = []
    for (task, _), row in zip(drafts, _rows_of_many(db, _MOVE, params), strict=True):
        if row is None:
            raise _lost(task)
        moved.append(Seen(task.id, Status.QUEUED, row[0]))
    return moved


def _move_params(
    task: Seen,
    event: Event,
    *,
    to: Status,
    actor: str,
    now: datetime,
    reason: str = "",
    due_at: datetime | None = None,
    attempt: int = 0,
    failed_step: str = "",
    log_line: str = "",
) -> dict[str, Any]:
    return {
        "id": task.id,
        "version": task.version,
        "was": task.status,
        "event": event,
        "to": to,
        "actor": actor,
        "reason": reason,
        "now": now,
        "due_at": due_at,
        "attempt": attempt,
        "failed_step": failed_step,
        "log_line": log_line,
    }


def _rows_of_many(db: Db, query: LiteralString, params: Sequence[dict[str, Any]]) -> Iterator[Any]:
    """Run a statement once for each set of parameters, sent together, and yield the one row of each."""
    if not params:
        return
    with db.cursor() as cursor:
        cursor.executemany(query, params, returning=True)
        for _ in cursor.results():
            yield cursor.fetchone()


def claim(db: Db, task: Seen, *, by: str, settings: str, now: datetime) -> tuple[Seen, int]:
    """Begin an attempt and return its number.

    From here on, only who holds the returned version as its fence may record anything.

    `settings` (a channel's JSON) is kept with the film the first time.

    Raises:
        LostRace: somebody else moved the task since it was read.
    """
    row = db.execute(
        _CLAIM, {"id": task.id, "version": task.version, "by": by, "settings": settings, "now": now}
    ).fetchone()
    if row is None:
        raise _lost(task)
    return Seen(task.id, task.status, row[0]), row[1]


def changed(db: Db, task: Seen, *, now: datetime) -> Seen:
    """Say that a film is another one where it stays: whoever saw it before decides about nothing any more.

    Raises:
        LostRace: somebody else moved the task since it was read.
    """
    row = db.execute(
        "update tasks set version = version + 1, updated_at = %s where id = %s and version = %s returning version",
        (now, task.id, task.version),
    ).fetchone()
    if row is None:
        raise _lost(task)
    return Seen(task.id, task.status, row[0])


def _lost(task: Seen) -> LostRace:
    return LostRace(f"task {task.id} is not what it was ({task.status}) any more", hint="see: vidctl status")
