"""What is kept of a token that cannot be used says how its account is, and what mends it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidctl.domain.account import State, mended_by, problem, told_by

PLAIN = st.text().filter(lambda why: not why.startswith((f"{State.REFUSED}: ", f"{State.NOT_ITS_OWN}: ")))


@settings(max_examples=50, deadline=None)
@given(st.sampled_from([State.REVOKED, State.REFUSED, State.NOT_ITS_OWN]), PLAIN)
def test_what_is_kept_of_a_token_says_how_it_is_and_why(state: State, why: str) -> None:
    assert told_by(problem(state, why)) == (state, why)


@pytest.mark.parametrize(
    ("state", "command"),
    [
        (State.REVOKED, "vidctl auth youtube --channel one"),
        (State.NOT_ITS_OWN, "vidctl auth youtube --channel one"),
        (State.REFUSED, "vidctl auth status"),
    ],
)
def test_another_token_is_asked_for_where_that_mends_it(state: State, command: str) -> None:
    assert mended_by("one", problem(state, "why")) == command
