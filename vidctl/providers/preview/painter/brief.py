"""What is asked for: the words of one image, and the randomness that belongs to them."""

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from vidctl.domain.storyboard import AssetKind

_IRREGULAR: Final = {
    "children": "child",
    "people": "person",
    "geese": "goose",
    "leaves": "leaf",
    "wolves": "wolf",
    "knives": "knife",
    "shelves": "shelf",
    "mice": "mouse",
    "oxen": "ox",
    "glasses": "glasses",
    "glass": "glass",
    "compass": "compass",
    "canvas": "canvas",
}
_ENDINGS: Final = (
    (re.compile(r"men$"), "man"),
    (re.compile(r"ies$"), "y"),
    (re.compile(r"(ch|sh|x|ss)es$"), r"\1"),
    (re.compile(r"([^su])s$"), r"\1"),
)
# A thing is named before the first of these: "a lantern ON a boat" is a lantern.
_BREAK: Final = re.compile(
    r"[.,;:!?()\n]+|\b(?:with|on|in|of|at|under|beside|near|by|for|against|over|above|below|behind|from|to|into|"
    r"that|which|who|holding|carrying|wearing|standing|sitting|walking|and|as|during|around|through|across)\b"
)
MIN_STEM: Final = 4
"""A word shorter than this keeps its s: "gas", "bus"."""


@dataclass(frozen=True)
class Brief:
    """One image that is wanted; `note` is what a person asked for when rejecting take `take - 1`."""

    name: str
    kind: AssetKind
    prompt: str
    style: str
    take: int = 1
    note: str = ""

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the note, the name and the prompt, as it stands and in its singular."""
        return frozenset(_words(f"{self.note} {self.name} {self.prompt}"))

    @cached_property
    def plurals(self) -> frozenset[str]:
        """The words (in their singular) that were written in the plural."""
        raw = re.findall(r"[a-z]+", f"{self.name} {self.prompt}".lower().replace("_", " "))
        return frozenset(_stem(word) for word in raw if _stem(word) != word)

    @cached_property
    def nouns(self) -> tuple[str, ...]:
        """Words in the order in which they are likely to name the thing itself, likeliest first.

        The last word of the name is what the thing is ("ship_clock" is a clock); so is the last word of
        each phrase of the prompt.
        """
        name = reversed(_words(self.name))
        phrases = (_words(phrase) for phrase in _BREAK.split(self.prompt.lower()))
        return tuple(dict.fromkeys([*name, *(word for phrase in phrases for word in reversed(phrase))]))

    def says(self, *words: str) -> bool:
        """Return whether any of these words (in the singular) occurs."""
        return not self.words.isdisjoint(words)

    def first(self, known: Collection[str]) -> str | None:
        """Return the known word that most likely names the thing, or None."""
        return next((word for word in self.nouns if word in known), None)

    def rng(self, purpose: str) -> np.random.Generator:
        """Return the randomness for one purpose: independent of what other purposes draw."""
        return _generator([purpose, self.name, self.kind, self.prompt, self.style, str(self.take), self.note])

    def film_rng(self) -> np.random.Generator:
        """Return the randomness that all images of a film share."""
        return _generator(["film", self.style])


def _generator(parts: Iterable[str]) -> np.random.Generator:
    # A length before each part: ("ab", "c") must not be ("a", "bc"). Lone surrogates come from broken locales.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def _words(text: str) -> list[str]:
    """Return each word in its singular, followed by itself if that differs ("oasis" is no plural)."""
    found = re.findall(r"[a-z]+", text.lower().replace("_", " ").replace("'s", ""))
    return [form for word in found for form in dict.fromkeys((_stem(word), word))]


def _stem(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < MIN_STEM:
        return word
    for ending, singular in _ENDINGS:
        if ending.search(word):
            return ending.sub(singular, word)
    return word
