"""When a film goes up that has to wait: not more a day than looks natural, and not all at nine sharp. Pure.

Days and hours are those of the channel's time zone.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import count
from typing import Final

from vidctl.domain.youtube_settings import Youtube
from vidctl.domain.zones import zone

_DAY: Final = timedelta(days=1)
_HOURS: Final = 24


def place(
    youtube: Youtube,
    *,
    now: datetime,
    begun: Sequence[datetime],
    expected: Sequence[datetime],
    seed: str,
    waited: bool = False,
) -> datetime | None:
    """Return when to look at a film again that cannot go up now; None if it can.

    `begun` are the moments at which the channel's other films of the last days took their places, `expected` those
    for which others were put off: a film that comes later does not take a place that one of them waits for. The
    answer is in UTC, and the same for the same `seed` (the film's id) and day. A film that `waited` goes up between
    the channel's hours only, one that was just approved at any.

    Raises:
        Misconfigured: this machine does not know the channel's time zone.
    """
    here = zone(youtube.timezone)
    local = now.astimezone(here)
    taken, today = _taken(youtube, here, now, begun, expected), local.date()
    in_hours = youtube.from_hour <= local.hour < youtube.until_hour
    if taken[today] < youtube.uploads_a_day and (in_hours or not waited):
        return None
    moments = (
        moment for day in _free(youtube, taken, today) if (moment := _moment(youtube, day, here, seed)) is not None
    )
    return next(moment for moment in moments if moment > now)


def is_full(youtube: Youtube, *, now: datetime, begun: Sequence[datetime], expected: Sequence[datetime]) -> bool:
    """Say whether no place of today is left for another film; the arguments are those of `place`.

    Raises:
        Misconfigured: as `place`.
    """
    here = zone(youtube.timezone)
    return _taken(youtube, here, now, begun, expected)[now.astimezone(here).date()] >= youtube.uploads_a_day


def _taken(
    youtube: Youtube, here: tzinfo, now: datetime, begun: Sequence[datetime], expected: Sequence[datetime]
) -> Counter[date]:
    """Return how many places of each day are taken, or waited for.

    After an outage many are late at once: they cannot all go up on the first day, nor at night.
    """
    local = now.astimezone(here)
    earliest = local.date() + (local.hour >= youtube.until_hour) * _DAY
    taken = Counter(at.astimezone(here).date() for at in begun)
    for at in sorted(expected):  # in their order none finds room before the one ahead of it
        earliest = next(_free(youtube, taken, max(at.astimezone(here).date(), earliest)))
        taken[earliest] += 1
    return taken


def _free(youtube: Youtube, taken: Counter[date], first: date) -> Iterator[date]:
    """Yield the days that have a place left, from a day on."""
    return (day for ahead in count() if taken[day := first + ahead * _DAY] < youtube.uploads_a_day)


def _moment(youtube: Youtube, day: date, here: tzinfo, seed: str) -> datetime | None:
    """Return a film's moment within the hours of a day; None if these are skipped as the clocks go forward."""
    begins, ends = _at(day, youtube.from_hour, here), _at(day, youtube.until_hour, here)
    seconds = int((ends - begins).total_seconds())
    if seconds <= 0:
        return None
    digest = hashlib.sha256(f"{seed} {day}".encode()).digest()
    return begins + timedelta(seconds=int.from_bytes(digest[:8]) % seconds)


def _at(day: date, hour: int, here: tzinfo) -> datetime:
    """Return the moment of a full hour of a day; 24 is the next midnight.

    In UTC, as a clock that is put back or forward in between does not tell how long something lasts.
    """
    return datetime.combine(day + hour // _HOURS * _DAY, time(hour % _HOURS), here).astimezone(UTC)
