"""Moments and attempts as people read them, on a card as on a terminal. Pure."""

from datetime import UTC, datetime

from vidctl.domain.retry import MAX_ATTEMPTS


def clock(at: datetime, now: datetime) -> str:
    """Return a moment: "14:05 UTC", with its day where that is not today."""
    at, now = at.astimezone(UTC), now.astimezone(UTC)
    return f"{at:%H:%M} UTC" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M} UTC"


def moment_of(text: str) -> datetime:
    """Return a moment that is written as ISO 8601, in UTC; it is of UTC unless it says so, a date alone its midnight.

    Raises:
        ValueError: it is none, or lies in no year from 1 to 9999 in UTC.
    """
    at = datetime.fromisoformat(text)
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError as beyond:
        raise ValueError(f"{text} is in no year that can be counted with") from beyond


def attempt(number: int, due_at: datetime | None, now: datetime) -> str:
    """Return "Attempt 3/5 · next at 14:05 UTC" where a step is being tried again, else "".

    `number` is how many attempts were begun, `due_at` when the next one begins.
    """
    pending = due_at is not None and due_at > now
    coming = number + (pending and number > 0)
    parts = [f"Attempt {min(coming, MAX_ATTEMPTS)}/{MAX_ATTEMPTS}"] if coming > 1 else []
    if pending and due_at is not None:
        parts.append(f"next at {clock(due_at, now)}")
    return " · ".join(parts)
