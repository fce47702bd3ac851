"""What calls of YouTube's Data API take out of which bucket of a Google project, by the day they are made on. Pure.

As YouTube's revision history had it on 2026-11-22; a project that was given more has it in the `youtube_quota:`
section of `limits` in `_defaults.yaml`. Days are those of California: see `vidctl.domain.pacific`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from vidctl.domain.youtube_settings import YoutubeQuota


class Bucket(StrEnum):
    """What is counted by itself, for a whole Google project and all its channels together."""

    UPLOADS = "uploads"
    SEARCHES = "searches"
    UNITS = "units"
    """Everything else shares these."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What calls cost, and what there is of each bucket, from a day on; a method that is not listed takes one unit."""

    since: date
    daily: Mapping[Bucket, int]
    costs: Mapping[str, tuple[Bucket, int]]


_WRITES: Final = {
    "captions.insert": (Bucket.UNITS, 400),
    "captions.update": (Bucket.UNITS, 450),
    "captions.list": (Bucket.UNITS, 50),
    "thumbnails.set": (Bucket.UNITS, 50),
    "videos.update": (Bucket.UNITS, 50),
    "playlistItems.insert": (Bucket.UNITS, 50),
}

PLANS: Final = (
    Plan(
        date.min,
        {Bucket.UNITS: 10_000},
        {**_WRITES, "videos.insert": (Bucket.UNITS, 1_600), "search.list": (Bucket.UNITS, 100)},
    ),
    Plan(
        date(2025, 12, 4),
        {Bucket.UNITS: 10_000},
        {**_WRITES, "videos.insert": (Bucket.UNITS, 100), "search.list": (Bucket.UNITS, 100)},
    ),
    Plan(
        date(2026, 6, 1),
        {Bucket.UPLOADS: 100, Bucket.SEARCHES: 100, Bucket.UNITS: 10_000},
        {**_WRITES, "videos.insert": (Bucket.UPLOADS, 1), "search.list": (Bucket.SEARCHES, 1)},
    ),
)
"""In the order of their days."""


def plan(on: date) -> Plan:
    """Return the plan that holds on a day."""
    return [one for one in PLANS if one.since <= on][-1]


def cost(method: str, on: date) -> tuple[Bucket, int]:
    """Return which bucket a call takes how much of; `method` is as in YouTube's documents: `videos.insert`."""
    return plan(on).costs.get(method, (Bucket.UNITS, 1))


_OF_ONE_UPLOAD: Final = (
    *("channels.list", "videos.insert", "captions.insert", "thumbnails.set", "playlistItems.list"),
    *("playlistItems.insert", *["videos.list"] * 5),
)
"""The calls that a whole publication makes, with a few looks at how YouTube gets on with it."""


def needed(on: date) -> dict[Bucket, int]:
    """Return what one publication takes out of each bucket."""
    takes: dict[Bucket, int] = {}
    for method in _OF_ONE_UPLOAD:
        bucket, units = cost(method, on)
        takes[bucket] = takes.get(bucket, 0) + units
    return takes


def daily(given: YoutubeQuota, on: date) -> dict[Bucket, int]:
    """Return what there is of each bucket on a day; `given` is what is configured otherwise."""
    own = {bucket: getattr(given, bucket.value) for bucket in Bucket}
    return {bucket: usual if own[bucket] is None else own[bucket] for bucket, usual in plan(on).daily.items()}


def project_of(client_id: str) -> str:
    """Return the Google project that an OAuth client belongs to: the number before the first hyphen of its id."""
    return client_id.partition("-")[0] or "unknown"
