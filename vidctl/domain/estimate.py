"""What a job will cost by the price list, before it is bought. Pure.

Each of the paid scripts buys one thing a job: a story, a picture, a clip, a narration, a sound. What it asks for in
its options decides the price; only what a model will write cannot be known before, and is guessed from other films.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from vidctl.domain.channel import Channel
from vidctl.domain.prices import PriceList

STORY_IN: Final = 3_000
"""Tokens of the instruction and the schema that a story is asked for with."""
CHARACTERS_A_TOKEN: Final = 4
ASSET_OUT: Final = 90
SCENE_OUT: Final = 200
THINKING: Final = 6_000
"""Tokens that a model writes for an image, for a scene, and for itself."""
CHARACTERS_A_WORD: Final = 6
_IMAGE_UNITS: Final = {"1K": "image", "2K": "image_2k", "4K": "image_4k"}
_SHORT_CLIP_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is bought: `amounts` are in the units of the price list, `why` says what they are."""

    component: str
    model: str
    amounts: Mapping[str, Decimal]
    why: str

    def usd(self, prices: PriceList, on: date) -> Decimal | None:
        """Return its price; None where the list does not have the model."""
        return prices.usd(self.model, self.amounts, on)


def story(channel: Channel, brief_characters: int) -> Item:
    """Return a storyboard of the channel's size, from a brief of so many characters."""
    size = channel.story
    read = STORY_IN + math.ceil(brief_characters / CHARACTERS_A_TOKEN)
    written = THINKING + size.assets * ASSET_OUT + size.scenes * SCENE_OUT
    millions = Decimal(1_000_000)
    amounts = {"million_input_tokens": read / millions, "million_output_tokens": written / millions}
    return Item("gemini_story", channel.models.story, amounts, f"about {read + written:,} tokens")


def image(channel: Channel) -> Item:
    """Return one picture."""
    models = channel.models
    return Item("gemini_assets", models.image, {_IMAGE_UNITS[models.image_size]: Decimal(1)}, models.image_size)


def clip(channel: Channel) -> Item:
    """Return one clip."""
    seconds = channel.story.clip_seconds
    unit, length = ("clip_5s", 5) if seconds <= _SHORT_CLIP_S else ("clip_10s", 10)
    return Item("kling_video", channel.models.video, {unit: Decimal(1)}, f"{length} s")


def narration(channel: Channel, characters: int | None = None) -> Item:
    """Return one narration of so many characters; by default of as many as fit a clip."""
    speech, size = channel.speech, channel.story
    if characters is None:
        words = (size.clip_seconds - size.tail_seconds) * speech.words_per_minute / 60
        characters = round(words * CHARACTERS_A_WORD)
    thousands = Decimal(characters) / 1_000
    return Item(
        "elevenlabs_narration", channel.models.voice, {"thousand_characters": thousands}, f"{characters} characters"
    )


def sound(channel: Channel) -> Item:
    """Return one sound effect."""
    seconds = channel.story.clip_seconds
    return Item("elevenlabs_sfx", channel.models.sound, {"second": Decimal(seconds)}, f"{seconds} s")
