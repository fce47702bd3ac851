"""Whether a film was there before: the same file, or nearly the same words or pictures. Pure.

Words are compared by a sketch of fixed size, pictures by hashes that differ in few bits where pictures are alike.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

SKETCH: Final = 128
"""Values that are kept of a film's words: what two films share is estimated to within about a tenth."""
NEAR_BITS: Final = 10
"""Bits of 64 in which two hashes of what people take for the same picture differ at most."""

_IN_A_ROW: Final = 3
_WITHOUT_SPACES: Final = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD: Final = re.compile(rf"[{_WITHOUT_SPACES}]|[^\W{_WITHOUT_SPACES}]+")
"""A word; each character where a language writes no spaces, such as Chinese."""
_BITS: Final = 64
_BITS_OF_BLANK: Final = 2
_SHIFT: Final = 0.06
"""How far from its place a picture is looked for, as a share of the film: another intro moves all of them."""

_FEWEST_SHINGLES: Final = 20
_FEWEST_PICTURES: Final = 6
_SPOKEN_ALIKE: Final = 0.4
_SPOKEN_SAME: Final = 0.6
"""About what is left where one word in twelve was replaced by another."""
_FRAMES_ALIKE: Final = 0.5
_FRAMES_SAME: Final = 0.85


@dataclass(frozen=True, slots=True)
class Film:
    """What a film is compared by: its bytes, hashes of evenly spaced frames, and the `signature` of its words."""

    sha256: str
    frames: Sequence[int] = ()
    spoken: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Like:
    """Which of the others a film is like: the same file, or how much of its words and pictures are shared, of 1."""

    index: int
    same: bool
    spoken: float = 0.0
    frames: float = 0.0

    @property
    def sentence(self) -> str:
        """How it is alike, for people; what counted for nothing is not named."""
        if self.same:
            return "the same file"
        shares = (("words", self.spoken), ("pictures", self.frames))
        return " and ".join(f"{share:.0%} of its {name}" for name, share in shares if share)


def signature(texts: Iterable[str]) -> tuple[int, ...]:
    """Return the sketch of a film's words: the smallest hashes of all threes of words that follow each other.

    The same on every machine and in every version: it is kept, and compared years later. The order of the texts does
    not count, and a film without words has an empty one.
    """
    return tuple(sorted({_hash(shingle) for text in texts for shingle in _shingles(text)})[:SKETCH])


def spoken_alike(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the share of threes of words that two films have in common, from 0 to 1; 0 where one has no words."""
    mine, theirs = set(one), set(other)
    both = mine & theirs
    if not both:
        return 0.0
    smallest = sorted(mine | theirs)[:SKETCH]
    return len(both.intersection(smallest)) / len(smallest)


def frames_alike(one: Sequence[int], other: Sequence[int], *, at_least: float = 0.0) -> float:
    """Return the share of frames that are also in the other film, near the same place, from 0 to 1.

    Of the two films' shares the smaller one; frames that show nothing count in neither. What is below `at_least` is
    0, and quickly known.
    """
    share = _share(one, other, at_least)
    return min(share, _share(other, one, at_least)) if share else 0.0


def verdict(film: Film, others: Sequence[Film]) -> Like | None:
    """Return the other film that this one is most like; None if it is not like any.

    Both words and pictures are alike, or one of them nearly the same. Few words or few different pictures say nothing.
    """
    for index, other in enumerate(others):
        if other.sha256 == film.sha256:
            return Like(index, same=True)
    likes = filter(None, (_like(index, film, other) for index, other in enumerate(others)))
    return max(likes, key=lambda like: like.spoken + like.frames, default=None)


def _like(index: int, film: Film, other: Film) -> Like | None:
    spoken = spoken_alike(film.spoken, other.spoken) if _say_enough(film, other) else 0.0
    needed = _FRAMES_ALIKE if spoken >= _SPOKEN_ALIKE else _FRAMES_SAME
    frames = frames_alike(film.frames, other.frames, at_least=needed)
    if frames and not (_shows_enough(film) and _shows_enough(other)):
        frames = 0.0
    return Like(index, same=False, spoken=spoken, frames=frames) if frames or spoken >= _SPOKEN_SAME else None


def _say_enough(film: Film, other: Film) -> bool:
    return min(len(film.spoken), len(other.spoken)) >= _FEWEST_SHINGLES


def _shows_enough(film: Film) -> bool:
    different: list[int] = []
    for frame in filter(_shows_something, film.frames):
        if not any(_is_near(frame, seen) for seen in different):
            different.append(frame)
        if len(different) == _FEWEST_PICTURES:
            return True
    return False


def _shingles(text: str) -> Iterator[str]:
    words = _WORD.findall(text.casefold())
    for at in range(max(1, len(words) - _IN_A_ROW + 1) if words else 0):
        yield " ".join(words[at : at + _IN_A_ROW])


def _hash(shingle: str) -> int:
    return int.from_bytes(hashlib.blake2b(shingle.encode(errors="replace"), digest_size=4).digest())


def _share(one: Sequence[int], other: Sequence[int], at_least: float) -> float:
    """Return the share of one film's frames that are in the other; 0 where it is below `at_least`."""
    shown = [(at, frame) for at, frame in enumerate(one) if _shows_something(frame)]
    if not shown or not other:
        return 0.0
    scale, reach = len(other) / len(one), max(1.0, _SHIFT * len(other))
    may_miss, missed = len(shown) * (1 - at_least), 0
    for at, frame in shown:
        place = (at + 0.5) * scale - 0.5
        around = other[max(0, round(place - reach)) : round(place + reach) + 1]
        if not any((frame ^ each).bit_count() <= NEAR_BITS for each in around):
            missed += 1
            if missed > may_miss:
                return 0.0
    return 1 - missed / len(shown)


def _shows_something(frame: int) -> bool:
    """Tell a frame from one of a single colour, whose hash has all bits alike."""
    return _BITS_OF_BLANK < frame.bit_count() < _BITS - _BITS_OF_BLANK


def _is_near(one: int, other: int) -> bool:
    return (one ^ other).bit_count() <= NEAR_BITS
