"""Moments as people type them. Pure."""

from datetime import UTC, datetime, time, timedelta
from typing import Final

from vidctl.errors import BadInput

_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}


def ago(text: str, now: datetime) -> datetime:
    """Return the moment that a text names: so long ago (20m, 2h, 7d), or as `moment_from`.

    Raises:
        BadInput: it is none of these.
    """
    number, unit = text.strip()[:-1], text.strip()[-1:]
    if number.isdecimal() and unit in _UNITS:
        try:
            return now - timedelta(**{_UNITS[unit]: int(number)})
        except OverflowError as exc:
            raise BadInput(f"{text!r} is too long ago", hint="write it like 20m, 2h, 30d or 2026-11-01") from exc
    return moment_from(text, now)


def moment_from(text: str, now: datetime) -> datetime:
    """Return the moment that a text names: ISO 8601, a day (its beginning), or a time of today; UTC unless it says so.

    Raises:
        BadInput: it is none of these.
    """
    text = text.strip()
    for read in (datetime.fromisoformat, lambda words: _today(words, now)):
        try:
            at = read(text)
        except ValueError:
            continue
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    raise BadInput(f"{text!r} is no moment", hint="write it like 2026-11-22T14:05, 2026-11-22 or 14:05 (UTC)")


def _today(text: str, now: datetime) -> datetime:
    return datetime.combine(now.astimezone(UTC).date(), time.fromisoformat(text))
