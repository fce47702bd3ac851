"""What the engine and a script say to each other, line by line."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidctl.contract import (
    AtOnce,
    Balance,
    Basis,
    Cost,
    ErrorClass,
    Failure,
    Message,
    Ordering,
    Progress,
    Result,
    Scope,
    ScriptError,
    Submitted,
    failure_of,
    from_line,
    to_line,
)
from vidctl.errors import BadInput, CannotWrite, Unavailable

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=50)
MONEY = st.decimals(0, 1000, places=6, allow_nan=False)
MESSAGES = st.one_of(
    st.builds(Submitted, TEXT),
    st.builds(Progress, st.floats(0, 1e6), st.floats(0, 1e6)),
    st.builds(Ordering, TEXT, MONEY, st.booleans()),
    st.builds(Balance, MONEY),
    st.builds(AtOnce, st.integers(1, 1000)),
    st.builds(Cost, TEXT, MONEY, MONEY, st.sampled_from(Basis)),
    st.builds(Result, TEXT, TEXT, st.none() | TEXT, st.none() | st.dictionaries(TEXT, st.integers())),
    st.builds(
        Failure,
        *(TEXT, st.sampled_from(ErrorClass), st.sampled_from(Scope), TEXT, TEXT),
        *(st.none() | st.floats(0, 1e6), st.booleans(), st.booleans()),
    ),
)


@given(MESSAGES)
def test_what_one_side_says_the_other_hears(message: Message) -> None:
    line = to_line(message)
    assert "\n" not in line
    assert from_line(line) == message


@given(st.text(max_size=300))
def test_anything_else_is_refused_in_words(line: str) -> None:
    with pytest.raises(BadInput, match="no message of the contract"):
        from_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "null", "[]", "{}", '{"event": "result"}', '{"event": "result", "path": 1, "sha256": "x"}',
        '{"event": "cost", "component": "x", "units": 1, "cost_usd": "NaN"}',
        '{"event": "cost", "component": "x", "units": 1, "cost_usd": -1}',
        '{"event": "cost", "component": "x", "units": 1, "cost_usd": 1, "basis": "hearsay"}',
        '{"event": "ordering", "component": "x", "cost_usd": "Infinity"}', '{"event": "balance", "left_usd": -1}',
        '{"event": "at_once", "calls": 0}', '{"event": "at_once", "calls": true}',
        '{"event": "error", "error_type": "x", "class": "odd", "scope": "item", "message": "m"}',
        '{"event": ["submitted"], "job_id": "x"}', "[" * 100_000,
        '{"event": "submitted", "job_id": "a\\u0000b"}', '{"event": "submitted", "job_id": "\\ud800"}',
        '{"event": "cost", "component": "x", "units": 1, "cost_usd": 10000000}',
        '{"event": "result", "path": "p", "sha256": "x", "url": {}}',
        '{"event": "result", "path": "p", "sha256": "x", "facts": []}',
        '{"event": "result", "path": "p", "sha256": "x", "facts": {"a": NaN}}',
        '{"event": "result", "path": "p", "sha256": "x", "facts": {"a": "\\u0000"}}',
        '{"event": "progress", "done": 1' + "0" * 400 + ', "total": 1}',
    ],
)  # fmt: skip
def test_json_that_breaks_a_promise_is_refused(line: str) -> None:
    with pytest.raises(BadInput):
        from_line(line)


def test_money_keeps_its_cents() -> None:
    cost = from_line('{"event": "cost", "component": "kling", "units": 1, "cost_usd": 0.42}')
    assert cost == Cost("kling", Decimal(1), Decimal("0.42"))


def test_errors_of_ours_say_whether_another_try_can_help() -> None:
    assert failure_of(Unavailable("down", hint="wait")).error_class is ErrorClass.TRANSIENT
    assert failure_of(CannotWrite("full", hint="free space")).error_class is ErrorClass.TRANSIENT
    assert failure_of(BadInput("bad", hint="mend")).error_class is ErrorClass.PERMANENT
    quota = ScriptError("gone", hint="wait", error_class=ErrorClass.QUOTA, scope=Scope.SERVICE, retry_after_s=5)
    assert failure_of(quota) is quota.failure
