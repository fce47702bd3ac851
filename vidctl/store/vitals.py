"""How an installation is, read by one query: whoever watches it may ask each minute."""

from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from vidctl.domain.budget import BUDGET
from vidctl.domain.health import LATE, Hindrance, Rest, Vitals
from vidctl.domain.status import ENGINE_WAITS
from vidctl.store import Db
from vidctl.store.notices import KEY

_VITALS: Final = """
    with held as materialized (
        select (classid::bigint << 32) | objid::bigint as key
          from pg_locks
         where locktype = 'advisory' and granted and objsubid = 1
           and database = (select oid from pg_database where datname = current_database())
    ), open as (
        select t.status_since,
               ('x' || left(replace(t.id::text, '-', ''), 16))::bit(64)::bigint in (select key from held) as running
          from tasks t
         where t.status = any(%(waits)s) and t.superseded_at is null and t.paused_at is null and t.asks is null
    ), due as (
        select count(*)::int as number, min(created_at) as oldest from alerts where delivered_at is null
    )
    select %(schema)s as schema, tick.started_at as last_tick_at, tick.host as last_tick_by,
           (select count(*)::int from channels where is_active) as channels,
           (select count(*)::int from open where running) as running,
           (select count(*)::int from open where not running) as waiting,
           (select min(status_since) from open where not running) as oldest_waiting_since,
           due.number as undelivered, due.oldest as oldest_undelivered_at,
           (select max(made_at) from backups) as last_backup_at,
           (select coalesce(bool_or(is_regular), false) from backups) as backs_up
      from due left join lateral (select started_at, host from ticks order by started_at desc limit 1) tick on true
"""


def read(db: Db, schema: str) -> Vitals:
    """Return what one look at a database finds that is at the schema which this version knows."""
    with db.cursor(row_factory=class_row(Vitals)) as cursor:
        found = cursor.execute(_VITALS, {"waits": list(ENGINE_WAITS), "schema": schema}).fetchone()
    assert found is not None
    return found


def rests(db: Db, *, now: datetime) -> list[Rest]:
    """Return what rests now; what people were told to do is in the alert that the pause began with, if one did."""
    rows = db.execute(
        """select service, paused_until, reason,
                  coalesce((select hint from alerts a
                             where kind = 'service paused' and a.service = s.service
                               and message = s.service || ': ' || reason
                             order by created_at desc limit 1), '')
             from service_state s where paused_until > %s order by service""",
        (now,),
    )
    return [Rest(*row) for row in rows]


_HINDRANCES: Final = """
    select a.message, a.hint
      from notices n
      join lateral (select message, hint, created_at from alerts
                     where kind = 'not begun' and left(message, %(key)s) = n.sentence
                     order by created_at desc limit 1) a on true
     where n.seen_at > %(after)s
       and not exists (select from ticks t
                        where t.started_at > n.seen_at and left(t.host, length(n.host) + 1) = n.host || ':')
     group by a.message, a.hint
     order by min(a.created_at)
"""


def hindrances(db: Db, *, now: datetime) -> list[Hindrance]:
    """Return what kept the last tick of any machine from beginning films; one that ran since did not meet it."""
    rows = db.execute(_HINDRANCES, {"key": KEY, "after": now - LATE})
    return [Hindrance(*row) for row in rows]


def is_budget(rest: Rest) -> bool:
    """Say whether it is a budget that rests, which may have been raised since."""
    return BUDGET in rest.service


def undelivered(db: Db, *, before: datetime) -> int:
    """Return how many alerts of before then wait to be delivered."""
    row = db.execute("select count(*) from alerts where delivered_at is null and created_at < %s", (before,)).fetchone()
    return int(row[0]) if row else 0
