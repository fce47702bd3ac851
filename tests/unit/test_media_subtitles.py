"""Subtitles hold all words, in time."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidctl.media.assembly.alignment import MAX_BYTES, times, times_beside
from vidctl.media.assembly.subtitles import LINE, LINES, cues, srt

SENTENCES = (
    "The river has carried this valley on its back for ten thousand years. "
    "Nobody who lives here has ever seen it run dry, and nobody, whatever they may say in the evening, expects to."
)

texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=400)


@settings(deadline=None)
@given(texts, st.floats(0, 5_000), st.floats(0.1, 600))
def test_cues_hold_every_word_and_follow_each_other_without_a_gap(text: str, starts_s: float, length_s: float) -> None:
    made = list(cues(text, starts_s, starts_s + length_s))
    kept = "".join("".join(words.split()) for _, _, words in made)
    assert kept == "".join(text.replace("-->", "→").split())
    times = [time for start, end, _ in made for time in (start, end)]
    assert times == sorted(times)
    if made:
        assert abs(times[0] - starts_s) < 1e-6
        assert abs(times[-1] - starts_s - length_s) < 1e-6


def test_cues_are_two_lines_that_fit_and_end_with_sentences() -> None:
    made = [words for _, _, words in cues(SENTENCES, 0, 10)]
    assert made[0].endswith("years.")
    for words in made:
        lines = words.split("\n")
        assert len(lines) <= LINES
        assert max(map(len, lines)) <= LINE + 8


def test_longer_pieces_get_more_time() -> None:
    made = list(cues("Yes. This one takes a good deal longer to say.", 0, 10))
    assert made[0][2] == "Yes."
    assert made[0][1] < 2


def test_what_would_break_the_file_format_does_not() -> None:
    document = srt(cues("One --> two\n\n3\n00:00:00,000 --> 00:00:09,000\nthree", 3_599.9995, 3_601))
    assert len(re.findall("-->", document)) == len(re.findall(r"^\d+$", document, re.MULTILINE))
    assert document.startswith("1\n01:00:00,000 --> ")


def test_no_words_make_an_empty_document() -> None:
    assert srt(cues("  \n ", 0, 1)) == ""


def spoken_evenly(text: str, each_s: float = 0.1) -> list[tuple[float, float]]:
    """Every character takes as long as any other, blanks too."""
    return [(at * each_s, (at + 1) * each_s) for at, one in enumerate(text) if not one.isspace()]


def test_cues_begin_and_end_where_their_words_are_spoken() -> None:
    text = "Yes.          This one is said after a long pause."
    first, second = cues(text, 100, 110, spoken_evenly(text))
    assert first[2] == "Yes."
    assert (*first[:2], *second[:2]) == pytest.approx((100, 100.4, 101.4, 100 + len(text) / 10))


def test_a_character_that_stands_for_three_has_the_time_of_all_three() -> None:
    text = "Up --> down. Then."
    first, second = cues(text, 0, 9, spoken_evenly(text))
    assert first[2] == "Up → down."
    assert (*first[:2], second[0]) == pytest.approx((0, 1.2, 1.3))


@settings(deadline=None)
@given(texts, st.floats(0, 5_000), st.floats(0.1, 60), st.data())
def test_whatever_the_times_cues_hold_every_word_in_order_within_the_narration(
    text: str, starts_s: float, length_s: float, data: st.DataObject
) -> None:
    count = sum(not one.isspace() for one in text)
    times = st.tuples(st.floats(0, 70), st.floats(0, 70))
    spoken = data.draw(st.lists(times, min_size=count, max_size=count))
    made = list(cues(text, starts_s, starts_s + length_s, spoken))
    kept = "".join("".join(words.split()) for _, _, words in made)
    assert kept == "".join(text.replace("-->", "→").split())
    marks = [time for start, end, _ in made for time in (start, end)]
    assert marks == sorted(marks)
    assert all(starts_s <= mark <= starts_s + length_s + 1e-6 for mark in marks)
    assert all(end > start for start, end, _ in made)


def test_a_cue_does_not_begin_before_the_last_one_ends() -> None:
    spoken = [(0.0, 2.0)] * 4 + [(1.0, 3.0)] * 4
    assert [cue[:2] for cue in cues("One. Two.", 0, 3, spoken)] == [(0, 2), (2, 3)]


def test_times_that_would_leave_a_sentence_unseen_are_passed_over() -> None:
    text = "One. Two. Three."
    estimated = list(cues(text, 0, 3))
    too_late = [(start + 2.5, end + 2.5) for start, end in spoken_evenly(text)]
    assert list(cues(text, 0, 3, too_late)) == estimated
    assert list(cues(text, 0, 3, spoken_evenly(text)[:-1])) == estimated
    assert list(cues(text, 0, 3, [])) == estimated


GOOD = {"sha256": "ab", "characters": list(" Hi you"), "starts_s": list(range(7)), "ends_s": list(range(1, 8))}


def test_an_alignment_tells_when_each_character_is_spoken_that_is_no_blank() -> None:
    spans = [(1, 2), (2, 3), (4, 5), (5, 6), (6, 7)]
    assert times(json.dumps(GOOD).encode(), "Hi\n you", "ab") == spans
    in_pairs = GOOD | {"characters": ["Hi", " ", "you"], "starts_s": [1, 2, 3], "ends_s": [2, 3, 4]}
    assert times(json.dumps(in_pairs).encode(), "Hi you", "ab") == [(1, 2)] * 2 + [(3, 4)] * 3


@pytest.mark.parametrize(
    "document",
    [
        "",
        "[]",
        "{",
        "\udcff",
        "[" * 50_000,
        '{"more": ' + "[" * 50_000,
        '{"sha256": "\udcff"}',
        json.dumps({}),
        json.dumps(GOOD | {"characters": list(" Hi yon")}),
        json.dumps(GOOD | {"characters": list(" Hi yo")}),
        json.dumps(GOOD | {"characters": "Hi"}),
        json.dumps(GOOD | {"starts_s": [0, 1, 2, 3, 5, 4, 6]}),
        json.dumps(GOOD | {"ends_s": [1, 1.5, 1.9, 4, 5, 6, 7]}),
        json.dumps(GOOD | {"starts_s": [0, -1, 2, 3, 4, 5, 6]}),
        json.dumps(GOOD | {"starts_s": [0, True, 2, 3, 4, 5, 6]}),
        json.dumps(GOOD | {"starts_s": [0, float("nan"), 2, 3, 4, 5, 6]}),
        json.dumps(GOOD | {"ends_s": list(range(6))}),
        json.dumps(GOOD | {"sha256": "cd"}),
        json.dumps({name: value for name, value in GOOD.items() if name != "sha256"}),
    ],
)
def test_an_alignment_that_is_damaged_or_of_something_else_is_passed_over(document: str) -> None:
    assert times(document.encode("utf-8", "surrogateescape"), "Hi you", "ab") is None


def test_an_alignment_lies_beside_its_recording_and_is_of_that_one_only(tmp_path: Path) -> None:
    narration, beside = tmp_path / "narration_01.mp3", tmp_path / "narration_01.alignment.json"
    assert times_beside(narration, "Hi you") is None
    narration.write_bytes(b"take 1")
    beside.write_text(json.dumps(GOOD | {"sha256": sha256(b"take 1").hexdigest()}))
    assert times_beside(narration, "Hi you") is not None
    narration.write_bytes(b"take 2, which came without a timing")
    assert times_beside(narration, "Hi you") is None
    beside.unlink()
    beside.mkdir()
    assert times_beside(narration, "Hi you") is None


def test_a_huge_alignment_is_not_even_read(tmp_path: Path) -> None:
    narration = tmp_path / "a.mp3"
    narration.write_bytes(b"")
    good = json.dumps(GOOD | {"sha256": sha256(b"").hexdigest()})
    (tmp_path / "a.alignment.json").write_text(good + " " * MAX_BYTES)
    assert times_beside(narration, "Hi you") is None
