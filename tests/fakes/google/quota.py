"""What each call takes out of which bucket of the project, and what is left of them today."""

import threading
from dataclasses import dataclass, field

from tests.fakes.google.errors import TROUBLES, Refused

UPLOADS, SEARCHES, UNITS = "uploads", "searches", "units"
COSTS = {
    "videos.insert": (UPLOADS, 1),
    "search.list": (SEARCHES, 1),
    "captions.insert": (UNITS, 400),
    "captions.update": (UNITS, 450),
    "captions.list": (UNITS, 50),
    "thumbnails.set": (UNITS, 50),
    "videos.update": (UNITS, 50),
    "playlistItems.insert": (UNITS, 50),
}
"""As of 2026-06-01; whatever is not here costs a unit."""


@dataclass
class Quota:
    """A project's buckets. `used` begins anew at midnight in California: a test says when (`new_day`)."""

    daily: dict[str, int] = field(default_factory=lambda: {UPLOADS: 100, SEARCHES: 100, UNITS: 10_000})
    used: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    """How often each method was called, whatever came of it."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, method: str) -> None:
        """Count a call, which costs even if it is wrong.

        Raises:
            Refused: the bucket has not as much left.
        """
        bucket, cost = COSTS.get(method, (UNITS, 1))
        with self._lock:
            self.calls[method] = self.calls.get(method, 0) + 1
            used = self.used.get(bucket, 0) + cost
            if used > self.daily[bucket]:
                raise Refused(TROUBLES["quotaExceeded"])
            self.used[bucket] = used

    def new_day(self) -> None:
        with self._lock:
            self.used.clear()
