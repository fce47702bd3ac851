"""Clips and balances, by the programs that the engine starts: against the services on loopback."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from tests.fakes.elevenlabs import FakeElevenLabs
from tests.fakes.kie import FakeKie
from tests.processes import trust
from vidctl.contract import (
    GO,
    LISTENING,
    Balance,
    Basis,
    Cost,
    Failure,
    Message,
    Ordering,
    Result,
    Submitted,
    from_line,
)
from vidctl.errors import ExitCode
from vidctl.script import sha256_of

ROOT = Path(__file__).resolve().parents[2]
PRICE = Decimal("0.42")


@dataclass(frozen=True)
class Ran:
    status: int
    messages: list[Message]
    stderr: str

    @property
    def failure(self) -> Failure:
        assert isinstance(self.messages[-1], Failure), self.messages
        return self.messages[-1]


@pytest.fixture
def kie() -> Iterator[FakeKie]:
    with FakeKie() as fake:
        yield fake


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pictures") / "composite.png"
    Image.effect_noise((640, 360), 60).convert("RGB").save(file)
    return file


def settings(kie: FakeKie) -> dict[str, str]:
    return {"KIE_API_KEY": kie.key, "KIE_BASE_URL": kie.url, "KIE_UPLOAD_BASE_URL": kie.url}


def started(script: str, environment: Mapping[str, str], **options: object) -> "subprocess.Popen[str]":
    words = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    return subprocess.Popen(
        [sys.executable, ROOT / "scripts" / script, *words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **trust(), **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: "subprocess.Popen[str]", *, answer: str = "", key: str = "") -> Ran:
    out, err = process.communicate(answer, timeout=60)
    assert "Traceback" not in err, err
    assert not key or key not in out + err
    return Ran(process.returncode, [from_line(line) for line in out.splitlines()], err)


def film(kie: FakeKie, picture: Path, output: Path, **more: object) -> Ran:
    process = started("generate_video.py", settings(kie), **options(picture, output, **more))
    return ended(process, key=kie.key)


def options(picture: Path, output: Path, **more: object) -> dict[str, object]:
    return {"image": picture, "motion": "slow push in", "output": output, "poll_s": 0.05, **more}


def orders_sent(kie: FakeKie) -> int:
    return len(kie.ledger.where(lambda request: request.path.endswith("createTask")))


def test_a_picture_becomes_a_clip_and_every_step_that_touches_money_is_told(
    kie: FakeKie, picture: Path, tmp_path: Path
) -> None:
    output = tmp_path / "clip.mp4"
    ran = film(kie, picture, output, note="towards the lamp", negative_prompt="fog", cfg_scale=0.7)
    assert ran.status == ExitCode.OK
    (sale,) = kie.ledger.sales
    before, ordering, submitted, after, cost, result = ran.messages
    assert before == Balance(Decimal(500))
    assert ordering == Ordering("kling_video", PRICE)
    assert submitted == Submitted(sale.job_id)
    assert after == Balance(Decimal(500) - PRICE)
    assert cost == Cost("kling_video", Decimal(10), PRICE, Basis.PROVIDER)
    assert isinstance(result, Result)
    assert (result.path, result.sha256) == (str(output), sha256_of(output))
    assert result.facts == {"duration_s": 10.0, "job_id": sale.job_id, "model": sale.model}
    asked = sale.order["input"]
    assert asked.pop("image_url").startswith(f"{kie.url}/files/")
    expected = {"duration": "10", "negative_prompt": "fog", "cfg_scale": 0.7}
    assert asked == {"prompt": "slow push in. towards the lamp", **expected}
    assert [file.name for file in tmp_path.iterdir()] == ["clip.mp4"]


def test_nothing_is_ordered_before_the_engine_lets_it(kie: FakeKie, picture: Path, tmp_path: Path) -> None:
    listening = {**settings(kie), LISTENING: "1"}
    process = started("generate_video.py", listening, **options(picture, tmp_path / "clip.mp4"))
    assert process.stdout is not None
    first = [from_line(process.stdout.readline()) for _ in range(2)]
    assert isinstance(first[1], Ordering)
    assert orders_sent(kie) == 0
    ran = ended(process, answer=f"{GO}\n")
    assert ran.status == ExitCode.OK
    assert orders_sent(kie) == 1


def test_an_order_that_the_engine_does_not_let_is_not_sent(kie: FakeKie, picture: Path, tmp_path: Path) -> None:
    listening = {**settings(kie), LISTENING: "1"}
    ran = ended(started("generate_video.py", listening, **options(picture, tmp_path / "clip.mp4")), answer="no\n")
    assert ran.failure.error_type == "NotLet"
    assert orders_sent(kie) == 0


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_script_that_was_killed_goes_on_with_its_job_and_buys_nothing_again(
    how: signal.Signals, kie: FakeKie, picture: Path, tmp_path: Path
) -> None:
    kie.desk.job_s = 1
    output = tmp_path / "clip.mp4"
    process = started("generate_video.py", settings(kie), **options(picture, output))
    assert process.stdout is not None
    while not isinstance(message := from_line(process.stdout.readline()), Submitted):
        pass
    process.send_signal(how)
    process.communicate(timeout=30)
    assert not output.exists()
    if how == signal.SIGTERM:
        assert list(tmp_path.iterdir()) == []
    picture_is_gone = tmp_path / "gone.png"
    ran = film(kie, picture_is_gone, output, resume_job=message.job_id)
    assert ran.status == ExitCode.OK
    assert [type(one) for one in ran.messages] == [Cost, Result]
    assert orders_sent(kie) == 1
    assert len(kie.ledger.sales) == 1


def test_an_order_whose_answer_is_lost_is_told_to_be_in_doubt(kie: FakeKie, picture: Path, tmp_path: Path) -> None:
    kie.fault("lost", path="createTask")
    ran = film(kie, picture, tmp_path / "clip.mp4")
    assert ran.status == ExitCode.TRY_AGAIN
    assert ran.failure.in_doubt
    assert orders_sent(kie) == len(kie.ledger.sales) == 1
    assert ran.messages[-2] == Balance(Decimal(500) - PRICE)


def test_an_account_without_credits_pauses_the_service(kie: FakeKie, picture: Path, tmp_path: Path) -> None:
    kie.fault("no_credits", path="createTask")
    ran = film(kie, picture, tmp_path / "clip.mp4")
    assert ran.status == ExitCode.PAUSED
    assert "Please top up" in ran.failure.message
    assert kie.ledger.sales == []


def test_without_a_key_nobody_is_asked(kie: FakeKie, picture: Path, tmp_path: Path) -> None:
    nothing = {**settings(kie), "KIE_API_KEY": ""}
    ran = ended(started("generate_video.py", nothing, **options(picture, tmp_path / "clip.mp4")))
    assert ran.status == ExitCode.BAD_DATA
    assert ran.failure.error_type == "NoKey"
    assert "KIE_API_KEY" in ran.failure.hint
    assert kie.ledger.requests == []


def test_nothing_is_bought_that_could_not_be_written(kie: FakeKie, picture: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    ran = film(kie, picture, tmp_path / "file" / "clip.mp4")
    assert ran.status == ExitCode.CANNOT_WRITE
    assert kie.ledger.requests == []


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"image": "nowhere.png"}, ExitCode.NO_INPUT),
        ({"image": __file__}, ExitCode.BAD_DATA),
        ({"duration_s": 11}, ExitCode.BAD_DATA),
        ({"model": "kling/v9"}, ExitCode.BAD_DATA),
    ],
)
def test_what_cannot_be_filmed_is_refused_before_anybody_is_asked(
    more: dict[str, object], status: ExitCode, kie: FakeKie, picture: Path, tmp_path: Path
) -> None:
    ran = film(kie, picture, tmp_path / "clip.mp4", **more)
    assert ran.status == status
    assert kie.ledger.requests == []


def test_a_clip_that_no_player_can_open_is_told_and_stays_paid_for(kie: FakeKie, picture: Path, tmp_path: Path) -> None:
    kie.fault("result_not_video", path="createTask", content=b"\0\0\0\x18ftypmp42 and no more")
    ran = film(kie, picture, tmp_path / "clip.mp4")
    assert ran.status == ExitCode.BAD_DATA
    assert ran.failure.error_type == "NoVideo"
    assert any(isinstance(message, Cost) for message in ran.messages)
    assert list(tmp_path.iterdir()) == []


def test_a_balance_is_told_in_dollars_and_in_words(kie: FakeKie) -> None:
    kie.desk.credits = Decimal("1234.5")
    ran = ended(started("read_balance.py", settings(kie), service="kie"), key=kie.key)
    assert ran.status == ExitCode.OK
    assert ran.messages == [Balance(Decimal("6.1725"))]
    assert ran.stderr == "KIE: 1,234.5 credits left: $6.17\n"


def test_characters_that_are_left_are_told_in_dollars_and_until_when(kie: FakeKie) -> None:
    with FakeElevenLabs(characters=12_000) as fake:
        known = {"ELEVENLABS_API_KEY": fake.key, "ELEVENLABS_BASE_URL": fake.url}
        ran = ended(started("read_balance.py", known, service="elevenlabs"), key=fake.key)
    assert ran.status == ExitCode.OK
    assert ran.messages == [Balance(Decimal("1.2"))]
    assert ran.stderr.startswith("ElevenLabs: 12,000 of 12,000 characters left, until 20")


@pytest.mark.parametrize("service", ["kie", "elevenlabs"])
def test_a_balance_that_cannot_be_had_is_asked_for_again_later(service: str) -> None:
    nobody = "http://127.0.0.1:9"
    known = {"KIE_API_KEY": "k", "KIE_BASE_URL": nobody, "ELEVENLABS_API_KEY": "k", "ELEVENLABS_BASE_URL": nobody}
    ran = ended(started("read_balance.py", known, service=service))
    assert (ran.status, ran.failure.error_type) == (ExitCode.TRY_AGAIN, "BalanceUnknown")
    assert not ran.failure.in_doubt


def test_a_key_that_is_refused_is_told_when_the_balance_is_asked_for(kie: FakeKie) -> None:
    ran = ended(started("read_balance.py", {**settings(kie), "KIE_API_KEY": "another-key"}, service="kie"))
    assert (ran.status, ran.failure.error_type) == (ExitCode.BAD_DATA, "KeyRefused")


@pytest.mark.parametrize("script", ["generate_video.py", "read_balance.py"])
def test_help_begins_with_what_the_script_does_and_how_it_is_run_by_hand(script: str) -> None:
    asked = [sys.executable, str(ROOT / "scripts" / script), "--help"]
    shown = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60).stdout
    assert f"python scripts/{script}" in " ".join(shown.split())
    assert "By hand: " in shown
