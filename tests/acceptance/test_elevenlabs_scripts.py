"""The scripts that buy words and sounds of ElevenLabs, as the programs that the engine starts."""

import json
import os
import re
import signal
import subprocess
import sys
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from tests import media_samples
from tests.fakes.elevenlabs import FakeElevenLabs
from tests.processes import trust
from vidctl.contract import LISTENING, AtOnce, Cost, Failure, Message, Ordering, Result, from_line
from vidctl.errors import ExitCode
from vidctl.media.assembly.film import assemble
from vidctl.media.assembly.manifest import load
from vidctl.media.inspection.kinds import Kind, inspect
from vidctl.media.inspection.verdict import Length
from vidctl.script import sha256_of
from vidctl.storage.staging import sidecars

ROOT = Path(__file__).resolve().parents[2]
AUDIO, SFX = "generate_audio.py", "generate_sound_effects.py"
VOICE = "21m00Tcm4TlvDq8ikWAM"
TEXT = "It began in 1984. The river has carried this valley on its back."


@pytest.fixture
def fake() -> Iterator[FakeElevenLabs]:
    with FakeElevenLabs() as made:
        yield made


@dataclass(frozen=True)
class Ran:
    status: int
    said: Sequence[Message]
    err: str

    @property
    def kinds(self) -> list[type]:
        return [type(message) for message in self.said]

    @property
    def result(self) -> Result:
        assert isinstance(self.said[-1], Result), self
        return self.said[-1]

    @property
    def failure(self) -> Failure:
        assert isinstance(self.said[-1], Failure), self
        return self.said[-1]


def command(script: str, **options: object) -> list[str]:
    usual: dict[str, object] = {"voice_id": VOICE, "text": TEXT} if script == AUDIO else {"description": "wind"}
    words = [f"--{name.replace('_', '-')}={value}" for name, value in (usual | options).items()]
    return [sys.executable, str(ROOT / "scripts" / script), *words]


def environment(fake: FakeElevenLabs, **more: str) -> dict[str, str]:
    keys = {"ELEVENLABS_API_KEY": fake.key, "ELEVENLABS_BASE_URL": fake.url}
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **trust(), **keys, **more}


