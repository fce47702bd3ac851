"""How many calls of a paid service run at once, and films in a step: one number for all processes and hosts."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import LiteralString

import pytest

from tests.studio import Studio
from vidctl.domain.limits import Service, Services
from vidctl.domain.status import Status
from vidctl.engine.slots import Slots
from vidctl.engine.tick import tick
from vidctl.engine.world import Machine
from vidctl.store import Db, channels, locks, services
from vidctl.store.connection import connect

QUICK = Services(elevenlabs=Service(at_once=3, a_minute=60_000), kie=Service(at_once=99, a_minute=600))


def slots(studio: Studio, db: Db, service: str = "elevenlabs", limits: Services = QUICK) -> Slots:
    return Slots(db, service, limits, lambda: studio.now)


def until_taken(mine: Slots, patience_s: float = 10) -> int:
    until = time.monotonic() + patience_s
    while (slot := mine.take()) is None:
        assert time.monotonic() < until, "no slot became free"
        time.sleep(0.01)
    return slot


def test_no_more_calls_run_at_once_than_the_limit_whoever_makes_them(studio: Studio) -> None:
    guard, busy, most = threading.Lock(), [0], [0]

    def work(_: int) -> None:
        with connect(studio.dsn, application_name="caller") as db:
            mine = slots(studio, db)
            for _ in range(3):
                slot = until_taken(mine)
                with guard:
                    busy[0] += 1
                    most[0] = max(most[0], busy[0])
                time.sleep(0.02)
                with guard:
                    busy[0] -= 1
                mine.give_back(slot)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert most == [3]


def test_one_process_counts_each_of_its_calls(studio: Studio) -> None:
    mine = slots(studio, studio.db)
    held = [until_taken(mine) for _ in range(3)]
    assert sorted(held) == [0, 1, 2]
    time.sleep(0.4)
    assert mine.take() is None
    mine.give_back(1)
    assert until_taken(mine) == 1


def test_a_dead_process_holds_no_slot(studio: Studio) -> None:
    with studio.session() as db:
        for _ in range(3):
            until_taken(slots_of := slots(studio, db))
        assert slots_of.held
    assert until_taken(slots(studio, studio.db)) == 0


def test_the_services_own_word_lowers_the_limit_until_it_is_old(studio: Studio) -> None:
    services.takes_at_once(studio.db, "elevenlabs", 1, now=studio.now)
    mine = slots(studio, studio.db)
    until_taken(mine)
    time.sleep(0.4)
    assert mine.take() is None
    studio.later(days=2)
    until_taken(mine)


def test_a_service_that_takes_more_than_the_limit_is_not_given_more(studio: Studio) -> None:
    services.takes_at_once(studio.db, "elevenlabs", 15, now=studio.now)
    assert services.at_once(studio.db, "elevenlabs", 3, now=studio.now) == 3


def test_calls_begin_no_faster_than_the_limit(studio: Studio) -> None:
    began: list[float] = []
    mine = slots(studio, studio.db, "kie")
    for _ in range(6):
        until_taken(mine)
        began.append(time.monotonic())
    assert began[-1] - began[0] >= 0.5 - 0.05, "ten a second, so six of them take half a second"


def test_what_costs_nothing_needs_no_slot(studio: Studio) -> None:
    assert Slots(studio.db, None, QUICK, lambda: studio.now).take() is not None
    own = Slots(studio.db, "one:elevenlabs", QUICK, lambda: studio.now)
    assert own.take() is not None
    assert not own.held


def test_who_waits_too_long_says_so(studio: Studio) -> None:
    with studio.session() as db:
        other = slots(studio, db)
        for _ in range(3):
            until_taken(other)
        mine = slots(studio, studio.db)
        assert mine.take() is None
        assert not mine.waited_too_long
        assert mine.waiting_since is not None
        mine.waiting_since -= timedelta(minutes=3).total_seconds()
        assert mine.waited_too_long


@pytest.mark.parametrize("full", ["step", "channel"])
def test_a_film_that_was_picked_is_not_begun_where_its_step_or_channel_has_no_room_any_more(
    studio: Studio, full: str
) -> None:
    studio.channel(max_concurrent=1)
    studio.limit(max_concurrent_story=1)
    film = studio.film()
    slots = (locks.STEP_SLOTS, 0) if full == "step" else (locks.CHANNEL_SLOTS, channels.get(studio.db, "one").number)
    with studio.session() as other:
        assert locks.try_slot(other, *slots, 1)
        studio.step(film)
        assert studio.task(film).status is Status.QUEUED
    studio.step(film)
    assert studio.task(film).status is not Status.QUEUED


HOLDS: list[tuple[LiteralString, LiteralString]] = [
    ("update tasks set next_attempt_at = now() + interval '1 hour'", "update tasks set next_attempt_at = null"),
    ("update tasks set paused_at = now()", "update tasks set paused_at = null"),
    ("update channels set is_active = false", "update channels set is_active = true"),
    (
        "insert into service_state (service, paused_until, reason) values ('gemini', now() + interval '1 hour', 'x')",
        "delete from service_state",
    ),
]
"""What keeps a film from being begun, and what lets it go on."""


def test_a_film_that_was_picked_is_not_begun_when_something_holds_it_since(studio: Studio) -> None:
    film = studio.film()
    for hold, let_go in HOLDS:
        studio.db.execute(hold)
        studio.step(film)
        assert studio.task(film).status is Status.QUEUED, hold
        studio.db.execute(let_go)
    studio.step(film)
    assert studio.task(film).status is not Status.QUEUED


class Still(Machine):
    """A machine on which nothing that is begun gets anywhere."""

    def begin(self, *_: object) -> None:
        """Begin nothing."""


def test_a_tick_begins_no_more_films_than_its_machine_has_room_for(studio: Studio) -> None:
    studio.limit(max_concurrent_per_host=2, max_concurrent_story=10)
    studio.channel(max_concurrent=10)
    for _ in range(3):
        studio.film()
    with studio.session("tick") as db:
        assert len(tick(db, studio.dsn, studio.configs, replace(studio.context, world=Still())).begun) == 2
