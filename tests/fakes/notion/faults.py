"""What goes wrong, and when: a list of rules that requests are held against.

A kind is `<what>`, `<what>_saved` or `<what>_late`. Plain, nothing of the request is saved; `_saved`, it is saved
before the trouble shows; `_late`, the trouble shows at once and the request is saved `delay_s` later. What:

    429            Retry-After (`retry_after`, 1) and `reason` (public_api_request_rate_limit)
    529            service_overload, with `retry_after`
    409 500 502 503 504    error bodies; 503_saved tells what was saved, and not to repeat it
    block_limit    403 of a free workspace that is full
    error          any other: `status`, `code`, `message`, `additional_data`
    html           a web page, with `status` (200)
    not_json       half of a JSON document, with `status` (200)
    wrong_shape    valid JSON of another shape: `body` ({"ok": true}), with `status` (200)
    drop           the connection is cut without an answer
    slow           a good answer after `delay_s` (1); slow saves at the end of that time, slow_saved before it
    stale          reads of pages and queries show pages as they were before their last change; with
                   `hide_new=True` pages that were made after the rule was are not there at all

`delay_s` works with all of them: the time that passes before the answer.
"""

import random
import re
import threading
from dataclasses import dataclass, field
from typing import Any

_WHAT = (
    *("429", "529", "409", "500", "502", "503", "504", "block_limit", "error"),
    *("html", "not_json", "wrong_shape", "drop", "slow", "stale"),
)
_TIMINGS = ("", "saved", "late")


@dataclass
class Fault:
    """One rule. `times` is how often it strikes (None: always), `after` how many requests it lets pass first."""

    kind: str
    method: str = ""
    path: str = ""
    times: int | None = 1
    after: int = 0
    probability: float = 1.0
    options: dict[str, Any] = field(default_factory=dict)
    since: int = 0
    """The revision of the world when the rule was made."""
    passed: int = 0
    struck: int = 0

    def __post_init__(self) -> None:
        if self.what not in _WHAT or self.timing not in _TIMINGS:
            raise ValueError(f"no such fault: {self.kind}; there are {', '.join(_WHAT)}")

    @property
    def what(self) -> str:
        return next(
            (self.kind.removesuffix(f"_{one}") for one in _TIMINGS[1:] if self.kind.endswith(f"_{one}")), self.kind
        )

    @property
    def timing(self) -> str:
        return self.kind.removeprefix(self.what).removeprefix("_")

    @property
    def delay_s(self) -> float:
        return float(self.options.get("delay_s", 1 if self.what == "slow" or self.timing == "late" else 0))

    def option(self, name: str, default: Any) -> Any:
        return self.options.get(name, default)

    def meets(self, method: str, path: str) -> bool:
        """Whether the rule is about a request like this."""
        if self.what == "stale" and not _shows_pages(method, path):
            return False
        return bool(re.search(self.method, method)) and bool(re.search(self.path, path))


class Faults:
    """The rules, in the order in which they were made; the first that strikes is the one."""

    def __init__(self, seed: int = 0) -> None:
        self._lock, self._rules, self._random = threading.Lock(), list[Fault](), random.Random(seed)

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._rules.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def strike(self, method: str, path: str) -> Fault | None:
        """Return the rule that strikes a request, and count it."""
        with self._lock:
            return next((one for one in self._rules if one.meets(method, path) and self._strikes(one)), None)

    def _strikes(self, fault: Fault) -> bool:
        if fault.times is not None and fault.struck >= fault.times:
            return False
        fault.passed += 1
        if fault.passed <= fault.after or self._random.random() >= fault.probability:
            return False
        fault.struck += 1
        return True


def _shows_pages(method: str, path: str) -> bool:
    return (method == "GET" and "/pages/" in path) or (method == "POST" and path.endswith("/query"))
