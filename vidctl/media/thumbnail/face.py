"""The typeface of thumbnails, and what it can write."""

import unicodedata
from functools import cache, lru_cache
from itertools import dropwhile
from math import ceil
from pathlib import Path
from typing import Final

from PIL import ImageFont

FILE: Final = Path(__file__).with_name("RobotoCondensed-Black.ttf")
_MISSING: Final = "\uffff"
_LOOKED_AT_PX: Final = 24


@cache
def font(size_px: int) -> ImageFont.FreeTypeFont:
    """Return the typeface in one size. Laid out by Pillow itself: the same on every machine."""
    return ImageFont.truetype(FILE, size_px, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4_096)
def wide(text: str, size_px: int) -> float:
    """Return how many pixels a line takes."""
    return font(size_px).getlength(text)


@lru_cache(maxsize=4_096)
def tall(text: str, size_px: int) -> tuple[int, int]:
    """Return how many pixels of a line are above and below what its letters stand on."""
    _, top, _, bottom = font(size_px).getbbox(text, anchor="ls")
    return ceil(-top), ceil(bottom)


def legible(text: str) -> str | None:
    """Return what there is to write of a text: without emoji and the like; None where its letters cannot be written."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    kept = [character for character in unicodedata.normalize("NFC", plain) if character == " " or has(character)]
    lost = [character for character in unicodedata.normalize("NFC", plain) if character != " " and not has(character)]
    if any(unicodedata.category(character)[0] in "LMN" for character in lost):
        return None
    words = ("".join(dropwhile(_stands_on_another, word)) for word in "".join(kept).split())
    return " ".join(filter(None, words))


def _stands_on_another(character: str) -> bool:
    """Say whether a character takes no room: an accent at the beginning of a word has no letter to stand on."""
    return not wide(character, _LOOKED_AT_PX)


@cache
def has(character: str) -> bool:
    """Return whether the typeface has a character: one that it lacks is drawn as the missing one is."""
    face = font(_LOOKED_AT_PX)
    return bytes(face.getmask(character)) != bytes(face.getmask(_MISSING))
