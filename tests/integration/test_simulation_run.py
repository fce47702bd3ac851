"""The real engine in simulated time: what it promises holds in a bad year, and the same year comes again."""

from dataclasses import asdict
from pathlib import Path

import pytest

from tests.long import long
from vidctl.domain.channel import Budget, Channel, ReviewGates, Story
from vidctl.domain.limits import Limits
from vidctl.engine.channel_files import Loaded
from vidctl.engine.simulation.cast import played
from vidctl.engine.simulation.diary import Spent
from vidctl.engine.simulation.findings import Findings
from vidctl.engine.simulation.run import DAY_S, Simulation
from vidctl.engine.simulation.scenario import Faults, Scenario, faults_from

AUTO = ReviewGates(assets="auto", video="auto", audio="auto")


def play(dsn: str, home: Path, *channels: Channel, faults: Faults, seed: int = 1, a_week: float = 2) -> Findings:
    scenario = Scenario(seed, 1, a_week, 2.0, 0.3, faults)
    files = Loaded(tuple(map(played, channels)), Limits(), ())
    return Simulation(scenario, files, dsn, home, stands_s=2 * DAY_S).run()


def small(name: str, **fields: object) -> Channel:
    return Channel(name, name.title(), board="local", story=Story(assets=2, scenes=2), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [3, *(long(seed) for seed in range(4, 24))])
def test_in_a_bad_week_nothing_is_bought_twice_and_no_film_is_lost(
    database_url: str, tmp_path: Path, seed: int
) -> None:
    faults = faults_from("bad,killed=0.4,lost=0.05,down=0.15,cut=0.3")
    found = play(database_url, tmp_path, small("one"), small("two"), faults=faults, seed=seed)
    assert found.killed > 0
    assert found.paid_in_vain + found.killed > 2, "it was a bad week"
    assert (found.planned, found.published, found.lost) == (4, 4, 0)
    assert found.bought_twice == 0
    assert 0 <= found.charged_usd - found.booked_usd <= found.paid_in_vain_usd, "nothing is booked that was not charged"
    assert all(peak.most <= peak.limit for peak in found.calls)


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
