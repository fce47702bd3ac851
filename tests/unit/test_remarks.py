"""A comment is a command only where it says so, and then it names what is made again."""

import pytest

from vidctl.domain.remarks import agrees, redo
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
    ],
)
def test_a_command_names_its_items(text: str, gate: Status, wanted: list[tuple[Kind, int, str]]) -> None:
    assert named(text, gate) == wanted


@pytest.mark.parametrize(
    "text", ["", "lovely!", "clip 7 is too fast", "shall we redo this?", "redoing takes ages", "7"]
)
def test_what_people_say_to_each_other_is_no_command(text: str) -> None:
    assert named(text, Status.VIDEO_READY) is None


@pytest.mark.parametrize("text", ["redo", "redo everything", "redo clip", "redo 9-2", "redo 0", "redo 99999999"])
def test_a_command_that_names_nothing_is_answered_with_how_to_write_it(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        redo(text, Status.VIDEO_READY)
    assert refused.value.hint


def test_a_number_alone_means_nothing_at_the_last_gate() -> None:
    with pytest.raises(BadInput, match="several things"):
        redo("redo 7", Status.FINAL_REVIEW)


@pytest.mark.parametrize(
    ("text", "said"), [("go", True), ("Yes!", True), (" ok. ", True), ("no", False), ("going", False)]
)
def test_yes_is_yes(text: str, said: bool) -> None:
    assert agrees(text) is said
