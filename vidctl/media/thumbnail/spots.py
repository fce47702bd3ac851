"""Where on a thumbnail its words may stand."""

from dataclasses import dataclass
from typing import Final

from vidctl.media.thumbnail.framing import Part
from vidctl.media.thumbnail.style import HIGH, WIDE, Place
from vidctl.media.thumbnail.words import SMALLEST_PX, Block, laid_out

MARGIN_PX: Final = 56
_SIDE_PX: Final = 600
_BAND_PX: Final = 320
_CORNER_PX: Final = (200, 90)
"""What YouTube covers with the film's length, at the right end of the foot."""


@dataclass(frozen=True, slots=True)
class _Room:
    left: int
    top: int
    right: int
    bottom: int

    @property
    def size(self) -> tuple[int, int]:
        return self.right - self.left, self.bottom - self.top


_ROOMS: Final = {
    Place.LEFT: _Room(MARGIN_PX, MARGIN_PX, MARGIN_PX + _SIDE_PX, HIGH - MARGIN_PX),
    Place.RIGHT: _Room(WIDE - MARGIN_PX - _SIDE_PX, MARGIN_PX, WIDE - MARGIN_PX, HIGH - _CORNER_PX[1]),
    Place.TOP: _Room(MARGIN_PX, MARGIN_PX, WIDE - MARGIN_PX, MARGIN_PX + _BAND_PX),
    Place.BOTTOM: _Room(MARGIN_PX, HIGH - MARGIN_PX - _BAND_PX, WIDE - _CORNER_PX[0], HIGH - MARGIN_PX),
}
_DOWN: Final = {Place.TOP: (0.0,), Place.BOTTOM: (1.0,)}
_DOWN_A_SIDE: Final = (0.5, 0.0, 1.0)
"""How far down its room a block may be, of what is free: in the middle where that is as good."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Words in their place; `left` and `top` in pixels."""

    place: Place
    block: Block
    left: int
    top: int

    @property
    def covers(self) -> Part:
        """What the words cover of the picture."""
        wide, high = self.block.size
        return self.left / WIDE, self.top / HIGH, (self.left + wide) / WIDE, (self.top + high) / HIGH


def spots(words: str, place: Place) -> list[Spot]:
    """Return where the words may stand; at the foot, where a side is too narrow for a long one of them."""
    places = (Place.LEFT, Place.RIGHT) if place is Place.AUTO else (place,)
    found = [spot for each in places for spot in _in_room(words, each)]
    narrow = min(spot.block.smallest_px for spot in found) < SMALLEST_PX
    return _in_room(words, Place.BOTTOM) if narrow else found


def _in_room(words: str, place: Place) -> list[Spot]:
    room = _ROOMS[place]
    block = laid_out(words, room.size)
    free = room.size[1] - block.size[1]
    left = room.right - block.size[0] if place is Place.RIGHT else room.left
    return [Spot(place, block, left, room.top + round(free * down)) for down in _DOWN.get(place, _DOWN_A_SIDE)]
