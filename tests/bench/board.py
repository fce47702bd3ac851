"""What the Notion boards cost: an idle tick that reads three of them, and a first sync of 2,000 cards.

    python -m tests.bench.board

Starts a PostgreSQL and a fake of Notion of its own, prints figures beside their limits, and cleans up.
Ends with 1 when an idle tick makes other requests than one for each database, or a card was not taken over.
"""

import sys
import time
from datetime import UTC, datetime, timedelta

from tests.bench.engine import PYTHON, child_cpu_s, home, median_ms, say, verdict
from tests.board import Desk
from tests.fakes.notion import FakeNotion
from vidctl.engine.sync.exhibiting import KINDS
from vidctl.store import cards, comments, exhibits

CARDS, OPEN = 2_000, 500
HISTORY = 10_000
"""Films that were published long ago, and whose cards are still there."""


def main() -> int:
    wrong: list[str] = []
    made_at = datetime.now(UTC) - timedelta(hours=2)
    now = [made_at]
    with home() as studio, FakeNotion(clock=lambda: now[0]) as notion:
        desk = Desk(studio, notion)
        boards = [desk.board, desk.second_board("two"), desk.second_board("three")]
        for n in range(CARDS):
            fields = {"Status": "Draft"} if n < OPEN else {"Status": "Published", "Status Since": "2025-01-01"}
            channel = ("One", "Two", "Three")[n % 3]
            notion.card(boards[n % 3], by=desk.ana, Title=f"Film {n}", Topic="Birds", Channel=channel, **fields)
        now[0] = datetime.now(UTC)
        studio.now = now[0]
        wrong += bench_first_sync(desk)
        wrong += bench_idle(desk)
        bench_history(desk)
    return verdict(wrong)


def bench_first_sync(desk: Desk) -> list[str]:
    """Read every card for the first time, at the pace of the tests: what vidctl itself needs."""
    began, before = time.perf_counter(), len(desk.notion.requests)
    done = desk.sync(full=True, budget_s=600)
    took_s, asked = time.perf_counter() - began, len(desk.notion.requests) - before
    say(f"first sync of {CARDS:,} cards, {OPEN} of them to be made", f"{took_s:.1f} s")
    say("  its requests, at 2.5 a second in earnest", f"{asked}", f"= {asked * 0.4:.0f} s")
    found = desk.studio.db.execute("select count(*) from tasks where notion_page_id is not null").fetchone()
    read = [] if done.read == CARDS else [f"{done.read} of {CARDS} cards were read"]
    return read + ([] if found == (OPEN,) else [f"{found} films were made of {OPEN} cards"])


def bench_idle(desk: Desk) -> list[str]:
    """Tick while nobody does anything: beside the same without a board."""
    environment = desk.studio.environment | desk.environment
    command = [PYTHON, "-m", "vidctl", "tick"]
    child_cpu_s(command, environment, times=1)
    desk.notion.clear_requests()
    times = 9
    idle = child_cpu_s(command, environment, times=times)
    asked = len(desk.notion.requests) / times
    wall = median_ms(lambda: child_cpu_s(command, environment, times=1), times=5)
    bare = child_cpu_s([PYTHON, "-c", "pass"], {})
    say("idle tick with 3 databases: CPU", f"{idle:.3f} s")
    say("  as a multiple of python -c pass", f"{idle / bare:.0f} x")
    say("  from start to end, of which 0.8 s are the pace", f"{wall / 1000:.1f} s")
    say("  its requests", f"{asked:.1f}", "= 3")
    return [] if asked == 3 else [f"an idle tick made {asked} requests"]  # one for each database


def bench_history(desk: Desk) -> None:
    """What a tick asks of the database, with the films of years in it."""
    db, database = desk.studio.db, desk.board.id
    db.execute(
        """insert into tasks (channel_id, title, topic, status, notion_page_id, version, pushed_version, updated_at,
                              status_since)
           select 'one', 'Film', 'Topic', case when n <= 300 then 'Assets Ready' else 'Published' end,
                  'page' || n, 5, 5, '2025-01-01', '2025-01-01'
             from generate_series(1, %s) n""",
        (HISTORY,),
    )
    db.execute(
        """insert into cards (page_id, database_id, pushed_at)
           select 'page' || n, %s, '2025-01-01' from generate_series(1, %s) n""",
        (database, HISTORY),
    )
    db.execute("analyze")
    now = datetime.now(UTC)
    for what, ask in (
        ("cards that may have to be written", lambda: cards.due(db, [database], now=now)),
        ("cards that wait for a channel", lambda: cards.without_channel(db, database)),
        ("pages that are behind", lambda: exhibits.films_behind(db, KINDS, now=now, most=100)),
        ("cards whose comments are next", lambda: comments.turns(db, [database], now=now, most=10)),
    ):
        say(f"{HISTORY:,} films more: {what}", f"{median_ms(ask):.1f} ms", "<= 50 ms")


if __name__ == "__main__":
    sys.exit(main())
