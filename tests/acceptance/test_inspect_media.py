"""The inspector passes what is good and says in which way the rest is bad."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.media_samples import RATE, clip, ffmpeg, speech, wav
from vidctl.contract import ErrorClass, Scope, ScriptError
from vidctl.media.inspection.kinds import Kind, inspect
from vidctl.media.inspection.verdict import Length

ROOT = Path(__file__).resolve().parents[2]
ANY_LENGTH = Length(0.2, 14_400)


def judge(path: Path, kind: str, *, shortest_s: float = 0.2, longest_s: float = 99) -> str:
    """Return "good", or the type of the error."""
    try:
        inspect(path, Kind(kind), Length(shortest_s, longest_s))
    except ScriptError as error:
        failure = error.failure
    else:
        return "good"
    assert (failure.error_class, failure.scope) == (ErrorClass.TRANSIENT, Scope.ITEM)
    assert failure.message.startswith(f"{path.name}: ")
    return failure.error_type


def run(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "inspect_media.py"), *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        timeout=60,
    )


def painted(path: Path, size: tuple[int, int] = (1920, 1080), mode: str = "RGB") -> Path:
    """Write a picture with something in it; with alpha, that something alone can be seen."""
    picture = Image.new(mode, size, (30, 60, 90, 0)[: len(mode)])
    width, height = size
    ImageDraw.Draw(picture).ellipse(
        (width // 4, height // 4, width // 2, height // 2), fill=(200, 120, 40, 255)[: len(mode)]
    )
    picture.save(path)
    return path


def truncated(path: Path, share: float = 0.6) -> Path:
    data = path.read_bytes()
    shorter = path.with_name(f"cut_{path.name}")
    shorter.write_bytes(data[: int(len(data) * share)])
    return shorter


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = tmp_path_factory.mktemp("media")
    clip(here / "clip.mp4", 4, size="640x360", movflags="+faststart")
    wav(here / "voice.wav", speech(2))
    ffmpeg("-i", here / "voice.wav", here / "voice.mp3")
    picture: list[str | Path] = ["-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=24", "-i", here / "voice.wav"]
    ffmpeg(*picture, "-t", "1.5", "-preset", "ultrafast", "-pix_fmt", "yuv420p", here / "film.mp4")
    return here


def test_a_good_artifact_is_a_result_with_its_facts(folder: Path) -> None:
    done = run(folder / "clip.mp4", "--expect", "clip", "--min-duration-s", "1.4", "--max-duration-s", "1.6")
    assert (done.returncode, done.stderr) == (0, "")
    (result,) = map(json.loads, done.stdout.splitlines())
    assert (result["event"], result["path"]) == ("result", str(folder / "clip.mp4"))
    assert result["facts"].items() >= {"width": 640, "height": 360, "frames": 36, "duration_s": 1.5}.items()


def test_a_bad_artifact_is_a_transient_error_of_this_item(folder: Path) -> None:
    done = run(folder / "clip.mp4", "--expect", "film")
    message: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == 75
    assert (message["class"], message["scope"], message["error_type"]) == ("transient", "item", "NoSound")
    assert done.stderr.startswith("error: clip.mp4: ")


def test_a_kind_that_does_not_exist_is_a_usage_error(folder: Path) -> None:
    assert run(folder / "clip.mp4", "--expect", "poem").returncode == 2


def test_a_sound_costs_little_cpu(folder: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(folder / "voice.mp3", "--expect", "narration")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 0.6


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("clip.mp4", "clip"),
        ("voice.wav", "sfx"),
        ("voice.mp3", "narration"),
        ("film.mp4", "film"),
        ("film.mp4", "clip"),
    ],
)
def test_what_plays_passes(folder: Path, name: str, kind: str) -> None:
    assert judge(folder / name, kind) == "good"


def test_length_is_what_decodes_not_what_the_header_says(folder: Path) -> None:
    assert judge(folder / "clip.mp4", "clip", shortest_s=1.6) == "TooShort"
    assert judge(folder / "clip.mp4", "clip", longest_s=1.4) == "TooLong"
    assert judge(folder / "voice.wav", "narration", longest_s=1.9) == "TooLong"


@pytest.mark.parametrize(("name", "kind"), [("clip.mp4", "clip"), ("film.mp4", "film"), ("voice.mp3", "narration")])
def test_a_file_that_is_cut_off_is_refused(folder: Path, name: str, kind: str) -> None:
    assert judge(truncated(folder / name), kind) in {"CutOff", "Undecodable"}


def test_a_clip_with_damaged_bytes_in_its_middle_is_refused(folder: Path) -> None:
    data = bytearray((folder / "clip.mp4").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 400] = bytes(byte ^ 0x5A for byte in data[middle : middle + 400])
    (folder / "damaged.mp4").write_bytes(data)
    assert judge(folder / "damaged.mp4", "clip") == "Undecodable"


@pytest.mark.parametrize(
    ("source", "verdict"),
    [("color=black:s=640x360:d=1", "BlackPicture"), ("color=0x3060a0:s=640x360:d=1", "FlatPicture")],
)
def test_a_clip_without_a_picture_is_refused(folder: Path, source: str, verdict: str) -> None:
    ffmpeg("-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", folder / "blank.mp4")
    assert judge(folder / "blank.mp4", "clip") == verdict


def test_a_dark_clip_in_which_something_shines_passes(folder: Path) -> None:
    star = "color=black:s=640x360:d=1,drawbox=x=300:y=160:w=40:h=40:color=white:t=fill"
    ffmpeg("-f", "lavfi", "-i", star, "-pix_fmt", "yuv420p", folder / "star.mp4")
    assert judge(folder / "star.mp4", "clip") == "good"


@pytest.mark.parametrize("level", [0.0, 0.001])
def test_silence_is_no_narration(folder: Path, level: float) -> None:
    assert judge(wav(folder / "silent.wav", speech(2, level=level)), "narration") == "Silent"


def test_a_single_click_is_no_narration(folder: Path) -> None:
    samples = np.zeros(2 * RATE)
    samples[RATE] = 1
    assert judge(wav(folder / "click.wav", samples), "narration") == "Silent"


def test_sizes_are_those_of_the_film(folder: Path) -> None:
    assert judge(painted(folder / "a.png"), "composite") == "good"
    assert judge(painted(folder / "b.png", (1919, 1080)), "composite") == "WrongSize"
    assert judge(painted(folder / "c.png", (640, 360)), "image") == "good"
    assert judge(painted(folder / "d.png", (639, 360)), "image") == "WrongSize"
    assert judge(clip(folder / "small.mp4", size="320x180", seconds=0.5), "clip") == "WrongSize"


def test_pictures_of_nothing_are_refused(folder: Path) -> None:
    Image.new("RGB", (800, 600), (2, 2, 2)).save(folder / "black.png")
    Image.new("RGB", (800, 600), (200, 20, 20)).save(folder / "red.jpg")
    assert judge(folder / "black.png", "image") == "BlackPicture"
    assert judge(folder / "red.jpg", "sheet") == "FlatPicture"


def test_a_cutout_is_cut_out_but_not_cut_away(folder: Path) -> None:
    assert judge(painted(folder / "hero.png", (400, 600), "RGBA"), "cutout") == "good"
    assert judge(painted(folder / "opaque.png", (400, 600)), "cutout") == "good"
    Image.new("RGBA", (400, 600), (9, 9, 9, 0)).save(folder / "away.png")
    Image.new("RGBA", (400, 600), (90, 90, 90, 255)).save(folder / "slab.png")
    assert judge(folder / "away.png", "cutout") == "BlankCutout"
    assert judge(folder / "slab.png", "cutout") == "FlatPicture"


def test_a_black_silhouette_is_a_cutout(folder: Path) -> None:
    shape = Image.new("RGBA", (400, 600), (0, 0, 0, 0))
    ImageDraw.Draw(shape).ellipse((100, 100, 300, 500), fill=(0, 0, 0, 255))
    shape.save(folder / "shape.png")
    assert judge(folder / "shape.png", "cutout") == "good"


def test_pictures_that_are_cut_off_or_bombs_or_no_pictures_are_refused(folder: Path) -> None:
    assert judge(truncated(painted(folder / "whole.png")), "image") == "Undecodable"
    Image.new("1", (9_000, 9_000)).save(folder / "bomb.png")
    assert judge(folder / "bomb.png", "image") in {"WrongSize", "Undecodable"}
    (folder / "fake.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"rubbish" * 99)
    assert judge(folder / "fake.png", "image") == "Undecodable"


@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
def test_rubbish_is_refused_whatever_it_should_be(tmp_path: Path, kind: str) -> None:
    (tmp_path / "rubbish").write_bytes(np.random.default_rng(7).bytes(20_000))
    (tmp_path / "empty").touch()
    assert judge(tmp_path / "rubbish", kind) != "good"
    assert judge(tmp_path / "empty", kind) == "Missing"
    assert judge(tmp_path / "nowhere", kind) == "Missing"
    assert judge(tmp_path, kind) == "Missing"


def test_a_playlist_is_not_followed_to_other_files(folder: Path) -> None:
    (folder / "list.m3u8").write_text(f"#EXTM3U\n#EXTINF:1,\n{folder / 'film.mp4'}\n#EXT-X-ENDLIST\n", "utf-8")
    (folder / "list.ffconcat").write_text(f"ffconcat version 1.0\nfile '{folder / 'film.mp4'}'\n", "utf-8")
    assert judge(folder / "list.m3u8", "film") == "Undecodable"
    assert judge(folder / "list.ffconcat", "film") == "Undecodable"


def test_documents(tmp_path: Path) -> None:
    (tmp_path / "receipt.json").write_text('{"video_id": "x"}', "utf-8")
    (tmp_path / "list.json").write_text("[]", "utf-8")
    (tmp_path / "deep.json").write_text("[" * 100_000, "utf-8")
    assert judge(tmp_path / "receipt.json", "receipt") == "good"
    assert judge(tmp_path / "list.json", "receipt") == "BadReceipt"
    assert judge(tmp_path / "deep.json", "receipt") == "BadReceipt"
    assert judge(tmp_path / "receipt.json", "storyboard") == "BadStoryboard"
    panel = {"environment": "sea"}
    board = {
        "title": "T",
        "summary": "S",
        "style": "ink",
        "assets": [{"name": "sea", "kind": "environment", "prompt": "a sea"}],
        "scenes": [
            {"number": 1, "composite": {"layout": "single", "panels": [panel]}, "motion": "pan", "sound": "waves"}
        ],
    }
    (tmp_path / "board.json").write_text(json.dumps(board), "utf-8")
    assert judge(tmp_path / "board.json", "storyboard") == "good"
