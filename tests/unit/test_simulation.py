"""What a simulation is made of: its clock, its market's judgement, its faults, and how evenly things are spread."""

import math
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidctl.contract import GO, Failure, Message, Result, Submitted
from vidctl.domain.channel import Budget, Channel
from vidctl.domain.limits import Limits
from vidctl.engine.channel_files import Loaded
from vidctl.engine.simulation.cast import cast
from vidctl.engine.simulation.clockwork import Clockwork
from vidctl.engine.simulation.diary import Diary, Spent
from vidctl.engine.simulation.findings import Findings, Peak, budget_peaks, jain
from vidctl.engine.simulation.market import Market, Sale
from vidctl.engine.simulation.programs import Programs
from vidctl.engine.simulation.scenario import CALM, PRESETS, Scenario, faults_from
from vidctl.engine.simulation.wares import Call
from vidctl.errors import BadInput
from vidctl.store.forecast import DaySpent

START = datetime(2026, 1, 4, tzinfo=UTC)
ITEM = ("film", "videos/clip_01.mp4", "asked")


def run_out(clock: Clockwork) -> None:
    while clock.next():
        pass


def test_what_happens_is_in_the_order_of_its_times_whoever_waits() -> None:
    clock, seen = Clockwork(START), list[tuple[str, float]]()

    def work(name: str, waits: list[float]) -> None:
        for wait_s in waits:
            clock.wait(wait_s)
            seen.append((name, clock.elapsed_s))

    clock.spawn(lambda: work("a", [3, 3]))
    clock.spawn(lambda: work("b", [2, 2, 2]))
    clock.after(5, lambda: seen.append(("c", clock.elapsed_s)))
    run_out(clock)
    assert seen == [("b", 2), ("a", 3), ("b", 4), ("c", 5), ("a", 6), ("b", 6)]


def test_a_killed_worker_does_nothing_more_and_what_it_ran_dies_with_it() -> None:
    clock, seen = Clockwork(START), list[str]()

    def work() -> None:
        clock.worker.dies_with_it.append(lambda: seen.append("died"))
        try:
            clock.wait(10)
            seen.append("went on")
        finally:
            seen.append("tidied up")

    worker = clock.spawn(work)
    clock.after(5, lambda: clock.kill(worker))
    run_out(clock)
    assert seen == ["died"]


def test_what_breaks_in_a_worker_ends_the_simulation() -> None:
    clock = Clockwork(START)
    clock.spawn(_divide)
    with pytest.raises(ZeroDivisionError):
        run_out(clock)


def _divide() -> None:
    1 / 0  # noqa: B018


def sold(market: Market, *, by_job: bool = True, fails: bool = False) -> Sale:
    return market.sell("kie", ITEM, Decimal("0.42"), at=START, ready_s=1, by_job=by_job, fails=fails)


@pytest.mark.parametrize(
    ("by_job", "fails", "bad", "delivered", "too_many"),
    [
        (True, False, False, False, True),  # its job goes on, and can be fetched
        (True, False, False, True, True),
        (False, False, False, True, True),
        (False, False, False, False, False),  # its answer was lost, and nobody can fetch it
        (True, True, False, False, False),
        (True, False, True, True, False),
    ],
)
def test_an_order_is_one_too_many_where_what_the_one_before_gave_can_be_had(
    by_job: bool, fails: bool, bad: bool, delivered: bool, too_many: bool
) -> None:
    market = Market(Random(1))
    first = sold(market, by_job=by_job, fails=fails)
    first.is_bad, first.delivered = bad, delivered
    assert not market.bought_twice
    second = sold(market)
    assert market.bought_twice == ([(first, second)] if too_many else [])
    assert market.charged_usd() == Decimal("0.42") * (1 if fails else 2)


def test_faults_are_said_in_words_and_numbers() -> None:
    assert faults_from("usual") == PRESETS["usual"]
    assert faults_from("killed=0.1, lost=1").killed == 0.1
    assert faults_from("bad,down=0").busy == PRESETS["bad"].busy
    assert faults_from("none") == CALM


def upload(played: Programs, folder: Path, *options: str) -> tuple[float, list[Message]]:
    """Let a program send a film; return how long that took, and what it said."""
    play = played.play(Call.of(["upload_video.py", f"--output={folder}/receipt.json", *options], folder))
    took_s, said, one = 0.0, list[Message](), next(play)
    with suppress(StopIteration):
        while True:
            took_s, said = (took_s + one, said) if isinstance(one, float) else (took_s, [*said, one])
            one = play.send(GO)
    return took_s, said


