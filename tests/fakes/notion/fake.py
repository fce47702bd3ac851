"""A whole Notion for tests: a workspace, the API over it, and everything that can go wrong."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.fakes.notion.api import Api
from tests.fakes.notion.faults import Fault
from tests.fakes.notion.human import Humans
from tests.fakes.notion.ledger import Request
from tests.fakes.notion.routes import CAPABILITIES
from tests.fakes.notion.server import Server

PAID_UPLOAD_BYTES = 5_368_709_120
FREE_UPLOAD_BYTES = 5_242_880


class FakeNotion(Humans, Server):
    """Notion's public API on a free port of loopback, in threads, from when it is made until it is closed.

    Args:
        clock: what the workspace takes for the time; aware, UTC.
        max_upload_bytes: the workspace's limit; `FREE_UPLOAD_BYTES` on the free plan.
        capabilities: what the integration may do; see `routes.CAPABILITIES`.
        requests_per_minute: answer more than that with 429; None: as many as come.
        query_limit: the most rows that one query gives away.
        port: 0 for a free one.
        ledger: a file that gets one line of JSON for each request.
        seed: of the chance with which faults that have a probability strike.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        max_upload_bytes: int = PAID_UPLOAD_BYTES,
        capabilities: Iterable[str] = CAPABILITIES,
        requests_per_minute: int | None = None,
        query_limit: int = 10_000,
        token: str = "ntn_test",
        port: int = 0,
        ledger: Path | None = None,
        seed: int = 0,
    ) -> None:
        Humans.__init__(self, clock)
        self.token = token
        self.world.max_upload_bytes, self.world.query_limit = max_upload_bytes, query_limit
        self.world.capabilities = set(capabilities)
        if unknown := self.world.capabilities - CAPABILITIES:
            raise ValueError(f"no such capability: {min(unknown)}")
        api = Api(self.world, token, self.bot_id)
        Server.__init__(self, api, per_minute=requests_per_minute, port=port, ledger=ledger, seed=seed)
        self.world.base_url = self.url

    @property
    def capabilities(self) -> set[str]:
        """What the integration may do; may be changed at any time."""
        return self.world.capabilities

    def meanwhile(
        self, *, before: Callable[[Request], None] | None = None, after: Callable[[Request], None] | None = None
    ) -> None:
        """Call `before` when a request arrives, and `after` when it is saved and not answered yet."""
        self.before = before or self.before
        self.after = after or self.after

    def fault(self, kind: str, **rule: Any) -> Fault:
        """Let requests that match fail; see `faults` for the kinds. The rule counts in `struck` how often it did."""
        made = super().fault(kind, since=self.world.revision, **rule)
        assert isinstance(made, Fault)
        return made

    def clear_faults(self) -> None:
        """Let everything work again."""
        self.faults.clear()

    @property
    def requests(self) -> list[Request]:
        """All requests, in the order of their arrival."""
        return [one for one in self.ledger.requests if isinstance(one, Request)]

    def clear_requests(self) -> None:
        """Forget the requests so far."""
        self.ledger.clear()

    def busiest_second(self) -> int:
        """Return the largest number of requests within any second."""
        return self.ledger.busiest(1)

    def counts(self) -> dict[str, int]:
        """Return how many requests there were, by method and path without ids."""
        return dict(Counter(one.shape for one in self.requests))

    def writes(self, page_id: str) -> list[Request]:
        """Return the requests that wanted to change a page's properties."""
        paths = {f"/v1/pages/{page_id}", f"/v1/pages/{page_id.replace('-', '')}"}
        return [one for one in self.requests if one.method == "PATCH" and one.path in paths]
