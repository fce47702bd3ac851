"""What an order costs: by the price list before it is sent, by the service's own count afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from vidctl.contract import MAX_COST_USD, MAX_UNITS, Basis, Cost
from vidctl.domain.prices import ELEVENLABS_CREDIT
from vidctl.providers.prices import prices
from vidctl.providers.refusals import refused

NARRATION: Final = "elevenlabs_narration"
SFX: Final = "elevenlabs_sfx"

COUNTED: Final = "character-cost"
"""The header with the credits that an answer was charged."""


@dataclass(frozen=True, slots=True)
class Price:
    """What an order costs by the list: `units` are characters of a text, or seconds of a sound."""

    component: str
    units: Decimal
    cost_usd: Decimal


def of_text(model: str, text: str) -> Price:
    """Return the list's price of a text that is to be spoken.

    Raises:
        ScriptError: the list has no price for the model, so that nothing may be ordered from it.
    """
    characters = Decimal(len(text))
    return Price(NARRATION, characters, _usd(model, "thousand_characters", characters / 1000))


def of_sound(model: str, seconds: float) -> Price:
    """Return the list's price of a sound of a length that is asked for.

    Raises:
        ScriptError: the list has no price for the model, so that nothing may be ordered from it.
    """
    length = Decimal(str(seconds))
    return Price(SFX, length, _usd(model, "second", length))


def counted(headers: Mapping[str, str], component: str) -> Cost | None:
    """Return what the service says that it charged; None where it does not say, or nothing that can be true."""
    try:
        credits_ = Decimal(headers.get(COUNTED, ""))
    except InvalidOperation:
        return None
    if not credits_.is_finite() or not 0 <= credits_ < MAX_UNITS:
        return None
    cost_usd = prices().usd(ELEVENLABS_CREDIT, {"credit": credits_}, _today())
    if cost_usd is None or cost_usd >= MAX_COST_USD:
        return None
    return Cost(component, credits_, cost_usd, Basis.PROVIDER)


def listed(price: Price) -> Cost:
    """Return the cost of an order whose answer says nothing of it."""
    return Cost(price.component, price.units, price.cost_usd, Basis.LIST_PRICE)


def _usd(model: str, unit: str, amount: Decimal) -> Decimal:
    if not (usd := prices().usd(model, {unit: amount}, _today())):
        raise refused(
            "NoPrice",
            f"nobody has said what {model!r} of ElevenLabs costs, so nothing is ordered from it",
            hint=f"add {model} to the prices: section of _defaults.yaml, or choose a model that is in the price list",
        )
    return usd


def _today() -> date:
    return datetime.now(UTC).date()
