"""Not more films of a channel go up a day than it wants, and those that wait go up at hours that look natural."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidctl.domain.organic import place
from vidctl.domain.youtube_settings import Youtube

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
ZONES = ["UTC", "Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut", "Pacific/Kiritimati"]
MONTH_S = 30 * 86_400


def where(youtube: Youtube, at: datetime) -> datetime:
    return at.astimezone(UTC if youtube.timezone == "UTC" else ZoneInfo(youtube.timezone))


@st.composite
def channels(draw: st.DrawFn) -> Youtube:
    first = draw(st.integers(0, 23))
    last = draw(st.integers(first + 1, 24))
    a_day = draw(st.integers(1, 4))
    return Youtube(uploads_a_day=a_day, from_hour=first, until_hour=last, timezone=draw(st.sampled_from(ZONES)))


def simulated(youtube: Youtube, begins: datetime, approved_s: list[int]) -> list[tuple[datetime, bool]]:
    """Return when each film of a month goes up, and whether it waited; each is looked at when it was told to."""
    looks = [(begins + timedelta(seconds=after), f"film {number}", False) for number, after in enumerate(approved_s)]
    begun: list[tuple[datetime, bool]] = []
    while looks:
        looks.sort()
        now, film, waited = looks.pop(0)
        uploads, expected = [at for at, _ in begun], [at for at, _, waits in looks if waits]
        again = place(youtube, now=now, begun=uploads, expected=expected, seed=film, waited=waited)
        if again is None:
            begun.append((now, waited))
        else:
            assert again > now
            looks.append((again, film, True))
    return begun


@given(
    channels(),
    st.sampled_from([datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 10, 10, tzinfo=UTC)]),
    st.lists(st.integers(0, MONTH_S), min_size=1, max_size=30).map(sorted),
)
def test_a_month_has_no_day_with_too_many_and_what_waited_goes_up_within_the_hours(
    youtube: Youtube, begins: datetime, approved_s: list[int]
) -> None:
    begun = [(where(youtube, at), waited) for at, waited in simulated(youtube, begins, approved_s)]
    assert len(begun) == len(approved_s)
    assert max(Counter(at.date() for at, _ in begun).values()) <= youtube.uploads_a_day
    assert all(youtube.from_hour <= at.hour < youtube.until_hour for at, waited in begun if waited)


def test_while_there_is_room_in_the_day_a_film_goes_up_at_once() -> None:
    night = NOON.replace(hour=3)
    two = [night - timedelta(hours=1)] * 2
    yesterday = [night - timedelta(hours=4)] * 3
    assert place(Youtube(), now=night, begun=[*two, *yesterday], expected=[], seed="a") is None
    assert place(Youtube(), now=night, begun=two, expected=[], seed="a", waited=True) is not None


def test_a_film_looks_again_at_the_same_moment_and_others_at_others() -> None:
    full = [NOON] * 3
    moments = [place(Youtube(), now=NOON, begun=full, expected=[], seed=f"film {number}") for number in range(50)]
    later = NOON + timedelta(hours=5)
    assert moments[7] == place(Youtube(), now=later, begun=full, expected=[], seed="film 7")
    assert moments[7] == datetime(2026, 11, 26, 16, 4, 15, tzinfo=UTC)
    assert len(set(moments)) == 50
    assert len({moment.hour for moment in moments if moment}) == 12


@pytest.mark.parametrize(("waiting_tomorrow", "day"), [(2, 26), (3, 28)])
def test_a_day_that_others_wait_for_is_as_full_as_one_on_which_they_went_up(waiting_tomorrow: int, day: int) -> None:
    tomorrow, day_after = NOON + timedelta(days=1), NOON + timedelta(days=2)
    expected = [tomorrow] * waiting_tomorrow + [day_after] * 3
    again = place(Youtube(), now=NOON, begun=[NOON] * 3, expected=expected, seed="a")
    assert again is not None
    assert again.date() == date(2026, 11, day)


@pytest.mark.parametrize("expected", [NOON + timedelta(hours=3), NOON, NOON - timedelta(days=2)])
def test_who_comes_later_takes_no_place_that_another_waits_for(expected: datetime) -> None:
    again = place(Youtube(uploads_a_day=1), now=NOON, begun=[], expected=[expected], seed="a")
    assert again is not None
    assert again.date() == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("hour", "begun", "late", "day"),
    [(12, 0, 3, 28), (12, 1, 3, 29), (8, 0, 1, 26), (23, 1, 1, 27), (23, 0, 1, None)],
    ids=["one each day", "and today is taken", "in the morning", "at night all wait for tomorrow", "and leave today"],
)
def test_who_is_new_takes_no_place_of_those_who_were_late_together(
    hour: int, begun: int, late: int, day: int | None
) -> None:
    now = NOON.replace(hour=hour)
    late_since = [now - timedelta(days=days) for days in range(1, late + 1)]
    again = place(Youtube(uploads_a_day=1), now=now, begun=[now] * begun, expected=late_since, seed="a")
    assert (again.day if again else None) == day


def test_a_film_that_waited_and_was_late_goes_up_in_the_morning() -> None:
    late, early = NOON.replace(hour=23), NOON.replace(hour=4)
    moments = [place(Youtube(), now=now, begun=[], expected=[], seed="a", waited=True) for now in (late, early)]
    assert [moment.date() for moment in moments if moment] == [date(2026, 11, 26), date(2026, 11, 25)]


def test_days_are_those_of_the_channel() -> None:
    youtube = Youtube(uploads_a_day=1, from_hour=20, until_hour=24, timezone="America/New_York")
    evening = datetime(2026, 11, 26, 3, tzinfo=UTC)
    assert place(youtube, now=evening, begun=[datetime(2026, 11, 25, 4, tzinfo=UTC)], expected=[], seed="a") is None
    again = place(youtube, now=evening, begun=[datetime(2026, 11, 25, 6, tzinfo=UTC)], expected=[], seed="a")
    assert again is not None
    assert datetime(2026, 11, 27, 1, tzinfo=UTC) <= again < datetime(2026, 11, 27, 5, tzinfo=UTC)


def test_an_hour_that_the_clocks_skip_is_waited_for_a_day_longer() -> None:
    youtube = Youtube(uploads_a_day=1, from_hour=2, until_hour=3, timezone="America/New_York")
    eve = datetime(2026, 3, 7, 17, tzinfo=UTC)
    again = place(youtube, now=eve, begun=[eve], expected=[], seed="a")
    assert again is not None
    assert where(youtube, again).date() == date(2026, 3, 9)
    assert where(youtube, again).hour == 2
