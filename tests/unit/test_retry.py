"""When a failed step is tried again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vidctl.contract import ErrorClass, Failure, Scope
from vidctl.domain.retry import Again, GiveUp, after, worst

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def failure(error_class: ErrorClass, retry_after_s: float | None = None) -> Failure:
    return Failure("Test", error_class, Scope.ITEM, "message", "hint", retry_after_s)


def test_five_attempts_wait_1_5_15_and_60_minutes() -> None:
    waits = []
    for attempt in range(1, 5):
        again = after(failure(ErrorClass.TRANSIENT), attempt=attempt, now=NOON)
        assert isinstance(again, Again)
        assert again.spends_attempt
        waits.append((again.at - NOON) / timedelta(minutes=1))
    assert waits == [1, 5, 15, 60]
    assert after(failure(ErrorClass.TRANSIENT), attempt=5, now=NOON) == GiveUp(exhausted=True)


def test_a_longer_retry_after_is_honoured_and_a_shorter_one_is_not() -> None:
    for asked_s, minutes in ((600, 10), (5, 1)):
        again = after(failure(ErrorClass.TRANSIENT, asked_s), attempt=1, now=NOON)
        assert again == Again(NOON + timedelta(minutes=minutes), spends_attempt=True)


def test_a_quota_waits_for_its_reset_however_many_attempts_there_were() -> None:
    again = after(failure(ErrorClass.QUOTA, 7_200), attempt=5, now=NOON)
    assert again == Again(NOON + timedelta(hours=2), spends_attempt=False)


def test_what_can_never_succeed_asks_a_person_at_once() -> None:
    assert after(failure(ErrorClass.PERMANENT), attempt=1, now=NOON) == GiveUp(exhausted=False)


def test_a_quota_weighs_more_than_a_final_error_and_that_more_than_a_passing_one() -> None:
    transient, permanent, quota = (failure(c) for c in (ErrorClass.TRANSIENT, ErrorClass.PERMANENT, ErrorClass.QUOTA))
    assert worst([transient, permanent, quota]) is permanent, "it would be bought again after each wait"
    assert worst([transient, quota]) is quota
    assert worst([transient, permanent]) is permanent
    longer = failure(ErrorClass.TRANSIENT, 100)
    assert worst([transient, longer]) is longer


@given(
    st.sampled_from(ErrorClass),
    st.integers(1, 9),
    st.one_of(st.none(), st.floats(allow_nan=False)),
)
def test_a_retry_is_never_in_the_past_and_never_later_than_a_week(
    error_class: ErrorClass, attempt: int, asked_s: float | None
) -> None:
    follows = after(failure(error_class, asked_s), attempt=attempt, now=NOON)
    if isinstance(follows, Again):
        assert NOON < follows.at <= NOON + timedelta(days=7)
