"""Moments, waits and sums as people read them. Pure."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from vidctl.domain.moments import clock

__all__ = ["clock", "count", "listed", "moment", "money", "since", "size"]

_UNITS: Final = (("d", 86_400), ("h", 3_600), ("min", 60))


def since(then: datetime, now: datetime) -> str:
    """Return how long ago a moment was: "12 min"."""
    passed_s = max(0, int((now - then).total_seconds()))
    for name, length_s in _UNITS:
        if passed_s >= length_s:
            return f"{passed_s // length_s} {name}"
    return f"{passed_s} s"


def moment(at: datetime) -> str:
    """Return a moment in full: "2026-11-22 14:05:09 UTC"."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def money(usd: Decimal) -> str:
    """Return dollars and cents."""
    return f"${usd:,.2f}"


def size(size_bytes: int) -> str:
    """Return how large a file is, or many are: "870 B", "1.2 MB", "3.4 GB"."""
    if size_bytes < 1_000:  # noqa: PLR2004  # a kilobyte
        return f"{size_bytes} B"
    units = (("kB", 1e3), ("MB", 1e6), ("GB", 1e9))
    unit, length = next((one for one in units if size_bytes < one[1] * 999.95), units[-1])  # not 1000.0 kB
    return f"{size_bytes / length:,.1f} {unit}"


def count(number: int, noun: str) -> str:
    """Return a number of things: "1 film", "2 films"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(items: list[str], *, most: int = 6) -> str:
    """Return a list in one line; what is beyond the first few is only counted."""
    rest = len(items) - most
    return ", ".join(items[:most]) + (f" and {rest} more" if rest > 0 else "")
