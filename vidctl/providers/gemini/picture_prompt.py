"""The words with which a picture is asked for: what it shows, and how it has to be made to be of use."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from vidctl.domain.storyboard import AssetKind
from vidctl.providers.untrusted import short, whole

_CUT_OUT: Final = (
    "It is cut out of the picture afterwards, so it must stand alone in front of one plain, even, light grey "
    "background of a single colour that reaches all four edges of the picture. No shadow on the background, no "
    "floor line, no frame, no border, no scenery, no other objects."
)
_NO_TEXT: Final = "No text, no letters, no numbers, no watermark, no logo anywhere in the picture."

_PLACE: Final = (
    "It is a stage on which figures are set afterwards: nobody and no animal is in it, and the ground in the lower "
    "third is open and can be stood on. No frame, no border, no split screen."
)
_FIGURE: Final = (
    "Draw one character. All of it is seen, from the top of the head to the soles of the feet, with a little room on "
    "every side; nothing touches or leaves the edge. Seen at eye level, in even light, with a clear outline."
)
_THING: Final = (
    "Draw one object. All of it is seen, with a little room on every side; nothing touches or leaves the edge. "
    "Nobody holds it. In even light, with a clear outline."
)
_MADE: Final[Mapping[AssetKind, tuple[str, str]]] = {
    AssetKind.ENVIRONMENT: ("Draw a place: a wide view that fills the whole frame from edge to edge.", _PLACE),
    AssetKind.CHARACTER: (_FIGURE, _CUT_OUT),
    AssetKind.PROP: (_THING, _CUT_OUT),
}
ASPECT_OF: Final[Mapping[AssetKind, str]] = {
    AssetKind.ENVIRONMENT: "16:9",
    AssetKind.CHARACTER: "2:3",
    AssetKind.PROP: "1:1",
}
"""What suits a frame, a figure from head to feet, and a single object."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one picture of a storyboard shows. `references` is how many pictures of the same are sent with it."""

    name: str
    kind: AssetKind
    prompt: str
    style: str = ""
    take: int = 1
    note: str = ""
    references: int = 0

    @property
    def about(self) -> str:
        """How people call it."""
        return f'image {whole(self.name)} ("{short(self.prompt, 100)}")'


def words(wanted: Wanted) -> str:
    """Return the prompt of one picture."""
    return whole("\n\n".join(_paragraphs(wanted)))


def _paragraphs(wanted: Wanted) -> Iterator[str]:
    how, rules = _MADE[wanted.kind]
    yield how
    yield f"What it shows: {wanted.prompt.strip()}"
    if wanted.style.strip():
        yield f"Style, the same in all pictures of the film: {wanted.style.strip()}"
    if wanted.references:
        yield _same(wanted)
    if wanted.note.strip():
        yield f"An earlier version was rejected. What has to be different this time: {wanted.note.strip()}"
    elif wanted.take > 1:
        yield f"This is version {wanted.take}: choose another pose, angle or composition than the obvious one."
    yield rules
    yield _NO_TEXT


def _same(wanted: Wanted) -> str:
    thing = {AssetKind.ENVIRONMENT: "place", AssetKind.CHARACTER: "character", AssetKind.PROP: "object"}[wanted.kind]
    return (
        f"The pictures sent with this show the same {thing}: keep its face, shape, colours, clothes and materials "
        "exactly as they are there. Change only what is described above."
    )
