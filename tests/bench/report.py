"""How long a report takes over a year of a hundred channels.

    python -m tests.bench.report [--channels 100] [--weeks 52] [--a-week 7] [--keep FILE.html]

Starts a PostgreSQL of its own in a temporary folder, fills it with films that ended in some way, and prints how long
the reports of a week, a month and a year take, beside their limits. Ends with 1 when one took too long.
"""

import argparse
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bench.engine import home, verdict
from vidctl.cli.report.page import page
from vidctl.domain.periods import Period, last_month, last_week
from vidctl.engine import reporting
from vidctl.store import Db

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LIMITS_S = {"week": 4.0, "month": 6.0, "year": 30.0}

_CHANNELS = """
    insert into channels (channel_id, channel_name, board, mode, max_concurrent)
    select 'channel-' || n, 'Channel ' || n, 'local', 'production', 3 from generate_series(1, %s) n
"""
_FILMS = """
    insert into tasks (channel_id, title, topic, status, version, created_at)
    select 'channel-' || c, 'Film ' || n, 'Birds', 'Published', 23,
           %(now)s::timestamptz - (7.0 / %(a_week)s) * (n + random()) * interval '1 day'
      from generate_series(1, %(channels)s) c, generate_series(1, %(films)s) n
"""
_WAY = """
    create temp table way as
    select number, event, from_status, to_status, mean_s
      from unnest(
        array['queue', 'claim', 'finish', 'finish', 'approve', 'start', 'finish', 'start', 'finish', 'approve', 'start',
              'finish', 'finish', 'start', 'approve', 'start', 'finish', 'start', 'approve', 'start', 'finish'],
        array['Draft', 'Queued', 'Claimed', 'Generating Assets', 'Assets Ready', 'Assets Approved',
              'Generating Composites', 'Composites Ready', 'Generating Video', 'Video Ready', 'Video Approved',
              'Generating Audio', 'Generating SFX', 'SFX Ready', 'Audio Ready', 'Audio Approved', 'Assembling',
              'Assembly Ready', 'Final Review', 'Approved', 'Uploading'],
        array['Queued', 'Claimed', 'Generating Assets', 'Assets Ready', 'Assets Approved', 'Generating Composites',
              'Composites Ready', 'Generating Video', 'Video Ready', 'Video Approved', 'Generating Audio',
              'Generating SFX', 'SFX Ready', 'Audio Ready', 'Audio Approved', 'Assembling', 'Assembly Ready',
              'Final Review', 'Approved', 'Uploading', 'Published'],
        array[0, 900, 50, 600, 9000, 20, 240, 20, 1500, 7000, 20, 300, 260, 20, 3600, 20, 420, 20, 14000, 20, 500]
      ) with ordinality way(event, from_status, to_status, mean_s, number)
"""
_MOVES = """
    insert into task_events (task_id, version, from_status, event, to_status, actor, at)
    select t.id, w.number * 2, w.from_status, w.event, w.to_status, case when w.event = 'approve' then 'ana'
           else 'engine' end,
           t.created_at + sum(w.mean_s * (0.6 + random() * 0.8)) over (partition by t.id order by w.number)
                        * interval '1 second'
      from tasks t, way w order by t.created_at, w.number
"""
_TROUBLES = """
    with met as (
        select e.*, random() as luck from task_events e where e.event = 'finish' and random() < 0.06
    ), step (status, name) as (
        values ('Claimed', 'plan'), ('Generating Assets', 'assets'), ('Generating Composites', 'composites'),
               ('Generating Video', 'clips'), ('Generating Audio', 'narration'), ('Generating SFX', 'sfx'),
               ('Assembling', 'assembly'), ('Uploading', 'publish')
    ), noted as (
        insert into task_errors (task_id, step, attempt, error_type, error_class, scope, message, host, at)
        select task_id, name, 1, case when luck < 0.5 then 'RateLimited' when luck < 0.8 then 'Unavailable' else
                   'Timeout' end, 'transient', 'item', 'the service is busy <b>now</b>', 'host',
               at - interval '40 seconds'
          from met join step on status = from_status
        returning task_id, step
    )
    insert into task_events (task_id, version, from_status, event, to_status, actor, reason, at)
    select task_id, version - 1, from_status, 'defer', from_status, 'engine', 'the service is busy <b>now</b>',
           at - interval '30 seconds'
      from met
"""
_FAILED = """
    with given_up as (
        select e.task_id, min(e.version) as version from task_events e
         where e.from_status in ('Generating Video', 'Uploading', 'Generating Assets') and e.event = 'finish'
           and hashtext(e.task_id::text) % 14 = 0 group by 1
    ), gone as (
        delete from task_events e using given_up g where e.task_id = g.task_id and e.version >= g.version
        returning e.*
    ), errors as (
        insert into task_errors (task_id, step, attempt, error_type, error_class, scope, message, host, at)
        select g.task_id, 'clips', 1, 'Refused', 'permanent', 'item', 'its words were refused', 'host', g.at
          from gone g join given_up u using (task_id, version)
    )
    insert into task_events (task_id, version, from_status, event, to_status, actor, at)
    select g.task_id, g.version, g.from_status, 'fail', 'Video Error', 'engine', g.at
      from gone g join given_up u using (task_id, version)
"""
_COSTS = """
    insert into video_costs (task_id, component, units_used, cost_usd, at)
    select t.id, c.component, 1, c.usd * (0.8 + random() * 0.4), t.created_at + interval '2 hours'
      from tasks t,
           (values ('gemini_assets', 0.034, 22), ('kling_video', 0.42, 18), ('elevenlabs_narration', 0.06, 18),
                   ('elevenlabs_sfx', 0.04, 18)) c(component, usd, many), generate_series(1, c.many)
     order by t.created_at
"""
_REST = """
    insert into ticks (host, started_at, ended_at)
    select 'a', at, at from generate_series(%(since)s::timestamptz, %(now)s::timestamptz, interval '1 minute') at;
    insert into youtube_quota_usage (project, bucket, day, units_used)
    select '42', bucket, day, most * (0.4 + random() * 0.5)
      from (values ('units', 10000), ('uploads', 100)) b(bucket, most),
           generate_series(%(since)s::date, %(now)s::date, interval '1 day') day;
"""


