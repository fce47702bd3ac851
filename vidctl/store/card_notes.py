"""Lines that are on their way to the Error Log of cards. A move puts its own there: see `vidctl.store.moves`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from vidctl.store import Db


@dataclass(frozen=True, slots=True)
class Note:
    """One line that a card has to show yet."""

    id: int
    line: str


def add(db: Db, page_id: str, line: str, *, now: datetime) -> None:
    """Put a line on its way to a card's Error Log."""
    db.execute("insert into card_notes (page_id, line, at) values (%s, %s, %s)", (page_id, line, now))


def waiting(db: Db, page_id: str) -> list[Note]:
    """Return the lines that a card does not show yet, in their order."""
    with db.cursor(row_factory=class_row(Note)) as cursor:
        return cursor.execute(
            "select id, line from card_notes where page_id = %s and posted_at is null order by id", (page_id,)
        ).fetchall()


def posted(db: Db, notes: Sequence[Note], *, now: datetime) -> None:
    """Remember that a card shows these lines."""
    if notes:
        db.execute("update card_notes set posted_at = %s where id = any(%s)", (now, [note.id for note in notes]))
