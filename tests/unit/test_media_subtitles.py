"""Subtitles hold all words, in time."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

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
