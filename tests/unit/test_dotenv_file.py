"""What is added to a `.env` is read back as it was, and what was in it stays as it is."""

import io

from dotenv import dotenv_values
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vidctl.engine.installing.dotenv_file import quoted, with_added

VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"))
OWN = st.dictionaries(st.from_regex(r"OWN_[A-Z]{1,3}", fullmatch=True), VALUES, max_size=3)


@settings(max_examples=40)
@given(OWN, VALUES, st.sampled_from(["", "\n"]))
@example({"OWN_A": "x"}, "it's \"$x\" ${HOME} ${:-$}{A} \\' #\\", "")
def test_a_value_is_read_back_as_it_was_behind_whatever_was_there(own: dict[str, str], value: str, end: str) -> None:
    was = "# mine\n" + "\n".join(f"{name}={quoted(one)}" for name, one in own.items()) + end
    now = with_added(was, {"NEW": value})
    assert now.startswith(was)
    assert dotenv_values(stream=io.StringIO(now)) == {**own, "NEW": value}
