"""Films that ticks alone make of what paid services sell, on loopback: on a bad day, and twenty of them at once."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from tests import at_work, bad_days
from tests.at_work import Span, most_at_once
from tests.board import Desk
from tests.fakes.notion import FakeNotion
from tests.fakes.wire.ledger import Seen
from tests.long import long
from tests.processes import processes_of, until, vidctl
from tests.services import PAID, Services, services
from tests.studio import Studio
from tests.ticker import ticking
from vidctl.domain.status import GATES, OPTIONAL_GATES, Event, Status, next_status

QUICK = {name: {"at_once": 20, "a_minute": 6000} for name in ("gemini", "kie", "elevenlabs")}


class Evening:
    """One film whose card Ana looks at now and then; `vidctl tick` does the rest."""

    def __init__(self, studio: Studio, notion: FakeNotion, paid: Services, **story: int) -> None:
        self.studio, self.db = studio, studio.db
        studio.limit(services=QUICK)  # type: ignore[arg-type]
        settings: dict[str, Any] = {
            **PAID,
            "story": {"clip_seconds": 5, **story},
            "review_gates": {"animatic": "manual"},
        }
        self.desk = Desk(studio, notion, **settings)
        self.environment = studio.environment | self.desk.environment | paid.environment | {"KIE_POLL_S": "0.05"}
        self.page = self.desk.card(Status="Queued")

    def pass_by(self, *, seconds: float) -> None:
        """Tick, and let time pass, until the film waits at the last gate or for a person."""
        until(self._another_tick, seconds=seconds, what="the end of the evening")
        until(lambda: not processes_of((str(self.studio.root),)), what="the end of all that is shown", seconds=120)

    def _another_tick(self) -> bool:
        before = self._version()
        tick = vidctl("tick", "--json", environment=self.environment)
        said, complaints = tick.communicate(timeout=120)
        assert (tick.returncode, complaints) == (0, "")
        if json.loads(said)["begun"]:
            until(lambda: self._version() >= before + 2 and not self._at_work(), seconds=300, what="the end of a step")
        bad_days.let_time_pass(self.db)
        film = self.desk.film(self.page)
        status = film.status
        if film.at_gate and status is not GATES[-1] and self.desk.agrees(self.page):
            self.desk.edit_at_once(self.page, Status=str(next_status(status, Event.APPROVE)))
        return status is Status.FINAL_REVIEW or not self._is_on_its_way()

    def _version(self) -> int:
        """Return the film's version: its claim makes one, and the move that ends it another."""
        row = self.db.execute("select coalesce(max(version), 0) from tasks").fetchone()
        assert row is not None
        return int(row[0])

    def _at_work(self) -> bool:
        locks = """select 1 from pg_locks where locktype = 'advisory' and objsubid = 1
                      and database = (select oid from pg_database where datname = current_database())"""
        return self.db.execute(locks).fetchone() is not None

    def _is_on_its_way(self) -> bool:
        return self.db.execute("select 1 from task_events where event = 'fail'").fetchone() is None


@pytest.fixture
def notion() -> Iterator[FakeNotion]:
    with FakeNotion(clock=lambda: datetime.now(UTC)) as fake:
        yield fake


@pytest.mark.parametrize(
    ("scenes", "assets", "board", "seed"), [(2, 3, 0.0, 1), *(long(18, 22, bad_days.SHARE, seed) for seed in (1, 2, 3))]
)
def test_a_film_gets_through_a_bad_day_with_four_approvals_and_its_books_agree_to_the_cent(
    studio: Studio, notion: FakeNotion, scenes: int, assets: int, board: float, seed: int
) -> None:
    """`board` is the share of calls to Notion that fail; it is waited for, so that the short form does without."""
    with services() as paid:
        bad_days.begin(paid, seed=int(os.environ.get("SEED", seed)))
        bad_days.begin_on_the_board(notion, share=board)
        evening = Evening(studio, notion, paid, assets=assets, scenes=scenes)
        try:
            evening.pass_by(seconds=300 + 60 * scenes)
        finally:
            print(tale(studio, paid, notion), file=sys.stderr)
        assert_nobody_was_asked(studio)
        assert_sold_what_was_needed(studio, paid, assets=assets, scenes=scenes)
        assert_books_agree(studio, paid)
        calls = bad_days.met(paid)
        assert 0.1 < sum(bad_days.struck(calls).values()) / len(calls) < 0.35


