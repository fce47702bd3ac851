"""One door to Notion: its pace, its time-outs, its retries, and its errors in our words.

What only reads is repeated after 1, 2 and 4 seconds. A write is repeated only where Notion says
that it did nothing (429, 529); whatever else goes wrong with it is `NotionUnclear`, because a 503
may follow a write that was saved: the caller reads, and writes again only what is still missing.
"""

import math
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol

from vidctl.board.errors import (
    MissingCapability,
    NoTimeLeft,
    NotionRateLimitError,
    NotionRejected,
    NotionUnavailable,
    NotionUnclear,
    NotShared,
)
from vidctl.errors import KeyRefused, Misconfigured, VidctlError

if TYPE_CHECKING:
    import notion_client
    from tenacity import RetryCallState

VERSION: Final = "2026-03-11"
BASE_URL: Final = "https://api.notion.com"
WAITS_S: Final = (1.0, 2.0, 4.0)
"""How long after the first, second and third failure a request is repeated."""
TIMEOUT_S: Final = 20.0
PAGE_SIZE: Final = 100

_NOT_SAVED: Final = frozenset({429, 529})
_NOT_SENT: Final = -1
_NO_ANSWER: Final = 0
_KINDS: Final = "(?:page|database|data source|block)"
_OF_ANOTHER_KIND: Final = re.compile(rf"\bis a {_KINDS}, not a {_KINDS}\b")
"""What Notion says, with a 400, where a page's id stands for a database's: there is no such database either."""
_LATER: Final = frozenset({409, 429, 500, 502, 503, 504, 529})
_A_TURN_S: Final = 1.0
"""With less time than this left a request may have to wait for its turn alone."""
BY_ITSELF: Final = "vidctl goes on by itself when Notion answers again"
RUN_AGAIN: Final = "run the command again when Notion answers: what is done is not done twice"
"""What is to be done while Notion does not answer: by nobody, where a tick tries again, and by who ran a command."""

Json = dict[str, Any]


class Pace(Protocol):
    """Who lets all processes on all hosts together send only so many requests a second."""

    def wait(self, patience_s: float) -> bool:
        """Wait for the next turn; False, at once, when it comes later than in `patience_s`."""
        ...

    def rest(self, seconds: float) -> None:
        """Let nobody send anything for so long."""
        ...


