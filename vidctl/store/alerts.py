"""What people have to be told, where it goes, and what each destination got."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from psycopg.rows import class_row

from vidctl.domain.alerting import SPACING, TOLD_AFTER, Alert
from vidctl.domain.budget import BUDGET, PAID
from vidctl.store import Db

_IS_DUE: Final = """
    (d.due_at is null or d.due_at <= %(now)s)
    and not exists (select from alert_deliveries got where got.alert_id = a.id and got.destination = d.id)
    and not exists (select from alert_deliveries got join alerts other on other.id = got.alert_id
                     where got.destination = d.id and got.at > %(now)s - %(spacing)s and other.kind = a.kind)
"""
"""Whether alert `a` is to go to destination `d` now: it did not get it, and nothing of its kind within the minute."""

KNOWN_FOR: Final = timedelta(days=1)
"""For so long after its last word a machine's destinations count; it gives one each hour."""
_WORD_AFTER: Final = timedelta(hours=1)

_STANDING: Final = f"""
    with d as (select id, due_at, name, problem, hint, is_refused, failures
                 from unnest(%(ids)s::text[]) id left join alert_destinations using (id))
    select exists (select from d join alerts a on a.delivered_at is null where {_IS_DUE}),
           coalesce((select json_agg(json_build_array(name, problem, hint)) from d
                      where is_refused or failures >= %(told_after)s), '[]'),
           (select count(*) filter (where destination = any(%(ids)s) and seen_at > %(word)s) = %(number)s
                   and count(*) = %(number)s
              from alert_senders where host = %(host)s)
"""  # noqa: S608  # constants only

# A budget's pause holds up what is bought of its channel, of all (*), or of a service (*kie).
_DUE: Final = f"""
    select a.id, a.kind, a.message, a.hint, a.created_at, a.task_id,
           coalesce(a.channel_id, (select channel_id from channels where channel_id = split_part(a.service, ':', 1)))
               as channel_id,
           t.title, t.status, t.failed_step as step, c.url as card_url,
           coalesce((select sum(cost_usd) from video_costs v where v.task_id = a.task_id), 0) as cost_usd,
           case when a.service is null then 0 else (
               select count(*)::int
                 from tasks w join unnest(%(statuses)s::text[], %(services)s::text[]) s (status, service) using (status)
                where w.superseded_at is null and w.paused_at is null
                  and (a.service in (s.service, w.channel_id || ':' || s.service)
                       or a.service like %(budget)s and s.service = any(%(paid)s)
                          and split_part(a.service, ':', 1) in (w.channel_id, '*', '*' || s.service))) end as held_up
      from alert_destinations d
      join alerts a on a.delivered_at is null
      left join tasks t on t.id = a.task_id
      left join cards c on c.page_id = t.notion_page_id
     where d.id = %(id)s and {_IS_DUE}
     order by a.created_at, a.id
"""  # noqa: S608  # constants only

# One host's destinations are not all there are: another one may still have to send elsewhere.
_SETTLE: Final = """
    with everywhere as (select destination from alert_senders where seen_at > %(known)s)
    update alerts a set delivered_at = %(now)s
     where delivered_at is null
       and exists (select from everywhere)
       and not exists (select from everywhere e
                        where not exists (select from alert_deliveries got
                                           where got.alert_id = a.id and got.destination = e.destination))
"""

_LISTED: Final = """
    select a.id, a.kind, a.message, a.hint, a.created_at, a.task_id, a.channel_id, t.title, a.attempts,
           coalesce((select json_object_agg(got.destination, got.at) from alert_deliveries got
                      where got.alert_id = a.id), '{}') as got
      from alerts a left join tasks t on t.id = a.task_id
     where (a.delivered_at is null or a.created_at >= %(since)s) and a.id = coalesce(%(id)s, a.id)
     order by a.created_at, a.id
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether something is to be sent now, and which destinations are in trouble: name, problem, hint."""

    is_due: bool
    troubles: Sequence[tuple[str, str, str]]
    is_known: bool
    """Whether it is known, and was said lately, that this machine sends to these and no others."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where alerts go, and how it is there."""

    id: str
    name: str
    failures: int
    is_refused: bool
    problem: str
    hint: str
    due_at: datetime | None
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Listed:
    """An alert as people look at it later. `got` says when each destination got it."""

    id: int
    kind: str
    message: str
    hint: str
    created_at: datetime
    task_id: UUID | None
    channel_id: str | None
    title: str | None
    attempts: int
    got: Mapping[str, str]


