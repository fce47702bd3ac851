"""The record of every request: what was asked, what was answered, whether it changed anything."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_WINDOW_S = 1.0


@dataclass
class Request:
    """One request. `at` is the monotonic clock, which all processes of a machine share, at its arrival."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: Any = None
    at: float = field(default_factory=time.monotonic)
    time: datetime = field(default_factory=lambda: datetime.now(UTC))
    status: int | None = None
    """None as long as it is not answered, and for ever if the connection was cut."""
    saved: bool = False
    fault: str | None = None
    """The kind of fault that it met."""

    def line(self) -> str:
        """Return it as one line of JSON."""
        whole = vars(self) | {"time": self.time.isoformat()}
        return json.dumps(whole, ensure_ascii=False)


class Ledger:
    """Requests in the order of their arrival."""

    def __init__(self, file: Path | None = None) -> None:
        self._lock, self._requests, self._file = threading.Lock(), list[Request](), file

    def arrived(self, request: Request) -> None:
        with self._lock:
            self._requests.append(request)

    def finished(self, request: Request) -> None:
        """Write the line of a request that is answered, or that never will be."""
        if self._file:
            with self._lock, self._file.open("a", encoding="utf-8") as file:
                file.write(request.line() + "\n")

    def clear(self) -> None:
        with self._lock:
            self._requests.clear()

    @property
    def requests(self) -> list[Request]:
        with self._lock:
            return list(self._requests)

    def where(self, wanted: Callable[[Request], bool]) -> list[Request]:
        return [request for request in self.requests if wanted(request)]

    def busiest(self, seconds: float = _WINDOW_S) -> int:
        """Return the largest number of requests that arrived within any window of this length."""
        times = sorted(request.at for request in self.requests)
        most = first = 0
        for last, at in enumerate(times):
            while at - times[first] >= seconds:
                first += 1
            most = max(most, last - first + 1)
        return most

    def within(self, seconds: float) -> int:
        """Return how many requests arrived in the last `seconds`."""
        since = time.monotonic() - seconds
        return len(self.where(lambda request: request.at > since))

    def counts(self) -> dict[str, int]:
        """Return how many requests there were of each method and path, ids left out."""
        return dict(Counter(f"{one.method} {_shape(one.path)}" for one in self.requests))


def _shape(path: str) -> str:
    long_id = 32
    return "/".join("{id}" if len(part.replace("-", "")) == long_id else part for part in path.split("/"))
