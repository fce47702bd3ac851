"""A whole Notion for tests: a workspace, the API over it, and everything that can go wrong."""

import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.fakes.notion.api import Api
from tests.fakes.notion.faults import Fault, Faults
from tests.fakes.notion.human import Humans
from tests.fakes.notion.ledger import Ledger, Request
from tests.fakes.notion.routes import CAPABILITIES
from tests.fakes.notion.server import Server

PAID_UPLOAD_BYTES = 5_368_709_120
FREE_UPLOAD_BYTES = 5_242_880


class FakeNotion(Humans):
    """Notion's public API on a free port of loopback, in a thread, as a context manager.

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
        super().__init__(clock)
        self.token = token
        self.world.max_upload_bytes, self.world.query_limit = max_upload_bytes, query_limit
        self.world.capabilities = set(capabilities)
        if unknown := self.world.capabilities - CAPABILITIES:
            raise ValueError(f"no such capability: {min(unknown)}")
        self._faults, self._ledger = Faults(seed), Ledger(ledger)
        self._server = Server(port, Api(self.world, token, self.bot_id), self._faults, self._ledger)
        self._server.per_minute = requests_per_minute
        self.url = self.world.base_url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self._thread.join(10)
        if self._server.crashes and error is None:
            raise AssertionError("the fake itself has a bug") from self._server.crashes[0]

    @property
    def capabilities(self) -> set[str]:
        """What the integration may do; may be changed at any time."""
        return self.world.capabilities

    @property
    def down(self) -> bool:
        """Whether Notion is gone: every connection is cut."""
        return self._server.down

    @down.setter
    def down(self, down: bool) -> None:
        self._server.down = down

    def meanwhile(
        self, *, before: Callable[[Request], None] | None = None, after: Callable[[Request], None] | None = None
    ) -> None:
        """Call `before` when a request arrives, and `after` when it is saved and not answered yet."""
        self._server.before = before or self._server.before
        self._server.after = after or self._server.after

    def fault(
        self,
        kind: str,
        *,
        method: str = "",
        path: str = "",
        times: int | None = 1,
        after: int = 0,
        probability: float = 1.0,
        **options: Any,
    ) -> Fault:
        """Let requests that match fail; see `faults` for the kinds. The rule counts in `struck` how often it did."""
        fault = Fault(kind, method, path, times, after, probability, options, since=self.world.revision)
        self._faults.add(fault)
        return fault

    def clear_faults(self) -> None:
        """Let everything work again."""
        self._faults.clear()

    @property
    def requests(self) -> list[Request]:
        """All requests, in the order of their arrival."""
        return self._ledger.requests

    def clear_requests(self) -> None:
        """Forget the requests so far."""
        self._ledger.clear()

    def busiest_second(self) -> int:
        """Return the largest number of requests within any second."""
        return self._ledger.busiest()

    def counts(self) -> dict[str, int]:
        """Return how many requests there were, by method and path without ids."""
        return self._ledger.counts()

    def writes(self, page_id: str) -> list[Request]:
        """Return the requests that wanted to change a page's properties."""
        paths = {f"/v1/pages/{page_id}", f"/v1/pages/{page_id.replace('-', '')}"}
        return self._ledger.where(lambda one: one.method == "PATCH" and one.path in paths)
