"""Texts are cleaned of what YouTube refuses and cut where no reader minds."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vidctl.domain.cutting import MORE, Size, cut, one_line, paragraphs, utf8_bytes, utf16_units
from vidctl.domain.graphemes import tears

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e007f"
READ_AS_ONE = [FAMILY, SCOTLAND, "🇪🇸", "e\u0301", "क्षि", "👍🏽", "\u1112\u1161\u11ab", "กำ", "1\ufe0f\u20e3"]
PIECES = ["word", "longerword,", " ", "\n", "日本語", *READ_AS_ONE]
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
SIZES = st.sampled_from([utf16_units, utf8_bytes])


@given(TEXTS, st.integers(0, 60), SIZES)
def test_what_was_cut_fits_and_is_not_cut_again(text: str, limit: int, size: Size) -> None:
    text = one_line(text)
    short = cut(text, limit, size)
    assert size(short) <= limit
    assert cut(short, limit, size) == short


@given(TEXTS, st.integers(0, 60), SIZES)
@example(f"a{FAMILY}b", 6, utf16_units)
@example("a🇪🇸🇪🇸", 6, utf16_units)
@example("xe\u0301y", 3, utf16_units)
def test_a_cut_keeps_whole_characters_from_the_beginning(text: str, limit: int, size: Size) -> None:
    text = one_line(text)
    short = cut(text, limit, size)
    if short != text:
        kept = short.removesuffix(MORE)
        assert text.startswith(kept)
        assert not tears(text, len(kept))


@pytest.mark.parametrize("one", [*READ_AS_ONE, "\r\n"])
def test_what_is_read_as_one_character_is_nowhere_torn_apart(one: str) -> None:
    inside = f"a{one}b"
    assert [at for at in range(1, len(inside)) if not tears(inside, at)] == [1, 1 + len(one)]
    assert not tears(one + one, len(one))


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("The salt road of the Sahara", 40, "The salt road of the Sahara"),
        ("The salt road of the Sahara", 16, "The salt road…"),
        ("The salt, roads", 10, "The salt…"),
        ("Unpronounceablenesses", 8, "Unprono…"),
        ("日本の歴史の話", 5, "日本の歴…"),
        ("- - - - - -", 5, ""),
        ("word", 1, ""),
    ],
)
def test_a_text_ends_after_a_whole_word(text: str, limit: int, short: str) -> None:
    assert cut(text, limit) == short


@given(st.text())
@example("a\ud83d\u202eb\u2028c\x00<\x1b>\t\r\n \n\r\n\vd")
def test_what_youtube_refuses_is_in_no_text(text: str) -> None:
    for clean in (one_line(text), paragraphs(text)):
        assert not {"<", ">"} & set(clean)
        assert not any(unicodedata.category(one) in {"Cc", "Cs"} for one in clean if one not in "\n\t")
        assert clean.encode().decode() == clean
    assert not {"\n", "\t"} & set(one_line(text))
    assert "\n\n\n" not in paragraphs(text)
    assert paragraphs(paragraphs(text)) == paragraphs(text)
    assert one_line(one_line(text)) == one_line(text)
