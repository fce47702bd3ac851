"""Ask a paid service what the account has left. Asking is free.

By hand: KIE_API_KEY=... python scripts/read_balance.py --service kie
"""

import sys
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any

from typer import Option

from vidctl.contract import Balance, ErrorClass, ScriptError
from vidctl.domain.prices import ELEVENLABS_CREDIT
from vidctl.errors import Misconfigured
from vidctl.providers.elevenlabs import client as elevenlabs
from vidctl.providers.elevenlabs import errors
from vidctl.providers.http import AnswerLost, NotSent, Reply
from vidctl.providers.kie import balance
from vidctl.providers.kie.account import account
from vidctl.providers.prices import prices
from vidctl.script import say, tool

TIMEOUT_S = 15.0
PAUSE_S = 1.0


class Service(StrEnum):
    """The services that say what is left."""

    KIE = "kie"
    ELEVENLABS = "elevenlabs"


def of_kie() -> tuple[Decimal | None, str]:
    """Return what the credits that are left are worth, in dollars, and a sentence about them."""
    owner = account()
    with owner.connected() as kie:
        left = balance.left(kie, pause_s=PAUSE_S)
    return owner.credits_usd(left), f"KIE: {left:,f} credits left"


def of_elevenlabs() -> tuple[Decimal | None, str]:
    """Return what the characters that are left of the account's period are worth, in dollars, and a sentence."""
    reply = subscription(elevenlabs.account())
    told = reply.json if isinstance(reply.json, dict) else {}
    limit, used = whole(told.get("character_limit")), whole(told.get("character_count"))
    if limit is None or used is None:
        raise unknown(reply.shown)
    left = max(0, limit - used)  # more than the limit may be used, where the account allows it
    left_usd = prices().usd(ELEVENLABS_CREDIT, {"credit": Decimal(left)}, datetime.now(UTC).date())
    return left_usd, f"ElevenLabs: {left:,} of {limit:,} characters left{reset(told)}"


def subscription(owner: elevenlabs.Account) -> Reply:
    """Return what ElevenLabs says of the account."""
    try:
        with owner.client(TIMEOUT_S) as client:
            reply = owner.without_key(client.get("/v1/user/subscription"))
    except (NotSent, AnswerLost) as exc:
        raise unknown(str(exc)) from exc
    if reply.status == HTTPStatus.OK:
        return reply
    if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR or not isinstance(reply.json, dict):
        raise unknown(f"HTTP {reply.status}, {reply.shown}")
    raise errors.refusal(reply)


def unknown(why: str) -> ScriptError:
    """Return the error for an answer that says nothing of what is left. No order is in doubt: none was sent."""
    return ScriptError(
        f"ElevenLabs does not say how many characters are left: {why}",
        hint="ask again later, and check the network and ELEVENLABS_BASE_URL",
        error_class=ErrorClass.TRANSIENT,
        error_type="BalanceUnknown",
    )


def whole(value: Any) -> int | None:
    """Return a number of characters; None where it is none."""
    return value if type(value) is int and 0 <= value < 10**12 else None


def reset(told: dict[str, Any]) -> str:
    """Return when the period ends, in words; nothing where that is not told."""
    at = whole(told.get("next_character_count_reset_unix"))
    # A date that no calendar has would be no date.
    return f", until {datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC" if at and at < 10**11 else ""


ASK = {Service.KIE: of_kie, Service.ELEVENLABS: of_elevenlabs}


@tool
def read_balance(service: Annotated[Service, Option(help="whose account to look at")]) -> None:
    """Ask a paid service what is left."""
    left_usd, sentence = ASK[service]()
    if left_usd is None:
        hint = f"add the price of a credit of {service} to the prices: section of _defaults.yaml"
        raise Misconfigured(f"{sentence}, and nobody knows what they are worth", hint=hint)
    say(Balance(left_usd))
    print(f"{sentence}: ${left_usd:,.2f}", file=sys.stderr)