def tale(studio: Studio, paid: Services, notion: FakeNotion) -> str:
    """Return what happened on a bad day, for whoever looks at it."""
    calls = [*bad_days.met(paid), *(("notion", request.fault) for request in notion.requests)]
    struck = bad_days.struck(calls)
    errors = studio.db.execute(
        "select error_class || ' ' || error_type, count(*) from task_errors group by 1 order by 1"
    ).fetchall()
    orders = studio.db.execute(
        "select component || ' ' || state, count(*) from orders group by 1 order by 1"
    ).fetchall()
    (asked,) = studio.db.execute("select count(*) from task_events where event = 'fail'").fetchone() or (0,)
    passed = sum(times for kind, times in errors if kind.startswith("transient"))
    return (
        f"\n{sum(struck.values())} of {len(calls)} calls failed: {struck}\n"
        f"{passed - asked} of {passed} failures that pass did so by themselves; all: {dict(errors)}\n"
        f"orders: {dict(orders)}\nsold: {dict(Counter(sale.component for sale in paid.sales))}"
    )


def assert_nobody_was_asked(studio: Studio) -> None:
    """People queued the film and approved it, and whatever failed got well by itself."""
    asked = studio.db.execute("select reason from task_events where event = 'fail'").fetchall()
    assert asked == []
    by_people = studio.db.execute(
        "select event, from_status from task_events where actor <> 'engine' order by version"
    ).fetchall()
    gates = [str(status) for status in Status if status in {*GATES[:-1], *OPTIONAL_GATES}]
    assert by_people == [("queue", "Draft"), *(("approve", gate) for gate in gates)]


def assert_sold_what_was_needed(studio: Studio, paid: Services, *, assets: int, scenes: int) -> None:
    """Each thing was sold once, and once more for each order that came to nothing or whose answer was lost."""
    needed = {"gemini_story": 1, "gemini_assets": assets, "kling_video": scenes}
    needed |= {"elevenlabs_narration": scenes, "elevenlabs_sfx": scenes}
    for component, number in needed.items():
        spoilt = _count(studio, "component = %s and state = 'failed' and charged_usd > 0", component)
        lost = _lost_sales(studio, paid, component).total()
        assert _count(studio, "component = %s and state = 'made'", component) == number
        assert paid.sold(component) == number + spoilt + lost
        assert lost <= _count(studio, "component = %s and state = 'lost'", component)
    assert _count(studio, "state in ('asked', 'bought', 'in doubt')") == 0


def assert_books_agree(studio: Studio, paid: Services) -> None:
    """What is booked was sold at that price, and what was sold but is not booked is that whose answer was lost."""
    lost = sum((_lost_sales(studio, paid, component) for component in _components(paid)), Counter[Decimal]())
    (booked,) = studio.db.execute("select sum(cost_usd) from video_costs").fetchone() or (Decimal(0),)
    assert booked + sum(price * times for price, times in lost.items()) == paid.total_usd
    answers = [(fake.service, one) for fake in paid.all for one in fake.ledger.requests]
    unheard = [one for service, one in answers if service in ("gemini", "elevenlabs") and one.fault in ("lost", "cut")]
    assert lost.total() == len(unheard)


def _lost_sales(studio: Studio, paid: Services, component: str) -> Counter[Decimal]:
    """Return what was sold of something and is not booked, by price; nothing may be booked that was not sold."""
    sold = Counter(sale.cost_usd for sale in paid.sales if sale.component == component)
    rows = studio.db.execute("select cost_usd from video_costs where component = %s", (component,)).fetchall()
    booked = Counter(usd for (usd,) in rows)
    assert booked - sold == Counter()
    return sold - booked


def _components(paid: Services) -> set[str]:
    return {sale.component for sale in paid.sales}


def _count(studio: Studio, where: str, *values: str) -> int:
    row = studio.db.execute(f"select count(*) from orders where {where}", values).fetchone()
    assert row is not None
    return int(row[0])


STEPS = {
    "story": (Status.CLAIMED, 3),
    "asset": (Status.GENERATING_ASSETS, 4),
    "composite": (Status.GENERATING_COMPOSITES, 2),
    "video": (Status.GENERATING_VIDEO, 4),
    "audio": (Status.GENERATING_AUDIO, 2),
    "sfx": (Status.GENERATING_SFX, 2),
    "assembly": (Status.ASSEMBLING, 1),
}
"""The status in which each step is at work, and how many films may be in it at once."""
CAREFUL = {
    "gemini": {"at_once": 3, "a_minute": 100},
    "kie": {"at_once": 2, "a_minute": 90},
    "elevenlabs": {"at_once": 2, "a_minute": 240},
}
FREE = ("contact_sheet.py", "inspect_media.py", "assemble_video.py", "make_thumbnail.py", "fingerprint_film.py")
PAID_WORK = [STEPS[name][0] for name in ("story", "asset", "video", "audio", "sfx")]
OF_A_CHANNEL = 2
CLIP_USD, CAP_USD = Decimal("0.21"), Decimal("0.75")
"""Enough for the stories and pictures of four films, and for two of their four clips."""


