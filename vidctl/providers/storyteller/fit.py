"""How much can be said in a scene, and what is left of a narration that is too long for it."""

import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

TAIL_S: Final = 0.6
"""What a film leaves between the last word of a scene and its end."""
WORDS_PER_MINUTE: Final = 150.0
FEWEST_WORDS: Final = 4
"""In less than that nothing can be told."""

ASKED: Final = 0.9
"""A model that is told a limit is sometimes a word or two above it: it is told of this share of what fits."""
LONG: Final = 7.0
"""Characters of a word, its space among them: where words are longer on average, each counts for more than one."""
WIDE: Final = 0.6
"""What a Chinese, Japanese or Korean character counts: languages that write no spaces."""
_DIGIT: Final = 0.5
""""1698" is said as three words."""
_KEPT: Final = 0.4
"""A narration that loses more than the rest of this tells something else than it did."""
_STOP: Final = re.compile(r"(?:[.!?…][\"'”’»)]*(?=\s)|[。！？।۔؟])")
_ABBREVIATION: Final = re.compile(
    r"(?:^|[\s(])(?:\w|mr|mrs|ms|dr|st|no|vs|prof|gen|col|capt|lt|sgt|jr|sr|ca|fig|approx|e\.g|i\.e)\.$", re.IGNORECASE
)


def words_in(clip_seconds: float, words_per_minute: float) -> int:
    """Return how many words fit a clip, at a speaking rate, with the silence at its end taken off."""
    return math.floor(max(0.0, clip_seconds - TAIL_S) * words_per_minute / 60)


def words_asked(words: int) -> int:
    """Return how many words the model is told to keep to, where so many fit."""
    return max(FEWEST_WORDS, math.floor(words * ASKED))


def spoken_words(text: str) -> float:
    """Return how long a text is to speak, in English words of usual length."""
    wide = sum(unicodedata.east_asian_width(one) in "WF" for one in text)
    rest = "".join(one for one in text if unicodedata.east_asian_width(one) not in "WF")
    digits = sum(one.isdigit() for one in rest)
    return max(len(rest.split()), len(rest.strip()) / LONG) + wide * WIDE + digits * _DIGIT


def fitted(text: str, words: int) -> str | None:
    """Return a narration that fits `words`, cut at the end of a sentence if it has to be; None if it cannot be."""
    whole = spoken_words(text)
    if whole <= words:
        return text
    shorter = (text[:end] for end in _ends(text))
    best = max((one for one in shorter if spoken_words(one) <= words), key=len, default="")
    return best if best and spoken_words(best) >= _KEPT * whole else None


def _ends(text: str) -> Iterator[int]:
    for stop in _STOP.finditer(text):
        if not _ABBREVIATION.search(text[: stop.end()]):
            yield stop.end()
