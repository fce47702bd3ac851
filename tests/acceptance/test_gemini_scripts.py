"""`generate_asset.py` and `generate_story.py`, as the programs that the engine starts, against Gemini's fake."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.fakes.gemini import FakeGemini
from tests.processes import trust
from vidctl.contract import Basis, Cost, ErrorClass, Failure, Ordering, Result, Scope, from_line
from vidctl.domain.storyboard import check_size, parse
from vidctl.media import images
from vidctl.media.matte import sprite
from vidctl.script import sha256_of

ROOT = Path(__file__).resolve().parents[2]
PICTURE = Decimal("0.0336")


@dataclass(frozen=True)
class Ran:
    status: int
    messages: list[Any]
    err: str

    @property
    def last(self) -> Any:
        return self.messages[-1]


@pytest.fixture
def fake() -> Iterator[FakeGemini]:
    with FakeGemini() as running:
        yield running


def command(script: str, **options: object) -> list[str]:
    words = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    return [sys.executable, str(ROOT / "scripts" / script), *words]


def environment(fake: FakeGemini, **more: str) -> dict[str, str]:
    keys = {"GEMINI_API_KEY": fake.key, "GEMINI_BASE_URL": fake.url}
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **trust(), **keys, **more}


def run(fake: FakeGemini, script: str, env: dict[str, str] | None = None, **options: object) -> Ran:
    done = subprocess.run(
        command(script, **options),
        env={**environment(fake), **(env or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert fake.key not in done.stdout + done.stderr
    return Ran(done.returncode, [from_line(line) for line in done.stdout.splitlines()], done.stderr)


def drawn(fake: FakeGemini, output: Path, **options: object) -> Ran:
    wanted: dict[str, Any] = {"name": "keeper", "kind": "character", "prompt": "an old keeper", **options}
    return run(fake, "generate_asset.py", output=output, **wanted)


@pytest.mark.parametrize("mime", ["image/png", "image/jpeg", "image/webp"])
def test_a_figure_is_bought_once_and_can_be_cut_out_whatever_format_it_comes_in(mime: str, tmp_path: Path) -> None:
    output = tmp_path / "characters" / "keeper.png"
    with FakeGemini(mime=mime) as fake:
        ran = drawn(fake, output)
        (sale,) = fake.ledger.sales
    assert ran.status == 0, ran
    ordering, cost, result = ran.messages
    assert ordering == Ordering("gemini_assets", PICTURE, by_job=False)
    assert cost == Cost("gemini_assets", sale.units, sale.cost_usd, Basis.PROVIDER)
    facts = {"width": 832, "height": 1248, "model": "gemini-nano-banana-2.1"}
    assert result == Result(str(output), sha256_of(output), None, facts)
    with Image.open(output) as picture:
        assert picture.format == "PNG"
    cut = sprite(images.opened(output))
    assert not cut.vignette
    assert cut.image.height < 1248
    assert [path.name for path in output.parent.iterdir()] == ["keeper.png"]


def test_a_picture_is_drawn_after_others_of_the_same(fake: FakeGemini, tmp_path: Path) -> None:
    cut_out, photo = tmp_path / "cut.png", tmp_path / "photo.jpg"
    Image.new("RGBA", (3_000, 200), (200, 30, 30, 0)).save(cut_out)
    Image.new("RGB", (90, 60), (30, 200, 30)).save(photo)
    words = command("generate_asset.py", name="quay", kind="environment", prompt="a quay", output=tmp_path / "quay.png")
    words += [f"--reference={cut_out}", f"--reference={photo}", "--note=no crane", "--take=2"]
    done = subprocess.run(words, env=environment(fake), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    (order,) = fake.orders
    assert len(order.references) == 2
    assert "show the same place" in order.prompt
    assert "no crane" in order.prompt
    assert order.body["generationConfig"]["imageConfig"] == {"aspectRatio": "16:9", "imageSize": "1K"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"reference": "nothing.png"}, "no picture at nothing.png"),
        ({"reference": __file__}, "cannot read the picture"),
        ({"aspect": "7:5"}, "7:5"),
        ({"model": "gemini-nobody"}, "gemini-nobody"),
        ({"output": "/proc/self/here.png"}, "cannot write"),
    ],
)
def test_whatever_can_fail_for_nothing_fails_before_anything_is_ordered(
    fake: FakeGemini, tmp_path: Path, options: dict[str, str], words: str
) -> None:
    ran = drawn(fake, **{"output": tmp_path / "x.png", **options})  # type: ignore[arg-type]  # a path or its text
    assert ran.status not in {0, 1}
    (failure,) = ran.messages
    assert words in failure.message
    assert fake.ledger.requests == []


def test_a_blocked_picture_is_for_a_person(fake: FakeGemini, tmp_path: Path) -> None:
    fake.fault("image_safety")
    ran = drawn(fake, tmp_path / "x.png")
    assert ran.status == 65
    assert [type(message) for message in ran.messages] == [Ordering, Failure]
    assert (ran.last.error_type, ran.last.error_class, ran.last.scope) == ("Blocked", ErrorClass.PERMANENT, Scope.ITEM)
    assert 'image keeper ("an old keeper")' in ran.last.message
    assert ran.err.startswith("error: Gemini blocked image keeper")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("trouble", "status"), [("quota_day", 69), ("overloaded", 75), ("key_invalid", 65)])
def test_a_refusal_ends_in_the_status_of_its_class(fake: FakeGemini, tmp_path: Path, trouble: str, status: int) -> None:
    fake.fault(trouble)
    assert drawn(fake, tmp_path / "x.png").status == status


def test_what_is_no_picture_is_charged_and_asked_for_again_later(fake: FakeGemini, tmp_path: Path) -> None:
    fake.fault("not_a_picture")
    ran = drawn(fake, tmp_path / "x.png")
    ordering, cost, failure = ran.messages
    assert ordering.cost_usd == cost.cost_usd == fake.ledger.total_usd
    assert (failure.error_type, failure.error_class, failure.in_doubt) == ("NoPicture", ErrorClass.TRANSIENT, False)
    assert ran.status == 75
    assert list(tmp_path.iterdir()) == []


def test_a_lost_answer_is_in_doubt_and_was_asked_for_once(fake: FakeGemini, tmp_path: Path) -> None:
    fake.fault("lost")
    ran = drawn(fake, tmp_path / "x.png")
    assert ran.status == 75
    assert [type(message) for message in ran.messages] == [Ordering, Failure]
    assert (ran.last.error_type, ran.last.in_doubt) == ("AnswerLost", True)
    assert len(fake.ledger.requests) == len(fake.ledger.sales) == 1


def test_killed_while_it_waits_it_has_said_what_it_ordered_and_leaves_no_file(fake: FakeGemini, tmp_path: Path) -> None:
    fake.fault("slow", delay_s=30)
    words = command("generate_asset.py", name="x", kind="prop", prompt="a lamp", output=tmp_path / "x.png")
    with subprocess.Popen(words, env=environment(fake), stdout=subprocess.PIPE, text=True) as running:
        deadline = time.monotonic() + 20
        while not fake.ledger.requests and time.monotonic() < deadline:
            time.sleep(0.02)
        running.send_signal(signal.SIGTERM)
        out, _ = running.communicate(timeout=20)
    assert running.returncode == 75
    assert [type(from_line(line)) for line in out.splitlines()] == [Ordering]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("script", ["generate_asset.py", "generate_story.py"])
def test_without_a_key_it_says_which_variable_to_set(fake: FakeGemini, tmp_path: Path, script: str) -> None:
    asset = {"name": "x", "kind": "prop", "prompt": "x"}
    wanted: dict[str, Any] = asset if script == "generate_asset.py" else {"topic": "salt"}
    ran = run(fake, script, {"GEMINI_API_KEY": ""}, output=tmp_path / "x", **wanted)
    (failure,) = ran.messages
    assert (failure.error_type, failure.scope) == ("NoKey", Scope.SERVICE)
    assert "GEMINI_API_KEY" in failure.hint


@pytest.mark.parametrize("script", ["generate_asset.py", "generate_story.py"])
def test_its_help_begins_with_what_it_does_and_how_it_is_run_by_hand(fake: FakeGemini, script: str) -> None:
    done = subprocess.run(
        [*command(script), "--help"], env=environment(fake), capture_output=True, text=True, check=True
    )
    assert f"By hand: python scripts/{script}" in done.stdout
    assert "It costs money." in done.stdout


def test_a_brief_becomes_a_storyboard_of_its_size(fake: FakeGemini, tmp_path: Path) -> None:
    brief, output = tmp_path / "brief.json", tmp_path / "storyboard.json"
    brief.write_text('{"title": "Salt", "topic": "salt $(rm -rf /)", "assets": 9, "scenes": 7, "clip_seconds": 5}')
    ran = run(fake, "generate_story.py", brief=brief, output=output)
    assert ran.status == 0, ran
    ordering, cost, result = ran.messages
    assert isinstance(ordering, Ordering)
    (sale,) = fake.ledger.sales
    assert cost == Cost("gemini_story", sale.units, sale.cost_usd, Basis.PROVIDER)
    facts = {"assets": 9, "scenes": 7, "model": "gemini-3.8-flash", "orders": 1, "mended": []}
    assert (result.sha256, result.facts) == (sha256_of(output), facts)
    check_size(parse(output.read_bytes()), assets=9, scenes=7)
    assert output.read_text().startswith('{\n  "title": "Salt"')
    assert output.read_text().endswith("}\n")
    assert "at most 9 words" in fake.orders[0].prompt


def test_prices_that_were_changed_are_the_prices_that_are_said(fake: FakeGemini, tmp_path: Path) -> None:
    changed = '{"gemini-nano-banana-2.1": {"image": 0.05}}'
    ran = run(
        fake,
        "generate_asset.py",
        {"VIDCTL_PRICES": changed},
        name="x",
        kind="prop",
        prompt="x",
        output=tmp_path / "x.png",
    )
    assert [message.cost_usd for message in ran.messages[:2]] == [Decimal("0.05"), Decimal("0.05")]


def test_with_nothing_to_tell_it_orders_nothing(fake: FakeGemini, tmp_path: Path) -> None:
    ran = run(fake, "generate_story.py", output=tmp_path / "x.json")
    assert (ran.status, ran.last.error_type) == (65, "BadInput")
    assert fake.ledger.requests == []
