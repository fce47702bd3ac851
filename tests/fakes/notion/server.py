"""Notion's API as it is served: what its requests leave in the record, and what strikes them."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeGuard

from tests.fakes.notion import trouble
from tests.fakes.notion.api import Api, body_of
from tests.fakes.notion.call import Stale
from tests.fakes.notion.faults import KINDS, Fault
from tests.fakes.notion.ledger import Request
from tests.fakes.wire import faults as wire
from tests.fakes.wire.server import Answer, Call, Fake

_MINUTE_S = 60


def _nothing(_: Request) -> None:
    """Let nothing happen."""


class Server(Fake):
    """Serves an API. Its ledger's file gets a line for each request."""

    service = "notion"
    fault_type = Fault

    def __init__(self, api: Api, *, per_minute: int | None, port: int, ledger: Path | None, seed: int) -> None:
        self._api, self._per_minute = api, per_minute
        self.before: Callable[[Request], None] = _nothing
        """What happens elsewhere in the moment in which a request arrives."""
        self.after: Callable[[Request], None] = _nothing
        """What happens when it is saved and not answered yet."""
        super().__init__(port=port, ledger=ledger, seed=seed)

    def troubles(self) -> tuple[str, ...]:
        return KINDS

    def record(self, call: Call) -> Request:
        return Request(call.method, call.path, call.query, body_of(call), has_key="authorization" in call.headers)

    def strike(self, call: Call) -> wire.Fault | None:
        if self._per_minute is not None and self._lately() > self._per_minute:
            return Fault("429", options={"retry_after": _MINUTE_S})
        return super().strike(call)

    def serve(self, call: Call, fault: wire.Fault | None) -> Answer | None:
        self.before(_request(call))
        if isinstance(fault, Fault) and fault.timing == "saved":
            good = self.answer(call)
            self.wait(fault.delay_s)
            return trouble.answer(fault, good)
        if _late(fault):
            return _last(trouble.answer(fault, None))
        return super().serve(call, fault)

    def trouble(self, fault: wire.Fault, call: Call) -> Answer | None:
        assert isinstance(fault, Fault)
        if fault.what == "stale":
            return self._saved(call, Stale(fault.since if fault.option("hide_new", default=False) else None))
        return trouble.answer(fault, None)

    def answer(self, call: Call) -> Answer:
        return self._saved(call)

    def leaving(self, call: Call, fault: wire.Fault | None) -> None:
        """Write down a request that nothing more comes of; let happen what happens meanwhile."""
        if not _late(fault):
            self.ledger.write(vars(call.seen))
        self.after(_request(call))

    def left(self, call: Call, fault: wire.Fault | None) -> None:
        """Save what is saved only after its answer."""
        if _late(fault):
            self.wait(fault.delay_s)
            self._saved(call)
            self.ledger.write(vars(call.seen))

    def _saved(self, call: Call, stale: Stale | None = None) -> Answer:
        told, _request(call).saved = self._api.answer(call, stale)
        return told

    def _lately(self) -> int:
        since = time.monotonic() - _MINUTE_S
        return len(self.ledger.where(lambda one: one.at > since))


def _request(call: Call) -> Request:
    assert isinstance(call.seen, Request)
    return call.seen


def _late(fault: wire.Fault | None) -> TypeGuard[Fault]:
    return isinstance(fault, Fault) and fault.timing == "late"


def _last(told: Answer | None) -> Answer | None:
    """Let the client not wait for the next answer on this connection."""
    if told is not None:
        told.headers["Connection"] = "close"
    return told