def standing(db: Db, host: str, ids: Sequence[str], *, now: datetime) -> Standing:
    """Return how it stands with a machine's destinations: the one question that each tick asks."""
    asked = {"ids": list(ids), "number": len(ids), "host": host, "word": now - _WORD_AFTER, "told_after": TOLD_AFTER}
    row = db.execute(_STANDING, {**asked, **_at(now)}).fetchone()
    assert row is not None
    return Standing(row[0], [(name, problem, hint) for name, problem, hint in row[1]], row[2])


def set_up(db: Db, host: str, ids: Sequence[str], *, now: datetime) -> None:
    """Keep that a machine sends to these destinations and no others; what was set on one that is gone is forgotten."""
    with db.transaction():
        db.execute(
            "delete from alert_senders where host = %s and destination <> all(%s) or seen_at <= %s",
            (host, list(ids), now - KNOWN_FOR),
        )
        db.execute(
            """insert into alert_senders (host, destination, seen_at) select %s, unnest(%s::text[]), %s
               on conflict (host, destination) do update set seen_at = excluded.seen_at""",
            (host, list(ids), now),
        )


def know(db: Db, destination: str, name: str) -> None:
    """Have a destination in the table, under the name that people know it by."""
    db.execute(
        """insert into alert_destinations as old (id, name) values (%s, %s)
           on conflict (id) do update set name = excluded.name where old.name <> excluded.name""",
        (destination, name),
    )


def due(db: Db, destination: str, waits: Sequence[tuple[str, str]], *, now: datetime) -> list[Alert]:
    """Return what a destination is to get now, the oldest first.

    `waits` has each status in which a film waits for the engine, and the service that its step needs.
    """
    statuses, services = zip(*waits, strict=True)
    params: dict[str, Any] = {"id": destination, "statuses": list(statuses), "services": list(services)}
    with db.cursor(row_factory=class_row(Alert)) as cursor:
        whole = {**params, **_at(now), "budget": f"%{BUDGET}%", "paid": list(PAID)}
        return cursor.execute(_DUE, whole).fetchall()


def delivered(db: Db, destination: str, alerts: Sequence[int], *, now: datetime) -> None:
    """Keep that a destination got these alerts; what is everywhere by now is done with."""
    with db.transaction():
        db.execute(
            """insert into alert_deliveries (alert_id, destination, at)
               select a.id, %s, %s from alerts a where a.id = any(%s) on conflict do nothing""",
            (destination, now, list(alerts)),
        )
        recovered(db, destination, now=now)
        settle(db, now=now)


def recovered(db: Db, destination: str, *, now: datetime) -> None:
    """Keep that a destination takes messages."""
    db.execute(
        """update alert_destinations
              set failures = 0, is_refused = false, problem = '', hint = '', due_at = null, delivered_at = %s
            where id = %s""",
        (now, destination),
    )


def settle(db: Db, *, now: datetime) -> None:
    """Be done with the alerts that all destinations have that are set on any machine."""
    db.execute(_SETTLE, {"known": now - KNOWN_FOR, "now": now})


def refused(
    db: Db, destination: str, alerts: Sequence[int], *, problem: str, hint: str, until: datetime, for_good: bool
) -> None:
    """Keep that a destination did not take these alerts, why, and until when it is left alone."""
    with db.transaction():
        db.execute("update alerts set attempts = attempts + 1 where id = any(%s)", (list(alerts),))
        db.execute(
            """update alert_destinations
                  set failures = failures + 1, is_refused = %s, problem = %s, hint = %s, due_at = %s where id = %s""",
            (for_good, problem, hint, until, destination),
        )


def destinations(db: Db, ids: Sequence[str]) -> dict[str, Destination]:
    """Return those of these destinations that something was sent to, or tried."""
    with db.cursor(row_factory=class_row(Destination)) as cursor:
        found = cursor.execute("select * from alert_destinations where id = any(%s)", (list(ids),)).fetchall()
    return {one.id: one for one in found}


def listed(db: Db, *, since: datetime, alert_id: int | None = None) -> list[Listed]:
    """Return the alerts since then, and those that are not delivered everywhere, the oldest first; or only one."""
    with db.cursor(row_factory=class_row(Listed)) as cursor:
        return cursor.execute(_LISTED, {"since": since, "id": alert_id}).fetchall()


def _at(now: datetime) -> dict[str, datetime | timedelta]:
    return {"now": now, "spacing": SPACING}
