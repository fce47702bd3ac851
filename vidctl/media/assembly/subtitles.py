"""Subtitles: the narration in short pieces, each shown while it is spoken. Pure."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Final

LINE: Final = 42
"""Characters; more do not fit on a phone."""
LINES: Final = 2

_ARROW: Final = "-->"
"""It would end a cue in the file format: one other character is shown for it."""
_MARK: Final = re.compile(rf"{_ARROW}|\S")
"""What is shown as one character."""
_SHORTEST_S: Final = 0.05
"""A piece that is shown for less is not seen."""


def cues(
    text: str, starts_s: float, ends_s: float, spoken: Sequence[tuple[float, float]] | None = None
) -> Iterator[tuple[float, float, str]]:
    """Yield (start, end, words) for a narration.

    `spoken` is when each character of the text that is no blank begins and ends, in seconds from `starts_s` on.
    Without it, or where it would leave a piece no time, every piece gets time by its length. Pieces are at most
    two lines long, end with a sentence where they can, and together are the whole text.
    """
    pieces = [piece for sentence in _sentences(text) for piece in _pieces(sentence)]
    measured = _measured(text, pieces, spoken or (), ends_s - starts_s)
    for (begins, ends), piece in zip(measured or _estimated(pieces, ends_s - starts_s), pieces, strict=True):
        yield starts_s + begins, starts_s + ends, _balanced(piece)


def srt(all_cues: Iterator[tuple[float, float, str]]) -> str:
    """Return the cues as an SRT document."""
    return "".join(
        f"{number}\n{_clock(starts)} --> {_clock(ends)}\n{words}\n\n"
        for number, (starts, ends, words) in enumerate(all_cues, 1)
    )


def _estimated(pieces: Sequence[str], length_s: float) -> list[tuple[float, float]]:
    total = sum(map(len, pieces))
    return list(pairwise(length_s * end / max(total, 1) for end in accumulate(map(len, pieces), initial=0)))


def _measured(
    text: str, pieces: Sequence[str], spoken: Sequence[tuple[float, float]], length_s: float
) -> list[tuple[float, float]]:
    """Return when the first and the last character of each piece are spoken; nothing where that cannot be told."""
    marks = [len(mark) for mark in _MARK.findall(text)]
    if sum(marks) != len(spoken):
        return []
    firsts = list(accumulate(marks, initial=0))
    at = accumulate((sum(not one.isspace() for one in piece) for piece in pieces), initial=0)
    found, before = list[tuple[float, float]](), 0.0
    for first, behind in pairwise(at):
        begins = min(max(spoken[firsts[first]][0], before), length_s)
        before = min(max(spoken[firsts[behind] - 1][1], begins), length_s)
        found.append((begins, before))
    return found if all(end - begin > _SHORTEST_S for begin, end in found) else []


def _sentences(text: str) -> list[str]:
    """Return the sentences; what would end a cue in the file format is replaced."""
    flat = " ".join(text.replace(_ARROW, "\N{RIGHTWARDS ARROW}").split())
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
