"""Moments as people type them. Pure."""

from datetime import UTC, datetime, time, timedelta

from vidctl.errors import BadInput


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


def past(text: str, now: datetime) -> datetime:
    """Return the moment that a text names: as `moment_from`, or so many days ago, as in "30d".

    Raises:
        BadInput: it is neither.
    """
    if not (text.endswith("d") and text[:-1].isdecimal()):
        return moment_from(text, now)
    try:
        return now - timedelta(days=int(text[:-1]))
    except OverflowError as exc:
        raise BadInput(f"{text!r} is too long ago", hint="write it like 30d or 2026-11-01") from exc


def _today(text: str, now: datetime) -> datetime:
    return datetime.combine(now.astimezone(UTC).date(), time.fromisoformat(text))