@pytest.mark.chaos
def test_twenty_films_at_once_keep_every_limit_and_a_used_up_budget_stops_its_channel_alone(studio: Studio) -> None:
    with services(creations=20, job_s=1.0) as paid:
        paid.gemini.fault("slow", delay_s=0.3, times=None)
        paid.elevenlabs.takes_s = 0.3
        films = twenty_films(studio)
        studio.db.execute(at_work.WATCH)
        with ticking(studio.environment | paid.environment | {"KIE_POLL_S": "0.2"}):
            rich = [film for channel_id in films if channel_id != "poor" for film in films[channel_id]]
            until(lambda: all_at(studio, rich, Status.FINAL_REVIEW), seconds=300, what="the way of sixteen films")
        until(lambda: not processes_of((str(studio.root),)), what="the end of all steps")
        spans = at_work.spans(studio.db)
        assert_limits_of_steps_and_channels(spans, films)
        assert_limits_of_services(studio, paid)
        assert_budget_stopped(studio, films["poor"], spans)
        assert studio.db.execute("select error_type, message from task_errors").fetchall() == []
        assert studio.db.execute("select sum(cost_usd) from video_costs").fetchone() == (paid.total_usd,)


def twenty_films(studio: Studio) -> dict[str, list[UUID]]:
    """Queue four films on each of five channels. What costs nothing is instant, and gates open by themselves."""
    at_once = {f"max_concurrent_{name}": limit for name, (_, limit) in STEPS.items()}
    studio.limit(**at_once, services=CAREFUL)  # type: ignore[arg-type]
    settings: dict[str, Any] = {
        **PAID,
        "scripts": {name: str(studio.scripts / name) for name in FREE},
        "story": {"assets": 2, "scenes": 1, "clip_seconds": 5},
        "review_gates": dict.fromkeys(("assets", "video", "audio"), "auto"),
        "max_concurrent": OF_A_CHANNEL,
    }
    for channel_id in ("poor", *"abcd"):
        budget = {"day_usd": float(CAP_USD)} if channel_id == "poor" else {}
        studio.channel(channel_id, **{**settings, "budget": budget})
    return {name: [studio.film(name, title=f"{name} {n}") for n in range(4)] for name in ("poor", *"abcd")}


def all_at(studio: Studio, films: list[UUID], status: Status) -> bool:
    rows = studio.db.execute("select distinct status from tasks where id = any(%s)", (films,)).fetchall()
    return rows == [(status,)]


def assert_limits_of_steps_and_channels(spans: list[Span], films: dict[str, list[UUID]]) -> None:
    for status, limit in STEPS.values():
        assert 0 < most_at_once((one.began, one.ended) for one in spans if one.status == status) <= limit
    for channel_id in films:
        mine = ((one.began, one.ended) for one in spans if one.channel_id == channel_id)
        assert most_at_once(mine) == OF_A_CHANNEL


def assert_limits_of_services(studio: Studio, paid: Services) -> None:
    """As the services themselves see it. Programs take a while to start, so that some calls come closer together."""
    jobs = ((job.created_at, job.ends_at) for job in paid.kie.desk.jobs.values())
    at_once = (paid.gemini.ledger.most_at_once(), most_at_once(jobs), paid.elevenlabs.busiest)
    assert all(0 < most <= CAREFUL[name]["at_once"] for most, name in zip(at_once, CAREFUL, strict=True))
    assert paid.kie.ledger.busiest(10, is_order) <= 20, "it takes no more"
    assert paid.gemini.ledger.busiest(10) <= 24, "17, and some that were late"
    assert studio.db.execute("select 1 from orders where state <> 'made'").fetchall() == [], "nobody was turned away"


def is_order(request: Seen) -> bool:
    return request.path.endswith("createTask")


def assert_budget_stopped(studio: Studio, films: list[UUID], spans: list[Span]) -> None:
    """Nothing was begun after the stop, nothing was sold beyond the cap, and nothing less was sold than had room."""
    query = "select coalesce(sum(cost_usd), 0) from video_costs where task_id = any(%s)"
    (spent,) = studio.db.execute(query, (films,)).fetchone() or (Decimal(0),)
    assert CAP_USD - CLIP_USD < spent <= CAP_USD
    assert not all_at(studio, films, Status.FINAL_REVIEW)
    told = [studio.task(film).error_log for film in films if studio.task(film).error_log]
    assert told
    assert all("the channel's budget of the day is used up" in words for words in told)
    [(stopped_at,)] = studio.db.execute("select updated_at from service_state where service like 'poor:%'").fetchall()
    late = (stopped_at + timedelta(seconds=2)).timestamp()
    assert [one for one in spans if one.channel_id == "poor" and one.status in PAID_WORK and one.began > late] == []