class Notion:
    """Requests to Notion for one command: until `until` (a moment of `time.monotonic`), and no longer."""

    def __init__(
        self,
        sdk: "notion_client.Client",
        pace: Pace,
        *,
        until: float,
        timeout_s: float = TIMEOUT_S,
        waits_s: Sequence[float] | None = None,
        later: str = BY_ITSELF,
    ) -> None:
        self._sdk = sdk
        self._pace = pace
        self._timeout_s = timeout_s
        self._waits_s = WAITS_S if waits_s is None else waits_s
        self._later = later
        self._me: Json | None = None
        self.until = until
        self.patient = True
        """Whether what fails is tried again; not where it is only tried whether Notion is back."""

    @property
    def left_s(self) -> float:
        """How many seconds are left for requests."""
        return self.until - time.monotonic()

    def read(self, method: str, path: str, *, query: Json | None = None, body: Json | None = None) -> Json:
        """Send a request that changes nothing, and return what Notion answers.

        Raises:
            NotionUnavailable: it was tried four times, or there is no time left.
            NotShared, KeyRefused, MissingCapability, NotionRejected: trying again would not help.
        """
        return self._tried(lambda: self._send(method, path, query, body), lambda _error: True)

    def write(
        self,
        method: str,
        path: str,
        *,
        body: Json | None = None,
        form: Mapping[str, Any] | None = None,
        timeout_s: float | None = None,
    ) -> Json:
        """Send a request that changes something, and return what Notion answers.

        Raises:
            NotionUnclear: nobody knows whether it was saved.
            Otherwise as `read`: then it was not.
        """
        try:
            return self._tried(
                lambda: self._send(method, path, None, body, form, timeout_s),
                lambda error: error.status in _NOT_SAVED | {_NOT_SENT},
            )
        except _Trouble as trouble:
            raise NotionUnclear(f"{trouble}; it may have been saved all the same", hint=self._later) from trouble

    def pages(self, method: str, path: str, *, body: Json | None = None, query: Json | None = None) -> Iterator[Json]:
        """Yield each answer of a list that comes in pages, asking for the next one only when it is wanted."""
        cursor: Json = {}
        while True:
            if method == "POST":
                answer = self.read(method, path, body={"page_size": PAGE_SIZE, **(body or {}), **cursor})
            else:
                answer = self.read(method, path, query={"page_size": PAGE_SIZE, **(query or {}), **cursor})
            if not isinstance(answer.get("results"), list):
                raise NotionUnavailable(f"Notion's answer to {path} is no list", hint=self._later)
            yield answer
            if not answer.get("has_more") or not answer.get("next_cursor"):
                return
            cursor = {"start_cursor": answer["next_cursor"]}

    def sees(self, path: str) -> bool:
        """Tell whether Notion shows the integration the thing at a path; NotionUnavailable where nobody can tell."""
        try:
            self.read("GET", path)
        except NotShared:
            return False
        return True

    def is_there(self) -> bool:
        """Tell whether Notion answers anything at all just now."""
        try:
            self._me = self.read("GET", "users/me")
        except NotionUnavailable:
            return False
        return True

    def me(self) -> Json:
        """Return what Notion says of the integration whose token this is; it is asked once."""
        if self._me is None:
            self._me = self.read("GET", "users/me")
        return self._me

    def _tried(self, send: Callable[[], Json], again: "Callable[[_Trouble], bool]") -> Json:
        """Send until it works, at most four times; what is left of `again` False is a `_Trouble`."""
        from tenacity import Retrying, retry_if_exception

        def repeat(error: BaseException) -> bool:
            return isinstance(error, _Trouble) and again(error)

        def wait_s(state: "RetryCallState") -> float:
            return min((*self._waits_s, 0.0)[state.attempt_number - 1], max(0.0, self.left_s))

        retrying = Retrying(
            retry=retry_if_exception(repeat),
            stop=lambda state: not self.patient or state.attempt_number > len(self._waits_s) or self.left_s <= 0,
            wait=wait_s,
            reraise=True,
        )
        last: list[_Trouble] = []

        def sent() -> Json:
            try:
                return send()
            except _Trouble as trouble:
                last[:] = [trouble]
                raise
            except NoTimeLeft:
                if last:  # it is Notion that used it up
                    raise last[0] from None
                raise

        try:
            return retrying(sent)
        except _Trouble as trouble:
            if not again(trouble):
                raise
            kind = NotionRateLimitError if trouble.status in _NOT_SAVED else NotionUnavailable
            raise kind(str(trouble), hint=self._later) from trouble

    def _send(
        self,
        method: str,
        path: str,
        query: Json | None,
        body: Json | None,
        form: Mapping[str, Any] | None = None,
        timeout_s: float | None = None,
    ) -> Json:
        import httpx
        from notion_client.errors import HTTPResponseError, RequestTimeoutError

        if not self._pace.wait(self.left_s):
            if self.left_s < _A_TURN_S:
                raise NoTimeLeft("there is no time left for requests", hint="the next run goes on from there")
            raise NotionRateLimitError("Notion allows no request in the time that is left", hint=self._later)
        self._sdk.client.timeout = httpx.Timeout(min(timeout_s or self._timeout_s, max(1.0, self.left_s)))
        try:
            answer = self._sdk.request(path, method, query, body, dict(form) if form else None)
        except HTTPResponseError as exc:
            raise self._refusal(exc, f"{method} {path}") from exc
        except RequestTimeoutError as exc:
            raise _Trouble(f"Notion takes too long to answer ({method} {path})", _NO_ANSWER) from exc
        except httpx.LocalProtocolError:  # what it says holds the header that it is about
            raise KeyRefused("NOTION_TOKEN cannot be sent", hint="copy the integration's secret once more") from None
        except httpx.ConnectError as exc:
            raise _Trouble(f"Notion cannot be reached: {_said(exc)}", _NOT_SENT) from exc
        except (httpx.HTTPError, ValueError) as exc:
            raise _Trouble(f"Notion broke off: {_said(exc)} ({method} {path})", _NO_ANSWER) from exc
        if not isinstance(answer, dict):
            raise _Trouble(f"Notion's answer is no object ({method} {path})", _NO_ANSWER)
        return answer

    def _refusal(self, exc: Any, what: str) -> "VidctlError | _Trouble":
        """Return the error that an answer of Notion's stands for; a `Retry-After` holds everybody back at once."""
        status, code, said = exc.status, str(getattr(exc.code, "value", exc.code)), " ".join(str(exc).split())[:500]
        if status in _NOT_SAVED:
            self._pace.rest(_retry_after_s(exc.headers))
        if status in _LATER or status >= 500 or (code == "notionhq_client_response_error" and status < 400):  # noqa: PLR2004
            return _Trouble(f"Notion cannot do it now: {said} (HTTP {status}, {what})", status)
        if status == 401:  # noqa: PLR2004
            return KeyRefused(
                f"Notion refuses the token: {said}", hint="put the integration's secret into NOTION_TOKEN (.env)"
            )
        if status == 403 and "block_limit" in (exc.additional_data or {}):  # noqa: PLR2004
            return MissingCapability(
                f"the Notion workspace is full: {said}",
                hint="a paid plan, or a workspace with one member, has no limit",
            )
        if status == 403:  # noqa: PLR2004
            return MissingCapability(
                f"Notion does not let the integration do this: {said} ({what})",
                hint="give it the capabilities to read, insert and update content, comments and users in its settings",
            )
        if status == 404 or _OF_ANOTHER_KIND.search(said):  # noqa: PLR2004
            return NotShared(
                f"Notion shows the integration no such thing: {said} ({what})",
                hint="in Notion open it, then ··· > Connections, and add the integration; or correct the id",
            )
        return NotionRejected(f"Notion does not take it: {said} ({code}, {what})", hint="vidctl notion check says more")


