"""Which of a film's pictures makes the best thumbnail, and which part of it: a score with its reasons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image

from vidctl.media.thumbnail.framing import Frame, framed
from vidctl.media.thumbnail.looks import Look, alike, look_at
from vidctl.media.thumbnail.spots import Spot

WEIGHTS: Final = {"sharpness": 0.05, "contrast": 0.15, "colour": 0.15, "light": 0.15, "whole": 0.1, "framing": 0.4}
"""How much each measure counts; in all 1."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One picture, by its number from 1: the part to show, and where on it the words stand, if there are any."""

    number: int
    look: Look
    spot: Spot | None
    frame: Frame

    @property
    def reasons(self) -> dict[str, float]:
        """What speaks for it: 0 to 1 each."""
        framing = max(0.0, min(1.0, self.frame.score))
        return {name: round(framing if name == "framing" else getattr(self.look, name), 3) for name in WEIGHTS}

    @property
    def score(self) -> float:
        """How good it is, 0 to 1; what is black or white is worth nothing."""
        weighed = sum(WEIGHTS[name] * value for name, value in self.reasons.items())
        return round(weighed if self.look.light else weighed / 10, 4)


def candidate(number: int, picture: Image.Image, spots: Sequence[Spot]) -> Candidate:
    """Return the best use of one picture, with the words in one of the spots; with none where there is no spot."""
    look = look_at(picture)
    if not spots:
        return Candidate(number, look, None, framed(look.eye, None))
    frames = [(spot, framed(look.eye, spot.covers)) for spot in spots]
    spot, frame = max(frames, key=lambda found: found[1].score)
    return Candidate(number, look, spot, frame)


def ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return pictures, the best first; of those that show much the same only the best."""
    chosen: list[Candidate] = []
    for one in sorted(candidates, key=lambda each: (-each.score, each.number)):
        if not any(alike(one.look.small, other.look.small) for other in chosen):
            chosen.append(one)
    return chosen