def run(script: str, fake: FakeElevenLabs, *, env: dict[str, str] | None = None, **options: object) -> Ran:
    """Run a script with its options; it never prints a traceback, nor the key."""
    done = subprocess.run(
        command(script, **options),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        env=environment(fake, **(env or {})),
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert fake.key not in done.stdout + done.stderr
    return Ran(done.returncode, [from_line(line) for line in done.stdout.splitlines()], done.stderr)


def test_a_scene_is_spoken_with_its_timing_beside_it_and_charged_once(fake: FakeElevenLabs, tmp_path: Path) -> None:
    output = tmp_path / "audio" / "narration_01.mp3"
    ran = run(AUDIO, fake, output=output, previous_text="So.", note="slower")
    assert (ran.status, ran.kinds) == (0, [Ordering, AtOnce, Cost, Result])
    assert ran.result.sha256 == sha256_of(output)
    assert ran.result.facts is not None
    assert (ran.result.facts["speed"], ran.result.facts["timed"]) == (0.9, True)
    facts = inspect(output, Kind.NARRATION, Length(1, 20))
    assert facts["duration_s"] == pytest.approx(len(TEXT) / 15 / 0.9, abs=0.1)
    beside = output.with_name("narration_01.alignment.json")
    assert sidecars(output) == [beside]
    alignment = json.loads(beside.read_text())
    assert ("".join(alignment["characters"]), alignment["sha256"]) == (TEXT, ran.result.sha256)
    (sale,) = fake.ledger.sales
    assert [cost.cost_usd for cost in ran.said if isinstance(cost, Cost)] == [sale.cost_usd]
    assert (sale.order["previous_text"], sale.order["voice_settings"]["speed"]) == ("So.", 0.9)


def test_a_scene_has_the_same_voice_again_and_another_take_another(fake: FakeElevenLabs, tmp_path: Path) -> None:
    for name, take in (("a", 1), ("b", 1), ("c", 2)):
        assert run(AUDIO, fake, output=tmp_path / f"{name}.mp3", take=take).status == 0
    one, again, other = (sha256_of(tmp_path / f"{name}.mp3") for name in "abc")
    assert one == again != other


def test_the_sound_of_a_scene_is_a_wav_of_the_length_that_was_asked_for(fake: FakeElevenLabs, tmp_path: Path) -> None:
    output = tmp_path / "sfx_01.wav"
    ran = run(SFX, fake, output=output, duration_s=33, note="more thunder")
    assert (ran.status, ran.kinds) == (0, [Ordering, AtOnce, Cost, Result])
    with wave.open(str(output)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (2, 48_000, 33 * 48_000)
    assert inspect(output, Kind.SFX, Length(32.9, 33.1))["duration_s"] == 33
    (sale,) = fake.ledger.sales
    assert (sale.what, sale.cost_usd, sale.order["loop"]) == ("wind. more thunder", Decimal("0.12"), True)
    assert [cost.cost_usd for cost in ran.said if isinstance(cost, Cost)] == [sale.cost_usd]


def test_a_refusal_ends_in_words_a_hint_and_the_status_that_fits(fake: FakeElevenLabs, tmp_path: Path) -> None:
    fake.fault("quota")
    ran = run(AUDIO, fake, output=tmp_path / "a.mp3")
    assert (ran.status, ran.failure.error_class) == (ExitCode.PAUSED, "quota")
    assert ran.err.startswith("error: the credits")
    assert "\nhint: " in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("script", "trouble"), [(AUDIO, "not_audio"), (SFX, "not_sound")])
def test_what_does_not_play_is_charged_tried_again_and_leaves_no_file(
    fake: FakeElevenLabs, tmp_path: Path, script: str, trouble: str
) -> None:
    fake.fault(trouble)
    ran = run(script, fake, output=tmp_path / ("a.mp3" if script == AUDIO else "a.wav"))
    assert (ran.status, ran.kinds) == (ExitCode.TRY_AGAIN, [Ordering, AtOnce, Cost, Failure])
    assert (ran.failure.error_type, ran.failure.in_doubt) == ("NoAudio", False)
    assert list(tmp_path.iterdir()) == []


def test_without_a_key_nothing_is_ordered_and_the_variable_is_named(fake: FakeElevenLabs, tmp_path: Path) -> None:
    ran = run(SFX, fake, output=tmp_path / "a.wav", env={"ELEVENLABS_API_KEY": ""})
    assert (ran.status, ran.kinds, ran.failure.error_type) == (ExitCode.BAD_DATA, [Failure], "NoKey")
    assert "ELEVENLABS_API_KEY" in ran.failure.hint
    assert (ran.failure.error_class, ran.failure.scope) == ("permanent", "service")


@pytest.mark.parametrize(("script", "name"), [(AUDIO, "taken/a.mp3"), (SFX, "taken/a.wav"), (AUDIO, "a.wav")])
def test_where_the_file_could_not_be_written_nothing_is_ordered(
    fake: FakeElevenLabs, tmp_path: Path, script: str, name: str
) -> None:
    (tmp_path / "taken").write_text("a file, where a folder should be")
    ran = run(script, fake, output=tmp_path / name)
    assert (ran.kinds, ran.failure.error_type) == ([Failure], "CannotWrite" if "taken" in name else "BadInput")
    assert fake.ledger.requests == []


def test_an_order_that_the_engine_does_not_let_is_not_sent(fake: FakeElevenLabs, tmp_path: Path) -> None:
    ran = run(AUDIO, fake, output=tmp_path / "a.mp3", env={LISTENING: "1"})
    assert (ran.status, ran.kinds) == (ExitCode.TRY_AGAIN, [Ordering, Failure])
    assert fake.ledger.requests == []


def test_a_script_that_is_killed_has_said_what_it_ordered_and_leaves_no_file(
    fake: FakeElevenLabs, tmp_path: Path
) -> None:
    fake.takes_s = 30
    asked = command(AUDIO, output=tmp_path / "a.mp3")
    with subprocess.Popen(asked, env=environment(fake), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert isinstance(from_line(process.stdout.readline()), Ordering)
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == ""
    assert process.returncode == ExitCode.TRY_AGAIN
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("script", [AUDIO, SFX])
def test_help_begins_with_what_it_does_and_how_it_is_called_by_hand(script: str, fake: FakeElevenLabs) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / script), "--help"],
        capture_output=True,
        text=True,
        env=environment(fake),
        check=True,
    )
    assert f"By hand: ELEVENLABS_API_KEY=... python scripts/{script} " in " ".join(done.stdout.split())
    options = re.findall(r"^  (--\S+) <[^>]+>( +\S)?", done.stdout, re.MULTILINE)
    assert len(options) > 5
    assert all(text for _, text in options)


def test_subtitles_of_a_film_are_timed_by_what_the_service_said(fake: FakeElevenLabs, tmp_path: Path) -> None:
    narration = tmp_path / "narration_01.mp3"
    assert run(AUDIO, fake, output=narration).status == 0
    clip = media_samples.clip(tmp_path / "clip.mp4", seconds=6)
    scene = {"clip": clip.name, "narration": narration.name, "text": TEXT}
    manifest = load(media_samples.manifest(tmp_path / "film.json", [{"clip": clip.name, "min_s": 1}, scene]))
    srt = tmp_path / "film.srt"

    def marks() -> list[float]:
        facts = assemble(manifest, tmp_path / "film.mp4", srt, decode_all=False, tell=lambda _done, _of: None)
        clocks = re.findall(r"00:00:([\d,]+)", srt.read_text())
        return [round(float(clock.replace(",", ".")) - facts["scene_starts_s"][1], 2) for clock in clocks]

    ends = TEXT.index(".") + 1  # of the first sentence, after which the voice pauses
    assert marks() == pytest.approx([0, ends / 15, (ends + 1) / 15, len(TEXT) / 15], abs=0.02)
    narration.with_name("narration_01.alignment.json").write_text("{}")
    estimated = marks()
    assert estimated[1] == estimated[2]
