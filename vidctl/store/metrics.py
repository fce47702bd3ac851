"""What reports are made of: outcomes, recoveries, times and failures, counted by the moves of films.

`vidctl.domain.report` says what each of these means. All take several periods at once and answer by their numbers,
from 1; where a row has no channel, it is about all of them together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from psycopg.rows import class_row

from vidctl.domain.periods import Period
from vidctl.domain.report import Films, FilmTimes, QuotaUse, Recovery, Spread, Ticks, Trouble
from vidctl.domain.status import ERRORS, GATES, Status
from vidctl.store import Db

_PERIODS: Final = """
    period as (
        select * from unnest(%(begins)s::timestamptz[], %(ends)s::timestamptz[]) with ordinality p(begins, ends, number)
    )
"""

_ENDED: Final = """
    join task_events e on e.at >= p.begins and e.at < p.ends and e.event in ('finish', 'fail')
                      and e.at >= %(first)s and e.at < %(last)s
"""
"""The moves that end steps, by their period; the whole time is said as well, or all that ever was is read."""


def _asked_a_person(move: str) -> str:
    """Return the condition that a move `fail` asked a person: if it only sent the film back, the next one says so."""
    return f"""
        not exists (select from task_events n
                     where n.task_id = {move}.task_id and n.version = {move}.version + 1
                       and n.event = 'retry' and n.actor = 'engine')"""  # constants only


_OUTCOMES: Final = f"""
    with {_PERIODS}, ended as (
        select p.number, t.channel_id, e.task_id, e.to_status = 'Published' as published,
               e.to_status = 'Published' and not exists (
                   select from task_events f
                    where f.task_id = e.task_id and f.version < e.version and f.event = 'fail'
                      and {_asked_a_person("f")}) as unaided
          from period p
          {_ENDED}
          join tasks t on t.id = e.task_id
         where (%(channel)s::text is null or t.channel_id = %(channel)s)
           and (e.to_status = 'Published'
                or e.event = 'fail' and {_asked_a_person("e")}
                   and not exists (select from task_events n
                                    where n.task_id = e.task_id and n.version > e.version
                                      and n.event in ('retry', 'queue') and n.at < p.ends))
    )
    select number, channel_id, count(distinct task_id) filter (where published) as published,
           count(distinct task_id) filter (where unaided) as unaided,
           count(distinct task_id) filter (where not published) as failed
      from ended group by grouping sets ((number), (number, channel_id))
"""  # noqa: S608  # constants only

_ENTERED: Final = """
    join lateral (select n.version, n.at from task_events n
                   where n.task_id = e.task_id and n.version < e.version
                     and n.to_status = e.from_status and n.from_status <> n.to_status
                   order by n.version desc limit 1) entered on true
"""
"""Where a move `e` leaves a step: the move that entered it."""

_OF_STEP: Final = "join unnest(%(statuses)s::text[], %(names)s::text[]) step(status, name) on step.status = "

_RECOVERY: Final = f"""
    with {_PERIODS}, ended as materialized (
        select p.number, e.task_id, e.version, e.event, e.from_status, e.at
          from period p {_ENDED} join tasks t on t.id = e.task_id
         where %(channel)s::text is null or t.channel_id = %(channel)s
    ), troubled as materialized (
        select e.*, step.name
          from ended e {_OF_STEP} e.from_status
         where exists (select from task_errors x where x.task_id = e.task_id and x.step = step.name and x.is_transient)
           and (e.event = 'finish' or {_asked_a_person("e")})
    ), series as (
        select e.number, e.event = 'finish' as recovered, met.count as failures,
               met.killed + (select count(*) from task_events d
                              where d.task_id = e.task_id and d.version > entered.version and d.version < e.version
                                and d.event = 'defer' and d.reason = any(met.messages)) as retries
          from troubled e
          {_ENTERED}
          join lateral (select count(*) as count, count(*) filter (where x.error_type = 'Interrupted') as killed,
                               array_agg(x.message) filter (where x.error_type <> 'Interrupted') as messages
                          from task_errors x
                         where x.task_id = e.task_id and x.step = e.name and x.is_transient
                           and x.at >= entered.at and x.at <= e.at) met on met.count > 0
    )
    select number, sum(failures)::int as failures, count(*) as series, count(*) filter (where recovered) as recovered,
           coalesce(sum(retries) filter (where recovered), 0)::int as retries
      from series group by number
