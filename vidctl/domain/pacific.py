"""When a day begins in California: Google's daily quotas are reset at midnight there."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ZONE: Final = "America/Los_Angeles"

_SUNDAY: Final = 6
_MARCH: Final = 3
_NOVEMBER: Final = 11


def next_midnight(now: datetime) -> datetime:
    """Return the first midnight in California after `now`, in UTC."""
    try:
        return _by_zone(now, ZoneInfo(ZONE))
    except ZoneInfoNotFoundError:  # a bare machine has no time zones, and Python brings none
        return by_rule(now)


def day_of(now: datetime) -> date:
    """Return which day it is in California: the one that began at the last midnight there."""
    ends = next_midnight(now)
    return (ends - timedelta(hours=12)).date()


def _by_zone(now: datetime, zone: ZoneInfo) -> datetime:
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone).astimezone(UTC)


def by_rule(now: datetime) -> datetime:
    """Return the same by the rule that holds since 2007: summer time from March's 2nd Sunday to November's 1st.

    The clocks change at two in the morning, so midnight on the day of the change still has the old time.
    """
    days = (now.astimezone(UTC).date() + timedelta(days=ahead) for ahead in range(-1, 3))
    return next(midnight for midnight in map(_midnight, days) if midnight > now)


def _midnight(day: date) -> datetime:
    summer = _sunday(day.year, _MARCH, 2) < day <= _sunday(day.year, _NOVEMBER, 1)
    return datetime.combine(day, time(), UTC) + timedelta(hours=7 if summer else 8)


def _sunday(year: int, month: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(_SUNDAY - first.weekday()) % 7 + 7 * (which - 1))
