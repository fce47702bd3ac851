"""How a channel's thumbnails look."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from vidctl.domain.layout import THUMBNAIL_SIZE
from vidctl.errors import BadInput

Colour = tuple[int, int, int]

WIDE: Final = THUMBNAIL_SIZE[0]
HIGH: Final = THUMBNAIL_SIZE[1]
_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")


class Place(StrEnum):
    """Where the words stand. `auto` is the side on which they hide less."""

    AUTO = "auto"
    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"
    NONE = "none"


class Ground(StrEnum):
    """What words stand on, so that they can be read whatever is behind them."""

    SHADE = "shade"
    BAR = "bar"
    OUTLINE = "outline"


@dataclass(frozen=True, slots=True)
class Style:
    """What a channel's file says of its thumbnails."""

    place: Place = Place.AUTO
    ground: Ground = Ground.SHADE
    color: Colour = (255, 255, 255)
    accent: Colour = (229, 37, 42)


def colour(text: str) -> Colour:
    """Return the colour that #rrggbb names.

    Raises:
        BadInput: it names none.
    """
    if not _COLOUR.fullmatch(text):
        raise BadInput(f"{text[:20]!r} is no colour", hint="write it like #e5252a")
    red, green, blue = bytes.fromhex(text[1:])
    return red, green, blue
