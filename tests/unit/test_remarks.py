"""A comment is a command only where it says so, and then it names what is made again."""

import re
import time
from contextlib import suppress
from pathlib import Path

import pytest

import vidctl
from vidctl.domain.remarks import agrees, declines, is_command, redo, says_go
from vidctl.domain.review import rejections
from vidctl.domain.status import Status
from vidctl.domain.work import Kind
from vidctl.errors import BadInput


def named(text: str, gate: Status) -> list[tuple[Kind, int, str]] | None:
    found = redo(text, gate)
    return None if found is None else [(item.artifact.kind, item.artifact.index, item.note) for item in found]


@pytest.mark.parametrize(
    ("text", "gate", "wanted"),
    [
        ("redo 7: slower, no text", Status.VIDEO_READY, [(Kind.CLIP, 7, "slower, no text")]),
        ("redo images 3, 5", Status.ASSETS_READY, [(Kind.IMAGE, 3, ""), (Kind.IMAGE, 5, "")]),
        ("Redo #2", Status.ASSETS_READY, [(Kind.IMAGE, 2, "")]),
        ("redo 1-2: calmer", Status.AUDIO_READY, [(Kind.NARRATION, 1, "calmer"), (Kind.NARRATION, 2, "calmer")]),
        ("please remake sfx 4: only wind", Status.AUDIO_READY, [(Kind.SFX, 4, "only wind")]),
        ("redo image 3: no moon; clip 2", Status.VIDEO_READY, [(Kind.IMAGE, 3, "no moon"), (Kind.CLIP, 2, "")]),
        ("redo clip 7", Status.FINAL_REVIEW, [(Kind.CLIP, 7, "")]),
        ("redo:\nclips 1\nclip 3: wider", Status.VIDEO_READY, [(Kind.CLIP, 1, ""), (Kind.CLIP, 3, "wider")]),
        ("redo 7.", Status.VIDEO_READY, [(Kind.CLIP, 7, "")]),
        ("redo 7 slower", Status.VIDEO_READY, [(Kind.CLIP, 7, "slower")]),
        ("redo 7, slower", Status.VIDEO_READY, [(Kind.CLIP, 7, "slower")]),
        ("redo 7 (slower)", Status.VIDEO_READY, [(Kind.CLIP, 7, "(slower)")]),
        ("redo 3, 5", Status.VIDEO_READY, [(Kind.CLIP, 3, ""), (Kind.CLIP, 5, "")]),
        ("redo 3, 5, slower", Status.VIDEO_READY, [(Kind.CLIP, 3, "slower"), (Kind.CLIP, 5, "slower")]),
        ("redo 7-8 slower", Status.VIDEO_READY, [(Kind.CLIP, 7, "slower"), (Kind.CLIP, 8, "slower")]),
        ("redo 7: 5 birds", Status.VIDEO_READY, [(Kind.CLIP, 7, "5 birds")]),
        ("redo 7: -3 dB", Status.VIDEO_READY, [(Kind.CLIP, 7, "-3 dB")]),
        ("redo 1 and image 2", Status.VIDEO_READY, [(Kind.CLIP, 1, ""), (Kind.IMAGE, 2, "")]),
    ],
)
def test_a_command_names_its_items(text: str, gate: Status, wanted: list[tuple[Kind, int, str]]) -> None:
    assert named(text, gate) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("redo 1: brighter\nredo 2: darker", [(Kind.IMAGE, 1, "brighter"), (Kind.IMAGE, 2, "darker")]),
        ("redo 1: brighter; 2: darker", [(Kind.IMAGE, 1, "brighter"), (Kind.IMAGE, 2, "darker")]),
        ("redo 1; 2\nremake 3 warmer", [(Kind.IMAGE, 1, ""), (Kind.IMAGE, 2, ""), (Kind.IMAGE, 3, "warmer")]),
        ("redo clip 3: a; 4: b", [(Kind.CLIP, 3, "a"), (Kind.CLIP, 4, "b")]),
        ("redo:\n1: a\n- 2: b", [(Kind.IMAGE, 1, "a"), (Kind.IMAGE, 2, "b")]),
        ("redo 1: a; 1: b", [(Kind.IMAGE, 1, "a; b")]),
    ],
)
def test_each_part_of_a_command_may_name_items_by_their_numbers(text: str, wanted: list[tuple[Kind, int, str]]) -> None:
    assert named(text, Status.ASSETS_READY) == wanted


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("redo 1: brighter; no text", "brighter; no text"),
        ("redo 1: brighter\n- no text\n\n- warm", "brighter; no text; warm"),
        ("redo 1\nas wide as 16:9 can be", "as wide as 16:9 can be"),
        ("redo 1: wrong shape\n16:9 please", "wrong shape; 16:9 please"),
        ("redo 1: like image 2\nimage 2 is nice", "like image 2; image 2 is nice"),
        ("redo image 1: image 2", "image 2"),
    ],
)
def test_what_names_no_item_says_more_about_the_one_before_it(text: str, note: str) -> None:
    assert named(text, Status.ASSETS_READY) == [(Kind.IMAGE, 1, note)]


