"""Lay words out large: few lines, of much the same length; a text that is too long becomes smaller, then shorter."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from vidctl.media.thumbnail.face import tall, wide

LARGEST_PX: Final = 264
SMALLEST_PX: Final = 92
"""A thumbnail is looked at in a fifth of its size: what is smaller than this is read by nobody."""
MOST_LINES: Final = 4
MOST_CHARACTERS: Final = 300
_LARGER: Final = 1.6
"""How much larger than the smallest letters those of a short line may be, to make it as wide as the others."""
_GAP: Final = 0.24
_MEASURED_PX: Final = 100
_WHOLE: Final = re.compile(r"[:;|•·]\s|\s[-–—|]\s|\s\(|(?<=[.?!])\s")
"""Where what comes before can stand by itself."""
_HANGS: Final = 3
"""Letters of a word that does not end a shortened line well: of, and, the, der, que."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it says, how large, and what it takes above and below the line that its letters stand on."""

    text: str
    size_px: int
    rise_px: int
    fall_px: int

    @property
    def width_px(self) -> int:
        """How wide it is."""
        return ceil(wide(self.text, self.size_px))


@dataclass(frozen=True, slots=True)
class Block:
    """Words as they are written, line below line."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """What it says."""
        return " ".join(line.text for line in self.lines)

    @property
    def smallest_px(self) -> int:
        """The size of its smallest letters."""
        return min(line.size_px for line in self.lines)

    @property
    def gap_px(self) -> int:
        """What is free between two lines."""
        return round(self.smallest_px * _GAP)

    @property
    def size(self) -> tuple[int, int]:
        """How wide and how high it is."""
        high = sum(line.rise_px + line.fall_px for line in self.lines) + self.gap_px * (len(self.lines) - 1)
        return max(line.width_px for line in self.lines), high

    def standing(self) -> Iterator[tuple[Line, int]]:
        """Yield each line with how far below the block's top its letters stand."""
        top = 0
        for line in self.lines:
            yield line, top + line.rise_px
            top += line.rise_px + line.fall_px + self.gap_px


def laid_out(text: str, room: tuple[int, int]) -> Block:
    """Return as much of a text as can be written large in a room of so many pixels; it fits in any case."""
    shorter = _shorter(text[:MOST_CHARACTERS])
    block = _largest(next(shorter), room)
    for words in shorter:
        if block.smallest_px >= SMALLEST_PX:
            break
        block = _largest(words, room)
    return block


def _largest(words: Sequence[str], room: tuple[int, int]) -> Block:
    """Return the words in the lines that let their letters be largest; of equals, the fewest lines."""
    blocks = [_fitted(_broken(words, count), room) for count in range(1, min(MOST_LINES, len(words)) + 1)]
    return max(blocks, key=lambda block: (block.smallest_px, -len(block.lines)))


def _fitted(lines: Sequence[str], room: tuple[int, int]) -> Block:
    """Return lines of one width, as far as their letters differ little in size, as wide as fits."""
    widths = range(1, room[0] + 1)
    fits = bisect_left(widths, True, key=lambda width_px: _is_beyond(_as_wide(lines, width_px), room))
    return _as_wide(lines, max(1, fits))


def _as_wide(lines: Sequence[str], width_px: int) -> Block:
    sizes = [max(1, int(width_px / wide(line, _MEASURED_PX) * _MEASURED_PX)) for line in lines]
    most = min(LARGEST_PX, round(min(sizes) * _LARGER))
    return Block(tuple(_line(text, min(size_px, most)) for text, size_px in zip(lines, sizes, strict=True)))


def _line(text: str, size_px: int) -> Line:
    return Line(text, size_px, *tall(text, size_px))


def _is_beyond(block: Block, room: tuple[int, int]) -> bool:
    return block.size[0] > room[0] or block.size[1] > room[1]


def _broken(words: Sequence[str], count: int) -> list[str]:
    """Return the words in so many lines, the longest of which is as short as can be."""
    narrowest, widest = 0.0, wide(" ".join(words), _MEASURED_PX)
    lines = [" ".join(words)]
    while widest - narrowest > 1:
        middle = (narrowest + widest) / 2
        tried = _filled(words, middle)
        if len(tried) <= count and max(wide(line, _MEASURED_PX) for line in tried) <= middle:
            lines, widest = tried, middle
        else:
            narrowest = middle
    return lines


def _filled(words: Sequence[str], most: float) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if wide(longer, _MEASURED_PX) <= most:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _shorter(text: str) -> Iterator[list[str]]:
    """Yield the words of a text, then fewer and fewer of them, down to one; never none."""
    words = text.split()
    yield words
    if (head := _WHOLE.split(text)[0].split()) and head != words:
        yield head
        words = head
    for count in range(len(words) - 1, 0, -1):
        last = words[count - 1]
        if count == 1 or len(last) > _HANGS:
            yield [*words[: count - 1], last.rstrip(",;:.-–—") + "…"]
