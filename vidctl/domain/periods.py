"""The times that reports are about: weeks from Sunday midnight, months, and any other; all in UTC. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

WEEK: Final = timedelta(days=7)
_A_DAY: Final = timedelta(days=1)
_MONTH_AND_MORE: Final = timedelta(days=32)


@dataclass(frozen=True, slots=True)
class Period:
    """A time from `begin` on and before `end`. `name` is what it is called in a sentence."""

    begin: datetime
    end: datetime
    name: str

    @property
    def before(self) -> "Period":
        """The time of the same length just before it; of a month, the month before."""
        if self.name == month_of(self.begin.date()).name:
            return month_of((self.begin - _A_DAY).date())
        return Period(self.begin - (self.end - self.begin), self.begin, f"the time before {self.name}")

    def after(self, since: datetime | None) -> "Period":
        """Return the part of it from a moment on, which may be nothing."""
        return self if since is None or since <= self.begin else Period(min(since, self.end), self.end, self.name)

    @property
    def last_moment(self) -> datetime:
        """The last moment that is still in it."""
        return self.end - timedelta(microseconds=1)


def week_of(day: date) -> Period:
    """Return the week that a day is in: from Sunday, midnight."""
    sunday = day - timedelta(days=day.isoweekday() % 7)
    begin = _midnight(sunday)
    return Period(begin, begin + WEEK, f"the week of {sunday:%Y-%m-%d}")


def month_of(day: date) -> Period:
    """Return the month that a day is in."""
    begin = _midnight(day.replace(day=1))
    return Period(begin, (begin + _MONTH_AND_MORE).replace(day=1), f"{begin:%Y-%m}")


def last_week(now: datetime) -> Period:
    """Return the week that ended last."""
    return week_of((now.astimezone(UTC) - WEEK).date())


def last_month(now: datetime) -> Period:
    """Return the month that ended last."""
    return month_of((month_of(now.astimezone(UTC).date()).begin - _A_DAY).date())


def weeks_until(last: date, count: int) -> list[Period]:
    """Return so many weeks, the earliest first; the last one has the day `last` in it."""
    return [week_of(last - WEEK * back) for back in range(count - 1, -1, -1)]


def weeks_to_keep(kept: set[date], first: datetime | None, last: Period) -> list[Period]:
    """Return the weeks that ended and whose numbers are not kept, the earliest first: a missed Sunday is made up for.

    None before the week of the first move that any film made.
    """
    if first is None or first >= last.end:
        return []
    count = (last.begin.date() - first.astimezone(UTC).date()).days // 7 + 2
    weeks = [week for week in weeks_until(last.begin.date(), count) if week.end > first]
    return [week for week in weeks if week.begin.date() not in kept]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
