"""The connection: the key, the address, and one request for each order."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote, urlsplit

from vidctl.contract import ErrorClass, Ordering, Scope, ScriptError
from vidctl.errors import Misconfigured
from vidctl.providers.gemini import errors
from vidctl.providers.gemini.answer import Answer, read
from vidctl.providers.http import AnswerLost, Client, NotSent, Reply, is_web_address
from vidctl.script import say

KEY: Final = "GEMINI_API_KEY"
ADDRESS: Final = "GEMINI_BASE_URL"
BASE_URL: Final = "https://generativelanguage.googleapis.com"
VERSION: Final = "v1beta"
"""It knows every field that is sent here; what of them the stable `v1` takes was not seen."""


@dataclass(frozen=True, slots=True)
class Order:
    """One request. `about` is what it is for, in words for people; `cost_usd` what it will cost, about."""

    component: str
    model: str
    about: str
    cost_usd: Decimal
    body: Mapping[str, Any]


class Gemini:
    """A connection that sends each order once."""

    def __init__(self, http: Client, key: str) -> None:
        self._http, self._key = http, key

    def ask(self, order: Order) -> Answer:
        """Send an order, and return what came back with a 200; what it charged is for the caller to say.

        Raises:
            ScriptError: there is no answer, or it is an error.
        """
        say(Ordering(order.component, order.cost_usd, by_job=False))
        try:
            reply = self._http.post(
                f"{VERSION}/models/{quote(order.model, safe='')}:generateContent", json=dict(order.body)
            )
        except NotSent as exc:
            raise errors.not_sent(exc, order.about) from exc
        except AnswerLost as exc:
            raise errors.answer_lost(exc, order.about) from exc
        self._require_good(reply, order.about)
        return read(reply.json)

    def models(self) -> list[str]:
        """Return the names of the models that the key may use. Asking is free.

        Raises:
            ScriptError: there is no answer, or it is an error.
        """
        about = "the list of its models"
        try:
            reply = self._http.get(f"{VERSION}/models", params={"pageSize": "1000"})
        except (NotSent, AnswerLost) as exc:
            raise errors.not_sent(NotSent(str(exc)), about) from exc
        self._require_good(reply, about)
        listed = reply.json.get("models") if isinstance(reply.json, dict) else None
        names = [one.get("name") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        return [name.removeprefix("models/") for name in names if isinstance(name, str)]

    def _require_good(self, reply: Reply, about: str) -> None:
        # Some refusals repeat the key that they refuse.
        shown = replace(reply, content=reply.content.replace(self._key.encode(), f"[{KEY}]".encode()))
        if error := errors.refusal(shown, about, now=datetime.now(UTC)):
            raise error


@contextmanager
def connected(*, timeout_s: float) -> Iterator[Gemini]:
    """Yield a connection with the key and the address of the environment; `timeout_s` bounds each order.

    Raises:
        ScriptError: there is no key, or it can be none.
        Misconfigured: the address is none.
    """
    key = _key()
    with Client(_address(), headers={"x-goog-api-key": key}, timeout_s=timeout_s) as http:
        yield Gemini(http, key)


def _key() -> str:
    key = os.environ.get(KEY, "").strip()
    if not key:
        raise _no_key(f"{KEY} is not set", "NoKey")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise _no_key(f"what {KEY} holds can be no key: it has spaces, or characters that no key has", "KeyRefused")
    return key


def _no_key(message: str, error_type: str) -> ScriptError:
    return ScriptError(
        message,
        hint=f"set {KEY} to a key of https://aistudio.google.com/apikey",
        error_type=error_type,
        error_class=ErrorClass.PERMANENT,
        scope=Scope.SERVICE,
    )


def _address() -> str:
    address = os.environ.get(ADDRESS, "").strip() or BASE_URL
    try:
        good = is_web_address(address, like="http://") and urlsplit(address).port != 0
    except ValueError:  # a port that is no number
        good = False
    if not good:
        raise Misconfigured(f"{ADDRESS} is no web address: {address[:200]}", hint=f"leave it out: it is {BASE_URL}")
    return address
