"""Services that are left alone for a while: a used-up quota, a refused key, a provider in trouble."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from psycopg.rows import class_row

from vidctl.domain.budget import BUDGET
from vidctl.store import Db

REMEMBERED: Final = timedelta(days=1)
"""How long a service's word about how many calls it takes at once is believed: plans change."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A service, until when nothing new is begun with it, and why."""

    service: str
    paused_until: datetime
    reason: str


def pause(db: Db, service: str, *, until: datetime, reason: str) -> bool:
    """Begin nothing new with a service until then; a longer pause is never shortened.

    False where it was to rest about as long anyway: then that is no news.
    """
    row = db.execute(
        """with was as (select from service_state
                         where service = %(service)s and paused_until > %(until)s - interval '10 minutes'),
                put as (insert into service_state as old (service, paused_until, reason)
                        values (%(service)s, %(until)s, %(reason)s)
                        on conflict (service) do update
                           set paused_until = excluded.paused_until, reason = excluded.reason, updated_at = now()
                         where old.paused_until < excluded.paused_until)
           select not exists (select from was)""",
        {"service": service, "until": until, "reason": reason},
    ).fetchone()
    return bool(row and row[0])


def resume(db: Db, service: str) -> bool:
    """Lift a pause; False when there was none."""
    return db.execute("delete from service_state where service = %s", (service,)).rowcount > 0


def look_at_budgets_again(db: Db) -> None:
    """Lift the pauses of used-up budgets: whichever is still used up pauses again with its next order."""
    db.execute("delete from service_state where service like %s", (f"%{BUDGET}%",))


def is_paused(db: Db, names: Sequence[str], *, now: datetime) -> bool:
    """Say whether one of these is paused now."""
    row = db.execute(
        "select exists (select from service_state where service = any(%s) and paused_until > %s)", (list(names), now)
    ).fetchone()
    return bool(row and row[0])


def paused(db: Db, *, now: datetime, stops: Sequence[str] | None = None) -> list[Pause]:
    """Return the services that are paused now. Of budgets only those in `stops`, if given: others were raised since."""
    with db.cursor(row_factory=class_row(Pause)) as cursor:
        found = cursor.execute(
            "select service, paused_until, reason from service_state where paused_until > %s order by service", (now,)
        ).fetchall()
    return [pause for pause in found if stops is None or BUDGET not in pause.service or pause.service in stops]


def takes_at_once(db: Db, service: str, calls: int, *, now: datetime, believed: timedelta = REMEMBERED) -> None:
    """Keep how many calls at once a service takes, by its own word."""
    db.execute(
        """insert into service_limits as old (service, at_once, until) values (%(service)s, %(calls)s, %(until)s)
           on conflict (service) do update set at_once = excluded.at_once, until = excluded.until
            where old.at_once <> excluded.at_once or old.until < %(until)s - interval '1 hour'""",
        {"service": service, "calls": calls, "until": now + believed},
    )


def at_once(db: Db, service: str, limit: int, *, now: datetime) -> int:
    """Return how many calls may run at once: the configured limit, or less where the service said so."""
    row = db.execute("select at_once from service_limits where service = %s and until > %s", (service, now)).fetchone()
    return min(limit, row[0]) if row else limit
