"""One HTTP client for all providers: it tells whether a request that failed can have been received.

That is what money depends on. A connection that never came about bought nothing, so the order may be sent
again; after the first byte left, only an answer says what became of it. No request is ever repeated in here.
"""

import json as jsonlib
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

import httpx

from vidctl import __version__
from vidctl.errors import Misconfigured

USER_AGENT: Final = f"Mozilla/5.0 (compatible; vidctl/{__version__})"
"""Some of the services' gateways refuse what says that it is a program's library."""
CONNECT_S: Final = 15.0
MAX_BYTES: Final = 100_000_000
"""Of an answer that is kept in memory: a picture in base64 has 10 MB."""
MAX_FILE_BYTES: Final = 2_000_000_000
_CHUNK: Final = 65_536
_SHOWN: Final = 300


class NotSent(Exception):
    """The request never reached the service: no name, no route, no TLS, a proxy's refusal. It did nothing there."""


class AnswerLost(Exception):
    """The request was sent, or a part of it, and no whole answer came back: what it did there is not known."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, whole. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        """The document in it; None where it holds no JSON."""
        try:
            return jsonlib.loads(self.content)
        except (ValueError, RecursionError):
            return None

    @property
    def shown(self) -> str:
        """Its beginning, for people: on one line, printable."""
        text = self.content[: 4 * _SHOWN].decode("utf-8", "replace")
        line = " ".join("".join(one if one.isprintable() else " " for one in text).split())
        return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"

    @property
    def retry_after_s(self) -> float | None:
        """How long it asks to be left alone, where it says so in seconds."""
        try:
            return max(0.0, float(self.headers.get("retry-after", "")))
        except ValueError:
            return None


class Client:
    """Connections to one service. `timeout_s` bounds each request as a whole, not only the wait for its next byte."""

    def __init__(self, base_url: str, *, headers: Mapping[str, str] | None = None, timeout_s: float = 60.0) -> None:
        self._timeout_s = timeout_s
        self._http = httpx.Client(
            base_url=base_url.rstrip("/") + "/",
            headers={"User-Agent": USER_AGENT, **(headers or {})},
            verify=_trusted(),
            timeout=httpx.Timeout(timeout_s, connect=min(CONNECT_S, timeout_s)),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def get(self, path: str, *, params: Mapping[str, str] | None = None, timeout_s: float | None = None) -> Reply:
        """Return the answer to a GET; `path` is relative to the base URL, or a whole URL.

        Raises:
            NotSent, AnswerLost: there is none.
        """
        return self._whole("GET", path, timeout_s, params=params)

    def post(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        data: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        timeout_s: float | None = None,
    ) -> Reply:
        """Return the answer to a POST of a JSON document, or of a form with files (name, bytes, media type).

        Raises:
            NotSent, AnswerLost: there is none.
        """
        return self._whole("POST", path, timeout_s, params=params, json=json, data=data, files=files)

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        content: bytes | Iterable[bytes] = b"",
        timeout_s: float | None = None,
        stall_s: float | None = None,
    ) -> Reply:
        """Return the answer to a request that was built elsewhere.

        Content in parts needs a Content-Length among the headers. `stall_s` is how long nothing may move, where that
        is to be less than the whole may take.

        Raises:
            NotSent, AnswerLost: there is none.
        """
        limit_s = self._timeout_s if timeout_s is None else timeout_s
        parts = content if isinstance(content, bytes) else _in_time(content, time.monotonic() + limit_s)
        return self._whole(method, url, limit_s, stall_s=stall_s, headers=dict(headers), content=parts)

    def download(self, url: str, file: Path, *, timeout_s: float | None = None) -> Reply:
        """Write what a URL holds to `file`, and return the answer without its content.

        An answer that is not 200 is returned with its content, and nothing is written.

        Raises:
            NotSent, AnswerLost: there is no answer, or it ended before its length was reached.
        """
        with _translated(), self._begun("GET", url.lstrip("/"), timeout_s) as (answer, until):
            if answer.status_code != httpx.codes.OK:
                return _reply(answer, b"".join(_within(answer, until, MAX_BYTES)))
            with file.open("wb") as out:
                for chunk in _within(answer, until, MAX_FILE_BYTES):
                    out.write(chunk)
            return _reply(answer, b"")

    def _whole(self, method: str, path: str, timeout_s: float | None, **request: Any) -> Reply:
        with _translated(), self._begun(method, path.lstrip("/"), timeout_s, **request) as (answer, until):
            return _reply(answer, b"".join(_within(answer, until, MAX_BYTES)))

    @contextmanager
    def _begun(
        self, method: str, path: str, timeout_s: float | None, *, stall_s: float | None = None, **request: Any
    ) -> Iterator[tuple[httpx.Response, float]]:
        limit_s = self._timeout_s if timeout_s is None else timeout_s
        timeout = httpx.Timeout(limit_s if stall_s is None else stall_s, connect=min(CONNECT_S, limit_s))
        until = time.monotonic() + limit_s
        with self._http.stream(method, path, timeout=timeout, **request) as answer:
            yield answer, until


def is_web_address(url: object, *, like: str) -> bool:
    """Say whether a URL that a service named may be asked for: https, unless the service itself is asked in plain.

    `like` is the service's own base URL.
    """
    if not isinstance(url, str):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and parts.scheme in {"https", urlsplit(like).scheme}


@cache
def _trusted() -> ssl.SSLContext:
    """Return whom to trust: loading the list of authorities takes longer than most requests, so it is done once.

    Raises:
        Misconfigured: SSL_CERT_FILE names what is no such list.
    """
    try:
        return httpx.create_ssl_context()
    except (OSError, ssl.SSLError) as exc:
        raise Misconfigured(
            f"the certificates cannot be read: {exc}", hint="SSL_CERT_FILE has to name a PEM file; or leave it out"
        ) from exc


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.PoolTimeout) as exc:
        raise NotSent(_said(exc)) from exc
    except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.LocalProtocolError) as exc:
        raise NotSent(_said(exc)) from exc
    except httpx.HTTPError as exc:
        raise AnswerLost(_said(exc)) from exc


def _said(exc: Exception) -> str:
    return str(exc) or type(exc).__name__


def _in_time(parts: Iterable[bytes], until: float) -> Iterator[bytes]:
    for part in parts:
        if time.monotonic() > until:
            raise AnswerLost("the request took too long")
        yield part


def _within(answer: httpx.Response, until: float, most: int) -> Iterator[bytes]:
    """Yield the content for as long as it is not late and not too long."""
    size = 0
    for chunk in answer.iter_bytes(_CHUNK):
        size += len(chunk)
        if size > most:
            raise AnswerLost(f"the answer is longer than {most:,} bytes")
        if time.monotonic() > until:
            raise AnswerLost("the answer took too long")
        yield chunk


def _reply(answer: httpx.Response, content: bytes) -> Reply:
    return Reply(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, content)
