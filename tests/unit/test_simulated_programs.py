"""The programs of a simulation: what is to go wrong goes wrong, they take their time, and none buys unasked."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest

from vidctl.contract import GO, Cost, Failure, Message, Ordering, Result, Submitted, from_line
from vidctl.engine.children import Command, Ended, Piece
from vidctl.engine.simulation.clockwork import Clockwork
from vidctl.engine.simulation.market import Market
from vidctl.engine.simulation.programs import Programs
from vidctl.engine.simulation.scenario import CALM, Faults, faults_from
from vidctl.engine.simulation.wares import LOCAL_S, WARES, Call
from vidctl.engine.simulation.world import SimulatedWorld, Stage

PRICE = Decimal("0.42")
FILM = "channels/one/projects/3f2a1b2c-0000-4000-8000-000000000000"


@dataclass
class Theatre:
    """A simulation's programs, and what one of them says when it is played to its end."""

    root: Path
    faults: Faults = CALM
    clock: Clockwork = field(default_factory=lambda: Clockwork(datetime(2026, 1, 4, tzinfo=UTC)))
    plays: Programs = field(init=False)

    def __post_init__(self) -> None:
        dice = Random(1)
        self.plays = Programs(dice, self.faults, Market(dice), self.clock, lambda _: PRICE)

    @property
    def sold(self) -> int:
        return len(self.plays.market.sales)

    def argv(self, name: str, *options: str) -> list[str]:
        """Return a command line of this program; what it reads is there."""
        (self.root / "brief.json").write_text(json.dumps({"title": "Crows", "assets": 2, "scenes": 2}))
        (self.root / "file.png").write_bytes(b"good")
        own = [f"--output={self.root / FILM / name}.out", f"--brief={self.root / 'brief.json'}", *options]
        return ["python", name, *own, str(self.root / "file.png")]

    def play(self, name: str, *options: str, word: str = GO) -> tuple[list[Message], float]:
        """Return what a program says, and how many seconds it takes; each of its questions is answered by a word."""
        play = self.plays.play(Call.of(self.argv(name, *options), self.root / FILM))
        said, answer, began = list[Message](), None, self.clock.elapsed_s
        while True:
            try:
                one = play.send(answer)
            except StopIteration:
                return said, self.clock.elapsed_s - began
            answer = None if isinstance(one, float) else word
            if isinstance(one, float):
                self.clock.elapsed_s += one
            else:
                said.append(one)


@pytest.mark.parametrize(
    ("fault", "error", "sold", "charged"),
    [
        ("busy", "RateLimited", 0, 0),
        ("down", "ServerError", 0, 0),
        ("refused", "Refused", 0, 0),
        ("quota", "QuotaUsedUp", 0, 0),
        ("lost", "AnswerLost", 1, 1),
        ("fails", "JobFailed", 1, 0),
    ],
)
def test_what_is_to_go_wrong_goes_wrong_and_is_paid_where_it_is_bought(
    tmp_path: Path, fault: str, error: str, sold: int, charged: int
) -> None:
    theatre = Theatre(tmp_path, faults_from(f"{fault}=1"))
    said, _ = theatre.play("generate_video.py")
    failure = said[-1] if fault != "lost" else next(one for one in said if isinstance(one, Failure))
    assert isinstance(failure, Failure)
    assert (failure.error_type, failure.in_doubt) == (error, fault == "lost")
    assert (theatre.sold, theatre.plays.market.charged_usd()) == (sold, charged * PRICE)


def test_a_program_that_hangs_is_ended_when_its_time_is_up_and_bought_nothing(tmp_path: Path) -> None:
    theatre, ended = Theatre(tmp_path, faults_from("slow=1")), list[Ended]()

    def piece() -> Piece:
        argv = theatre.argv("generate_video.py")
        ended.append((yield Command(argv, {}, tmp_path / FILM, 600.0, lambda _: GO)))

    theatre.clock.spawn(lambda: Stage(theatre.clock, theatre.plays, 1).run([piece()]))
    while theatre.clock.next():
        pass
    assert ([one.timed_out for one in ended], theatre.clock.elapsed_s, theatre.sold) == ([True], 600.0, 0)


