"""The real engine in simulated time: what it promises holds in a bad year, and the same year comes again."""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import LiteralString

import pytest

from tests.long import long
from vidctl.domain.channel import Budget, Channel, ReviewGates, Story
from vidctl.domain.limits import Limits, Service, Services
from vidctl.engine.channel_files import Loaded
from vidctl.engine.simulation.cast import played
from vidctl.engine.simulation.diary import Spent
from vidctl.engine.simulation.findings import Findings
from vidctl.engine.simulation.run import DAY_S, Simulation
from vidctl.engine.simulation.scenario import CALM, Faults, Scenario, faults_from
from vidctl.store import Db, services

AUTO = ReviewGates(assets="auto", video="auto", audio="auto")


USUAL = Limits()
TIGHT = Limits(services=Services(gemini=Service(at_once=1, a_minute=600)))
"""One picture at a time: so each film meets that limit."""


def simulated(dsn: str, home: Path, *channels: Channel, scenario: Scenario, limits: Limits = USUAL) -> Simulation:
    return Simulation(scenario, Loaded(tuple(map(played, channels)), limits, ()), dsn, home, stands_s=2 * DAY_S)


def week(faults: Faults, *, seed: int = 1, films: float = 2) -> Scenario:
    return Scenario(seed, 1, films, 2.0, 0.3, faults)


def play(dsn: str, home: Path, *channels: Channel, faults: Faults, seed: int = 1, a_week: float = 2) -> Findings:
    return simulated(dsn, home, *channels, scenario=week(faults, seed=seed, films=a_week)).run()


def small(name: str, **fields: object) -> Channel:
    return Channel(name, name.title(), board="local", story=Story(assets=2, scenes=2), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [3, *(long(seed) for seed in range(4, 24))])
def test_in_a_bad_week_nothing_is_bought_twice_and_no_film_is_lost(
    database_url: str, tmp_path: Path, seed: int
) -> None:
    faults = faults_from("bad,killed=0.4,lost=0.05,down=0.15,cut=0.3")
    bad = week(faults, seed=seed)
    found = simulated(database_url, tmp_path, small("one"), small("two"), scenario=bad, limits=TIGHT).run()
    assert found.killed > 0
    assert found.paid_in_vain + found.killed > 2, "it was a bad week"
    assert (found.planned, found.published, found.lost) == (4, 4, 0)
    assert found.bought_twice == 0
    assert 0 <= found.charged_usd - found.booked_usd <= found.paid_in_vain_usd, "nothing is booked that was not charged"
    assert found.exceeded == []


def test_the_same_seed_gives_the_same_findings(database_url: str, other_database_url: str, tmp_path: Path) -> None:
    faults = faults_from("bad,killed=0.2")
    first, second = (
        asdict(play(dsn, tmp_path / name, small("one"), faults=faults, seed=5))
        for name, dsn in (("a", database_url), ("b", other_database_url))
    )
    assert first == second
    assert first["charged_usd"] > 0


def test_budgets_hold_in_simulated_time_as_in_any_other(database_url: str, tmp_path: Path) -> None:
    channel = small("one", budget=Budget(day_usd=1.2), review_gates=AUTO)
    found = play(database_url, tmp_path, channel, faults=faults_from("none"), a_week=4)
    (budget,) = found.budgets
    assert 0.5 < budget.most <= budget.limit
    assert found.times[Spent.BUDGET] > 0
    assert found.published == found.planned == 4


def test_a_film_that_its_own_budget_stops_is_unfinished_and_not_lost(database_url: str, tmp_path: Path) -> None:
    channel = small("one", budget=Budget(film_usd=0.3), review_gates=AUTO)
    found = play(database_url, tmp_path, channel, faults=faults_from("none"), a_week=1)
    assert (found.published, found.unfinished, found.lost) == (0, {Spent.BUDGET: 1}, 0)
    [budget] = found.budgets
    assert (budget.what, 0 < budget.most <= budget.limit == 0.3) == ("budget.film_usd in one.yaml", True)


def test_a_film_that_is_lost_and_what_is_bought_twice_are_found(database_url: str, db: Db, tmp_path: Path) -> None:
    """Both are made on purpose: a picture's record goes, and later the film is put aside without a word."""
    simulation = simulated(database_url, tmp_path, small("one"), scenario=week(CALM, films=1))
    harm: list[LiteralString] = [
        "update tasks set paused_at = now() where status = 'Video Ready'",
        """with gone as (delete from takes where kind = 'image' and index = 1)
           delete from artifacts where kind = 'image' and index = 1 and state = 'done'""",
    ]

    def do_harm() -> None:
        if db.execute(harm[-1]).rowcount:
            harm.pop()
        if harm:
            simulation.clock.after(300, do_harm)

    do_harm()
    found = simulation.run()
    assert harm == []
    assert (found.bought_twice, found.lost, found.unfinished) == (1, 1, {Spent.ROOM: 1})
    assert found.bought_twice_usd > 0


def test_a_service_that_rests_is_what_a_film_waits_for_that_waited_for_room_when_it_began_to(
    database_url: str, db: Db, tmp_path: Path
) -> None:
    simulation = simulated(database_url, tmp_path, small("one", review_gates=AUTO), scenario=week(CALM, films=1))

    def rest_once_there_is_a_film() -> None:
        if not db.execute("select from tasks").rowcount:
            simulation.clock.after(10, rest_once_there_is_a_film)
            return
        for service in ("gemini", "kie"):
            services.pause(db, service, until=simulation.clock.now() + timedelta(hours=6), reason="it rests")

    rest_once_there_is_a_film()
    found = simulation.run()
    assert found.published == 1
    assert found.times[Spent.SERVICE] > 10 * found.times[Spent.ROOM], "hours, and a minute before each step"


def test_once_the_weeks_are_over_nothing_goes_wrong_any_more(database_url: str, tmp_path: Path) -> None:
    channel = small("one", review_gates=AUTO)
    found = play(database_url, tmp_path, channel, faults=faults_from("quota=1"), a_week=1)
    assert found.published == found.planned == 1
    assert found.times[Spent.SERVICE] > 0
