"""Films move, are claimed, and become others than they were. The only place that writes a film's status.

Each is done by who saw the film as it is: whoever lost a race changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from vidctl.domain.status import Event, Status, next_status
from vidctl.errors import LostRace
from vidctl.store import Db
from vidctl.store.many import rows_of_many
from vidctl.store.tasks import Seen

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
    for (task, _), row in zip(drafts, rows_of_many(db, _MOVE, params), strict=True):
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