def test_an_upload_that_is_cut_goes_on_from_there_as_the_same_video(tmp_path: Path) -> None:
    played = Programs(Random(1), replace(CALM, cut=1.0), Market(Random(1)), Clockwork(START), lambda _: Decimal(0))
    _, [_, begun, failure] = upload(played, tmp_path)
    assert isinstance(begun, Submitted)
    assert isinstance(failure, Failure)
    session, played.faults, played.random = f"--resume-job={begun.job_id}", CALM, Random(2)
    rest_s, [*_, result] = upload(played, tmp_path, session)
    assert isinstance(result, Result)
    assert result.facts == {"video_id": "1", "privacy": "private"}
    played.sent, played.random = {}, Random(2)
    whole_s, _ = upload(played, tmp_path, session)
    assert (rest_s < whole_s, played.videos) == (True, 1)


@pytest.mark.parametrize("words", ["often", "down=2", "down=x", "usual,up=0.1", "", "down=nan"])
def test_faults_that_are_none_are_refused_with_those_that_there_are(words: str) -> None:
    with pytest.raises(BadInput) as refused:
        faults_from(words)
    assert refused.value.hint


@pytest.mark.parametrize("numbers", [(math.nan, 1.0, 0.1), (1.0, math.nan, 0.1), (1.0, 1.0, math.nan)])
def test_what_is_no_number_is_refused_though_it_is_within_every_range(numbers: tuple[float, float, float]) -> None:
    with pytest.raises(BadInput, match="is no number"):
        Scenario(1, 4, *numbers, CALM)


def test_more_films_than_anybody_waits_for_are_refused_before_any_is_planned() -> None:
    Scenario(1, 52, 2, 1, 0, CALM).require_end(100)
    with pytest.raises(BadInput, match="26,000,000 films"):
        Scenario(1, 520, 100, 1, 0, CALM).require_end(500)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20))
def test_jains_index_is_one_for_alike_and_never_below_a_share(numbers: list[float]) -> None:
    assert 1 / len(numbers) - 1e-9 <= jain(numbers) <= 1 + 1e-9
    assert jain([3.0] * len(numbers)) == pytest.approx(1)


def test_a_films_time_is_whole() -> None:
    diary, key = Diary(), UUID(int=1)
    for what, at_s in ((Spent.ROOM, 0), (Spent.WORK, 10), (Spent.PERSON, 40), (None, 100)):
        diary.turn(key, what, at_s)
    assert diary.shares()[Spent.WORK] == 0.3
    assert sum(diary.shares().values()) == pytest.approx(1)
    assert diary.room_s[key] == 10


def test_each_budget_is_held_against_its_own_days_and_months() -> None:
    own = Channel("a", "A", board="local", budget=Budget(day_usd=5, month_usd=50, film_usd=8))
    crows, salt = UUID(int=1), UUID(int=2)
    other = Channel("b", "B", board="local")
    days = [
        DaySpent(date(2026, 1, 4), "a", crows, "kie", Decimal(3)),
        DaySpent(date(2026, 1, 4), "a", salt, "gemini", Decimal(1)),
        DaySpent(date(2026, 1, 5), "a", crows, "kie", Decimal(2)),
        DaySpent(date(2026, 1, 4), "b", UUID(int=3), "kie", Decimal(9)),
    ]
    peaks = {peak.what: peak.most for peak in budget_peaks(days, [own, other], Limits(day_usd=20))}
    assert peaks == {
        "budget.film_usd in a.yaml": 5,
        "budget.day_usd in a.yaml": 4,
        "budget.month_usd in a.yaml": 6,
        "limits.day_usd in _defaults.yaml": 13,
    }


def test_what_was_used_to_its_limit_is_not_exceeded_and_what_was_used_beyond_it_is_named() -> None:
    usd, budget = Decimal(0), "budget.day_usd in a.yaml"
    calls, budgets = [Peak("kie", 3, 2), Peak("gemini", 8, 8)], [Peak(budget, 5.01, 5), Peak("other", 5, 5)]
    found = Findings(1, 1, {}, 0, usd, 0, usd, usd, usd, 1, 0, calls, budgets, {}, 1.0)
    assert found.exceeded == ["kie", budget]


def test_channels_are_played_as_yours_and_in_production_with_our_programs() -> None:
    own = Channel("a", "A", board="local", max_concurrent=7, scripts={"generate_asset.py": "/x"})
    files = Loaded((own, Channel("b", "B", board="local", is_active=False)), Limits(day_usd=3), ())
    assert [one.channel_id for one in cast(files, None).channels] == ["a"]
    played = cast(files, 12)
    assert [one.channel_id for one in played.channels][:2] == ["channel01", "channel02"]
    assert all((one.mode, one.scripts, one.max_concurrent) == ("production", {}, 7) for one in played.channels)
    assert played.limits.day_usd == 3


@pytest.mark.parametrize("wanted", [0, -1, 501])
def test_a_number_of_channels_that_is_no_plan_is_refused(wanted: int) -> None:
    with pytest.raises(BadInput):
        cast(Loaded((), Limits(), ()), wanted)
