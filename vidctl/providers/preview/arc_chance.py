"""Choices that look free and are the same every time: made from what they are about, not from a clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Chance:
    """A source of choices. Each is named, so that one more choice somewhere changes no other."""

    seed: str

    def number(self, *about: object) -> int:
        """Return a large number that depends on the seed and on what the choice is about."""
        return int.from_bytes(sha256(repr((self.seed, *about)).encode("utf-8", "backslashreplace")).digest()[:8], "big")

    def pick(self, options: Sequence[T], *about: object) -> T:
        """Return one of the options."""
        return options[self.number(*about) % len(options)]

    def shuffled(self, options: Iterable[T], *about: object) -> list[T]:
        """Return the options in another order."""
        return [option for _, option in sorted(enumerate(options), key=lambda pair: self.number(pair[0], *about))]
