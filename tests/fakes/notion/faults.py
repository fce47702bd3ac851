"""What goes wrong with Notion besides what goes wrong with every service (`wire.faults`), and when.

A kind is `<what>`, `<what>_saved` or `<what>_late`. Plain, nothing of the request is saved; `_saved`, it is saved
before the trouble shows; `_late`, the trouble shows at once and the request is saved `delay_s` (1) later. What:

    429            Retry-After (`retry_after`, 1) and `reason` (public_api_request_rate_limit)
    529            service_overload, with `retry_after`
    409 500 502 503 504    error bodies; 503_saved tells what was saved, and not to repeat it
    block_limit    403 of a free workspace that is full
    error          any other: `status`, `code`, `message`, `additional_data`
    wrong_shape    valid JSON of another shape: `body` ({"ok": true}), with `status` (200)
    stale          reads of pages and queries show pages as they were before their last change; with
                   `hide_new=True` pages that were made after the rule was are not there at all
    html           a web page, with `status` (200)
    not_json drop slow     as everywhere; slow saves at the end of its time, slow_saved before it
"""

from dataclasses import dataclass
from typing import Any

from tests.fakes.wire import faults as wire

_WHAT = (
    *("429", "529", "409", "500", "502", "503", "504", "block_limit", "error"),
    *("html", "not_json", "wrong_shape", "drop", "slow", "stale"),
)
_TIMINGS = ("saved", "late")
KINDS = (*_WHAT, *(f"{what}_{timing}" for what in _WHAT for timing in _TIMINGS))


@dataclass
class Fault(wire.Fault):
    """One rule. `since` is the revision of the world when it was made."""

    since: int = 0

    def __post_init__(self) -> None:
        if self.what == "html":
            self.options.setdefault("status", 200)

    @property
    def what(self) -> str:
        return self.kind.removesuffix("_saved").removesuffix("_late")

    @property
    def timing(self) -> str:
        return self.kind.removeprefix(self.what).removeprefix("_")

    @property
    def delay_s(self) -> float:
        usual = 1 if self.what == "slow" or self.timing == "late" else super().delay_s
        return float(self.options.get("delay_s", usual))

    def option(self, name: str, default: Any) -> Any:
        return self.options.get(name, default)

    def meets(self, method: str, path: str, body: str) -> bool:
        """Whether the rule is about a request like this."""
        return (self.what != "stale" or _shows_pages(method, path)) and super().meets(method, path, body)


def _shows_pages(method: str, path: str) -> bool:
    return (method == "GET" and "/pages/" in path) or (method == "POST" and path.endswith("/query"))
