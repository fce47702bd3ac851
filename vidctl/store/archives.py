"""Which decisions are in files and no more in the table, and the one way by which rows leave the table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg
from psycopg.rows import class_row

from vidctl.errors import LostRace, Misconfigured
from vidctl.store import Db

_COLUMNS: Final = "from_id, to_id, rows, first_hash, last_hash, last_at, sha256, path, host, at"

# The engine looks for approvals of films that are on their way; one that nobody touched since is asked again instead.
# The newest row stays: the chain goes on from it.
_LAST: Final = """
    select max(a.id)
      from review_audit a
     where a.id < (select max(id) from review_audit)
       and a.id < coalesce((select min(b.id)
                              from review_audit b left join tasks t on t.id = b.task_id
                             where b.at >= %(before)s
                                or (t.status <> 'Published' and t.superseded_at is null
                                    and t.updated_at >= %(before)s)), 'infinity'::float8)
"""
_ALLOW: Final = (
    "grant delete on review_audit to current_user",
    "alter table review_audit disable trigger append_only",
)
_REFUSE: Final = (
    "alter table review_audit enable trigger append_only",
    "revoke delete on review_audit from current_user",
)


@dataclass(frozen=True, slots=True)
class Archive:
    """One file of decisions."""

    from_id: int
    to_id: int
    rows: int
    first_hash: str
    last_hash: str
    last_at: datetime
    sha256: str
    path: str
    host: str
    at: datetime


def of_all(db: Db) -> list[Archive]:
    """Return every archive in the order of the chain."""
    with db.cursor(row_factory=class_row(Archive)) as cursor:
        return cursor.execute(f"select {_COLUMNS} from audit_archives order by to_id").fetchall()  # noqa: S608


def last_before(db: Db, before: datetime) -> int | None:
    """Return up to which row the table's first rows may go to an archive; None: none may.

    All of them are older than that, and of no film that is still on its way and was touched since.
    """
    row = db.execute(_LAST, {"before": before}).fetchone()
    assert row is not None
    return row[0] if row[0] is None else int(row[0])


def take_out(db: Db, archive: Archive, hashes: list[str]) -> None:
    """Take the rows with these hashes out of the table, and keep which file they are in; all or nothing.

    Call it in `audit.deciding`. For this one statement alone the table lets rows go.

    Raises:
        LostRace: these are not the table's first rows any more.
        Misconfigured: the database's user is not the table's owner.
    """
    found = db.execute("select hash from review_audit where id <= %s order by id", (archive.to_id,)).fetchall()
    if [row[0] for row in found] != hashes:
        raise LostRace("these decisions were archived meanwhile, or changed", hint="see: vidctl audit verify")
    try:
        for statement in _ALLOW:
            db.execute(statement)
        db.execute("delete from review_audit where id <= %s", (archive.to_id,))
        for statement in _REFUSE:
            db.execute(statement)
    except psycopg.errors.InsufficientPrivilege as exc:
        raise Misconfigured(
            "the database's user may not take decisions out of the table", hint="run this as the owner of review_audit"
        ) from exc
    db.execute(
        f"insert into audit_archives ({_COLUMNS}) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",  # noqa: S608
        tuple(getattr(archive, name) for name in Archive.__slots__),
    )
