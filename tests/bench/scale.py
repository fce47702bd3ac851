"""A year of a hundred channels: what the commands that run every minute, and those that people wait for, take then.

    python -m tests.bench.scale [--channels 100] [--weeks 52] [--a-week 2] [--open 500]

Starts a PostgreSQL of its own in a temporary folder, fills it with published films and all their rows, and with open
ones; prints figures beside their limits. Ends with 1 where one is over its limit, or a tick reads a table that grows
from end to end.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.bench.engine import PYTHON, child_cpu_s, home, median_ms, say, verdict
from tests.bench.report import fill
from tests.integration.test_plans import read_whole
from tests.plans import plans
from tests.studio import Studio
from vidctl.engine.tick import look, rooms
from vidctl.store import Db, picks

_ARTIFACTS = """
    insert into artifacts (task_id, kind, index, state, path, sha256, size_bytes, fingerprint, subject, cost_usd)
    select t.id, k.kind, n, 'done', k.kind || '/' || n, md5(t.id::text || k.kind || n), 1000, md5(k.kind || n),
           md5(k.kind || n), 0.1
      from tasks t,
           (values ('storyboard', 1), ('image', 22), ('contact_sheet', 1), ('composite', 18), ('clip', 18),
                   ('filmstrip', 1), ('narration', 18), ('sfx', 18), ('film', 1), ('thumbnail', 1),
                   ('fingerprint', 1), ('receipt', 1)) k (kind, count),
           generate_series(1, k.count) n
     where t.status = 'Published'
"""
_ORDERS = """
    insert into orders (task_id, channel_id, kind, index, step, service, component, subject, reserved_usd, by_job,
                        state, asked_at, charged_usd, host, asked_no)
    select a.task_id, t.channel_id, a.kind, a.index, 'clips', case a.kind when 'image' then 'gemini' when 'clip'
           then 'kie' else 'elevenlabs' end, 'component', a.subject, 0.1, a.kind = 'clip', 'made', t.created_at, 0.1,
           'host', nextval('ledger')
      from artifacts a join tasks t on t.id = a.task_id where a.kind in ('image', 'clip', 'narration', 'sfx')
"""
_UPLOADS = """
    insert into uploads (task_id, channel_id, film_sha256, frames, spoken, begun_at, published_at, video_id)
    select id, channel_id, md5(id::text), '[]', '[]', updated_at, updated_at, left(id::text, 11) from tasks
     where status = 'Published'
"""
_OPEN = """
    insert into tasks (channel_id, title, topic, status, queued_at, next_attempt_at)
    select 'channel-' || (1 + n %% %(channels)s), 'Open ' || n, 'Topic',
           (array['Queued', 'Assets Ready', 'Final Review', 'Video Approved', 'Asset Error'])[1 + n %% 5], now(),
           case when n %% 5 in (0, 3) then now() + interval '1 hour' end
      from generate_series(1, %(open)s) n
"""
_LIMIT_S = 1.0
_MANY = 1_000
"""Fewer rows are read as quickly from end to end."""


def grow(studio: Studio, *, channels: int, weeks: int, a_week: int, opened: int) -> None:
    """Fill a database with a year of films, and open ones of which none is due."""
    fill(studio.db, channels=channels, weeks=weeks, a_week=a_week)
    for statement in (_ARTIFACTS, _ORDERS, _UPLOADS):
        studio.db.execute(statement)
    studio.db.execute(_OPEN, {"channels": channels, "open": opened})
    for number in range(channels):
        studio.channel(f"channel-{number + 1}", scenes=18)
    studio.db.execute("vacuum analyze")


def sizes(db: Db) -> Iterator[tuple[str, int, str]]:
    """Yield the largest tables: name, rows, size."""
    yield from db.execute(
        """select relname, n_live_tup, pg_size_pretty(pg_total_relation_size(relid))
             from pg_stat_user_tables order by pg_total_relation_size(relid) desc limit 6"""
    )


def command_s(studio: Studio, *arguments: str, times: int = 5) -> float:
    """Return the median of the wall times of a command, in seconds."""
    environment = {**os.environ, **studio.environment}

    def run() -> None:
        subprocess.run([PYTHON, "-m", "vidctl", *arguments], env=environment, capture_output=True, check=False)

    return median_ms(run, times) / 1_000


def measure(studio: Studio) -> Iterator[str]:
    """Print what everything takes, and yield a sentence for each limit that is not kept."""
    limits_s = {
        "tick": _LIMIT_S,
        "health": 0.5,
        "status": 2.0,
        "inbox": 2.0,
        "services": 1.0,
        "costs": 5.0,
        "report": 5.0,
    }
    for name, limit_s in limits_s.items():
        took_s = command_s(studio, name)
        say(f"vidctl {name}", f"{took_s:.2f} s", f"<= {limit_s:g} s")
        if took_s > limit_s:
            yield f"vidctl {name} took {took_s:.2f} s"
    say("  an idle tick's CPU", f"{child_cpu_s([PYTHON, '-m', 'vidctl', 'tick'], studio.environment):.2f} s")
    limits = studio.context.limits
    say("the pick of it", f"{median_ms(lambda: picks.pick(studio.db, rooms(limits), now=studio.now)):.1f} ms")
    with plans(studio.db) as found:
        studio.db.execute("set enable_seqscan = on")  # as the planner would have it with so many rows
        look(studio.db, studio.dsn, studio.files(), studio.context)
    large = {name for name, rows, _ in sizes(studio.db) if rows > _MANY}
    for table in large & read_whole(found).keys():
        yield f"a tick reads all of {table}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--channels", type=int, default=100)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--a-week", type=int, default=2, help="films of a channel in a week")
    parser.add_argument("--open", type=int, default=500)
    options = parser.parse_args()
    with home() as studio:
        studio.db.execute("delete from channels")
        for file in studio.configs.glob("channel*.yaml"):
            file.unlink()
        began = time.monotonic()
        grow(studio, channels=options.channels, weeks=options.weeks, a_week=options.a_week, opened=options.open)
        print(f"filled in {time.monotonic() - began:.0f} s")
        for name, rows, size in sizes(studio.db):
            say(f"  {name}", f"{rows:,} rows", size)
        return verdict(list(measure(studio)))


if __name__ == "__main__":
    sys.exit(main())
