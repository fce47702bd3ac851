"""The server: which address leads where, who may ask, and what goes wrong."""

import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.fakes.kie import bodies
from tests.fakes.kie.bodies import Refused, good, refused
from tests.fakes.kie.desk import Desk
from tests.fakes.kie.uploads import PATH as UPLOADED
from tests.fakes.kie.uploads import Uploads
from tests.fakes.wire.faults import Fault
from tests.fakes.wire.server import Answer, Call, Fake

ODD_CLIENTS = ("python", "curl", "wget", "go-http", "httpx")
CREATE = "/api/v1/jobs/createTask"
RESULTS = "/v/"
ODD_ORDERS = ("model_swapped", "job_fails", "result_not_video", "record", "no_task_id")
"""What an order meets that is taken all the same (`path="createTask"`): it is filmed by a dearer model; it fails
(`code`, `said`); it delivers something else (`content`); its record has other fields (`fields`); the answer does not
say under which id."""
BLOCKED = "blocked_1010"


class FakeKie(Fake):
    """KIE: its API, its upload host and its file host at one address.

    `job_s`: how long a job takes. `charges`: when credits are taken, at "creation" (given back when a job fails) or
    at "completion". `by_http`: whether a refusal is in the HTTP status too. `url_s`: how long a result's address is
    good. `creations`: how many orders are taken in ten seconds. `unknown_looks`: how often a new job is not known
    yet. `clock` returns seconds. Troubles that are rows of the table of codes take `said`, `by_http`, and `done`:
    then the request is served before it is refused.
    """

    service = "kie"

    def __init__(
        self,
        *,
        port: int = 0,
        ledger: Path | None = None,
        seed: int = 0,
        key: str = "kie-test-key",
        credits_left: Decimal | int = 100_000,
        job_s: float = 0.1,
        url_s: float = 86_400,
        creations: int = 20,
        charges: str = "creation",
        by_http: bool = False,
        unknown_looks: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.key, self.by_http, self.clock = key, by_http, clock
        self.uploads = Uploads()
        super().__init__(port=port, ledger=ledger, seed=seed)
        left = Decimal(credits_left)
        self.desk = Desk(self.ledger, clock, left, job_s, url_s, creations, charges, unknown_looks)

    def troubles(self) -> tuple[str, ...]:
        return (*bodies.TROUBLES, *ODD_ORDERS, BLOCKED)

    def trouble(self, fault: Fault, call: Call) -> Answer | None:
        if fault.kind == BLOCKED:
            return bodies.blocked()
        if fault.kind in ODD_ORDERS:
            return self._served(call, lambda: self._odd_order(fault, call))
        if fault.options.get("done"):
            self.answer(call)
        code, said = bodies.TROUBLES[fault.kind]
        by_http = bool(fault.options.get("by_http", self.by_http))
        return _refusal(call, code, str(fault.options.get("said", said)), by_http=by_http)

    def answer(self, call: Call) -> Answer:
        return self._served(call, lambda: self._routed(call))

    def close(self) -> None:
        super().close()
        for thread in self.desk.fetching:
            thread.join(10)

    def fails(self, prompt: str, code: str = "422", said: str = bodies.TROUBLES["content_policy"][1]) -> None:
        """Let every job fail, from now on, whose order has this pattern in it."""
        self.fault("job_fails", path="createTask", says=prompt, times=None, code=code, said=said)

    def _served(self, call: Call, serve: Callable[[], Answer]) -> Answer:
        agent = call.headers.get("user-agent", "").lower()
        if not agent or agent.startswith(ODD_CLIENTS):
            return bodies.blocked()
        self.desk.advance()
        try:
            return serve()
        except Refused as exc:
            return _refusal(call, exc.code, exc.said, by_http=self.by_http)

    def _routed(self, call: Call) -> Answer:
        if call.method == "GET" and call.path.startswith(UPLOADED):
            return self.uploads.get(call.path, self.clock())
        if call.method == "GET" and call.path.startswith(RESULTS):
            job_id = call.path.removeprefix(RESULTS).removesuffix(".mp4")
            return self.desk.clip(job_id, call.query.get("link", [""])[0])
        self._require_key(call)
        match call.method, call.path:
            case "POST", "/api/v1/jobs/createTask":
                return good({"taskId": self.desk.create(_document(call)).job_id})
            case "GET", "/api/v1/jobs/recordInfo":
                return good(self.desk.record(call.query.get("taskId", [""])[0], f"{self.url}/v"))
            case "GET", "/api/v1/chat/credit":
                left = self.desk.credits
                return good(float(left) if left % 1 else int(left))
            case "POST", "/api/v1/common/download-url":
                return self._fresh_link(_document(call))
            case "POST", "/api/file-stream-upload":
                return self.uploads.put(call, self.url, self.clock())
            case _:
                raise refused("not_found")

    def _require_key(self, call: Call) -> None:
        if call.headers.get("authorization") != f"Bearer {self.key}":
            raise refused("key_refused")

    def _fresh_link(self, body: Any) -> Answer:
        url = body.get("url") if isinstance(body, dict) else None
        if not isinstance(url, str):
            raise refused("validation")
        if not url.startswith(f"{self.url}{RESULTS}"):
            raise Refused(422, "Only files of this service can be asked for")
        return good(f"{url.partition('?')[0]}?link={self.desk.fresh_link()}")

    def _odd_order(self, fault: Fault, call: Call) -> Answer:
        if call.path != CREATE:
            return self._routed(call)
        self._require_key(call)
        about = fault.options
        changes: dict[str, dict[str, Any]] = {
            "model_swapped": {"model": "kling/v2-1-master-image-to-video"},
            "job_fails": {"fails": (str(about.get("code", "500")), str(about.get("said", "Failed")))},
            "result_not_video": {"content": about.get("content", b"<html>no video</html>")},
            "record": {"overrides": about.get("fields", {})},
        }
        job = self.desk.create(_document(call), **changes.get(fault.kind, {}))
        return good({} if fault.kind == "no_task_id" else {"taskId": job.job_id})


def _document(call: Call) -> Any:
    try:
        return call.json
    except ValueError:
        raise refused("bad_parameters") from None


def _refusal(call: Call, code: int, said: str, *, by_http: bool) -> Answer:
    if call.path.startswith("/api/file-"):
        return bodies.upload_refusal(code, said)
    return bodies.refusal(code, said, by_http=by_http)
