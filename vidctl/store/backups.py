"""When the last backup was made: a server that dies is one with it, and a night without one makes no noise."""

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from vidctl.store import Db


@dataclass(frozen=True, slots=True)
class Backup:
    """The last whole one, and on which machine."""

    made_at: datetime
    host: str
    is_regular: bool
    """Whether any machine makes them again and again."""


def record(db: Db, *, host: str, made_at: datetime, is_regular: bool) -> None:
    """Keep that a machine made a backup."""
    db.execute(
        """insert into backups as old (host, made_at, is_regular) values (%s, %s, %s)
           on conflict (host) do update
              set made_at = excluded.made_at, is_regular = old.is_regular or excluded.is_regular""",
        (host, made_at, is_regular),
    )


def last(db: Db) -> Backup | None:
    """Return the last backup; None where none was ever made."""
    with db.cursor(row_factory=class_row(Backup)) as cursor:
        return cursor.execute(
            """select made_at, host, bool_or(is_regular) over () as is_regular from backups
                order by made_at desc, host limit 1"""
        ).fetchone()


def is_anything_to_lose(db: Db) -> bool:
    """Say whether anything ever happened to a film."""
    return db.execute("select from task_events limit 1").fetchone() is not None
