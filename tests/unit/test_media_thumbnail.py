"""A thumbnail: the best picture, well cut, and words that can be read and are never cut off."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from vidctl.domain.layout import MAX_THUMBNAIL_BYTES
from vidctl.errors import BadInput, ExitCode
from vidctl.media.inspection.kinds import Kind, inspect
from vidctl.media.inspection.verdict import Length
from vidctl.media.thumbnail import paint
from vidctl.media.thumbnail.asked import Asked, asked_for
from vidctl.media.thumbnail.face import legible
from vidctl.media.thumbnail.jpeg import save_jpeg
from vidctl.media.thumbnail.make import thumbnail
from vidctl.media.thumbnail.spots import spots
from vidctl.media.thumbnail.style import HIGH, WIDE, Ground, Place, Style
from vidctl.media.thumbnail.words import SMALLEST_PX, laid_out

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "make_thumbnail.py"
COLOURS = st.tuples(*[st.integers(0, 255)] * 3)
WITH_WORDS = [place for place in Place if place is not Place.NONE]


def scene(path: Path, ground: str, things: str, at: float, seam: bool = False) -> Path:
    """Paint a plain place, with something bright standing at a share of its width."""
    picture = Image.new("RGB", (960, 540), ground)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 420, 960, 540), fill="#40382e")
    for step in range(5):
        left = round(960 * at) - 70 + 28 * step
        draw.rectangle((left, 190 + 12 * step, left + 20, 430), fill=things if step % 2 else "#fff4d0")
    if seam:
        draw.rectangle((476, 0, 484, 540), fill="white")
    picture.save(path)
    return path


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    here = tmp_path_factory.mktemp("scenes")
    return [
        scene(here / "1.png", "black", "black", 0.5),
        scene(here / "2.png", "#5f7f9f", "#d03020", 0.75),
        scene(here / "3.png", "#5f7f9f", "#d03020", 0.25, seam=True),
        scene(here / "4.png", "#8a8a8a", "#909090", 0.3),
        scene(here / "5.png", "#5f7f9e", "#d03021", 0.75),
    ]


def number(pictures: list[Path], text: str = "CROWS", **asked: Any) -> int:
    return int(thumbnail(pictures, text, Style(), Asked(**asked)).facts["picture"])


def test_the_liveliest_picture_is_chosen_and_the_words_stand_beside_what_one_looks_at(pictures: list[Path]) -> None:
    made = thumbnail(pictures, "CROWS", Style(), Asked())
    assert (made.facts["picture"], made.facts["file"], made.facts["place"]) == (2, "2.png", "left")
    assert all(0 <= value <= 1 for value in made.facts["reasons"].values())
    assert thumbnail(pictures[2:3], "CROWS", Style(), Asked()).facts["place"] == "right"
    assert made.image.tobytes() == thumbnail(pictures, "CROWS", Style(), Asked()).image.tobytes()


def test_a_rejection_brings_another_picture_and_never_one_that_looks_the_same(pictures: list[Path]) -> None:
    shown = [number(pictures, take=take) for take in range(1, 6)]
    assert sorted(shown[:4]) == [1, 2, 3, 4], "the fifth shows what the second does"
    assert shown[3] == 1, "what is black comes last"
    assert shown[4] == shown[0], "when all were shown, the first one again"


def test_a_person_may_name_the_picture_and_the_words(pictures: list[Path]) -> None:
    note = 'scene 2, please; rather picture 4: "The Crows" — or: "Black birds"'
    made = thumbnail(pictures, "CROWS", Style(), asked_for(2, note))
    assert (made.facts["picture"], made.facts["words"]) == (4, "Black birds")
    assert asked_for(2, "another than scene 7; not picture 3; scene 2 instead of image 4").picture == 2
    assert asked_for(2, "another one than scene 7").picture is None
    with pytest.raises(BadInput, match="no picture 9"):
        number(pictures, picture=9)


def test_a_broken_picture_is_passed_over_with_a_warning(pictures: list[Path], tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"no picture")
    made = thumbnail([tmp_path / "broken.png", *pictures[:2]], "", Style(), Asked())
    assert (made.facts["picture"], made.facts["words"]) == (3, "")
    assert "broken.png" in made.warnings[0]
    with pytest.raises(BadInput, match="none of the 1 pictures"):
        number([tmp_path / "broken.png"])


@given(text=st.text(max_size=150), place=st.sampled_from(WITH_WORDS))
@example("DONAUDAMPFSCHIFFFAHRTSELEKTRIZITÄTENHAUPTBETRIEBSWERKBAUUNTERBEAMTENGESELLSCHAFT", Place.LEFT)
@example("\u0301 \u0301", Place.LEFT)
@example("\u0301: a", Place.LEFT)
@example("10 lighthouses that should not still be standing, and who kept them alight for 400 years", Place.AUTO)
@settings(max_examples=30, deadline=None)
def test_words_are_never_cut_off_nor_under_the_films_length_whatever_they_are(text: str, place: Place) -> None:
    words = legible(text)
    for spot in spots(words, place) if words else []:
        left, top, right, bottom = spot.covers
        assert 0 < left < right < 1
        assert 0 < top < bottom < 1
        assert right <= 1 - 200 / WIDE or bottom <= 1 - 90 / HIGH
        assert spot.block.text.endswith("…") or str(words).startswith(spot.block.text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The Salt Road: how camels and kings built the richest city that nobody remembers", "The Salt Road"),
        (
            "Why the keepers of the last lighthouse of the North Sea would not leave it for all the gold of the land",
            "Why the keepers of the last lighthouse of the North…",
        ),
    ],
)
def test_a_long_title_becomes_smaller_and_then_shorter_where_it_can_end(text: str, shown: str) -> None:
    block = laid_out(text, (600, 600))
    assert block.smallest_px >= SMALLEST_PX
    assert block.text == shown
    assert laid_out("Crows", (600, 600)).smallest_px > block.smallest_px


def test_a_word_that_is_too_long_for_a_side_stands_at_the_foot() -> None:
    assert {spot.place for spot in spots("RINDFLEISCHETIKETTIERUNG", Place.AUTO)} == {Place.BOTTOM}
    assert {spot.place for spot in spots("RINDFLEISCH", Place.AUTO)} == {Place.LEFT, Place.RIGHT}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ÑANDÚ, łódź – Ελλάδα", "ÑANDÚ, łódź – Ελλάδα"),
        ("Ключи\tот  моря", "Ключи от моря"),
        ("The Salt Road 🧂🐪\n!", "The Salt Road !"),
        ("砂漠の塩", None),
        ("Salt מלח", None),
        ("\u0301: a \u0301\u0303b q\u0301", ": a b q\u0301"),
        ("\u0301", ""),
    ],
)
def test_what_the_typeface_cannot_write_is_left_out_and_letters_are_not(text: str, words: str | None) -> None:
    assert legible(text) == words


def test_a_title_in_another_script_makes_a_thumbnail_without_words_and_a_warning(pictures: list[Path]) -> None:
    made = thumbnail(pictures, "砂漠の塩", Style(), Asked())
    assert made.facts["words"] == ""
    assert "砂漠の塩" in made.warnings[0]


@given(ground=st.sampled_from(Ground), color=COLOURS, accent=COLOURS, behind=COLOURS)
@settings(max_examples=12, deadline=None)
def test_words_can_be_read_whatever_the_channels_colours_and_whatever_is_behind_them(
    ground: Ground, color: tuple[int, int, int], accent: tuple[int, int, int], behind: tuple[int, int, int]
) -> None:
    spot = spots("IM", Place.LEFT)[0]
    image = paint.lettered(Image.new("RGB", (WIDE, HIGH), behind), spot, Style(Place.LEFT, ground, color, accent))
    high = spot.top + spot.block.size[1] // 2
    row = np.asarray(image)[high, spot.left - 12 : spot.left + 60]  # across the upright of the I
    beside = [(int(red), int(green), int(blue)) for red, green, blue in row]
    letter = beside[36]
    assert letter in {color, paint.against(accent)}
    assert max(paint.contrast(letter, pixel) for pixel in beside) >= paint.READABLE


@pytest.mark.parametrize("noisy", [False, True])
def test_the_file_is_as_large_as_youtube_takes_and_the_inspector_says_so(tmp_path: Path, noisy: bool) -> None:
    pixels = np.random.default_rng(1).integers(0, 255 if noisy else 80, (HIGH, WIDE, 3), dtype=np.uint8)
    save_jpeg(Image.fromarray(pixels), tmp_path / "thumbnail.jpg")
    assert inspect(tmp_path / "thumbnail.jpg", Kind.THUMBNAIL, Length(0, 1))["bytes"] <= MAX_THUMBNAIL_BYTES


def test_the_script_says_which_picture_it_took_and_why(pictures: list[Path], tmp_path: Path) -> None:
    output = tmp_path / "thumbnail.jpg"
    named = [option for path in pictures for option in ("--picture", path)]
    style = ["--text", "THE LAST KEEPERS", "--place", "right", "--ground", "bar", "--accent", "#ffd600"]
    done = subprocess.run(
        [sys.executable, SCRIPT, *named, *style, "--output", output], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (ExitCode.OK, "")
    said = json.loads(done.stdout)
    assert said["sha256"] == hashlib.sha256(output.read_bytes()).hexdigest()
    assert said["facts"].items() >= {"place": "right", "words": "THE LAST KEEPERS"}.items()
