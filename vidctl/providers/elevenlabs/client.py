"""One order to ElevenLabs: said before it is sent, sent once, and what the answer says of money said at once."""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from vidctl.contract import MAX_AT_ONCE, AtOnce, Ordering, Scope
from vidctl.providers import refusals
from vidctl.providers.elevenlabs import errors, kinds, money
from vidctl.providers.http import AnswerLost, Client, NotSent, Reply
from vidctl.script import say

KEY: Final = "ELEVENLABS_API_KEY"
BASE_URL: Final = "ELEVENLABS_BASE_URL"
REAL: Final = "https://api.elevenlabs.io"

TIMEOUT_S: Final = 100.0
PATIENCE_S: Final = 15.0
"""How long an order is offered again that was turned away because too many others are being worked on."""
_ASK_S: Final = 10.0
_AT_ONCE: Final = "maximum-concurrent-requests"


@dataclass(frozen=True, slots=True)
class Account:
    """Whose credits are spent, and where. No way of printing it shows the key."""

    key: str = field(repr=False)
    base_url: str = REAL

    def client(self, timeout_s: float) -> Client:
        """Return connections to the service."""
        return Client(self.base_url, headers={"xi-api-key": self.key}, timeout_s=timeout_s)

    def without_key(self, reply: Reply) -> Reply:
        """Return an answer that can be shown: services like to repeat a key that they refuse."""
        return Reply(reply.status, reply.headers, reply.content.replace(self.key.encode(), b"[key]"))


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for, and what it costs by the list."""

    path: str
    output_format: str
    body: Mapping[str, Any]
    price: money.Price


def account() -> Account:
    """Return the account that the environment names.

    Raises:
        ScriptError: there is no key, or what is there cannot be one; or the address is none.
    """
    key = os.environ.get(KEY, "").strip()
    if not key:
        raise refusals.refused("NoKey", "there is no key for ElevenLabs", hint=f"set {KEY}", scope=Scope.SERVICE)
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise refusals.refused(
            "KeyRefused",
            f"what is in {KEY} cannot be a key",
            hint=f"copy the key into {KEY} again",
            scope=Scope.SERVICE,
        )
    base_url = (os.environ.get(BASE_URL) or REAL).rstrip("/").removesuffix("/v1")
    if not _is_address(base_url):
        raise refusals.refused(
            "BadAddress", f"{BASE_URL} is no web address", hint=f"leave it out: it is {REAL}", scope=Scope.SERVICE
        )
    return Account(key, base_url)


def send(order: Order, owner: Account, *, timeout_s: float = TIMEOUT_S, patience_s: float = PATIENCE_S) -> Reply:
    """Return the answer to an order that the service took; its cost is not booked yet.

    Within `timeout_s` all in all. An order that was turned away because too many others are being worked on is
    offered again for `patience_s`; nothing else is ever sent twice.

    Raises:
        ScriptError: it was not taken, or what became of it is not known.
    """
    _require_text(order.body)
    with owner.client(timeout_s) as client:
        say(Ordering(order.price.component, order.price.cost_usd, by_job=False))
        reply = _answer(order, client, timeout_s, min(patience_s, timeout_s / 2))
        if errors.is_success(reply):
            return reply
        if cost := money.counted(reply.headers, order.price.component):
            say(cost)
        reset_s = _reset_s(client) if errors.is_used_up(reply) else None
        raise errors.refusal(owner.without_key(reply), wait_s=reset_s)


def _answer(order: Order, client: Client, timeout_s: float, patience_s: float) -> Reply:
    begun, wait_s = time.monotonic(), _first_wait_s()
    while True:
        reply = _posted(order, client, timeout_s - (time.monotonic() - begun))
        if (calls := _at_once(reply)) is not None:
            say(AtOnce(calls))
        if not errors.is_too_many(reply) or time.monotonic() - begun + wait_s > patience_s:
            return reply
        time.sleep(wait_s)
        wait_s *= 2


def _posted(order: Order, client: Client, timeout_s: float) -> Reply:
    try:
        return client.post(
            order.path, params={"output_format": order.output_format}, json=order.body, timeout_s=timeout_s
        )
    except NotSent as exc:
        raise refusals.of(kinds.NOT_SENT, str(exc)) from exc
    except AnswerLost as exc:
        raise refusals.of(kinds.LOST, str(exc)) from exc


def _reset_s(client: Client) -> float | None:
    """Return how long it is to the account's next period, where the service tells it."""
    try:
        told = client.get("v1/user/subscription", timeout_s=_ASK_S).json
    except (NotSent, AnswerLost):
        return None
    at = told.get("next_character_count_reset_unix") if isinstance(told, dict) else None
    if isinstance(at, bool) or not isinstance(at, int) or not 0 < at - time.time() < errors.FAR_OFF_S:
        return None
    return at - time.time()


def _at_once(reply: Reply) -> int | None:
    said = reply.headers.get(_AT_ONCE, "")
    return int(said) if said.isascii() and said.isdigit() and 1 <= int(said[:9]) <= MAX_AT_ONCE else None


def _first_wait_s() -> float:
    """Return about a second: not the same one for all who were turned away at once."""
    return 1 + os.getpid() % 100 / 100


def _require_text(body: Mapping[str, Any]) -> None:
    """Refuse what cannot be sent: half of a character, or a number that is none."""
    try:
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except ValueError as exc:
        raise refusals.refused(
            "BadRequest", "the order holds something that is neither text nor a number", hint="type it anew"
        ) from exc


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