"""  # noqa: S608  # constants only
"""Cut where a planner that does not know how rare failures are would look for all of them first."""

_SPREADS: Final = ", ".join(
    f"percentile_cont(array[0.5, 0.9]) within group (order by {part}) as {part}"
    for part in ("machines", "queue", "people")
)

_FILM_TIMES: Final = f"""
    with {_PERIODS}, film as materialized (
        select distinct p.number, t.channel_id, e.task_id, e.version
          from period p
          {_ENDED}
          join tasks t on t.id = e.task_id
         where e.to_status = 'Published' and (%(channel)s::text is null or t.channel_id = %(channel)s)
    ), stay as (
        select f.number, f.channel_id, f.task_id, m.from_status as status, m.event,
               extract(epoch from m.at - lag(m.at) over (partition by f.number, f.task_id order by m.version)) as took_s
          from film f join task_events m on m.task_id = f.task_id and m.version <= f.version
    ), spent as (
        select number, channel_id, task_id,
               coalesce(sum(took_s) filter (where is_people), 0) as people,
               coalesce(sum(took_s) filter (where status = 'Queued' and not is_people), 0) as queue,
               coalesce(sum(took_s) filter (where status <> 'Queued' and not is_people), 0) as machines
          from (select *, status = any(%(people)s) or event in ('approve', 'reject') as is_people from stay) stay
         group by 1, 2, 3
    )
    select number, channel_id, avg(cost.usd) as film_usd, {_SPREADS}
      from spent
      join lateral (select coalesce(sum(cost_usd), 0) as usd from video_costs c where c.task_id = spent.task_id) cost
           on true
     group by grouping sets ((number), (number, channel_id))
"""  # noqa: S608  # constants only

_STEP_TIMES: Final = f"""
    select step.name, count(*) as finished,
           percentile_cont(array[0.5, 0.9]) within group (order by extract(epoch from e.at - entered.at)) as times
      from task_events e
      join tasks t on t.id = e.task_id
      {_OF_STEP} e.from_status
      {_ENTERED}
     where e.at >= %(begin)s and e.at < %(end)s and e.event = 'finish'
       and (%(channel)s::text is null or t.channel_id = %(channel)s)
     group by 1
"""  # noqa: S608  # constants only

_GIVEN_UP_BY_STEP: Final = f"""
    select step.name, count(distinct e.task_id)
      from task_events e
      join tasks t on t.id = e.task_id
      {_OF_STEP} e.from_status
     where e.at >= %(begin)s and e.at < %(end)s and e.event = 'fail' and {_asked_a_person("e")}
       and (%(channel)s::text is null or t.channel_id = %(channel)s)
     group by 1
"""  # noqa: S608  # constants only

_TROUBLES: Final = """
    select x.step, x.error_type, x.error_class, count(*) as count, count(distinct x.task_id) as films,
           (array_agg(x.message order by x.at desc, x.id desc))[1] as example
      from task_errors x join tasks t on t.id = x.task_id
     where x.at >= %(begin)s and x.at < %(end)s and (%(channel)s::text is null or t.channel_id = %(channel)s)
     group by 1, 2, 3 order by count desc, step, error_type, error_class
"""

_CHARGES: Final = f"""
    with {_PERIODS}, charged as (
        select p.number, c.task_id, c.component, sum(c.cost_usd) as usd
          from period p
          join video_costs c on c.at >= p.begins and c.at < p.ends and c.at >= %(first)s and c.at < %(last)s
         group by 1, 2, 3
    )
    select number, t.channel_id, component, sum(usd) as usd
      from charged join tasks t on t.id = task_id
     where %(channel)s::text is null or t.channel_id = %(channel)s
     group by 1, 2, 3
"""  # noqa: S608  # constants only

_QUOTAS: Final = """
    select project, bucket, count(*) as days, max(units_used) as most, null::int as limit
      from youtube_quota_usage where day between %s and %s and units_used > 0 group by 1, 2 order by 1, 2
"""

_TICKS: Final = """
    select count(*) as count, extract(epoch from max(gap))::float8 as longest_gap_s
      from (select started_at - lag(started_at) over (order by started_at) as gap
              from ticks where started_at >= %(begin)s and started_at < %(end)s) tick
