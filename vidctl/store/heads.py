"""The last decision of each day as it was posted with the alerts: who kept that alert can prove later what was before.

A chain that somebody computed anew from an edited row on is whole in itself: only a hash that is known elsewhere
shows it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from psycopg.rows import class_row

from vidctl.store import Db, outbox

KIND: Final = "audit head"

# Once a day, and where something was added since: two looks at the end of an index.
_DUE: Final = """
    select last.id as row_id, last.hash
      from (select id, hash from review_audit order by id desc limit 1) last
     where not exists (select from (select day, row_id from audit_heads order by day desc limit 1) said
                        where said.day >= %(day)s or said.row_id >= last.id)
"""
_POST: Final = """
    insert into audit_heads (day, row_id, hash, rows, at)
    select %(day)s, %(row_id)s, %(hash)s,
           (select count(*) from review_audit where id <= %(row_id)s)
               + coalesce((select sum(rows) from audit_archives), 0), %(now)s
    on conflict do nothing
    returning rows
"""


@dataclass(frozen=True, slots=True)
class Head:
    """Which decision was the last one."""

    row_id: int
    hash: str

    def __str__(self) -> str:
        """Return it as it is posted, and as `vidctl audit verify --head` takes it."""
        return f"{self.row_id}:{self.hash}"


def due(db: Db, *, now: datetime) -> Head | None:
    """Return the head that is to be posted now."""
    with db.cursor(row_factory=class_row(Head)) as cursor:
        return cursor.execute(_DUE, {"day": now.astimezone(UTC).date()}).fetchone()


def post(db: Db, head: Head, *, now: datetime) -> None:
    """Keep a head, and have people told of it: once a day, whoever else does the same."""
    with db.transaction():
        row = db.execute(
            _POST, {"day": now.astimezone(UTC).date(), "row_id": head.row_id, "hash": head.hash, "now": now}
        ).fetchone()
        if row is not None:
            outbox.alert(
                db,
                KIND,
                f"the record of decisions has {row[0]:,} row{'s' * (row[0] != 1)}; the last one is {head}",
                hint=f"keep this message: vidctl audit verify --head {head} proves later that nothing was changed",
                now=now,
            )


def posted(db: Db) -> list[Head]:
    """Return all heads that were posted, the first one first."""
    with db.cursor(row_factory=class_row(Head)) as cursor:
        return cursor.execute("select row_id, hash from audit_heads order by day").fetchall()
