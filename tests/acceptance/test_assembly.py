"""The film: real clips and sounds in, looked at with ffmpeg as a player would."""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.media_samples import (
    FPS,
    RATE,
    brightness,
    clip,
    complaints,
    loudness,
    manifest,
    packets,
    pictures,
    sound,
    speech,
    tone,
    wav,
)
from tests.processes import until
from vidctl.script import sha256_of

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "assemble_video.py"
TAIL_S = 0.1
ONE_FRAME_S = 0.042


@dataclass(frozen=True)
class Film:
    """What the script made of a manifest."""

    path: Path
    facts: dict[str, Any]

    @property
    def srt(self) -> str:
        return self.path.with_suffix(".srt").read_text("utf-8")


def command(manifest_file: Path, output: Path) -> list[str]:
    return [sys.executable, str(SCRIPT), "--manifest", str(manifest_file), "--output", str(output)]


def run(manifest_file: Path, output: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command(manifest_file, output), capture_output=True, text=True, env=environment, check=False, timeout=120
    )


def assemble(manifest_file: Path, output: Path) -> Film:
    done = run(manifest_file, output)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["event"] == "result"
    assert result["path"] == str(output)
    return Film(output, result["facts"])


def spoken_with_click(seconds: float, seed: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return speech that starts with a click, so that its start can be found again."""
    samples = speech(seconds, seed=seed, level=0.03)
    samples[:96] = 0.9
    return samples


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clips 0 to 17 with B-frames, the narrations and effects to go with them; all lengths differ."""
    here = tmp_path_factory.mktemp("film")
    for number in range(18):
        clip(here / f"clip_{number}.mp4", number)
        wav(here / f"voice_{number}.wav", spoken_with_click(0.6 + 0.037 * number, number))
        wav(here / f"sfx_{number}.wav", speech(1.6, seed=100 + number, level=0.2))
    return here


@pytest.fixture(scope="module")
def film(folder: Path) -> Film:
    scenes = [
        {
            "clip": f"clip_{n}.mp4",
            "narration": f"voice_{n}.wav",
            "sfx": f"sfx_{n}.wav",
            "text": f"This is what is said in scene {n}.",
        }
        for n in range(18)
    ]
    return assemble(manifest(folder / "film.json", scenes, tail_s=TAIL_S), folder / "film.mp4")


def test_clips_that_share_their_parameters_are_copied_byte_by_byte(film: Film, folder: Path) -> None:
    assert (film.facts["clips_copied"], film.facts["clips_transcoded"]) == (18, 0)
    originals = {data for n in range(18) for _, _, data in packets(folder / f"clip_{n}.mp4")}
    assert all(data in originals for _, _, data in packets(film.path))


def test_every_picture_decodes_and_is_shown_once_in_order(film: Film) -> None:
    assert complaints(film.path) == ""
    stream = packets(film.path)
    assert sorted(round(pts) for pts, _, _ in stream) == list(range(film.facts["frames"]))
    assert all(first < second for (_, first, _), (_, second, _) in pairwise(stream))
    assert len(brightness(film.path)) == film.facts["frames"]


def test_picture_and_sound_are_equally_long_to_the_sample(film: Film) -> None:
    with av.open(str(film.path)) as container:
        lengths = [stream.duration * stream.time_base for stream in container.streams]  # type: ignore[operator]
        assert [stream.start_time for stream in container.streams] == [0, 0]
    assert lengths[0] == lengths[1]
    assert float(lengths[0]) == pytest.approx(film.facts["duration_s"], abs=1e-3)


def test_every_scene_is_its_narration_plus_the_tail_and_no_more_than_a_clean_cut_needs(film: Film) -> None:
    ends = [*film.facts["scene_starts_s"][1:], film.facts["duration_s"]]
    for n, (start, end) in enumerate(zip(film.facts["scene_starts_s"], ends, strict=True)):
        wanted = 0.6 + 0.037 * n + TAIL_S
        assert -0.001 <= (end - start) - wanted <= 6 / FPS


def test_picture_and_voice_start_within_one_frame_at_every_scene_first_to_last(film: Film) -> None:
    light, heard = brightness(film.path), sound(film.path)
    cuts = [0, *(1 + int(at) for at in np.flatnonzero(np.abs(np.diff(light)) > 5))]
    assert len(cuts) == 18
    for cut in cuts:
        around = max(0, round((cut / FPS - 0.1) * RATE))
        click = around + int(np.abs(heard[around : around + round(0.25 * RATE)]).argmax())
        assert abs(click / RATE - cut / FPS) <= ONE_FRAME_S
    assert film.facts["worst_av_offset_ms"] <= 42


def test_the_film_is_as_loud_as_platforms_play_it(film: Film) -> None:
    lufs, peak = loudness(film.path)
    assert lufs == pytest.approx(-14, abs=0.5)
    assert peak <= -1
    assert film.facts["integrated_lufs"] == pytest.approx(lufs, abs=0.3)


def test_the_film_is_what_players_and_platforms_want(film: Film) -> None:
    with av.open(str(film.path)) as container:
        picture, voice = container.streams.video[0].codec_context, container.streams.audio[0].codec_context
        assert (picture.name, picture.pix_fmt, picture.codec_tag) == ("h264", "yuv420p", "avc1")
        assert (voice.name, voice.sample_rate, voice.layout.name) == ("aac", 48_000, "stereo")
    data = film.path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_the_subtitles_hold_all_words_and_start_with_their_scene(film: Film) -> None:
    starts = [
        int(h) * 3600 + int(m) * 60 + int(s) + int(ms) / 1000
        for h, m, s, ms in re.findall(r"(\d\d):(\d\d):(\d\d),(\d{3}) -->", film.srt)
    ]
    assert starts == pytest.approx(film.facts["scene_starts_s"], abs=0.002)
    for n in range(18):
        assert f"This is what is said in scene {n}." in film.srt
    assert film.facts["subtitles_sha256"] == sha256_of(film.path.with_suffix(".srt"))


def test_the_same_manifest_makes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    scenes = [{"clip": f"clip_{n}.mp4", "narration": f"voice_{n}.wav"} for n in range(2)]
    file = manifest(folder / "twice.json", scenes)
    first, second = assemble(file, tmp_path / "1.mp4"), assemble(file, tmp_path / "2.mp4")
    assert first.path.read_bytes() == second.path.read_bytes()


def test_a_voice_longer_than_its_clip_is_heard_to_the_end_over_the_last_picture(folder: Path, tmp_path: Path) -> None:
    voice = speech(2.6, level=0.03)
    voice[-2400:] = tone(0.05, 1000, 0.9)
    wav(folder / "long.wav", voice)
    scenes = [{"clip": "clip_3.mp4", "narration": "long.wav"}, {"clip": "clip_4.mp4"}]
    film = assemble(manifest(folder / "long.json", scenes, tail_s=0.2), tmp_path / "film.mp4")
    assert film.facts["frames"] == 68 + 36  # 2.8 s, rounded up; then the silent scene
    assert (film.facts["clips_transcoded"], film.facts["clips_held"]) == (0, 1)
    heard = sound(film.path)
    loudest = int(np.abs(heard[: round(2.8 * RATE)]).argmax())
    assert 2.54 <= loudest / RATE <= 2.61
    shown = pictures(film.path)
    assert all(np.abs(picture - shown[35]).mean() < 2 for picture in shown[36:68])
    assert np.abs(shown[68] - shown[67]).mean() > 5
    assert complaints(film.path) == ""


def test_a_silent_scene_is_as_long_as_its_clip_or_as_it_asks_for(folder: Path, tmp_path: Path) -> None:
    scenes: list[dict[str, object]] = [
        {"clip": "clip_0.mp4", "sfx": "sfx_0.wav", "text": "never spoken", "narration": None},
        {"clip": "clip_1.mp4", "min_s": 2.0},
        {"clip": "clip_2.mp4", "narration": "voice_2.wav"},
    ]
    film = assemble(manifest(folder / "silent.json", scenes, tail_s=0), tmp_path / "film.mp4")
    assert film.facts["scene_starts_s"] == [0, 1.5, 3.5]
    assert "never spoken" not in film.srt


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        ({"size": "640x360"}, "640x360"),
        ({"rate": 30}, "30"),
        ({"c:v": "libx265", "preset": "ultrafast", "x265-params": "log-level=none"}, "hevc"),
        ({"pix_fmt": "yuv444p"}, "yuv420p"),
        ({"x264-params": "ref=1:cabac=0"}, "encoder"),
    ],
    ids=["size", "rate", "codec", "pixels", "parameters"],
)
def test_only_the_odd_clip_is_encoded_anew_and_it_joins_the_others(
    folder: Path, tmp_path: Path, odd: dict[str, Any], why: str
) -> None:
    clip(tmp_path / "odd.mp4", 19, **odd)
    scenes = [{"clip": str(folder / "clip_1.mp4")}, {"clip": "odd.mp4"}, {"clip": str(folder / "clip_2.mp4")}]
    film = assemble(manifest(tmp_path / "odd.json", scenes), tmp_path / "film.mp4")
    assert (film.facts["clips_copied"], film.facts["clips_transcoded"]) == (2, 1)
    assert film.facts["transcoded"][0].startswith("scene 2: ")
    assert why in film.facts["transcoded"][0]
    assert (film.facts["width"], film.facts["height"], film.facts["fps"]) == (320, 180, 24)
    assert complaints(film.path) == ""
    light = brightness(film.path)
    assert [round(at) for at in np.flatnonzero(np.abs(np.diff(light)) > 5) + 1] == [36, 72]
    assert len(light) == 108


