"""What is noted of a film while it stays where it is: how far it is, what it waits for, what a person is asked.

None of it is a move: those are `vidctl.store.tasks`.
"""

from datetime import datetime

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