class _Trouble(Exception):
    """A request that may work when it is sent again. `status` is HTTP's, or one of the two above."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def _said(exc: Exception) -> str:
    return " ".join(str(exc).split())[:300] or type(exc).__name__


def _retry_after_s(headers: Mapping[str, str]) -> float:
    """Return how long Notion asks everybody to wait; a second where it does not say."""
    try:
        wait_s = float(headers.get("retry-after", "1"))
    except ValueError:
        return 1.0
    return min(max(wait_s, 0.0), 3_600.0) if math.isfinite(wait_s) else 1.0


def _no_address() -> Misconfigured:
    return Misconfigured("NOTION_BASE_URL is no address", hint="write it like https://api.notion.com, or leave it out")


@contextmanager
def connected(
    environment: Mapping[str, str],
    pace: Pace,
    *,
    budget_s: float,
    timeout_s: float = TIMEOUT_S,
    waits_s: Sequence[float] | None = None,
    later: str = BY_ITSELF,
) -> Iterator[Notion]:
    """Yield a client that may send requests for `budget_s` seconds; `later` is what to do while Notion does not answer.

    Raises:
        KeyRefused: NOTION_TOKEN is not set.
        Misconfigured: NOTION_BASE_URL is no address.
    """
    token = environment.get("NOTION_TOKEN", "").strip()
    if not token:
        raise KeyRefused("NOTION_TOKEN is not set", hint="put the integration's secret into .env: see .env.example")
    if not token.isascii() or not token.isprintable() or " " in token:  # what the header refuses would be shown
        raise KeyRefused("NOTION_TOKEN is no token: it has characters that none has", hint="copy the secret once more")
    import logging

    from httpx import InvalidURL
    from notion_client import Client

    quiet = logging.getLogger("vidctl.notion")
    quiet.addHandler(logging.NullHandler())
    quiet.propagate = False
    base_url = (environment.get("NOTION_BASE_URL") or BASE_URL).rstrip("/").removesuffix("/v1")
    if not base_url.startswith(("http://", "https://")):
        raise _no_address()
    try:
        sdk = Client(
            auth=token,
            base_url=base_url,
            notion_version=VERSION,
            retry=False,
            logger=quiet,
            log_level=logging.CRITICAL,
        )
    except InvalidURL:
        raise _no_address() from None
    with closing(sdk):
        until = time.monotonic() + budget_s
        yield Notion(sdk, pace, until=until, timeout_s=timeout_s, waits_s=waits_s, later=later)
