"""One document of JSON: the request, the order, and the text that comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from vidctl.contract import ErrorClass, ScriptError
from vidctl.domain.prices import PriceList
from vidctl.providers.gemini import refusals
from vidctl.providers.gemini.client import Gemini, Order
from vidctl.providers.gemini.tokens import Usage, cost_of, tokens_usd
from vidctl.providers.untrusted import whole
from vidctl.script import say

MODEL: Final = "gemini-3.8-flash"
MAX_OUTPUT_TOKENS: Final = 65_536
"""As much as the model gives; its thinking counts."""
_CHARACTERS_PER_TOKEN: Final = 4
"""About, in English."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for. `expected` is how many tokens of output it is thought to take."""

    component: str
    about: str
    system: str
    user: str
    schema: Mapping[str, Any]
    expected: int
    reword: str


@dataclass(frozen=True, slots=True)
class Writer:
    """A model that writes, with what its tokens cost."""

    gemini: Gemini
    prices: PriceList
    model: str = MODEL
    max_output_tokens: int = MAX_OUTPUT_TOKENS

    def write(self, asked: Asked) -> str:
        """Return the text of one order, and say what it cost. The document in it may be none.

        Raises:
            ScriptError: there is none, or its end is missing.
        """
        on = datetime.now(UTC).date()
        guess = Usage((len(asked.system) + len(asked.user)) // _CHARACTERS_PER_TOKEN, asked.expected)
        order = Order(
            asked.component,
            self.model,
            asked.about,
            tokens_usd(self.prices, self.model, guess, on),
            self._body(asked),
        )
        answer = self.gemini.ask(order)
        by_tokens = tokens_usd(self.prices, self.model, answer.usage, on) if answer.usage else Decimal(0)
        if cost := cost_of(asked.component, answer.usage, by_tokens, _list_price(order, answer.usage, answer.text)):
            say(cost)
        if error := refusals.refusal(answer, asked.about, reword=asked.reword):
            raise error
        if answer.finish in refusals.UNFINISHED:
            raise self._truncated(asked)
        if not answer.text.strip():
            raise refusals.nothing_made(answer, asked.about, "NoText")
        return answer.text

    def _truncated(self, asked: Asked) -> ScriptError:
        """Not tried again by itself: the same limit is met again, and a text of full length is the dearest of all."""
        return ScriptError(
            f"Gemini came to the limit of {self.max_output_tokens:,} tokens before {asked.about} was whole",
            hint=f"ask for fewer scenes and images, or raise --max-output-tokens ({MAX_OUTPUT_TOKENS:,} are the most)",
            error_type="Truncated",
            error_class=ErrorClass.PERMANENT,
        )

    def _body(self, asked: Asked) -> Mapping[str, Any]:
        return {
            "systemInstruction": {"parts": [{"text": whole(asked.system)}]},
            "contents": [{"role": "user", "parts": [{"text": whole(asked.user)}]}],
            "generationConfig": {
                "responseMimeType": "application/json",
                "responseSchema": asked.schema,
                "maxOutputTokens": self.max_output_tokens,
            },
        }


def _list_price(order: Order, usage: Usage | None, text: str) -> Decimal | None:
    """Return what is assumed where the service did not count: the guess, if there is anything to pay for."""
    return order.cost_usd if usage is None and text else None
