"""Why a message was not taken, in the contract's words.

Apprise itself says only that it was not. What the service answered is in what Apprise logged meanwhile: the status of
HTTP or SMTP, and the document.
"""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote, urlsplit

from vidctl.contract import ErrorClass, ScriptError
from vidctl.errors import KeyRefused, VidctlError
from vidctl.providers.untrusted import short

_HTTP: Final = re.compile(r"\berror=(\d{3})\b")
_SMTP: Final = re.compile(r"\((\d{3}), b['\"]")
_RETRY_AFTER: Final = re.compile(r'"retry_after":\s*(\d{1,6}(?:\.\d+)?)')
_SAID: Final = re.compile(r"(?:Response Details:|Socket Exception:)\s*(.*)", re.DOTALL)
_SENTENCE: Final = re.compile(r'"message":\s*"([^"]+)"')
_BYTES: Final = re.compile(r"\Ab(['\"])(.*)\1\Z", re.DOTALL)

_GONE: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_TOO_LONG: Final = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY)
_AGAIN: Final = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY)
_NO_LOGIN: Final = (530, 534, 535, 538)
_MAIL_NEVER: Final = 500

_HOSTED: Final = ("http", "https", "mailto", "mailtos", "json", "jsons", "xml", "xmls", "form", "forms")
"""Addresses whose host is one: elsewhere a key may stand in its place."""
_SHORTEST_SECRET: Final = 5


def is_too_long(heard: Sequence[str]) -> bool:
    """Say whether a service did not take a message as it is, and may take less of it."""
    return _status(heard) in _TOO_LONG


def refusal(heard: Sequence[str], url: str) -> VidctlError:
    """Return the error for what was `heard` when the destination at `url` did not take a message."""
    status, said = _status(heard), _said(heard, url)
    if status is None and (found := _SMTP.search("\n".join(heard))):
        return _of_mail(int(found[1]), said)
    what = f"the message was not taken: {f'HTTP {status}' if status else 'no answer'}{f', {said}' if said else ''}"
    if status in _GONE:
        return KeyRefused(what, hint="make a new webhook or key there, and put its address into .env")
    if status is None or status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _AGAIN:
        wait = _RETRY_AFTER.search("\n".join(heard)) if status == HTTPStatus.TOO_MANY_REQUESTS else None
        return _later(what, float(wait[1]) if wait else None)
    return _never(what)


def without_keys(text: str, url: str) -> str:
    """Return a text in which no part of an address stands that may be a key."""
    for secret in _secrets(url):
        text = text.replace(secret, "[…]")
    return text


def _secrets(url: str) -> list[str]:
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    pieces = re.split(r"[/?&=:@#,]", f"{user}/{parts.path}/{parts.query}/{parts.fragment}")
    if parts.scheme.lower() not in _HOSTED:
        pieces += host.split(":")
    found = {url, *pieces, *map(unquote, pieces)}
    return sorted((one for one in found if len(one) >= _SHORTEST_SECRET), key=len, reverse=True)


def _status(heard: Sequence[str]) -> int | None:
    found = [match for line in heard for match in _HTTP.findall(line)]
    return int(found[-1]) if found else None


def _said(heard: Sequence[str], url: str) -> str:
    """Return what the service or the network said last; of a document its sentence, of a web page nothing."""
    found = [match[1] for line in heard if (match := _SAID.search(line))]
    words = found[-1] if found else ""
    sentence, cause = _SENTENCE.search(words), words.partition("(Caused by ")[2].rpartition(": ")[2].rstrip("'\")")
    said = sentence[1] if sentence else cause or _BYTES.sub(r"\2", words)
    return "" if said.startswith("<") else short(without_keys(said, url), 200)


def _of_mail(status: int, said: str) -> VidctlError:
    what = f"the message was not taken: SMTP {status}, {said}"
    if status in _NO_LOGIN:
        return KeyRefused(what, hint="put the right user and password into .env; many servers want an app password")
    return _never(what) if status >= _MAIL_NEVER else _later(what, None)


def _later(what: str, retry_after_s: float | None) -> ScriptError:
    return ScriptError(
        what,
        hint="see whether it is up, and its address in .env is right; alerts are sent again by themselves",
        error_class=ErrorClass.TRANSIENT,
        error_type="NotTakenNow",
        retry_after_s=retry_after_s,
    )


def _never(what: str) -> ScriptError:
    return ScriptError(what, hint="look at its address in .env: it takes no such message", error_type="NotTaken")
