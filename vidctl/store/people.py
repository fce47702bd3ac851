"""Whoever moved a card, as Notion knows them."""

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from vidctl.store import Db


@dataclass(frozen=True, slots=True)
class Person:
    """A Notion user; name and e-mail are "" where the integration may not see them."""

    user_id: str
    name: str
    email: str
    read_at: datetime


def get(db: Db, user_id: str) -> Person | None:
    """Return what is known of a user."""
    with db.cursor(row_factory=class_row(Person)) as cursor:
        return cursor.execute(
            "select user_id, name, email, read_at from people where user_id = %s", (user_id,)
        ).fetchone()


def put(db: Db, person: Person) -> None:
    """Keep what Notion says of a user."""
    db.execute(
        """insert into people (user_id, name, email, read_at) values (%s, %s, %s, %s)
           on conflict (user_id) do update
              set name = excluded.name, email = excluded.email, read_at = excluded.read_at""",
        (person.user_id, person.name, person.email, person.read_at),
    )
