"""The chapters of a film on YouTube, from when its scenes begin. Pure.

YouTube shows chapters where a description lists at least three moments in ascending order, the first of them 00:00,
each chapter at least ten seconds long. Where that cannot be, there are none.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from vidctl.domain.cutting import cut, one_line
from vidctl.domain.storyboard import Scene

FEWEST: Final = 3
SHORTEST_S: Final = 10
LONGEST_TITLE: Final = 60
_SHORT_SENTENCE: Final = 15
"""Shorter than that, a first sentence ("1698.") says too little by itself."""
_SENTENCE_END: Final = re.compile(r"[.!?…][\"'”’»)]*(?=\s|\Z)|[。！？।۔؟]")
_HOUR_S: Final = 3_600
_LONGEST_S: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter: when it begins, in whole seconds of the film, and what it is called."""

    starts_s: int
    title: str

    def __str__(self) -> str:
        """Return its line in a description: "02:05 The last caravan"."""
        minutes, seconds = divmod(self.starts_s, 60)
        if self.starts_s >= _HOUR_S:
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02} {self.title}"
        return f"{minutes:02}:{seconds:02} {self.title}"


def of(scenes: Sequence[Scene], film: Mapping[str, Any]) -> tuple[Chapter, ...]:
    """Return a film's chapters; none where there cannot be three, or nobody measured where its scenes begin.

    `film` is what `assemble_video.py` said of it: `scene_starts_s` of each and `duration_s`. A channel's own program
    may have said anything.
    """
    times = _whole_seconds(film, len(scenes))
    if times is None:
        return ()
    spoken = [Chapter(at, named) for at, scene in zip(times, scenes, strict=False) if (named := title(scene.narration))]
    kept = _long_enough(spoken, times[-1])
    return tuple(kept) if len(kept) >= FEWEST else ()


def title(narration: str) -> str:
    """Return what a scene is called, by the first words that are spoken in it; "" where nothing is said."""
    text = one_line(narration)
    if not any(map(str.isalnum, text)):
        return ""
    ends = (stop.end() for stop in _SENTENCE_END.finditer(text))
    sentence = text[: next((end for end in ends if end >= _SHORT_SENTENCE), len(text))]
    return cut(sentence, LONGEST_TITLE).rstrip(".。।۔")


def fewer(chapters: Sequence[Chapter]) -> tuple[Chapter, ...]:
    """Return every other chapter, the first one among them; all of them where too few would be left."""
    half = tuple(chapters[::2])
    return half if len(half) >= FEWEST else tuple(chapters)


def _whole_seconds(film: Mapping[str, Any], scenes: int) -> list[int] | None:
    """Return when each scene begins, and last when the film ends; None where that makes no sense."""
    starts, length = film.get("scene_starts_s"), film.get("duration_s")
    if not isinstance(starts, list) or len(starts) != scenes or not scenes:
        return None
    times = [*starts, length]
    if not all(isinstance(each, int | float) and 0 <= each <= _LONGEST_S for each in times):
        return None
    return [math.floor(each) for each in times] if times == sorted(times) else None


def _long_enough(spoken: Sequence[Chapter], ends_s: int) -> list[Chapter]:
    """Return the chapters that last: a short one is part of the one before, unless the film begins with it."""
    kept: list[Chapter] = []
    following = [*(each.starts_s for each in spoken[1:]), ends_s]
    for chapter, until in zip(spoken, following, strict=False):
        if not kept:
            kept.append(Chapter(0, chapter.title))
        elif chapter.starts_s - kept[-1].starts_s >= SHORTEST_S:
            kept.append(chapter)
        elif len(kept) > 1 and until - chapter.starts_s >= SHORTEST_S:
            kept[-1] = chapter  # the short one before it joins what came before
    if len(kept) > 1 and ends_s - kept[-1].starts_s < SHORTEST_S:
        kept.pop()
    return kept
