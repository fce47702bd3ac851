"""What runs when, as lines of a crontab say it, in UTC; and what is due where nobody looked for a while. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from vidctl.domain.cron_jobs import Job

MINUTE: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(days=32)
"""How far back is looked for what was missed: what is due once a month is found in it."""


def is_often(when: str) -> bool:
    """Say whether something is run more than once an hour: that it was is no news then."""
    return when.startswith("* ")


def fits(when: str, minute: datetime) -> bool:
    """Say whether five fields name a minute; where day and weekday are both named, either is enough, as cron has it."""
    fields = when.split()
    at = (minute.minute, minute.hour, minute.day, minute.month, minute.isoweekday() % 7)
    clock, hour, day, month, weekday = (_names(field, value) for field, value in zip(fields, at, strict=True))
    days = day or weekday if "*" not in (fields[2], fields[4]) else day and weekday
    return clock and hour and month and days


def _names(field: str, value: int) -> bool:
    return field == "*" or any(_reaches(part, value) for part in field.split(","))


def _reaches(part: str, value: int) -> bool:
    low, _, high = part.partition("-")
    return int(low) <= value <= int(high or low)


def due(jobs: Sequence[Job], seen: datetime, now: datetime) -> list[Job]:
    """Return the jobs that fit any minute after that of `seen`, up to that of `now`: each once, however often it does.

    A clock that was put back begins anew at `now`, so that it does not take an hour to get over it.
    """
    minutes = list(_minutes(seen, now))
    return [job for job in jobs if any(fits(job.when, minute) for minute in minutes)]


def _minutes(seen: datetime, now: datetime) -> Iterator[datetime]:
    """Yield the minutes between two looks, the latest first."""
    last = now.replace(second=0, microsecond=0)
    first = max(seen.replace(second=0, microsecond=0), last - LONGEST)
    if first > last + MINUTE:
        first = last - MINUTE
    while last > first:
        yield last
        last -= MINUTE


def next_of(job: Job, now: datetime) -> datetime | None:
    """Return when a job is due next; None where that is not within a year."""
    at = now.replace(second=0, microsecond=0) + MINUTE
    for _ in range(366 * 24 * 60):
        if fits(job.when, at):
            return at
        at += MINUTE
    return None
