"""What an answer says it counted, and what that costs by the price list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from vidctl.contract import MAX_UNITS, Basis, Cost, ErrorClass, Scope, ScriptError
from vidctl.domain.prices import PriceList
from vidctl.providers.untrusted import mapping

MILLION: Final = Decimal(1_000_000)
SIZES: Final[Mapping[str, str]] = {"1K": "image", "2K": "image_2k", "4K": "image_4k"}
"""The sizes of pictures, each with the field of the price list that prices it."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens: those of the prompt, and all that came back, thinking among them."""

    prompt: int
    output: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.prompt + self.output


def usage_in(document: Mapping[str, Any]) -> Usage | None:
    """Return what an answer's `usageMetadata` counts; None where it counts nothing."""
    said = mapping(document.get("usageMetadata"))
    prompt, total = _count(said, "promptTokenCount"), _count(said, "totalTokenCount")
    made = _count(said, "candidatesTokenCount") + _count(said, "thoughtsTokenCount")
    usage = Usage(prompt, max(made, total - prompt))  # what only the total names is taken for output, the dearer kind
    return usage if usage.total else None


def _count(said: Mapping[str, Any], field: str) -> int:
    number = said.get(field)
    return number if type(number) is int and 0 < number < MAX_UNITS // 4 else 0


def tokens_usd(prices: PriceList, model: str, usage: Usage, on: date) -> Decimal:
    """Return what tokens cost on a day, in US dollars: 0 where the list prices a model by the picture only.

    A picture model's thinking is billed cheaper than its pictures, which the list does not tell apart: all of its
    output is taken at the picture's rate.

    Raises:
        ScriptError: nobody knows the model's prices.
    """
    amounts = {"million_input_tokens": usage.prompt / MILLION, "million_output_tokens": usage.output / MILLION}
    return _known(prices.usd(model, amounts, on), model)


def picture_usd(prices: PriceList, model: str, size: str, on: date) -> Decimal:
    """Return what one picture costs by the list, in US dollars.

    Raises:
        ScriptError: nobody knows the model's price for that size.
    """
    usd = _known(prices.usd(model, {SIZES[size]: Decimal(1)}, on), model)
    if not usd and prices.usd(model, {SIZES["1K"]: Decimal(1)}, on):
        raise _no_price(f"{model} at {size}", f"add {SIZES[size]} to the model's entry, or ask for 1K")
    return usd


def cost_of(component: str, usage: Usage | None, by_tokens: Decimal, by_list: Decimal | None) -> Cost | None:
    """Return the charge of an answer: the dearer of what its tokens cost and of the list price of what it holds.

    `by_list` is None where it holds nothing that has a price; where there are no tokens with a price either,
    there is no charge.
    """
    if usage is None:
        return None if by_list is None else Cost(component, Decimal(1), by_list, Basis.LIST_PRICE)
    cost_usd = max(by_tokens, by_list or Decimal(0))
    return Cost(component, Decimal(usage.total), cost_usd, Basis.PROVIDER) if cost_usd or by_list is not None else None


def _known(usd: Decimal | None, model: str) -> Decimal:
    if usd is None:
        raise _no_price(model, f"add an entry {model!r} to it, or name another --model")
    return usd


def _no_price(what: str, hint: str) -> ScriptError:
    return ScriptError(
        f"the price list does not say what {what} costs, so nothing was ordered",
        hint=f"the list is the prices: section of _defaults.yaml: {hint}",
        error_type="NoPrice",
        error_class=ErrorClass.PERMANENT,
        scope=Scope.SERVICE,
    )
