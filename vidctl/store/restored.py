"""What a backup needs to know of films, and what has to be said of them once they are back from one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from vidctl.domain.status import Status
from vidctl.store import Db
from vidctl.store.tasks import COLUMNS, Task


def unpublished(db: Db) -> list[Task]:
    """Return the films of which something is still to come, the oldest first."""
    with db.cursor(row_factory=class_row(Task)) as cursor:
        return cursor.execute(
            f"""select {COLUMNS} from tasks where superseded_at is null and status <> %s
                 order by created_at, id""",  # noqa: S608  # constants only
            (Status.PUBLISHED,),
        ).fetchall()


def say(db: Db, task_ids: Sequence[UUID], line: str, *, now: datetime) -> None:
    """Add a line to the error logs of films, and to those of their cards."""
    db.execute(
        """with said as (
               update tasks set error_log = right(concat_ws(e'\\n', nullif(error_log, ''), %(line)s::text), 20000),
                                updated_at = %(now)s
                where id = any(%(ids)s) returning notion_page_id
           )
           insert into card_notes (page_id, line, at)
           select notion_page_id, %(line)s::text, %(now)s from said where notion_page_id is not null""",
        {"ids": list(task_ids), "line": line, "now": now},
    )


def files_bytes(db: Db) -> int:
    """Return how large the files of all films are, as they were recorded."""
    row = db.execute("select coalesce(sum(size_bytes), 0) from artifacts where state = 'done'").fetchone()
    return int(row[0]) if row else 0
