"""One picture: the request, the order, and the bytes that come back."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from vidctl.contract import ErrorClass, ScriptError
from vidctl.domain.prices import PriceList
from vidctl.errors import BadInput
from vidctl.providers.gemini import refusals
from vidctl.providers.gemini.answer import Picture
from vidctl.providers.gemini.client import Gemini, Order
from vidctl.providers.gemini.picture_prompt import Wanted, words
from vidctl.providers.gemini.tokens import SIZES, cost_of, picture_usd, tokens_usd
from vidctl.script import say

COMPONENT: Final = "gemini_assets"
MODEL: Final = "gemini-nano-banana-2.1"
ASPECTS: Final = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
MAX_REFERENCES: Final = 10
"""What the default model takes; others take more."""


@dataclass(frozen=True, slots=True)
class Format:
    """How large a picture is asked for, and of which model."""

    model: str = MODEL
    size: str = "1K"
    aspect: str = "16:9"


def order_of(wanted: Wanted, form: Format, references: Sequence[bytes], prices: PriceList) -> Order:
    """Return the order for one picture; `references` are JPEGs.

    Raises:
        BadInput: a size, a shape or a number of references that nobody draws.
        ScriptError: its price is not known.
    """
    if form.size not in SIZES:
        raise BadInput(f"no picture has the size {form.size!r}", hint=f"it is one of {', '.join(SIZES)}")
    if form.aspect not in ASPECTS:
        raise BadInput(f"no picture has the shape {form.aspect!r}", hint=f"it is one of {', '.join(ASPECTS)}")
    if len(references) > MAX_REFERENCES:
        raise BadInput(f"{len(references)} references are too many", hint=f"{MAX_REFERENCES} are the most")
    by_list = picture_usd(prices, form.model, form.size, datetime.now(UTC).date())
    return Order(COMPONENT, form.model, wanted.about, by_list, _body(words(wanted), form, references))


def draw(gemini: Gemini, order: Order, prices: PriceList) -> Picture:
    """Return the picture of one order, and say what it cost; whether it can be opened is not known yet.

    Raises:
        ScriptError: there is none.
    """
    answer = gemini.ask(order)
    by_tokens = tokens_usd(prices, order.model, answer.usage, datetime.now(UTC).date()) if answer.usage else Decimal(0)
    said = cost_of(COMPONENT, answer.usage, by_tokens, order.cost_usd if answer.picture else None)
    if said:
        say(said)
    if error := refusals.refusal(answer, order.about):
        raise error
    if answer.picture is None:
        raise refusals.nothing_made(answer, order.about, "NoImage")
    return answer.picture


def no_picture(picture: Picture, about: str) -> ScriptError:
    """Return the error for bytes that nothing can open."""
    kind = picture.media_type or "of no named kind"
    return ScriptError(
        f"what Gemini sent as {about} is no picture ({kind}, {len(picture.content):,} bytes); it was charged",
        hint="it is asked for again by itself; tell Google if it happens again",
        error_type="NoPicture",
        error_class=ErrorClass.TRANSIENT,
    )


def _body(prompt: str, form: Format, references: Sequence[bytes]) -> Mapping[str, Any]:
    pictures = [
        {"inlineData": {"mimeType": "image/jpeg", "data": base64.b64encode(one).decode("ascii")}} for one in references
    ]
    return {
        "contents": [{"role": "user", "parts": [*pictures, {"text": prompt}]}],
        "generationConfig": {
            "responseModalities": ["IMAGE"],
            "imageConfig": {"aspectRatio": form.aspect, "imageSize": form.size},
        },
    }
