"""Cut a picture so that what one looks at is large and beside the words."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from vidctl.media.thumbnail.looks import Map

Part = tuple[float, float, float, float]
"""Left, top, right and bottom, as shares of a picture."""

CLOSER: Final = (1.0, 1.15, 1.3, 1.45)
"""How much is cut off: at 1.5, a composite is shown pixel by pixel."""
_STEPS: Final = 7
_AROUND: Final = 0.06
"""What is cut through at the edges: a share of the picture on each side."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of a picture, and how good it is: 1 where all that one looks at is in it and not under the words."""

    part: Part
    score: float


def framed(eye: Map, words: Part | None) -> Frame:
    """Return the best part of a picture to show, where words will cover a part of that."""
    sums = np.zeros((eye.shape[0] + 1, eye.shape[1] + 1))
    sums[1:, 1:] = eye.cumsum(0).cumsum(1)
    frames = [Frame(part, _score(sums, part, words)) for part in _parts()]
    return max(frames, key=lambda frame: frame.score)


@cache
def _parts() -> tuple[Part, ...]:
    parts: list[Part] = []
    for closer in CLOSER:
        size, free = 1 / closer, 1 - 1 / closer
        places = [free * at / (_STEPS - 1) for at in range(_STEPS)] if free else [0.0]
        parts += [(x, y, x + size, y + size) for x in places for y in places]
    return tuple(parts)


def _score(sums: Map, part: Part, words: Part | None) -> float:
    """Weigh what is seen against what the words hide and the edges cut; the closer the better, a little."""
    seen = _in(sums, part)
    hidden = _in(sums, _within(part, words)) if words else 0.0
    inner = _within(part, (_AROUND, _AROUND, 1 - _AROUND, 1 - _AROUND))
    cut = seen - _in(sums, inner) if part != (0, 0, 1, 1) else 0.0
    closer = 0.4 * (1 / (part[2] - part[0]) - 1)
    return seen - 2 * hidden - 2 * cut + closer


def _within(part: Part, inside: Part) -> Part:
    left, top, right, bottom = part
    wide, high = right - left, bottom - top
    return left + inside[0] * wide, top + inside[1] * high, left + inside[2] * wide, top + inside[3] * high


def _in(sums: Map, part: Part) -> float:
    rows, columns = sums.shape[0] - 1, sums.shape[1] - 1
    left, right = (round(share * columns) for share in (part[0], part[2]))
    top, bottom = (round(share * rows) for share in (part[1], part[3]))
    return float(sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left])
