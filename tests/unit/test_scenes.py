"""Which items of a changed storyboard are which of the one before."""

import pytest

from vidctl.domain.scenes import came_from
from vidctl.domain.storyboard import Composite, Layout, Panel, Scene, Storyboard
from vidctl.domain.work import Artifact, Kind

SHOWN = Composite(Layout.SINGLE, (Panel("field"),))


def board(motions: str) -> Storyboard:
    scenes = (Scene(number, SHOWN, motion, "wind", "") for number, motion in enumerate(motions, 1))
    return Storyboard("A film", "", "plain", (), tuple(scenes))


@pytest.mark.parametrize(
    ("old", "new", "was"),
    [
        ("abc", "abc", [1, 2, 3]),
        ("abc", "bac", [2, 1, 3]),
        ("abc", "xabc", [None, 1, 2, 3]),
        ("abc", "bc", [2, 3]),
        ("abc", "axc", [1, 2, 3]),  # edited
        ("ab", "abc", [1, 2, 3]),  # back, or new
        ("aab", "baa", [3, 2, 1]),
        ("ab", "bx", [2, None]),
    ],
)
def test_a_clip_is_known_by_what_is_said_of_it_and_an_edited_one_by_its_number(
    old: str, new: str, was: list[int | None]
) -> None:
    found = came_from(board(old), board(new))
    assert [found[Artifact(Kind.CLIP, number)] for number in range(1, len(new) + 1)] == [
        Artifact(Kind.CLIP, number) if number else None for number in was
    ]
    assert all(found[item] == item for item in found if item.kind is Kind.SFX), "the sounds stay where they are"
