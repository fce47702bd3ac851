"""Choose a film's best picture, cut it, and set words on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PIL import Image

from vidctl.domain.layout import THUMBNAIL_SIZE
from vidctl.errors import BadInput
from vidctl.media import images
from vidctl.media.thumbnail import paint
from vidctl.media.thumbnail.asked import Asked
from vidctl.media.thumbnail.choice import Candidate, candidate, ranked
from vidctl.media.thumbnail.face import legible
from vidctl.media.thumbnail.framing import Part
from vidctl.media.thumbnail.spots import Spot, spots
from vidctl.media.thumbnail.style import HIGH, WIDE, Place, Style

_SIZE: Final = (WIDE // 2, HIGH // 2)
"""In which pictures are looked at."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """The picture, what is worth keeping of how it came to be, and what a person should be told."""

    image: Image.Image
    facts: dict[str, Any]
    warnings: tuple[str, ...]


def thumbnail(pictures: Sequence[Path], text: str, style: Style, asked: Asked) -> Thumbnail:
    """Return the thumbnail of a film.

    Raises:
        BadInput: none of its pictures can be opened, or the one that was asked for is none of them.
    """
    words, warnings = _words(asked.words or text, style)
    found, broken = _candidates(pictures, spots(words, style.place) if words else [])
    best = _chosen(found, asked, pictures)
    image = paint.vivid(_cut(images.opened(pictures[best.number - 1]), best.frame.part))
    if best.spot is not None:
        image = paint.lettered(image, best.spot, style)
    return Thumbnail(image, _facts(best, pictures), (*warnings, *broken))


def _words(text: str, style: Style) -> tuple[str, tuple[str, ...]]:
    if style.place is Place.NONE or not text.strip():
        return "", ()
    words = legible(text)
    if words is None:
        return "", (f"the typeface of thumbnails cannot write {text[:60]!r}: this one has no words",)
    return words, ()


def _candidates(pictures: Sequence[Path], places: Sequence[Spot]) -> tuple[list[Candidate], list[str]]:
    found, broken = [], []
    for number, path in enumerate(pictures, 1):
        try:
            picture = images.opened(path, longest=max(_SIZE))
        except BadInput as exc:
            broken.append(f"it was passed over: {exc}")
        else:
            found.append(candidate(number, images.cover(picture.convert("RGB"), _SIZE), places))
    if not found:
        raise BadInput(f"none of the {len(pictures)} pictures can be opened: {broken[0]}", hint="make them again")
    return found, broken


def _chosen(found: Sequence[Candidate], asked: Asked, pictures: Sequence[Path]) -> Candidate:
    """Return the picture that was asked for; else the best, and after each rejection the next one."""
    if asked.picture is not None:
        for one in found:
            if one.number == asked.picture:
                return one
        raise BadInput(
            f"there is no picture {asked.picture} that can be used", hint=f"name one of 1 to {len(pictures)}"
        )
    best = ranked(found)
    return best[(asked.take - 1) % len(best)]


def _cut(picture: Image.Image, part: Part) -> Image.Image:
    whole = images.cover(picture.convert("RGB"), _sixteen_to_nine(picture))
    box = (part[0] * whole.width, part[1] * whole.height, part[2] * whole.width, part[3] * whole.height)
    return whole.resize(THUMBNAIL_SIZE, Image.Resampling.LANCZOS, box=box)


def _sixteen_to_nine(picture: Image.Image) -> tuple[int, int]:
    wide = min(picture.width, picture.height * 16 // 9)
    return wide, round(wide * 9 / 16)


def _facts(best: Candidate, pictures: Sequence[Path]) -> dict[str, Any]:
    chosen = {"picture": best.number, "file": pictures[best.number - 1].name, "score": best.score}
    if best.spot is None:
        return {**chosen, "reasons": best.reasons, "words": ""}
    return {**chosen, "reasons": best.reasons, "place": best.spot.place.value, "words": best.spot.block.text}
