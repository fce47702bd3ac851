"""A comment says what became of an order only where that is its clear word: money depends on it."""

import time

import pytest

from vidctl.domain.fates import Fate, Word, is_word, said, ways
from vidctl.domain.work import Artifact, Kind
from vidctl.errors import BadInput

CLIP = Artifact(Kind.CLIP, 7)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not bought: clip 7", [Word(Fate.NOT_BOUGHT, CLIP)]),
        ("Not bought clip 7.", [Word(Fate.NOT_BOUGHT, CLIP)]),
        ("buy again: clips 7, 8", [Word(Fate.BUY_AGAIN, CLIP), Word(Fate.BUY_AGAIN, Artifact(Kind.CLIP, 8))]),
        ("bought: clip 7, job 281e5b", [Word(Fate.BOUGHT, CLIP, "281e5b")]),
        ("bought: clip 7 as job 281e5b.", [Word(Fate.BOUGHT, CLIP, "281e5b")]),
        ("`bought: order 17, job 281e5b`", [Word(Fate.BOUGHT, 17, "281e5b")]),
        ("bought: order #17", [Word(Fate.BOUGHT, 17)]),
        ("not bought: orders 17, 18", [Word(Fate.NOT_BOUGHT, 17), Word(Fate.NOT_BOUGHT, 18)]),
        (
            "not bought: order 17\n- bought: sfx 2, job x-1",
            [Word(Fate.NOT_BOUGHT, 17), Word(Fate.BOUGHT, Artifact(Kind.SFX, 2), "x-1")],
        ),
    ],
)
def test_a_word_on_an_order_is_understood(text: str, words: list[Word]) -> None:
    assert is_word(text)
    assert said(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "redo 7",
        "we bought clip 7 twice?",
        "bought new microphones",
        "bought clip 7 yesterday",
        "not boughten: clip 7",
    ],
)
def test_a_remark_among_people_is_none(text: str) -> None:
    assert not is_word(text)


@pytest.mark.parametrize(
    "text",
    [
        *("not bought:", "not bought: everything", "not bought: 7", "bought: clip 7, job", "bought: clip 7, job ID"),
        *("bought: clip 7, 281e5b", "bought: clips 7, 8, job x", "not bought: clip 7, job x", "buy again: clip 7?"),
        *("not bought: clip 7\nno wait, it was", "not bought: clip 7\nbought: clip 7, job x", "not bought: order 17th"),
    ],
)
def test_what_may_mean_something_else_says_nothing(text: str) -> None:
    assert is_word(text)
    with pytest.raises(BadInput) as refused:
        said(text)
    assert "not bought: clip 7" in refused.value.hint


def test_what_a_card_offers_is_understood() -> None:
    offered = [text for text in ways(17).split("`") if ":" in text]
    found = [said(text.replace("job ID", "job x")) for text in offered]
    assert found == [[Word(Fate.NOT_BOUGHT, 17)], [Word(Fate.BOUGHT, 17, "x")], [Word(Fate.BUY_AGAIN, 17)]]


@pytest.mark.parametrize("piece", ["1, ", " ", "order 1 ", ", job", "bought:", "clip 1: ", "\n", "`"])
def test_a_long_text_is_read_in_no_time(piece: str) -> None:
    began = time.process_time()
    for start in ("", "bought: ", "not bought: clip 1", "bought: order 1"):
        text = start + piece * (100_000 // len(piece)) + "x"
        is_word(text)
        with pytest.raises(BadInput):
            said(text)
    assert time.process_time() - began < 2
