"""Chapters keep YouTube's rules, whatever a film is like."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidctl.domain.chapters import Chapter, fewer, of, title
from vidctl.domain.cutting import utf16_units
from vidctl.domain.storyboard import Composite, Layout, Panel, Scene

PICTURE = Composite(Layout.SINGLE, (Panel("sea"),))


def scenes(*spoken: str) -> list[Scene]:
    return [Scene(number, PICTURE, "pan", "wind", words) for number, words in enumerate(spoken, 1)]


def chapters(starts_s: list[float], duration_s: float, *spoken: str) -> list[str]:
    said = spoken or [f"Part {number}" for number in range(1, len(starts_s) + 1)]
    return list(map(str, of(scenes(*said), {"scene_starts_s": starts_s, "duration_s": duration_s})))


@given(
    st.lists(st.tuples(st.floats(0, 4_000), st.sampled_from(["", "…", "One.", "Two words"]) | st.text()), max_size=30),
    st.floats(0, 5_000),
)
def test_chapters_always_keep_youtubes_rules(film: list[tuple[float, str]], length_s: float) -> None:
    film.sort(key=lambda each: each[0])
    found = of(scenes(*(said for _, said in film)), {"scene_starts_s": [at for at, _ in film], "duration_s": length_s})
    assert not found or (len(found) >= 3 and found[0].starts_s == 0)
    starts = [*(each.starts_s for each in found), int(length_s)]
    assert all(later - earlier >= 10 for earlier, later in pairwise(starts)) or not found
    assert all(each.title and utf16_units(each.title) <= 60 and not {*"<>\n"} & {*each.title} for each in found)


@pytest.mark.parametrize(
    ("starts_s", "ends_s", "expected"),
    [
        ([0, 12.9, 30], 45, ["00:00 Part 1", "00:12 Part 2", "00:30 Part 3"]),
        ([5, 20, 40], 60, ["00:00 Part 1", "00:20 Part 2", "00:40 Part 3"]),
        ([0, 6, 12, 18, 24, 30], 36, ["00:00 Part 1", "00:12 Part 3", "00:24 Part 5"]),
        ([0, 12, 24, 27, 60], 90, ["00:00 Part 1", "00:12 Part 2", "00:27 Part 4", "01:00 Part 5"]),
        ([0, 20, 40, 60], 65, ["00:00 Part 1", "00:20 Part 2", "00:40 Part 3"]),
        ([0, 20, 40], 45, []),
        ([0, 20], 60, []),
        ([0, 3_599, 3_661], 7_200, ["00:00 Part 1", "59:59 Part 2", "1:01:01 Part 3"]),
    ],
)
def test_a_short_chapter_is_part_of_the_one_before(starts_s: list[float], ends_s: float, expected: list[str]) -> None:
    assert chapters(starts_s, ends_s) == expected


def test_a_silent_scene_begins_no_chapter() -> None:
    found = chapters([0, 10, 20, 30, 50], 70, "", "Salt", " … ", "Camels", "Gold")
    assert found == ["00:00 Salt", "00:30 Camels", "00:50 Gold"]


@pytest.mark.parametrize(
    ("narration", "called"),
    [
        ("The salt road began here. It ended in ruin.", "The salt road began here"),
        ("1698. Dr. Rey leaves the town. She is alone.", "1698. Dr. Rey leaves the town"),
        (
            "In the year in which the <great> wells dried up, nobody lived",
            "In the year in which the ‹great› wells dried up, nobody…",
        ),
        ("塩の道はここから始まった。そして終わった。", "塩の道はここから始まった。そして終わった"),
        ("?!", ""),
    ],
)
def test_a_chapter_is_called_by_the_first_words_spoken_in_it(narration: str, called: str) -> None:
    assert title(narration) == called


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"scene_starts_s": [0, 20, 40]},
        {"scene_starts_s": [0, 20], "duration_s": 60},
        {"scene_starts_s": [0, 20, 40, 50], "duration_s": 60},
        {"scene_starts_s": [0, 40, 20], "duration_s": 60},
        {"scene_starts_s": [0, float("nan"), 40], "duration_s": 60},
        {"scene_starts_s": [0, 20, 40], "duration_s": float("inf")},
        {"scene_starts_s": [0, 20, 10**400], "duration_s": 10**401},
        {"scene_starts_s": [0, 20, "40"], "duration_s": 60},
        {"scene_starts_s": "abc", "duration_s": 60},
        {"scene_starts_s": [-1, 20, 40], "duration_s": 60},
    ],
)
def test_a_film_that_nobody_measured_has_no_chapters(facts: dict[str, Any]) -> None:
    assert of(scenes("A", "B", "C"), facts) == ()


def test_every_other_chapter_can_go_until_three_are_left() -> None:
    many = [Chapter(10 * at, "x") for at in range(12)]
    assert [each.starts_s for each in fewer(fewer(many))] == [0, 40, 80]
    assert len(fewer(fewer(fewer(many)))) == 3
