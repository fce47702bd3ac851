"""The fake itself: checks what R2 checks, refuses what R2 refuses, and lets moto do the rest."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode
from uuid import uuid4

import httpx

from tests.fakes.r2.errors import TROUBLES, document, refusal
from tests.fakes.r2.rules import Rules
from tests.fakes.r2.signatures import refused
from tests.fakes.r2.wire import Handler, server_context
from tests.fakes.wire.faults import Fault, Faults
from tests.fakes.wire.server import Answer, Call, Fake

_HOP = ("host", "connection", "content-length", "transfer-encoding", "expect", "accept-encoding")
_SENT = ("connection", "content-length", "content-type", "date", "server", "transfer-encoding")


class FakeR2(Fake):
    """One account with one bucket. `moto_url` is the S3 behind it.

    Its own troubles are those of `errors.TROUBLES`, and `cut_upload`: the connection breaks when `share` (0.5) of a
    request's body came. `clock_ahead` moves its clock.
    """

    service = "r2"
    account = "0123456789abcdef0123456789abcdef"
    key_id = "7c0ffee0key"
    secret = "5ecret5ecret5ecret"

    def __init__(self, moto_url: str, *, tls: Path | None = None, bucket: str = "", **more: Any) -> None:
        self.bucket = bucket or f"films-{uuid4().hex[:12]}"
        self.heads = list[tuple[str, dict[str, str]]]()
        self.cuts = Faults()
        """Strike while a request is read, when nobody asks the other rules yet."""
        self.clock_ahead = timedelta(0)
        self._rules, self._tls = Rules(), tls
        self._moto = httpx.Client(base_url=moto_url, timeout=60, trust_env=False)
        self._moto.put(f"/{self.bucket}").raise_for_status()
        super().__init__(**more)
        self._server.RequestHandlerClass = Handler  # before anybody can know the port
        if tls:
            self._server.socket = server_context(tls).wrap_socket(self._server.socket, server_side=True)

    @property
    def url(self) -> str:
        return super().url.replace("http:", "https:") if self._tls else super().url

    @property
    def public_url(self) -> str:
        """Where the bucket's objects open without a key, as through a custom domain."""
        return f"{self.url}/public-domain"

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs to know."""
        named = {"R2_ENDPOINT_URL": self.url, "R2_ACCOUNT_ID": self.account, "R2_BUCKET": self.bucket}
        return named | {"R2_ACCESS_KEY_ID": self.key_id, "R2_SECRET_ACCESS_KEY": self.secret}

    def troubles(self) -> tuple[str, ...]:
        return (*TROUBLES, "cut_upload")

    def fault(self, kind: str, **rule: Any) -> Fault:
        if kind != "cut_upload":
            return super().fault(kind, **rule)
        cut = Fault(kind, options={"share": rule.pop("share", 0.5)}, **rule)
        self.cuts.add(cut)
        return cut

    def trouble(self, fault: Fault, call: Call) -> Answer | None:
        return _bare(call, refusal(fault.kind))

    def answer(self, call: Call) -> Answer:
        if call.method == "GET" and call.path.startswith("/public-domain/"):
            return self._kept(call, call.path.replace("/public-domain", f"/{self.bucket}", 1))
        bucket, _, key = unquote(call.path.lstrip("/")).partition("/")
        now = datetime.now(UTC) + self.clock_ahead
        if trouble := self._rules.refused(call, key) or refused(call, self.key_id, self.secret, now):
            return _bare(call, refusal(trouble))
        if bucket != self.bucket:
            return _bare(call, refusal("no_bucket"))
        return _bare(call, self._kept(call, call.path))

    def _kept(self, call: Call, path: str) -> Answer:
        """Return what moto answers, its errors in R2's form."""
        headers = {name: value for name, value in call.headers.items() if name not in _HOP}
        headers.setdefault("authorization", "AWS4-HMAC-SHA256 Credential=any/20260101/auto/s3/aws4_request")
        query = {name: values for name, values in call.query.items() if not name.startswith("X-Amz-")}
        url = f"{path}?{urlencode(query, doseq=True)}" if query else path
        got = self._moto.request(call.method, url, headers=headers, content=call.content)
        if got.is_error:
            said = {
                name: found[1] for name in ("Code", "Message") if (found := re.search(f"<{name}>(.*?)</", got.text))
            }
            return document(got.status_code, said.get("Code", ""), said.get("Message", ""))
        kept = {name: value for name, value in got.headers.items() if name not in _SENT}
        # A HEAD says how long what it does not send is.
        content = bytes(int(got.headers.get("content-length", 0))) if call.method == "HEAD" else got.content
        return Answer(got.status_code, content, got.headers.get("content-type", "application/xml"), kept)

    def keep(self, key: str, data: bytes, metadata: dict[str, str]) -> None:
        """Have an object as somebody else put it there, a long time ago."""
        headers = {f"x-amz-meta-{name}": value for name, value in metadata.items()}
        self._moto.put(f"/{self.bucket}/{key}", content=data, headers=headers).raise_for_status()

    def asked(self, method: str, says: str = "") -> int:
        """Return how many requests there were of a method; `says` is a name that their query has."""
        return len(
            [seen for seen in self.ledger.requests if seen.method == method and (not says or says in seen.query)]
        )

    def close(self) -> None:
        super().close()
        self._moto.close()


def _bare(call: Call, told: Answer) -> Answer:
    """Return an answer as a HEAD gets it: of an error only the status."""
    if call.method == "HEAD" and told.status >= httpx.codes.BAD_REQUEST:
        return Answer(told.status, b"", "application/xml")
    return told
