"""Services that are left alone for a while: a used-up quota, a refused key, a provider in trouble."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from vidctl.store import Db


@dataclass(frozen=True, slots=True)
class Pause:
    """A service, until when nothing new is begun with it, and why."""

    service: str
    paused_until: datetime
    reason: str


def pause(db: Db, service: str, *, until: datetime, reason: str) -> None:
    """Begin nothing new with a service until then; a longer pause is never shortened."""
    db.execute(
        """insert into service_state as old (service, paused_until, reason) values (%s, %s, %s)
           on conflict (service) do update
              set paused_until = excluded.paused_until, reason = excluded.reason, updated_at = now()
            where old.paused_until < excluded.paused_until""",
        (service, until, reason),
    )


def resume(db: Db, service: str) -> bool:
    """Lift a pause; False when there was none."""
    return db.execute("delete from service_state where service = %s", (service,)).rowcount > 0


def is_paused(db: Db, names: Sequence[str], *, now: datetime) -> bool:
    """Say whether one of these is paused now."""
    row = db.execute(
        "select exists (select from service_state where service = any(%s) and paused_until > %s)", (list(names), now)
    ).fetchone()
    return bool(row and row[0])


def paused(db: Db, *, now: datetime) -> list[Pause]:
    """Return the services that are paused now."""
    with db.cursor(row_factory=class_row(Pause)) as cursor:
        return cursor.execute(
            "select service, paused_until, reason from service_state where paused_until > %s order by service", (now,)
        ).fetchall()
