"""What Google's own library fetches access tokens with: our client."""

from collections.abc import Mapping
from typing import Any

from google.auth.transport import Request, Response

from vidctl.providers import refusals
from vidctl.providers.http import AnswerLost, Client, NotSent, Reply
from vidctl.providers.youtube.kinds import NOT_REACHED, UNREADABLE


class Transport(Request):
    """Sends what the library asks for. Its answers are JSON objects: the library takes that for granted.

    Raises:
        ScriptError: Google cannot be reached, or something else answers.
    """

    def __init__(self, http: Client) -> None:
        self._http = http

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: Any,
    ) -> "_Answer":
        """Return the answer to a request."""
        try:
            reply = self._http.send(method, url, headers=headers or {}, content=body or b"", timeout_s=timeout)
        except (NotSent, AnswerLost) as exc:
            raise refusals.of(NOT_REACHED, f"no access token: {exc}") from exc
        if not isinstance(reply.json, dict):
            raise refusals.of(UNREADABLE, f"no access token: HTTP {reply.status} without a JSON object")
        return _Answer(reply)


class _Answer(Response):
    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    @property
    def status(self) -> int:
        return self._reply.status

    @property
    def headers(self) -> Mapping[str, str]:
        return self._reply.headers

    @property
    def data(self) -> bytes:
        return self._reply.content
