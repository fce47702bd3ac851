"""Reading what a person wrote when rejecting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidctl.domain.review import MAX_NOTE, Rejection, latest, rejections
from vidctl.domain.work import Artifact, Kind
from vidctl.errors import BadInput


def items(notes: str) -> list[tuple[Kind, int, str]]:
    return [(item.artifact.kind, item.artifact.index, item.note) for item in rejections(notes)]


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ("clip 3: slower pan", [(Kind.CLIP, 3, "slower pan")]),
        ("clips 7-9", [(Kind.CLIP, n, "") for n in (7, 8, 9)]),
        ("narration 2", [(Kind.NARRATION, 2, "")]),
        ("Clips 1, 3-4 and 9: less shake", [(Kind.CLIP, n, "less shake") for n in (1, 3, 4, 9)]),
        ("redo images 3 & 5 – brighter; sound 2: no birds", [
            (Kind.IMAGE, 3, "brighter"), (Kind.IMAGE, 5, "brighter"), (Kind.SFX, 2, "no birds")]),
        ("- please fix clip #4: darker\n* composite 1 to 2", [
            (Kind.CLIP, 4, "darker"), (Kind.COMPOSITE, 1, ""), (Kind.COMPOSITE, 2, "")]),
        ("clip 3: slower\nclip 3: and darker", [(Kind.CLIP, 3, "slower; and darker")]),
        ("clip 3.", [(Kind.CLIP, 3, "")]),
        ("redo clip 3 slower", [(Kind.CLIP, 3, "slower")]),
        ("thumbnail: another picture", [(Kind.THUMBNAIL, 1, "another picture")]),
        ("Redo the thumbnail, brighter; clip 3", [(Kind.THUMBNAIL, 1, "brighter"), (Kind.CLIP, 3, "")]),
        ('clip 3\nthumbnail – scene 7, "Keepers"', [(Kind.CLIP, 3, ""), (Kind.THUMBNAIL, 1, 'scene 7, "Keepers"')]),
        ("clips 3, 4 and image 2: dark", [(Kind.CLIP, 3, "dark"), (Kind.CLIP, 4, "dark"), (Kind.IMAGE, 2, "dark")]),
    ],
)  # fmt: skip
def test_items_named_at_the_start_of_a_line_are_rejected(notes: str, expected: list[tuple[Kind, int, str]]) -> None:
    assert items(notes) == expected


@pytest.mark.parametrize(
    "notes",
    ["", "I do not like it", "as in clip 3, but warmer", "the clip 3 is nice", "clips", "18 clips are too many",
     "clip 3 and clip 4 are nice", "clip 3, which I love", "fix: clip 3 has noise", "3: darker",
     "the thumbnail is nice", "thumbnail-like", "thumbnail 2: no", "clıp 3", "ſfx 3"],
)  # fmt: skip
def test_a_remark_that_names_nothing_clearly_rejects_nothing(notes: str) -> None:
    assert rejections(notes) == []


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ("clip 3: slower; no text\nand warm", [(Kind.CLIP, 3, "slower; no text; and warm")]),
        ("it drags; clip 3: slower", [(Kind.CLIP, 3, "slower")]),
        ("clips 3, 4\n- darker\nclip 5", [(Kind.CLIP, 3, "darker"), (Kind.CLIP, 4, "darker"), (Kind.CLIP, 5, "")]),
        ("clip 3: as follows\n1: slower\n2 birds", [(Kind.CLIP, 3, "as follows; 1: slower; 2 birds")]),
    ],
)
def test_what_names_no_item_says_more_about_those_before_it(notes: str, expected: list[tuple[Kind, int, str]]) -> None:
    assert items(notes) == expected


def test_of_many_notes_the_latest_that_fit_are_kept() -> None:
    notes = [f"wish {number}: {'x' * 300}" for number in range(20)]
    kept = ""
    for note in notes:
        kept = latest([kept, note])
    assert kept == "; ".join(notes[-6:])
    assert len(kept) <= MAX_NOTE
    assert latest(["", "slower", "", "no text"]) == "slower; no text"
    assert latest(["x" * 50_000, "no text"]) == "no text"
    assert len(latest(["x" * 50_000])) == MAX_NOTE


@pytest.mark.parametrize("notes", ["clips 9-7", "clip 0", "clips 1-99999999999"])
def test_a_range_that_makes_no_sense_is_refused(notes: str) -> None:
    with pytest.raises(BadInput, match=r"is no (range|number) of items"):
        rejections(notes)


@pytest.mark.parametrize("notes", ["clips 1-5000", "clips 1-600; clips 1-600", "clips " + "1-900, " * 9 + "1"])
def test_more_items_than_a_film_has_are_refused(notes: str) -> None:
    with pytest.raises(BadInput, match="more items are named than a film has"):
        rejections(notes)


@given(st.text(max_size=300))
def test_no_text_makes_reading_fail_in_another_way(notes: str) -> None:
    try:
        named = rejections(notes)
    except BadInput:
        return
    assert len({item.artifact for item in named}) == len(named)


@given(st.sets(st.integers(1, 60), min_size=1))
def test_what_is_listed_is_what_is_rejected(numbers: set[int]) -> None:
    notes = "clips " + ", ".join(map(str, sorted(numbers))) + ": again"
    assert rejections(notes) == [Rejection(Artifact(Kind.CLIP, n), "again") for n in sorted(numbers)]
