"""Takes: every version of an item that was made, and how people name one of them.

    clip 3 take 1
    image 2 take 1; narration 4 take 2
    film take 1

A take is named with its number: which one was better is nothing to guess at.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from vidctl.domain.review import KINDS
from vidctl.domain.work import Artifact, Kind, Made
from vidctl.errors import BadInput

KEPT: Final = (Kind.STORYBOARD, Kind.IMAGE, Kind.CLIP, Kind.NARRATION, Kind.SFX, Kind.FILM, Kind.THUMBNAIL)
"""Whose takes are kept: what was paid for, what a person wrote, and the film and the thumbnail that a person looked at.

Not composites, sheets and strips: they follow from these, cost nothing, and are made again in a moment.
Nor receipts: what was handed to the public stays there, whatever file we would bring back.
"""

_SINGLE: Final = {"storyboard": Kind.STORYBOARD, "film": Kind.FILM, "thumbnail": Kind.THUMBNAIL}
_CHOICE: Final = re.compile(
    rf"""(?:(?P<single>{"|".join(_SINGLE)})|(?P<kind>{"|".join(KINDS)})\s+\#?(?P<index>\d{{1,6}}))
    \s*[:,]?\s*take\s+\#?(?P<number>\d{{1,6}})""",
    re.IGNORECASE | re.VERBOSE,
)
_HOW: Final = "write it like: clip 3 take 1; film take 2"


@dataclass(frozen=True, slots=True)
class Take:
    """One version of an item, as it was recorded."""

    artifact: Artifact
    number: int
    """From 1, in the order in which they were made."""
    place: str
    """Where its file lies while it is in use, relative to the film's folder."""
    path: str
    """Where its file is kept when it is not."""
    sha256: str
    size_bytes: int
    modified_ns: int
    prompt: str
    note: str
    cost_usd: Decimal
    facts: Mapping[str, Any]
    made_at: datetime
    replaced_at: datetime | None
    """None: it is the one in use."""

    def __str__(self) -> str:
        """Return how people call it."""
        return f"{self.artifact} take {self.number}"

    @property
    def in_use(self) -> bool:
        """Whether the film is made with it now."""
        return self.replaced_at is None

    @property
    def file(self) -> Made:
        """Its file while it is in use; what it was made for does not matter any more."""
        return Made(self.artifact, self.place, self.sha256, self.size_bytes, "")


def choices(text: str) -> dict[Artifact, int]:
    """Return the take that is named of each item, in the order in which they are named.

    Raises:
        BadInput: a part of the text names no take, an item has none, or it is named with two of them.
    """
    chosen: dict[Artifact, int] = {}
    for part in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
        artifact, number = _choice(part)
        if chosen.setdefault(artifact, number) != number:
            raise BadInput(f"two takes of {artifact} are named", hint="only one of them can be in use: name that")
    if not chosen:
        raise BadInput("no take is named", hint=_HOW)
    return chosen


def _choice(part: str) -> tuple[Artifact, int]:
    match = _CHOICE.fullmatch(part)
    if match is None:
        raise BadInput(f"{part[:80]!r} names no take of an item", hint=_HOW)
    single = match["single"]
    kind = _SINGLE[single.lower()] if single else KINDS[match["kind"].lower()]
    if kind not in KEPT:
        raise BadInput(
            f"takes of a {kind} are not kept: it follows from its images", hint="bring those back: image 2 take 1"
        )
    return Artifact(kind, int(match["index"] or 1)), int(match["number"])
