"""What is computed of a report without any database: its times, its rates, its words and its pictures."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reports import SUNDAY, a_report
from vidctl.cli.report.charts import charts
from vidctl.cli.report.sections import sections
from vidctl.cli.report.terminal import bar, sparkline
from vidctl.domain import report_data
from vidctl.domain.periods import last_month, last_week, month_of, week_of, weeks_to_keep, weeks_until
from vidctl.domain.report import Films, Recovery, enough_for
from vidctl.domain.report_data import data, recovery_of, troubles_of
from vidctl.domain.report_words import duration, missed, percent, summary, trend

moments = st.datetimes(datetime(2001, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments)
def test_every_moment_is_in_one_week_and_in_one_month(at: datetime) -> None:
    for of in (week_of, month_of):
        period = of(at.date())
        assert period.begin <= at <= period.last_moment
        assert of(period.last_moment.date()) == period
        assert of(period.end.date()).begin == period.end
        assert period.before.end == period.begin
        assert period.before.begin == of(period.before.last_moment.date()).begin
    assert week_of(at.date()).begin.weekday() == 6
    assert last_week(at).end == week_of(at.date()).begin
    assert last_month(at).end == month_of(at.date()).begin


@given(moments, st.integers(0, 400), st.sets(st.integers(0, 60)))
def test_each_week_that_ended_since_the_first_move_is_kept_or_will_be(
    first: datetime, days: int, kept: set[int]
) -> None:
    last = last_week(first + timedelta(days=days))
    week, expected = week_of(first.date()), []
    while week.end <= last.end:
        expected.append(week)
        week = week_of(week.end.date())
    there = {at.begin.date() for n, at in enumerate(expected) if n in kept}
    assert weeks_to_keep(there, first, last) == [at for at in expected if at.begin.date() not in there]


def test_nothing_is_kept_of_the_time_before_the_first_move() -> None:
    assert weeks_to_keep(set(), None, last_week(SUNDAY)) == []
    assert [week.begin.day for week in weeks_until(SUNDAY.date(), 3)] == [1, 8, 15]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59.6, "1 min"),
        (89, "1 min"),
        (3_599, "1 h"),
        (5_040, "1 h 24 min"),
        (172_799, "2 d"),
        (180_000, "2 d 2 h"),
    ],
)
def test_a_length_of_time_is_said_as_people_say_it(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(("share", "words"), [(None, "–"), (0.8999, "89%"), (0.29, "29%"), (1.0, "100%"), (0, "0%")])
def test_what_misses_a_target_never_looks_as_if_it_met_it(share: float | None, words: str) -> None:
    assert percent(share) == words


@pytest.mark.parametrize(
    ("now", "before", "words"), [(5, 0, ""), (112, 100, "12% more"), (50, 100, "50% less"), (100.1, 100, "as much")]
)
def test_a_trend_says_more_or_less(now: float, before: float, words: str) -> None:
    assert trend(Decimal(str(now)), Decimal(str(before))) == words


@pytest.mark.parametrize(
    ("films", "recovery", "kinds"),
    [
        (Films(9, 9, 1), Recovery(9, 5, 4, 6), []),
        (Films(8, 8, 2), Recovery(9, 5, 3, 6), ["success below target", "recovery below target"]),
        (Films(7, 7, 2), Recovery(9, 4, 0, 0), []),
        (Films(), Recovery(), []),
    ],
)
def test_a_missed_target_is_said_from_so_many_on_that_one_failure_does_not_miss_it(
    films: Films, recovery: Recovery, kinds: list[str]
) -> None:
    found = list(missed(replace(a_report(), films=films, recovery=recovery, budgets=[])))
    assert [one.kind for one in found] == kinds
    assert (enough_for(90), enough_for(80)) == (10, 5)
    for one in found:
        assert (
            "Most often: RateLimited in clips, 7 times in 5 films; Refused in clips, 2 times in 2 films." in one.message
        )
        assert one.hint


def test_more_than_a_budget_is_said_with_the_field_to_raise() -> None:
    [over] = [one for one in missed(a_report()) if one.kind == "cost above budget"]
    assert "$196.20 was spent of wild's budget of the month of $190.00" in over.message
    assert "budget.month_usd in wild.yaml" in over.hint


def test_a_week_in_a_few_sentences() -> None:
    assert summary(a_report()) == (
        "The week of 2026-11-15: 18 films published, 17 of them without help; 2 failed. Success 90% (target 90%). "
        "Recovery 80% (target 80%): 4 of 5 series of failures. Machines worked 1 h 7 min on a film (median), "
        "1 h 42 min at most for nine of ten (target 2 h). $196.20 spent, 10% more than in the week before."
    )


def test_what_is_kept_of_a_week_is_read_back() -> None:
    found = a_report()
    kept = data(found)
    assert recovery_of(kept) == found.recovery
    assert troubles_of(kept) == found.troubles
    week = report_data.week_of(SUNDAY.date(), kept)
    assert (week.films, week.recovery, week.times, week.usd) == (found.films, found.recovery, found.times, found.usd)


@given(st.lists(st.none() | st.floats(0, 1e9), max_size=12))
def test_a_sparkline_has_one_bar_for_each_number_from_the_lowest_to_the_highest(values: list[float | None]) -> None:
    line = sparkline(values)
    assert [one == " " for one in line] == [value is None for value in values]
    known = sorted((value, level) for value, level in zip(values, line, strict=True) if value is not None)
    assert [level for _, level in known] == sorted(level for _, level in known)


def test_bars_are_as_long_as_their_share() -> None:
    assert [len(bar(share, 10)) for share in (-1, 0, 0.5, 1, 7)] == [0, 0, 5, 10, 10]


def test_a_table_has_a_cell_for_each_column_and_a_chart_a_number_for_each_label() -> None:
    for section in sections(a_report()):
        assert {len(row) for row in section.rows} == {len(section.columns)}
        assert len(section.shares) in {0, len(section.rows)}
    for chart in charts(a_report()):
        assert {len(one.values) for one in chart.series} == {len(chart.labels)}