def test_clips_that_cannot_be_copied_at_all_still_make_a_film(tmp_path: Path) -> None:
    other: dict[str, Any] = {"c:v": "mpeg4"}
    for n in range(2):
        clip(tmp_path / f"{n}.mp4", n * 5, **other)
    film = assemble(manifest(tmp_path / "m.json", [{"clip": "0.mp4"}, {"clip": "1.mp4"}]), tmp_path / "film.mp4")
    assert (film.facts["clips_copied"], film.facts["frames"]) == (0, 72)
    assert complaints(film.path) == ""


def test_intro_and_outro_keep_their_own_sound(folder: Path, tmp_path: Path) -> None:
    wav(tmp_path / "tone.wav", tone(2, 880))
    for name in ("intro", "outro"):
        clip(tmp_path / f"{name}.mp4", 15, seconds=1, sound_file=tmp_path / "tone.wav")
    scenes = [{"clip": str(folder / "clip_0.mp4"), "narration": str(folder / "voice_0.wav")}]
    file = manifest(tmp_path / "m.json", scenes, intro="intro.mp4", outro="outro.mp4")
    film = assemble(file, tmp_path / "film.mp4")
    heard = sound(film.path)
    assert main_frequency(heard[: RATE // 2]) == pytest.approx(880, abs=5)
    assert main_frequency(heard[-RATE // 2 :]) == pytest.approx(880, abs=5)
    assert film.facts["scene_starts_s"] == [1.0]
    assert film.facts["clips_copied"] == 3


def main_frequency(samples: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    return float(np.fft.rfftfreq(samples.size, 1 / RATE)[spectrum.argmax()])


def test_sound_that_a_clip_brings_along_is_not_heard(folder: Path, tmp_path: Path) -> None:
    wav(tmp_path / "tone.wav", tone(2, 880, 0.9))
    clip(tmp_path / "loud.mp4", 0, sound_file=tmp_path / "tone.wav")
    film = assemble(manifest(tmp_path / "m.json", [{"clip": "loud.mp4"}]), tmp_path / "film.mp4")
    assert np.abs(sound(film.path)).max() < 1e-4


def refused(manifest_file: Path, output: Path) -> tuple[int, dict[str, Any], str]:
    done = run(manifest_file, output)
    assert "Traceback" not in done.stderr
    assert re.search(r"^error: .+\nhint: .+", done.stderr, re.MULTILINE), done.stderr
    assert not output.exists()
    assert not [path for path in output.parent.iterdir() if path.name.startswith(f".{output.stem}")]
    return done.returncode, json.loads(done.stdout.splitlines()[-1]), done.stderr


def test_a_manifest_that_is_missing_is_named(tmp_path: Path) -> None:
    status, _, words = refused(tmp_path / "none.json", tmp_path / "film.mp4")
    assert status == 66
    assert "none.json" in words


def test_a_manifest_that_is_wrong_is_refused_with_its_field(tmp_path: Path) -> None:
    status, message, words = refused(manifest(tmp_path / "m.json", [{"clip": "nowhere.mp4"}]), tmp_path / "film.mp4")
    assert (status, message["class"]) == (65, "permanent")
    assert "$.scenes[0].clip" in words


def test_a_clip_that_is_none_is_named_with_the_words_of_ffmpeg(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.mp4").write_bytes(b"this is no clip" * 99)
    scenes = [{"clip": str(folder / "clip_0.mp4")}, {"clip": "bad.mp4"}]
    status, message, _ = refused(manifest(tmp_path / "m.json", scenes), tmp_path / "film.mp4")
    assert status == 65
    assert "bad.mp4" in message["message"]
    assert "Invalid data found" in message["message"]


def test_a_clip_that_is_cut_off_is_named(folder: Path, tmp_path: Path) -> None:
    clip(tmp_path / "whole.mp4", 3, movflags="+faststart")
    data = (tmp_path / "whole.mp4").read_bytes()
    (tmp_path / "half.mp4").write_bytes(data[: len(data) * 2 // 3])
    scenes = [{"clip": str(folder / "clip_0.mp4")}, {"clip": "half.mp4"}]
    status, message, _ = refused(manifest(tmp_path / "m.json", scenes), tmp_path / "film.mp4")
    assert status == 65
    assert "half.mp4" in message["message"]
    assert "of 36 frames" in message["message"]


def test_sound_in_the_place_of_a_clip_is_refused(folder: Path, tmp_path: Path) -> None:
    file = manifest(tmp_path / "m.json", [{"clip": str(folder / "voice_0.wav")}])
    status, message, _ = refused(file, tmp_path / "film.mp4")
    assert status == 65
    assert "no moving picture" in message["message"]


def test_a_termination_signal_leaves_nothing_behind(folder: Path, tmp_path: Path) -> None:
    scenes = [{"clip": str(folder / "clip_0.mp4"), "min_s": 60}]
    process = subprocess.Popen(
        command(manifest(tmp_path / "m.json", scenes), tmp_path / "film.mp4"),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    until(lambda: list(tmp_path.glob(".film*.mp4")) or process.poll() is not None, what="writing the film")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 75
    assert [path.name for path in tmp_path.iterdir()] == ["m.json"]
