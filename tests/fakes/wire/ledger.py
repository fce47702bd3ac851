"""The record of a fake: every request, and everything that was sold, whoever got to hear of it."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Sale:
    """One thing that was charged. `what` is the order in words: the prompt, the text."""

    service: str
    component: str
    model: str
    what: str
    units: Decimal
    cost_usd: Decimal
    job_id: str = ""
    order: dict[str, Any] = field(default_factory=dict)
    """The whole order, as it was sent."""
    at: float = field(default_factory=time.time)


@dataclass
class Seen:
    """One request. `at` is the monotonic clock, which all processes of a machine share, at its arrival."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: str = ""
    """Texts only; files are left out."""
    has_key: bool = False
    """Whether it carried a key in its Authorization header."""
    at: float = field(default_factory=time.monotonic)
    answered_at: float | None = None
    """None as long as it is being worked on."""
    status: int | None = None
    """None as long as it is not answered, and for ever if the connection was cut."""
    fault: str | None = None


class Ledger:
    """What was asked and what was sold, in order; each sale is a line of JSON in `file`, if there is one."""

    def __init__(self, file: Path | None = None) -> None:
        self._lock, self._file = threading.RLock(), file
        self._sales, self._requests = list[Sale](), list[Seen]()

    def sold(self, sale: Sale) -> None:
        with self._lock:
            self._sales.append(sale)
            self.write(asdict(sale))

    def write(self, entry: dict[str, Any]) -> None:
        """Add a line to the file, if there is one."""
        if self._file:
            with self._lock, self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry, default=str, ensure_ascii=False) + "\n")

    def refunded(self, job_id: str) -> None:
        """Take back the sale of a job that failed: it costs nothing."""
        with self._lock:
            self._sales = [sale for sale in self._sales if not job_id or sale.job_id != job_id]

    def arrived(self, request: Seen) -> None:
        with self._lock:
            self._requests.append(request)

    def clear(self) -> None:
        """Forget the requests so far; what was sold stays sold."""
        with self._lock:
            self._requests.clear()

    @property
    def sales(self) -> list[Sale]:
        with self._lock:
            return list(self._sales)

    @property
    def requests(self) -> list[Seen]:
        with self._lock:
            return list(self._requests)

    @property
    def total_usd(self) -> Decimal:
        return sum((sale.cost_usd for sale in self.sales), Decimal(0))

    def where(self, wanted: Callable[[Seen], bool]) -> list[Seen]:
        return [request for request in self.requests if wanted(request)]

    def most_at_once(self, wanted: Callable[[Seen], bool] = lambda _: True) -> int:
        """Return the largest number of such requests that were being worked on at any instant."""
        mine = [one for one in self.where(wanted) if one.answered_at is not None]
        edges = sorted(edge for one in mine for edge in ((one.at, 1), (one.answered_at or one.at, -1)))
        return max(accumulate((change for _, change in edges), initial=0))

    def busiest(self, seconds: float, wanted: Callable[[Seen], bool] = lambda _: True) -> int:
        """Return the largest number of such requests that arrived within any window of this length."""
        times = sorted(request.at for request in self.where(wanted))
        most = first = 0
        for last, at in enumerate(times):
            while at - times[first] >= seconds:
                first += 1
            most = max(most, last - first + 1)
        return most
