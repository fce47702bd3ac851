"""What the paid services charge: the price list, and how what is asked for is priced with it. Pure.

Prices are in US dollars, of the standard tier, as they were read on the day that stands beside them. None of
the services publishes its prices in a form that a program could read, so the list is configuration: the
`prices:` section of `_defaults.yaml` replaces whole entries of it. A price that changes on a known day has one
rate for before and one from that day on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec
from msgspec import Struct

from vidctl.errors import Misconfigured

VARIABLE: Final = "VIDCTL_PRICES"
"""The environment variable by which scripts get the `prices:` section, as JSON."""

READ_ON: Final = date(2026, 11, 22)

KIE_CREDIT: Final = "kie credit"
ELEVENLABS_CREDIT: Final = "elevenlabs credit"
"""Entries of the list that are no models: what a unit of an account is worth."""


class Rate(Struct, frozen=True, forbid_unknown_fields=True):
    """The prices of one model from a day on; what a model does not sell is 0."""

    since: date = date.min
    image: Decimal = Decimal(0)
    """One picture, at the size that is asked for by default."""
    image_2k: Decimal = Decimal(0)
    image_4k: Decimal = Decimal(0)
    million_input_tokens: Decimal = Decimal(0)
    million_output_tokens: Decimal = Decimal(0)
    """Thinking counts as output."""
    clip_5s: Decimal = Decimal(0)
    clip_10s: Decimal = Decimal(0)
    thousand_characters: Decimal = Decimal(0)
    second: Decimal = Decimal(0)
    """Of sound."""
    credit: Decimal = Decimal(0)


PRICES: Final[Mapping[str, tuple[Rate, ...]]] = {
    # Gemini. nano-banana-2.1: from one public table, unverified, and for larger pictures nobody says.
    "gemini-nano-banana-2.1": (Rate(image=Decimal("0.0336"), image_2k=Decimal("0.101"), image_4k=Decimal("0.151")),),
    "gemini-3.1-flash-lite-image": (Rate(image=Decimal("0.0336"), million_output_tokens=Decimal(30)),),
    "gemini-3.1-flash-image": (
        Rate(
            image=Decimal("0.067"),
            image_2k=Decimal("0.101"),
            image_4k=Decimal("0.151"),
            million_input_tokens=Decimal("0.50"),
            million_output_tokens=Decimal(60),
        ),
    ),
    "gemini-3-pro-image": (Rate(image=Decimal("0.134"), image_2k=Decimal("0.134"), image_4k=Decimal("0.24")),),
    "gemini-3.8-flash": (
        Rate(million_input_tokens=Decimal("0.75"), million_output_tokens=Decimal("3.75")),
        Rate(since=date(2027, 1, 1), million_input_tokens=Decimal("1.50"), million_output_tokens=Decimal("7.50")),
    ),
    "gemini-3.5-flash-lite": (Rate(million_input_tokens=Decimal("0.30"), million_output_tokens=Decimal("2.50")),),
    "gemini-3.1-flash-lite": (Rate(million_input_tokens=Decimal("0.25"), million_output_tokens=Decimal("1.50")),),
    # Kling through KIE: seen in a price table of 2025 and in one of 2026-08-06.
    "kling/v2-5-turbo-image-to-video-pro": (Rate(clip_5s=Decimal("0.21"), clip_10s=Decimal("0.42")),),
    "kling-2.6/image-to-video": (Rate(clip_5s=Decimal("0.275"), clip_10s=Decimal("0.55")),),
    KIE_CREDIT: (Rate(credit=Decimal("0.005")),),
    # ElevenLabs: public lists disagree ($0.08 or $0.10 for a thousand characters); this is the dearer one.
    "eleven_multilingual_v2": (Rate(thousand_characters=Decimal("0.10")),),
    "eleven_v3": (Rate(thousand_characters=Decimal("0.10")),),
    "eleven_flash_v2_5": (Rate(thousand_characters=Decimal("0.05")),),
    # Forty credits a second where the length is asked for.
    "eleven_text_to_sound_v2": (Rate(second=Decimal("0.004")),),
    "eleven_text_to_sound_v3": (Rate(second=Decimal("0.004")),),
    ELEVENLABS_CREDIT: (Rate(credit=Decimal("0.0001")),),
}


MICRO: Final = Decimal("0.000001")
"""As fine as money is kept."""


@dataclass(frozen=True, slots=True)
class PriceList:
    """The prices that hold here."""

    entries: Mapping[str, Sequence[Rate]]

    def rate(self, model: str, on: date) -> Rate | None:
        """Return a model's prices on a day; None where nobody knows them."""
        begun = [rate for rate in self.entries.get(model, ()) if rate.since <= on]
        return max(begun, key=lambda rate: rate.since, default=None)

    def usd(self, model: str, amounts: Mapping[str, Decimal], on: date) -> Decimal | None:
        """Return what `amounts` of a model's units cost; None where nobody knows.

        An amount is named after the field of `Rate` that prices it: `{"clip_10s": Decimal(1)}`.
        """
        rate = self.rate(model, on)
        if rate is None:
            return None
        return sum((getattr(rate, unit) * amount for unit, amount in amounts.items()), Decimal(0)).quantize(MICRO)


def price_list(changes: Any = None) -> PriceList:
    """Return the price list with the entries of a `prices:` section in place of its own.

    An entry is one rate, or a list of rates with the day `since` which each holds.

    Raises:
        Misconfigured: it has another form; the message ends in its path `$.…`.
    """
    listed = {name: entry if isinstance(entry, list) else [entry] for name, entry in (changes or {}).items()}
    try:
        own = msgspec.convert(listed, dict[str, tuple[Rate, ...]], strict=False)
    except msgspec.ValidationError as exc:
        hint = "each price is a model's name and its fields, such as `clip_10s: 0.42`"
        raise Misconfigured(str(exc), hint=hint) from exc
    return PriceList({**PRICES, **own})