def fill(db: Db, *, channels: int, weeks: int, a_week: int, whole: bool = True, now: datetime = NOW) -> None:
    """Fill a database with films that were made up to `now`: some failed, some had trouble that cured itself.

    Not `whole`: nothing was charged, and only the last two weeks have ticks.
    """
    db.execute("select setseed(0.5)")
    db.execute(_CHANNELS, (channels,))
    db.execute(_FILMS, {"now": now, "channels": channels, "films": weeks * a_week, "a_week": a_week})
    for statement in (_WAY, _MOVES):
        db.execute(statement)
    db.execute("select set_config('session_replication_role', 'replica', false)")  # history is append-only
    for statement in (_TROUBLES, _FAILED, *([_COSTS] if whole else [])):
        db.execute(statement)
    db.execute("select set_config('session_replication_role', 'origin', false)")
    params = {"since": now - timedelta(weeks=weeks if whole else 2), "now": now}
    for statement in _REST.strip().split(";")[:2]:
        db.execute(statement, params)
    db.execute("vacuum analyze")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--channels", type=int, default=100)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--a-week", type=int, default=7, help="films of a channel in a week")
    parser.add_argument("--keep", type=Path, help="write the page of the last week there")
    options = parser.parse_args()
    with home() as studio:
        began = time.monotonic()
        fill(studio.db, channels=options.channels, weeks=options.weeks, a_week=options.a_week)
        (films,) = studio.db.execute("select count(*) from tasks").fetchone() or (0,)
        print(f"{films:,} films in {time.monotonic() - began:.0f} s")
        return verdict(list(measure(studio.db, options.keep)))


def measure(db: Db, keep: Path | None) -> list[str]:
    """Print how long each report takes, and return what took too long."""
    year = Period(NOW - timedelta(days=365), NOW, "a year")
    slow = []
    for name, period in (("week", last_week(NOW)), ("month", last_month(NOW)), ("year", year)):
        began = time.monotonic()
        found = reporting.collect(db, period, None, None)
        took_s = time.monotonic() - began
        print(f"{name:6} {took_s:6.2f} s (limit {LIMITS_S[name]} s), {found.films.published:,} films published")
        if took_s > LIMITS_S[name]:
            slow.append(f"the report of a {name} took {took_s:.1f} s")
        if keep is not None and name == "week":
            keep.write_text(page(found, NOW))
            print(f"{keep}: {keep.stat().st_size:,} bytes")
    return slow


if __name__ == "__main__":
    sys.exit(main())
