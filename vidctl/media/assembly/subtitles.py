"""Subtitles: the narration in short pieces, each shown while it is spoken. Pure."""

import re
import textwrap
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

LINE: Final = 42
"""Characters; more do not fit on a phone."""
LINES: Final = 2


def cues(text: str, starts_s: float, ends_s: float) -> Iterator[tuple[float, float, str]]:
    """Yield (start, end, words) for a narration; every piece gets time by its length.

    Pieces are at most two lines long, end with a sentence where they can, and together are the
    whole text.
    """
    pieces = [piece for sentence in _sentences(text) for piece in _pieces(sentence)]
    total = sum(map(len, pieces))
    ends = accumulate(map(len, pieces), initial=0)
    times = [starts_s + (ends_s - starts_s) * end / max(total, 1) for end in ends]
    yield from zip(times, times[1:], map(_balanced, pieces), strict=False)


def srt(all_cues: Iterator[tuple[float, float, str]]) -> str:
    """Return the cues as an SRT document."""
    return "".join(
        f"{number}\n{_clock(starts)} --> {_clock(ends)}\n{words}\n\n"
        for number, (starts, ends, words) in enumerate(all_cues, 1)
    )


def _sentences(text: str) -> list[str]:
    """Return the sentences; what would end a cue in the file format is replaced."""
    flat = " ".join(text.replace("-->", "\N{RIGHTWARDS ARROW}").split())
    return [sentence for sentence in re.split(r"(?<=[.!?\u2026]) ", flat) if sentence]


def _pieces(sentence: str) -> list[str]:
    """Return a sentence in as few pieces as fit, all of about the same length."""
    count = -(-len(sentence) // (LINE * LINES))
    for width in range(-(-len(sentence) // count), LINE * LINES + 1):
        if len(pieces := textwrap.wrap(sentence, width)) <= count:
            return pieces
    return textwrap.wrap(sentence, LINE * LINES)


def _balanced(piece: str) -> str:
    """Return a piece on one line, or on two of about the same length."""
    if len(piece) <= LINE:
        return piece
    widths = range(-(-len(piece) // LINES), LINE * LINES)
    return next(("\n".join(lines) for width in widths if len(lines := textwrap.wrap(piece, width)) <= LINES), piece)


def _clock(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02},{milliseconds % 1000:03}"