@pytest.mark.parametrize(
    "text",
    [
        *("redo 3 5", "redo 3, 5 birds", "redo 7. 5 birds", "redo clip 7 image 2", "redo 7 - 9 birds"),
        *("redo 1: two wishes\n1. warm\n2. no text", "redo 1: a\n2 birds please"),
    ],
)
def test_where_a_number_may_be_an_item_or_not_nothing_is_made_by_mistake(text: str) -> None:
    with pytest.raises(BadInput, match="not clear which numbers are items") as refused:
        redo(text, Status.VIDEO_READY)
    assert "colon" in refused.value.hint


@pytest.mark.parametrize(
    "text", ["", "lovely!", "clip 7 is too fast", "shall we redo this?", "redoing takes ages", "7"]
)
def test_what_people_say_to_each_other_is_no_command(text: str) -> None:
    assert named(text, Status.VIDEO_READY) is None


@pytest.mark.parametrize(
    "text",
    [
        "redo",
        "redo everything",
        "redo clip",
        "redo 9-2",
        "redo 0",
        "redo 99999999",
        "redo 1-5000",
        "redo 7th",
        "redo 7-9th",
        "redo 16:9",
        "redo 7?",
        "redo all in blue:\n1",
    ],
)
def test_a_command_that_names_nothing_is_answered_with_how_to_write_it(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        redo(text, Status.VIDEO_READY)
    assert refused.value.hint


def test_a_number_alone_means_nothing_at_the_last_gate() -> None:
    with pytest.raises(BadInput, match="several things"):
        redo("redo 7", Status.FINAL_REVIEW)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *(
            ("go", True),
            ("Yes!", True),
            (" ok. ", True),
            ("do  it", True),
            ("no", False),
            ("going", False),
            ("", False),
        ),
        *(("YES!!! 👍", True), ("👍🏽", True), ("yes please", True), ("Go for it! 🎉", True), ("👍👎", False)),
        *(("go?", False), ("no yes", False), ("!", False), ("🙂", False), ("yes but slower", False)),
    ],
)
def test_yes_is_yes(text: str, said: bool) -> None:
    assert agrees(text) is said


@pytest.mark.parametrize(
    ("text", "said"), [("go", True), (" Go! ", True), ("GO.", True), ("go ahead", False), ("ok", False), ("", False)]
)
def test_only_go_is_go(text: str, said: bool) -> None:
    assert says_go(text) is said


@pytest.mark.parametrize(
    "text",
    [
        *("no", "No.", "no thanks", "don't", "don\N{RIGHT SINGLE QUOTATION MARK}t!", "do not", "leave it", "keep it"),
        *("cancel", "Stop!", "never mind", "no, too expensive, keep it", "keep it, it is fine", "No. Leave it."),
    ],
)
def test_no_is_no(text: str) -> None:
    assert declines(text)
    assert not agrees(text)


@pytest.mark.parametrize(
    "text", ["", "go", "no text in image 3", "no. 3 is lovely", "none", "don't forget the moon", "stop the wind"]
)
def test_what_only_begins_like_a_no_is_none(text: str) -> None:
    assert not declines(text)


PIECES = [*("1", " ", "1 ", "1,", "1-", "1 to ", "1 and ", "-", "#", ":", ";", "\n", "!", "please ", "redo ", "clip ")]


@pytest.mark.parametrize("piece", [*PIECES, "1-900, ", "1: a; ", "a\n"])
def test_a_long_text_is_read_in_no_time(piece: str) -> None:
    """A regular expression that goes back over what it read took a minute for 60,000 spaces; two seconds are plenty."""
    began = time.process_time()
    for start in ("", "go", "no", "please ", "redo ", "redo 1", "redo 1-900: a\n", "clip 1 "):
        text = start + piece * (100_000 // len(piece)) + "x"
        is_command(text), says_go(text), agrees(text), declines(text)
        for read in (rejections, lambda said: redo(said, Status.VIDEO_READY)):
            with suppress(BadInput):
                read(text)
    assert time.process_time() - began < 2


def test_no_pattern_repeats_a_group_possessively() -> None:
    """Python before 3.11.5 reads those wrongly (gh-106052), and 3.11 is the oldest that is supported."""
    files = sorted(Path(vidctl.__file__).parent.rglob("*.py"))
    assert len(files) > 100
    assert [str(file) for file in files if re.search(r"\)[*+?]\+", file.read_text())] == []
