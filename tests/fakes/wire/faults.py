"""What goes wrong, and when: a list of rules that requests are held against, the first that strikes being the one.

Every fake knows these kinds; each may know more (`Fake.trouble`):

    refuse      an answer of the service's own kind: `status`, and `body` (JSON) or `text`; nothing is done
    html        a web page, with `status` (502); nothing is done
    not_json    half of a JSON document, with `status` (200); nothing is done
    drop        the connection is cut without an answer; nothing is done
    lost        the request is served, and what it buys is sold; then the connection is cut instead of answered
    late        as lost, but the client waits: `delay_s` (60) pass before the cut
    cut         a good answer whose content ends in the middle (`share`, 0.5), its Content-Length being that of all
    garbage     a good answer with other content: `content`, the media type unchanged
    slow        a good answer, after `delay_s` (1)

`delay_s` works with all of them: the time that passes before the answer.
"""

import random
import re
import threading
from dataclasses import dataclass, field
from typing import Any

KINDS = ("refuse", "html", "not_json", "drop", "lost", "late", "cut", "garbage", "slow")


@dataclass
class Fault:
    """One rule. `times` is how often it strikes (None: always), `after` how many requests it lets pass first."""

    kind: str
    method: str = ""
    path: str = ""
    says: str = ""
    """A pattern that must be in the request's body, or in its query where that is all it says."""
    times: int | None = 1
    after: int = 0
    probability: float = 1.0
    options: dict[str, Any] = field(default_factory=dict)
    passed: int = 0
    struck: int = 0

    @property
    def delay_s(self) -> float:
        return float(self.options.get("delay_s", {"slow": 1, "late": 60}.get(self.kind, 0)))

    def meets(self, method: str, path: str, body: str) -> bool:
        found = re.search(self.method, method) and re.search(self.path, path)
        return bool(found) and (not self.says or bool(re.search(self.says, body)))


class Faults:
    """The rules, in the order in which they were made."""

    def __init__(self, seed: int = 0) -> None:
        self._lock, self._rules, self._random = threading.Lock(), list[Fault](), random.Random(seed)

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._rules.append(fault)

    def draw_from(self, seed: int) -> None:
        """Begin anew with the chance by which rules strike."""
        with self._lock:
            self._random.seed(seed)

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def strike(self, method: str, path: str, body: str) -> Fault | None:
        """Return the rule that strikes a request, and count it."""
        with self._lock:
            return next((one for one in self._rules if one.meets(method, path, body) and self._strikes(one)), None)

    def _strikes(self, fault: Fault) -> bool:
        if fault.times is not None and fault.struck >= fault.times:
            return False
        fault.passed += 1
        if fault.passed <= fault.after or self._random.random() >= fault.probability:
            return False
        fault.struck += 1
        return True
