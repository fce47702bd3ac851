"""What was ordered, and what becomes of it."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.kie.orders import Order


@dataclass
class Job:
    """One order that was taken. Times are those of the fake's clock, in seconds."""

    job_id: str
    order: Order
    created_at: float
    ends_at: float
    model: str
    """The one that films; another than the one that was ordered, if somebody mixed them up."""
    fails: tuple[str, str] | None = None
    """failCode and failMsg."""
    has_picture: bool = False
    charged: bool = False
    ended: bool = False
    content: bytes | None = None
    """What is delivered in place of a clip."""
    overrides: dict[str, Any] = field(default_factory=dict)
    """Fields of its record that are not what they should be."""
    shown: int = 0
    """How often somebody looked."""

    def state(self, now: float) -> str:
        if self.ended:
            return "fail" if self.fails else "success"
        if not self.has_picture:
            return "waiting"
        return "queuing" if now < (self.created_at + self.ends_at) / 2 else "generating"

    def record(self, now: float, url: str) -> dict[str, Any]:
        """Return what `recordInfo` says of it."""
        state = self.state(now)
        taken = self.order.credits if self.charged and state != "fail" else 0
        return {
            "taskId": self.job_id,
            "model": self.model,
            "state": state,
            "param": json.dumps(self.order.whole),
            "resultJson": json.dumps({"resultUrls": [url]}) if state == "success" else "",
            "failCode": self.fails[0] if self.fails and state == "fail" else "",
            "failMsg": self.fails[1] if self.fails and state == "fail" else "",
            "costTime": int((self.ends_at - self.created_at) * 1_000) if self.ended else 0,
            "completeTime": int(self.ends_at * 1_000) if self.ended else None,
            "createTime": int(self.created_at * 1_000),
            "updateTime": int(now * 1_000),
            "creditsConsumed": taken,
            **self.overrides,
        }