"""


@dataclass(frozen=True, slots=True)
class Of:
    """Which period a number is of, and which channel; None: all of them together."""

    number: int
    channel_id: str | None = None


@dataclass(frozen=True, slots=True)
class Charged:
    """What one channel was charged for one component in a period."""

    number: int
    channel_id: str
    component: str
    usd: Decimal


def outcomes(db: Db, periods: Sequence[Period], channel: str | None) -> dict[Of, Films]:
    """Return how many films came to an end in each period, together and by channel."""
    rows = db.execute(_OUTCOMES, {**_times(periods), "channel": channel})
    return {Of(number, whose): Films(*counts) for number, whose, *counts in rows}


def recoveries(
    db: Db, periods: Sequence[Period], steps: Mapping[Status, str], channel: str | None
) -> dict[Of, Recovery]:
    """Return what went wrong in each period and what cured itself; `steps` are named by their working statuses."""
    rows = db.execute(_RECOVERY, {**_times(periods), **_named(steps), "channel": channel})
    return {Of(number): Recovery(*counts) for number, *counts in rows}


def film_times(db: Db, periods: Sequence[Period], channel: str | None) -> dict[Of, FilmTimes]:
    """Return how long the films that were published in each period took, together and by channel."""
    people = [*GATES, *ERRORS, Status.DRAFT]
    rows = db.execute(_FILM_TIMES, {**_times(periods), "people": people, "channel": channel})
    return {
        Of(number, whose): FilmTimes(_spread(machines), _spread(queue), _spread(people), usd)
        for number, whose, usd, machines, queue, people in rows
    }


def step_times(
    db: Db, period: Period, steps: Mapping[Status, str], channel: str | None
) -> dict[str, tuple[int, Spread]]:
    """Return how often each step finished, and how long that took."""
    rows = db.execute(_STEP_TIMES, {**_within(period, channel), **_named(steps)})
    return {name: (finished, _spread(times)) for name, finished, times in rows}


def given_up(db: Db, period: Period, steps: Mapping[Status, str], channel: str | None) -> dict[str, int]:
    """Return how many films each step gave up to a person."""
    return dict(db.execute(_GIVEN_UP_BY_STEP, {**_within(period, channel), **_named(steps)}).fetchall())


def troubles(db: Db, period: Period, channel: str | None) -> list[Trouble]:
    """Return what went wrong, whether or not it cured itself; the most frequent first."""
    with db.cursor(row_factory=class_row(Trouble)) as cursor:
        return cursor.execute(_TROUBLES, _within(period, channel)).fetchall()


def charges(db: Db, periods: Sequence[Period], channel: str | None) -> list[Charged]:
    """Return what was charged in each period: `costs.groups` counts charges and films too, which takes far longer."""
    with db.cursor(row_factory=class_row(Charged)) as cursor:
        return cursor.execute(_CHARGES, {**_times(periods), "channel": channel}).fetchall()


def quotas(db: Db, first: date, last: date) -> list[QuotaUse]:
    """Return what was used of each bucket on its busiest day, from one day of California to another."""
    with db.cursor(row_factory=class_row(QuotaUse)) as cursor:
        return cursor.execute(_QUOTAS, (first, last)).fetchall()


def ticks(db: Db, period: Period) -> Ticks:
    """Return how often any host's cron ran."""
    with db.cursor(row_factory=class_row(Ticks)) as cursor:
        found = cursor.execute(_TICKS, _within(period, None)).fetchone()
    assert found is not None
    return found


def first_move(db: Db) -> datetime | None:
    """Return when the first film made its first move."""
    row = db.execute("select at from task_events order by id limit 1").fetchone()
    return row[0] if row else None


def _spread(percentiles: Sequence[Any]) -> Spread:
    return Spread(*map(float, percentiles))


def _times(periods: Sequence[Period]) -> dict[str, Any]:
    begins, ends = [period.begin for period in periods], [period.end for period in periods]
    return {"begins": begins, "ends": ends, "first": min(begins), "last": max(ends)}


def _within(period: Period, channel: str | None) -> dict[str, Any]:
    return {"begin": period.begin, "end": period.end, "channel": channel}


def _named(steps: Mapping[Status, str]) -> dict[str, Any]:
    return {"statuses": list(steps), "names": list(steps.values())}
