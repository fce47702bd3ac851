"""How much of a disk has to be free: the one place that says so. Pure."""

from typing import Final

LEAST_FREE_BYTES: Final = 2_000_000_000
"""A film's files take a few hundred megabytes, and some films are at work at once: below this people are told."""
NO_FILM_BYTES: Final = 200_000_000
"""Below this no step is begun: what it buys might have nowhere to be kept."""


def gigabytes(size_bytes: int) -> str:
    """Return a size as people read it: "2 GB", "0.2 GB"."""
    return f"{size_bytes / 1e9:.1f}".removesuffix(".0") + " GB"
