"""The script that makes proxies, run as the engine runs it."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.media_samples import clip, ffmpeg, pictures, tone, wav
from vidctl.errors import ExitCode

ROOT = Path(__file__).resolve().parents[2]


def run(
    source: Path, output: Path, max_bytes: int, *, folder: Path | None = None
) -> tuple[int, list[dict[str, Any]], str]:
    """Return its exit status, its messages, and what it said to people."""
    options = ["--input", str(source), "--output", str(output), "--max-bytes", str(max_bytes)]
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/make_proxy.py", *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def refused(source: Path, output: Path, max_bytes: int = 5_000) -> dict[str, Any]:
    """Return its error; there is exactly one, and nothing new in the folder of the output."""
    before = sorted(output.parent.iterdir())
    status, messages, said = run(source, output, max_bytes)
    assert status == ExitCode.BAD_DATA
    assert [message["event"] for message in messages] == ["error"]
    assert messages[0]["class"] == "permanent"
    assert said == f"error: {messages[0]['message']}\nhint: {messages[0]['hint']}\n"
    assert sorted(output.parent.iterdir()) == before
    return messages[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = tmp_path_factory.mktemp("media")
    wav(here / "tone.wav", tone(2, 440))
    clip(here / "film.mp4", 9, seconds=2, size="1280x720", sound_file=here / "tone.wav")
    ffmpeg("-i", here / "film.mp4", "-vn", "-c:a", "copy", here / "unseen.mp4")
    (here / "rubbish.mp4").write_bytes(np.random.default_rng(7).bytes(20_000))
    (here / "rubbish.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"rubbish" * 99)
    (here / "empty.mp3").touch()
    (here / "list.mp4").write_text(f"ffconcat version 1.0\nfile '{here / 'film.mp4'}'\n", "utf-8")
    return here


def test_a_proxy_of_a_film_is_a_result_that_says_what_it_is(folder: Path, tmp_path: Path) -> None:
    status, (result,), said = run(folder / "film.mp4", tmp_path / "proxy.mp4", 60_000)
    assert (status, said) == (ExitCode.OK, "")
    data = (tmp_path / "proxy.mp4").read_bytes()
    assert len(data) <= 60_000
    assert result["sha256"] == hashlib.sha256(data).hexdigest()
    facts = result["facts"]
    assert (facts["proxy"], facts["of_bytes"]) == (True, (folder / "film.mp4").stat().st_size)
    assert facts["width"] * 9 == pytest.approx(facts["height"] * 16, abs=18)
    assert facts["duration_s"] == pytest.approx(2, abs=0.1)
    shown = pictures(tmp_path / "proxy.mp4")
    assert shown[0].shape == (facts["height"], facts["width"])
    assert [path.name for path in tmp_path.iterdir()] == ["proxy.mp4"]


def test_what_is_small_enough_is_copied_byte_by_byte(folder: Path, tmp_path: Path) -> None:
    size = (folder / "film.mp4").stat().st_size
    status, (result,), _ = run(folder / "film.mp4", tmp_path / "proxy.mp4", size)
    assert status == ExitCode.OK
    assert (tmp_path / "proxy.mp4").read_bytes() == (folder / "film.mp4").read_bytes()
    assert result["facts"] == {
        "proxy": False,
        "of_bytes": size,
        "width": 1280,
        "height": 720,
        "duration_s": pytest.approx(2, abs=0.1),
        "sound": True,
    }


def test_a_small_picture_is_copied_under_its_own_ending_and_made_anew_under_another(tmp_path: Path) -> None:
    Image.new("RGBA", (40, 30), (9, 9, 9, 0)).save(tmp_path / "a.png")
    assert run(tmp_path / "a.png", tmp_path / "b.png", 9_000)[1][0]["facts"]["proxy"] is False
    assert run(tmp_path / "a.png", tmp_path / "b.jpg", 9_000)[1][0]["facts"]["proxy"] is True
    with Image.open(tmp_path / "b.jpg") as image:
        assert (image.format, image.size) == ("JPEG", (40, 30))


@pytest.mark.parametrize("name", ["rubbish.mp4", "empty.mp3", "rubbish.png", "nowhere.mp4", "list.mp4"])
def test_what_is_no_media_is_refused_however_small_it_is(folder: Path, tmp_path: Path, name: str) -> None:
    output = tmp_path / f"proxy{Path(name).suffix}"
    assert name in refused(folder / name, output, 10**6)["message"]


def test_a_film_without_a_picture_is_a_sound(folder: Path, tmp_path: Path) -> None:
    assert "name it proxy.mp3" in refused(folder / "unseen.mp4", tmp_path / "proxy.mp4")["hint"]
    status, (result,), _ = run(folder / "unseen.mp4", tmp_path / "proxy.mp3", 9_000)
    assert status == ExitCode.OK
    assert result["facts"]["duration_s"] == pytest.approx(2, abs=0.1)


def test_a_proxy_that_would_take_the_place_of_its_original_is_refused(folder: Path) -> None:
    assert "is the file itself" in refused(folder / "film.mp4", folder / ".." / folder.name / "film.mp4")["message"]


def test_a_name_that_looks_like_an_address_or_an_option_is_a_file(folder: Path, tmp_path: Path) -> None:
    source, output = Path("http:-i %d.mp4"), Path("data:-proxy %03d.mp4")
    (tmp_path / source).write_bytes((folder / "film.mp4").read_bytes())
    status, (result,), _ = run(source, output, 60_000, folder=tmp_path)
    assert (status, result["path"]) == (ExitCode.OK, str(output))
    assert {path.name for path in tmp_path.iterdir()} == {source.name, output.name}


def test_an_output_that_cannot_be_written_is_said_so(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for max_bytes in (60_000, 10**7):
        status, messages, said = run(folder / "film.mp4", tmp_path / "file" / "proxy.mp4", max_bytes)
        assert status == ExitCode.CANNOT_WRITE
        assert [message["event"] for message in messages] == ["error"]
        assert said.startswith("error: cannot write ")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