@pytest.mark.parametrize("last", [Ordering, Submitted, Cost, Result], ids=lambda kind: kind.__name__)
def test_no_call_goes_on_whose_worker_is_killed_by_what_it_hears(tmp_path: Path, last: type[Message]) -> None:
    theatre = Theatre(tmp_path)
    world = SimulatedWorld(theatre.clock, theatre.plays, 1, lambda *_: None)

    def hear(line: str) -> str:
        if isinstance(from_line(line), last):
            theatre.clock.kill(theatre.clock.worker)
            theatre.clock.stop()
        return GO

    def piece() -> Piece:
        yield Command(theatre.argv("generate_video.py"), {}, tmp_path / FILM, 600.0, hear)

    worker = theatre.clock.spawn(lambda: world.programs(1, stopping=lambda: False).run([piece()]))
    while theatre.clock.next():
        pass
    assert (worker.killed, dict(theatre.plays.at_once)) == (True, {"kie": 0})


def test_what_is_delivered_bad_is_refused_by_its_check_and_what_is_good_is_not(tmp_path: Path) -> None:
    for faults, kind in ((faults_from("bad=1"), Failure), (CALM, Result)):
        theatre = Theatre(tmp_path, faults)
        said, _ = theatre.play("generate_asset.py")
        assert isinstance(said[-1], Result)
        play = theatre.plays.play(Call.of(["python", "inspect_media.py", said[-1].path], tmp_path / FILM))
        assert isinstance(next(play), float)
        assert isinstance(next(play), kind)


def test_an_upload_that_breaks_off_is_gone_on_with_and_is_the_same_video(tmp_path: Path) -> None:
    theatre = Theatre(tmp_path, faults_from("cut=1"))
    said, _ = theatre.play("upload_video.py")
    assert isinstance(said[-1], Failure)
    assert said[-1].error_type == "BrokenOff"
    [job] = [one.job_id for one in said if isinstance(one, Submitted)]
    theatre.plays.faults = CALM
    said, took_s = theatre.play("upload_video.py", f"--resume-job={job}")
    assert took_s > 120, "its bytes, and what YouTube does with them"
    assert isinstance(said[-1], Result)
    assert (theatre.plays.videos, said[-1].url) == (1, "https://youtu.be/1")


def test_no_program_takes_no_time_and_what_is_bought_is_paid_once(tmp_path: Path) -> None:
    theatre = Theatre(tmp_path)
    usual = {**LOCAL_S, **{name: ware.median_s for name, ware in WARES.items()}, "upload_video.py": 211.0}
    for name, median_s in usual.items():
        said, took_s = theatre.play(name)
        assert isinstance(said[-1], Result), name
        assert median_s / 4 < took_s < median_s * 4, name
        assert [one.cost_usd for one in said if isinstance(one, Cost)] == ([PRICE] if name in WARES else [])
    assert theatre.sold == len(WARES)
    assert set(theatre.plays.at_once.values()) == {0}
    assert set(theatre.plays.most_at_once.values()) == {1}


@pytest.mark.parametrize("name", WARES)
def test_nothing_is_bought_without_the_engines_word(tmp_path: Path, name: str) -> None:
    theatre = Theatre(tmp_path)
    said, _ = theatre.play(name, word="no")
    assert isinstance(said[-2], Ordering)
    assert (isinstance(said[-1], Failure), theatre.sold) == (True, 0)


def test_chance_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    theatres = [Theatre(tmp_path), Theatre(tmp_path)]
    worlds = [SimulatedWorld(one.clock, one.plays, 2, lambda *_: None) for one in theatres]
    first, second = ([world.chance() for _ in range(5)] for world in worlds)
    assert first == second


def test_turns_at_a_service_come_no_faster_than_they_should(tmp_path: Path) -> None:
    theatre = Theatre(tmp_path)
    world = SimulatedWorld(theatre.clock, theatre.plays, 2, lambda *_: None)

    def turn(service: str) -> bool:
        return world.turn(cast("Any", None), service, 0.6, 0.05)

    assert [turn("kie"), turn("kie"), turn("gemini")] == [True, False, True]
    theatre.clock.elapsed_s += 0.56
    assert turn("kie")
