"""What is due where there is no cron: what a crontab would have started, each once."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from vidctl.domain.cron_jobs import JOBS
from vidctl.domain.crontab import LONGEST, due, fits, next_of

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
TICK, DAILY, *_ = JOBS


def test_five_fields_mean_what_they_mean_to_cron() -> None:
    sunday = datetime(2026, 11, 29, 0, 5, tzinfo=UTC)
    assert fits("5 0 * * 0", sunday)
    assert not fits("5 0 * * 1-6", sunday)
    assert fits("0,5 0 29 11 *", sunday)
    assert fits("5 0 1 * 0", sunday), "of day and weekday one is enough"
    assert not fits("5 0 1 * *", sunday)


@given(MOMENTS, st.lists(st.integers(-90, 90), max_size=40))
def test_no_minute_has_two_ticks_and_no_look_a_minute_later_has_none(begin: datetime, steps: list[int]) -> None:
    seen = now = begin
    for step in steps:
        now += timedelta(seconds=step)
        begun = bool(due([TICK], seen, now))
        minute = now.replace(second=0, microsecond=0)
        if minute == seen.replace(second=0, microsecond=0):
            assert not begun
        elif minute > seen:
            assert begun
        seen = minute


@settings(max_examples=40)
@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_what_was_missed_is_due_once_and_nothing_else(seen: datetime, silence: timedelta) -> None:
    now = seen + silence
    missed = next_of(DAILY, seen)
    assert missed
    assert due([DAILY], seen, now) == ([DAILY] if missed <= now else [])


def test_a_clock_that_was_put_back_by_an_hour_stops_no_ticks() -> None:
    now = datetime(2026, 11, 29, 2, 0, 30, tzinfo=UTC)
    assert due([TICK, DAILY], now + timedelta(hours=1), now) == [TICK]


def test_each_job_comes_within_a_month() -> None:
    now = datetime(2026, 2, 1, 12, tzinfo=UTC)
    for job in JOBS:
        at = next_of(job, now)
        assert at
        assert at - now < LONGEST
