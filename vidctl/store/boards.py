"""The Notion databases that boards are kept in, and how far each one has been read."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from vidctl.errors import Unavailable
from vidctl.store import Db, locks

_COLUMNS: Final = """database_id, data_source_id, properties, bot_id, watermark, read_at, reconciled_at,
    reconciling_since, cursor, problem, problem_since"""


PATIENCE_S: Final = 60.0
"""How long a command waits for a sync that is at work."""


@dataclass(frozen=True, slots=True)
class Board:
    """One database, by the id that channel files name it with."""

    database_id: str
    data_source_id: str | None
    properties: dict[str, Any]
    bot_id: str | None
    watermark: datetime | None
    read_at: datetime | None
    reconciled_at: datetime | None
    reconciling_since: datetime | None
    cursor: str | None
    problem: str
    problem_since: datetime | None


@contextmanager
def alone(db: Db) -> Iterator[None]:
    """Keep all other processes from reading boards during the block; first wait until none does.

    Raises:
        Unavailable: one does so for longer than a minute.
    """
    until = time.monotonic() + PATIENCE_S
    while not locks.try_lock(db, locks.SYNC):
        if time.monotonic() > until:
            raise Unavailable(
                "another process has been at the boards for a minute", hint="try again when that sync has ended"
            )
        time.sleep(0.2)
    try:
        yield
    finally:
        locks.unlock(db, locks.SYNC)


def known(db: Db, database_ids: Sequence[str]) -> dict[str, Board]:
    """Return those of these databases that were looked at before, by their ids."""
    with db.cursor(row_factory=class_row(Board)) as cursor:
        found = cursor.execute(
            f"select {_COLUMNS} from boards where database_id = any(%s)",  # noqa: S608  # constants only
            (list(database_ids),),
        ).fetchall()
    return {board.database_id: board for board in found}


def looked_at(db: Db, database_ids: Sequence[str]) -> list[Board]:
    """Return the boards of these databases, in this order, as `open_all` does, but write nothing."""
    found = known(db, database_ids)
    return [
        found.get(one) or Board(one, None, {}, None, None, None, None, None, None, "", None) for one in database_ids
    ]


def open_all(db: Db, database_ids: Sequence[str]) -> list[Board]:
    """Return the boards of these databases, in this order; those that are new are made."""
    found = known(db, database_ids)
    if missing := [one for one in database_ids if one not in found]:
        db.cursor().executemany(
            "insert into boards (database_id) values (%s) on conflict do nothing", [(one,) for one in missing]
        )
        return open_all(db, database_ids)
    return [found[one] for one in database_ids]


def of_page(db: Db, page_id: str) -> list[Board]:
    """Return the board that a page is on, if it is known."""
    with db.cursor(row_factory=class_row(Board)) as cursor:
        return cursor.execute(
            f"select {_COLUMNS} from boards where database_id = (select database_id from cards where page_id = %s)",  # noqa: S608
            (page_id,),
        ).fetchall()


def describe(
    db: Db, database_id: str, *, data_source_id: str, properties: Mapping[str, Any], bot_id: str | None
) -> None:
    """Keep where a database's cards are, and which property is which field.

    What cards showed of a property that is gone, or that another one took the place of, is forgotten: that its values
    went with it is nobody's change.
    """
    with db.transaction():
        db.execute(
            """update cards set shown = shown - array(
                   select key from boards b, jsonb_each(b.properties) before
                    where b.database_id = %(board)s and before.value ->> 'id' is distinct from %(now)s -> key ->> 'id')
                where database_id = %(board)s and exists (
                   select from boards b, jsonb_each(b.properties) before
                    where b.database_id = %(board)s and before.value ->> 'id' is distinct from %(now)s -> key ->> 'id')
            """,
            {"board": database_id, "now": Jsonb(dict(properties))},
        )
        db.execute(
            """update boards set data_source_id = %s, properties = %s, bot_id = coalesce(%s, bot_id)
                where database_id = %s""",
            (data_source_id, Jsonb(dict(properties)), bot_id, database_id),
        )


def advance(db: Db, database_id: str, watermark: datetime) -> None:
    """Remember the last edit that was read."""
    db.execute("update boards set watermark = greatest(watermark, %s) where database_id = %s", (watermark, database_id))


def read_whole(db: Db, database_id: str, began: datetime) -> None:
    """Remember that everything that had changed when the reading began was read."""
    db.execute(
        "update boards set read_at = %s, problem = '', problem_since = null where database_id = %s",
        (began, database_id),
    )


def read_in_part(db: Db, database_id: str) -> None:
    """Remember that a board can be read, and that the next reading begins where this one did: a card was not taken."""
    db.execute("update boards set problem = '', problem_since = null where database_id = %s", (database_id,))


def reconcile_from(db: Db, database_id: str, began: datetime) -> None:
    """Begin to read every card."""
    db.execute("update boards set reconciling_since = %s, cursor = null where database_id = %s", (began, database_id))


def reconcile_on(db: Db, database_id: str, cursor: str | None) -> None:
    """Remember where the reading of every card goes on."""
    db.execute("update boards set cursor = %s where database_id = %s", (cursor, database_id))


def reconciled(db: Db, database_id: str) -> None:
    """Remember that every card was read."""
    db.execute(
        """update boards set reconciled_at = reconciling_since, read_at = reconciling_since, reconciling_since = null,
                             cursor = null, problem = '', problem_since = null
            where database_id = %s""",
        (database_id,),
    )


def read_again(db: Db, database_id: str) -> None:
    """Have every card of a board read with the next sync that can."""
    db.execute("update boards set reconciled_at = null where database_id = %s", (database_id,))


def troubled(db: Db, database_id: str, problem: str, *, now: datetime) -> None:
    """Remember what keeps a board from being read, and since when."""
    db.execute(
        "update boards set problem = %s, problem_since = coalesce(problem_since, %s) where database_id = %s",
        (problem, now, database_id),
    )
