"""What a tick works on next: one query, so that it sees one moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg.rows import class_row

from vidctl.domain.budget import PAID
from vidctl.domain.status import Status
from vidctl.store import Db, locks
from vidctl.store.keepers import AWAY_AFTER, HAS_IT_ALONE, UP

_PICK: Final = f"""
    with held as materialized (
        select objsubid, classid::bigint as high, objid::bigint as low
          from pg_locks
         where locktype = 'advisory' and granted
           and database = (select oid from pg_database where datname = current_database())
    ), step as (
        select status, number, service, room - coalesce(busy, 0) as room
          from unnest(%(statuses)s::text[], %(numbers)s::int[], %(services)s::text[], %(limits)s::int[])
               as step (status, number, service, room)
          left join (select low / %(slots)s as number, count(*) as busy from held
                      where objsubid = 2 and high = %(step_slots)s group by 1) busy using (number)
    ), channel as (
        select channel_id, mode, last_served_at, max_concurrent - coalesce(busy, 0) as room
          from channels
          left join (select low / %(slots)s as number, count(*) as busy from held
                      where objsubid = 2 and high = %(channel_slots)s group by 1) busy using (number)
         where is_active
    ), up as materialized ({UP}), waiting as (
        select t.id, t.channel_id, t.status, t.queued_at, s.number, s.room as step_room, c.room as channel_room,
               c.last_served_at, array_position(array['high', 'normal', 'low'], t.priority) as urgency
          from tasks t
          join step s using (status)
          join channel c using (channel_id)
         where (t.next_attempt_at is null or t.next_attempt_at <= %(now)s)
           and t.superseded_at is null and t.paused_at is null and t.asks is null and s.room > 0 and c.room > 0
           and (%(machine)s::text is null or t.kept_by is null or t.kept_by = %(machine)s
                or t.kept_by not in (select name from up) or not {HAS_IT_ALONE})
           and not exists (select from service_state p
                            where p.paused_until > %(now)s
                              and (p.service = c.channel_id || ':' || s.service
                                   or coalesce(t.settings ->> 'mode', t.mode, c.mode) <> 'preview'
                                      and (p.service = s.service
                                           or s.service = any(%(paid)s) and p.service = any(%(stops)s)
                                              and not exists (select from artifacts a
                                                               where a.task_id = t.id and a.state = 'submitted')
                                              and split_part(p.service, ':', 1)
                                                  in (c.channel_id, '*', '*' || s.service))))
           and ('x' || left(replace(t.id::text, '-', ''), 16))::bit(64)::bigint
               not in (select (high << 32) | low from held where objsubid = 1)
    ), possible as (
        select *, row_number() over (partition by channel_id, number order by urgency, queued_at, id) as step_turn
          from waiting
    ), in_channel as (
        select *, row_number() over (partition by channel_id order by urgency, queued_at, id) as place,
               row_number() over (partition by channel_id, urgency order by queued_at, id) as turn
          from possible where step_turn <= step_room
    ), in_step as (
        select *, row_number() over (partition by number
                                     order by urgency, turn, last_served_at nulls first, queued_at, id) as step_place
          from in_channel where place <= channel_room
    )
    select id, channel_id, status from in_step where step_place <= step_room
     order by urgency, turn, last_served_at nulls first, queued_at, id
     limit greatest(0, %(here_limit)s - (select count(*) from held
                                          where objsubid = 2 and high = %(host_slots)s and low / %(slots)s = %(host)s))
"""  # noqa: S608  # constants only


@dataclass(frozen=True, slots=True)
class Pick:
    """A task that may go on now."""

    id: UUID
    channel_id: str
    status: str


@dataclass(frozen=True, slots=True)
class StepRoom:
    """One status that waits for the engine: its step's number, service and limit."""

    status: Status
    number: int
    service: str
    limit: int


@dataclass(frozen=True, slots=True)
class HostRoom:
    """A machine, and how many films it works on at once; None for one that has room for all, and every file."""

    name: str | None
    limit: int

    @property
    def number(self) -> int:
        """The owner of its slots."""
        return -1 if self.name is None else locks.number_of(self.name)


ANYWHERE: Final = HostRoom(None, 1_000_000)


def pick(
    db: Db, rooms: Sequence[StepRoom], *, now: datetime, stops: Sequence[str] = (), here: HostRoom = ANYWHERE
) -> list[Pick]:
    """Return the tasks to work on now, in the order of their turn.

    By priority, then one of each channel in turn (the one served longest ago first), then first
    come. Limits, pauses, locks and waits are respected; the slots that `run-step` takes are what
    enforces the limits. `stops` are the names of pauses by which a used-up budget keeps paid steps waiting;
    what is bought already is fetched all the same. What this machine, `here`, has no room for is left to others, and
    so is a film of which one of them has something that is nowhere else.
    """
    params = {
        "statuses": [room.status for room in rooms],
        "numbers": [room.number for room in rooms],
        "services": [room.service for room in rooms],
        "limits": [room.limit for room in rooms],
        "slots": locks.SLOTS,
        "step_slots": locks.STEP_SLOTS,
        "channel_slots": locks.CHANNEL_SLOTS,
        "host_slots": locks.HOST_SLOTS,
        "machine": here.name,
        "host": here.number,
        "here_limit": here.limit,
        "paid": list(PAID),
        "stops": list(stops),
        "now": now,
        "up_since": now - AWAY_AFTER,
    }
    with db.cursor(row_factory=class_row(Pick)) as cursor:
        return cursor.execute(_PICK, params).fetchall()


def served(db: Db, channel_ids: Sequence[str], *, now: datetime) -> None:
    """Remember that these channels had their turn, the later ones in the list the later."""
    db.execute(
        """update channels c set last_served_at = %s::timestamptz + turn.number * interval '1 microsecond'
             from unnest(%s::text[]) with ordinality as turn (channel_id, number)
            where c.channel_id = turn.channel_id""",
        (now, list(dict.fromkeys(reversed(channel_ids)))[::-1]),
    )
