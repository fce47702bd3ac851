"""What is noted of a film while it stays where it is: how far it is, what it waits for, what people say of it.

None of it is a move: those are `vidctl.store.moves`.
"""

from datetime import datetime
from uuid import UUID

from vidctl.domain.status import HANDED_OVER, Status
from vidctl.domain.work import SEALED
from vidctl.store import Db
from vidctl.store.tasks import Seen


def expect(db: Db, task: Seen, *, done: int, total: int) -> None:
    """Say how much the step has to make, and how much of it is there."""
    db.execute(
        "update tasks set progress_done = %s, progress_total = %s where id = %s and fence = %s",
        (done, total, task.id, task.version),
    )


def progress(db: Db, task: Seen, *, done: int, total: int, got_on: bool, now: datetime) -> None:
    """Say how far one long job of the step is, so that the card shows it.

    Where it `got_on` in this run, the attempts spent on the step begin anew.
    """
    db.execute(
        """update tasks set progress_done = %s, progress_total = %s, updated_at = %s,
                  attempt = case when %s then 1 else attempt end
            where id = %s and fence = %s""",
        (done, total, now, got_on, task.id, task.version),
    )


def ask(db: Db, task: Seen, question: str) -> None:
    """Have a film wait for a person where it is, in the transaction that moved it there; a move ends that."""
    db.execute("update tasks set asks = %s where id = %s and version = %s", (question, task.id, task.version))


def put_off(db: Db, task: Seen, until: datetime, *, log_line: str, now: datetime) -> bool:
    """Have the engine leave a film alone until then, where it is; False where somebody moved it since it was read."""
    row = db.execute(
        """with moved as (
               update tasks set next_attempt_at = %(until)s, updated_at = %(now)s,
                      error_log = right(concat_ws(e'\\n', nullif(error_log, ''), %(line)s::text), 20000)
                where id = %(id)s and version = %(version)s
               returning notion_page_id), noted as (
           insert into card_notes (page_id, line, at)
           select notion_page_id, %(line)s::text, %(now)s from moved where notion_page_id is not null)
           select count(*) from moved""",
        {"id": task.id, "version": task.version, "until": until, "line": log_line, "now": now},
    ).fetchone()
    return bool(row and row[0])


def look_again(db: Db, task: Seen, *, now: datetime) -> None:
    """Have the engine look now at a film that it put off; unless somebody moved it since it was read."""
    db.execute(
        "update tasks set next_attempt_at = null, updated_at = %s where id = %s and version = %s",
        (now, task.id, task.version),
    )


def keep_settings(db: Db, task_id: UUID, settings: str) -> None:
    """Have a film made with other settings (a channel's JSON) from now on. Call it in the transaction that moves it."""
    db.execute("update tasks set settings = %s::jsonb where id = %s", (settings, task_id))


def set_priority(db: Db, task_id: UUID, priority: str) -> None:
    """Change how urgent a task is; this is no move."""
    db.execute("update tasks set priority = %s, updated_at = now() where id = %s", (priority, task_id))


def set_publish_at(db: Db, task_id: UUID, at: datetime | None) -> bool:
    """Change when a film becomes public, None for no moment of its own; False once that was said to YouTube.

    Whoever is about to upload it as it was loses the race.
    """
    changed = db.execute(
        """update tasks set publish_at = %s, updated_at = now(), version = version + (status = %s)::int
            where id = %s and not status = any(%s)
              and not exists (select from artifacts a where a.task_id = tasks.id and a.kind = 'receipt'
                                 and a.state in ('submitted', 'done') and not starts_with(a.job_id, %s))""",
        (at, Status.APPROVED, task_id, list(HANDED_OVER), SEALED),
    )
    return changed.rowcount > 0


def published(db: Db, task: Seen, url: str) -> None:
    """Keep where the film can be watched."""
    db.execute("update tasks set youtube_url = %s where id = %s and fence = %s", (url, task.id, task.version))
