"""What a person says about a film is kept as written, or refused with the field named."""

import unicodedata
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidctl.domain.brief import MAX_CHARACTERS, Brief, checked, cleaned, complaints, publish_at
from vidctl.errors import BadInput

READABLE = st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t"))


@given(READABLE)
def test_what_people_can_read_is_kept_exactly(text: str) -> None:
    clean = cleaned(Brief("x" + text + "x", "y" + text + "y", text))
    assert (clean.title, clean.topic, clean.story_direction) == ("x" + text + "x", "y" + text + "y", text)


@given(st.text())
def test_a_text_that_is_accepted_can_be_stored_and_printed(text: str) -> None:
    brief = cleaned(Brief(text, text, text))
    if any(complaints(brief)):
        return
    for field in (brief.title, brief.topic, brief.story_direction):
        assert field.encode()
        assert not any(unicodedata.category(character) == "Cc" and character not in "\n\t" for character in field)


@given(st.builds(Brief, st.text(), st.text(), st.text()))
def test_cleaning_twice_is_cleaning_once(brief: Brief) -> None:
    assert cleaned(cleaned(brief)) == cleaned(brief)


def brief(**fields: Any) -> Brief:
    return Brief(**({"title": "t", "topic": "t"} | fields))


@pytest.mark.parametrize("field", ["title", "topic"])
@pytest.mark.parametrize("empty", ["", " ", "\n\t", "\u200b", "\u00a0\u2028"])
def test_a_title_or_topic_that_nobody_can_see_is_empty(field: str, empty: str) -> None:
    with pytest.raises(BadInput, match=f"the {field} is empty"):
        checked(brief(**{field: empty}))


@pytest.mark.parametrize("field", list(MAX_CHARACTERS))
@pytest.mark.parametrize("character", ["x", "😀"])
def test_the_longest_text_is_accepted_and_one_more_character_is_refused(field: str, character: str) -> None:
    longest = character * MAX_CHARACTERS[field]
    assert getattr(checked(brief(**{field: longest})), field) == longest
    with pytest.raises(BadInput, match=f"the {field.replace('_', ' ')} has"):
        checked(brief(**{field: longest + character}))


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "caf\udce9"])
def test_bytes_that_were_never_text_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="is no text: character"):
        checked(Brief("t", "t", text))


def test_line_ends_become_one_kind_and_escape_codes_go() -> None:
    brief = checked(Brief(" a\x1b[31m\r\nb ", "t", "one\r\ntwo\rthree\x0bfour\x85five\x7f"))
    assert brief.title == "a[31m\nb"
    assert brief.story_direction == "one\ntwo\nthree\nfour\nfive"


def test_all_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        checked(Brief("", "", priority="urgent", privacy="secret"))
    for word in ("title", "topic", "'urgent'", "'secret'"):
        assert word in str(caught.value)


@given(st.datetimes(), st.sampled_from(["", "Z", "+05:30", "-11:00"]))
def test_a_moment_is_read_as_it_was_meant_or_refused(at: datetime, offset: str) -> None:
    said = at.isoformat() + offset
    try:
        found = publish_at(said)
    except BadInput:
        assert not 1901 <= at.year <= 8999
    else:
        assert found == datetime.fromisoformat(said if offset else f"{said}Z")
        assert found.utcoffset() == timedelta(0)
        assert publish_at(said, after=found - timedelta(seconds=1)) == found
        with pytest.raises(BadInput, match="is over"):
            publish_at(said, after=found)
