"""What boards show: films, channels and how busy everything is, each read by one query."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from psycopg.rows import class_row

from vidctl.domain.status import ENGINE_WAITS, ERRORS, GATES, Phase, Status, is_gate, phase_of
from vidctl.store import Db, locks
from vidctl.store.held import HOLDS
from vidctl.store.keepers import HAS_IT_ALONE, UP_NOW

SHORTEST_ID: Final = 4

_AT_WORK: Final = """
    at_work as materialized (
        select (classid::bigint << 32) | objid::bigint as key
          from pg_locks
         where locktype = 'advisory' and granted and objsubid = 1
           and database = (select oid from pg_database where datname = current_database())
    )
"""
"""The locks of all films that somebody works on now."""

_KEY: Final = "('x' || left(replace(t.id::text, '-', ''), 16))::bit(64)::bigint"
"""A film's lock, as `locks.task_key` computes it."""

_FILMS: Final = f"""
    with {_AT_WORK}, up as materialized ({UP_NOW})
    select t.id, t.channel_id, t.title, t.status, t.priority, t.version, t.attempt, t.next_attempt_at, t.failed_step,
           t.progress_done, t.progress_total, t.error_log, t.youtube_url, t.status_since, t.created_at, t.updated_at,
           coalesce(cost.usd, 0) as cost_usd, {_KEY} in (select key from at_work) as running,
           coalesce(t.settings ->> 'mode', t.mode, c.mode) as mode, c.is_active as channel_is_active,
           t.paused_at, t.asks,
           array(select o.id from orders o where o.task_id = t.id and {HOLDS} order by o.id) as doubts,
           (select t.kept_by where t.kept_by in (select name from up) and (select count(*) from up) > 1
                               and {HAS_IT_ALONE}) as only_on
      from tasks t
      join channels c using (channel_id)
      left join lateral (select sum(cost_usd) as usd from video_costs v where v.task_id = t.id) cost on true
     where t.superseded_at is null and t.status = any(%(statuses)s)
       and (%(channel_id)s::text is null or t.channel_id = %(channel_id)s)
       and (%(id)s::uuid is null or t.id = %(id)s)
     order by t.channel_id, array_position(%(order)s, t.status), t.status_since, t.id
"""  # noqa: S608  # constants only

_CHANNELS: Final = f"""
    with {_AT_WORK}, film as (
        select t.channel_id, t.status, t.asks, {_KEY} in (select key from at_work) as running
          from tasks t
         where t.superseded_at is null and t.status <> 'Published'
    )
    select c.channel_id, c.channel_name, c.is_active, c.mode, c.max_concurrent as capacity,
           count(*) filter (where f.status = any(%(engine)s) and f.asks is null and not f.running) as waiting,
           count(*) filter (where f.running) as running,
           count(*) filter (where f.status = any(%(gates)s) or f.asks is not null) as review,
           count(*) filter (where f.status = any(%(errors)s)) as errors,
           count(*) filter (where f.status = 'Draft') as drafts
      from channels c
      left join film f using (channel_id)
     where %(channel_id)s::text is null or c.channel_id = %(channel_id)s
     group by c.id
    having c.is_active or count(f.status) > 0
     order by c.channel_id
"""  # noqa: S608  # constants only

_BUSY_STEPS: Final = """
    select (objid::bigint / %s)::int, count(*)::int
      from pg_locks
     where locktype = 'advisory' and granted and objsubid = 2 and classid::bigint = %s
       and database = (select oid from pg_database where datname = current_database())
     group by 1
"""

_ID_LENGTH: Final = """
    select coalesce(max(length), %(shortest)s - 1) + 1
      from (select id::text, lead(id::text) over (order by id) as next
              from tasks where superseded_at is null) neighbour,
           generate_series(%(shortest)s, 36) length
     where left(id, %(shortest)s) = left(next, %(shortest)s) and left(id, length) = left(next, length)
"""

_DONE: Final = (Status.PUBLISHED,)
_ORDER: Final = [*ERRORS, *reversed([status for status in Status if status not in ERRORS + _DONE]), *_DONE]
"""What failed first, then the films that are furthest; what is done last."""


@dataclass(frozen=True, slots=True)
class Film:
    """One film as a board shows it. `running` says that a process works on it at this moment."""

    id: UUID
    channel_id: str
    title: str
    status: Status
    priority: str
    version: int
    attempt: int
    next_attempt_at: datetime | None
    failed_step: str | None
    progress_done: int
    progress_total: int
    error_log: str
    youtube_url: str | None
    status_since: datetime
    created_at: datetime
    updated_at: datetime
    cost_usd: Decimal
    running: bool
    mode: str
    channel_is_active: bool
    paused_at: datetime | None
    """Since when its card is in the trash, or out of sight."""
    asks: str | None
    """What a person is asked at a gate that only some channels have."""
    doubts: Sequence[int] = ()
    """The orders whose answers were lost and that it waits for."""
    only_on: str | None = None
    """The one of several hosts that can go on with it: it has what is nowhere else."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "status", Status(self.status))

    @property
    def phase(self) -> Phase:
        """What its status means to a person."""
        return phase_of(self.status, asks=self.asks is not None)

    @property
    def at_gate(self) -> bool:
        """Whether it waits for a person's approval."""
        return is_gate(self.status, asks=self.asks is not None)


@dataclass(frozen=True, slots=True)
class ChannelLoad:
    """How much is to do in one channel. `waiting` films wait for a tick, `running` ones are worked on now."""

    channel_id: str
    channel_name: str
    is_active: bool
    mode: str
    capacity: int
    waiting: int
    running: int
    review: int
    errors: int
    drafts: int


def films(
    db: Db, *, statuses: Collection[Status], channel_id: str | None = None, task_id: UUID | None = None
) -> list[Film]:
    """Return the films in one of the statuses, by channel; what failed first, then those that are furthest."""
    params = {"statuses": list(statuses), "channel_id": channel_id, "id": task_id, "order": _ORDER}
    with db.cursor(row_factory=class_row(Film)) as cursor:
        return cursor.execute(_FILMS, params).fetchall()


def channels(db: Db, channel_id: str | None = None) -> list[ChannelLoad]:
    """Return all channels that are active or still have films to make."""
    params = {"engine": list(ENGINE_WAITS), "gates": list(GATES), "errors": list(ERRORS), "channel_id": channel_id}
    with db.cursor(row_factory=class_row(ChannelLoad)) as cursor:
        return cursor.execute(_CHANNELS, params).fetchall()


def busy_steps(db: Db) -> dict[int, int]:
    """Return how many films are in each step now, by the step's number (from 0)."""
    return dict(db.execute(_BUSY_STEPS, (locks.SLOTS, locks.STEP_SLOTS)).fetchall())


def id_length(db: Db) -> int:
    """Return how many characters of an id tell every two films apart."""
    row = db.execute(_ID_LENGTH, {"shortest": SHORTEST_ID}).fetchone()
    assert row is not None
    return int(row[0])
