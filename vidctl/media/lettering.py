"""Write words into pictures with the one typeface that Pillow carries, whatever the words are."""

import unicodedata
from functools import cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

_MISSING: Final = "\uffff"
_INSTEAD: Final = "·"
_LIKE: Final = str.maketrans(
    {"–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "ß": "ss", "×": "x"}
)  # look-alikes are the point


@cache
def font(size_px: int) -> ImageFont.FreeTypeFont:
    """Return Pillow's own typeface in one size."""
    face = ImageFont.load_default(size_px)
    assert isinstance(face, ImageFont.FreeTypeFont)  # Pillow's wheels always have FreeType
    return face


def readable(text: str, size_px: int) -> str:
    """Return the text with what the typeface lacks replaced: by the bare letter, else by a dot."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    return "".join(_drawable(character, size_px) for character in unicodedata.normalize("NFC", plain.translate(_LIKE)))


def fitted(text: str, size_px: int, wide: float) -> str:
    """Return the readable text, cut so that it is at most `wide` pixels long."""
    text = readable(text[:400], size_px)
    if font(size_px).getlength(text) <= wide:
        return text
    while text and font(size_px).getlength(text + "...") > wide:
        text = text[: -max(1, len(text) // 20)]
    return text.rstrip() + "..."


def write(
    image: Image.Image,
    at: tuple[float, float],
    text: str,
    size_px: int,
    colour: tuple[int, int, int],
    *,
    anchor: str = "la",
) -> None:
    """Write text that `fitted` or `readable` has returned; `at` and `anchor` as Pillow has them."""
    ImageDraw.Draw(image).text(at, text, font=font(size_px), fill=colour, anchor=anchor)


def _drawable(character: str, size_px: int) -> str:
    if character.isascii() or _has(character, size_px):
        return character
    bare = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    return bare if bare and all(part.isascii() or _has(part, size_px) for part in bare) else _INSTEAD


@cache
def _has(character: str, size_px: int) -> bool:
    """Return whether the typeface has the character: one that it lacks is drawn as the missing one is."""
    face = font(size_px)
    return bytes(face.getmask(character)) != bytes(face.getmask(_MISSING))
