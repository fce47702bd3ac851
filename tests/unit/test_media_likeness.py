"""What a film is recognised by: frames at the same shares of its length, hashed by what they show."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.media_samples import ffmpeg
from vidctl.contract import ScriptError
from vidctl.errors import BadInput, ExitCode
from vidctl.media.inspection.kinds import Kind, inspect
from vidctl.media.inspection.verdict import Length
from vidctl.media.likeness.film import FRAMES, fingerprint
from vidctl.media.likeness.hashes import BLANK, SIDE, perceptual_hash

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "fingerprint_film.py"
NEAR = 10
"""Bits of 64: as in pictures of the same."""


def show(path: Path, seed: int) -> Path:
    """Make four seconds of film: one of black, then six pictures that come nearer, others for each seed."""
    stills = path.with_suffix("")
    stills.mkdir()
    for at in range(8):
        spots = np.random.default_rng([seed, at]).integers(0, 255, (5, 8, 3), dtype=np.uint8) * (at > 1)
        Image.fromarray(spots.astype(np.uint8)).resize((320, 180), Image.Resampling.BICUBIC).save(stills / f"{at}.png")
    nearer = "zoompan=z=1+0.01*on:d=1:fps=24:s=320x180"
    ffmpeg("-r", "2", "-i", stills / "%d.png", "-r", "24", "-vf", f"fps=24,{nearer}", "-g", "12", path)
    return path


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return show(tmp_path_factory.mktemp("films") / "film.mp4", 3)


def apart(one: Path, other: Path) -> list[int]:
    """Return how many bits the frames of two films differ in."""
    pairs = zip(fingerprint(one).frames, fingerprint(other).frames, strict=True)
    return [(int(a, 16) ^ int(b, 16)).bit_count() for a, b in pairs]


def test_a_copy_is_recognised_however_it_was_encoded_scaled_and_tinted(film: Path) -> None:
    copy = film.with_name("copy.mkv")
    tinted = "scale=480:270,eq=brightness=0.03:contrast=1.05:saturation=1.2"
    ffmpeg("-i", film, "-vf", tinted, "-crf", "32", "-g", "250", "-bf", "3", copy)
    assert sum(bits <= NEAR for bits in apart(film, copy)) >= 0.9 * FRAMES


def test_another_film_is_another_one(film: Path) -> None:
    differences = apart(film, show(film.with_name("other.mp4"), 8))
    assert all(bits > NEAR for bits in differences if bits)
    assert differences.count(0) == round(FRAMES / 4), "both are black for a second"


def test_what_shows_nothing_is_marked_and_the_rest_is_not(film: Path) -> None:
    frames = fingerprint(film).frames
    assert [frame == BLANK for frame in frames] == [True] * round(FRAMES / 4) + [False] * round(FRAMES * 3 / 4)


def test_noise_on_a_plain_ground_is_nothing_to_tell_a_picture_by() -> None:
    assert perceptual_hash(np.random.default_rng(1).integers(100, 107, (SIDE, SIDE), dtype=np.uint8)) == BLANK


@given(seed=st.integers(0, 2**32 - 1), brighter=st.integers(-20, 20), stronger=st.floats(0.85, 1.15))
def test_more_light_or_contrast_changes_few_of_the_bits_and_half_of_them_are_set(
    seed: int, brighter: int, stronger: float
) -> None:
    coarse = np.random.default_rng(seed).uniform(60, 180, (8, 8)).repeat(SIDE // 8, 0).repeat(SIDE // 8, 1)
    tinted = np.clip((coarse - 120) * stronger + 120 + brighter, 0, 255)
    one, other = (int(perceptual_hash(light.astype(np.uint8)), 16) for light in (coarse, tinted))
    assert (one ^ other).bit_count() <= 6
    assert one.bit_count() == 31


def test_the_script_writes_what_it_says_and_the_inspector_reads_it(film: Path) -> None:
    output = film.with_name("fingerprint.json")
    done = subprocess.run(
        [sys.executable, SCRIPT, "--film", film, "--output", output], capture_output=True, text=True, check=False
    )
    assert done.returncode == ExitCode.OK, done.stderr
    said = json.loads(done.stdout)["facts"]
    assert said == json.loads(output.read_text())
    assert (said["duration_s"], len(said["frames"])) == (4.0, FRAMES)
    assert inspect(output, Kind.FINGERPRINT, Length(0, 1)).items() >= said.items()


@pytest.mark.parametrize("length", ["1" + "0" * 400, "1e999", "NaN", "true", "0", "-1", '"4"', "86401", "null"])
def test_what_is_no_length_is_no_fingerprint(tmp_path: Path, length: str) -> None:
    file = tmp_path / "fingerprint.json"
    file.write_text(f'{{"frames": ["{"0" * 16}"], "duration_s": {length}}}')
    with pytest.raises(ScriptError, match="`duration_s` is no length"):
        inspect(file, Kind.FINGERPRINT, Length(0, 1))


@pytest.mark.parametrize("content", [b"no film", b"", None])
def test_what_is_no_film_is_one_error(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "film.mp4").write_bytes(content)
    with pytest.raises(BadInput, match=r"film\.mp4"):
        fingerprint(tmp_path / "film.mp4")
