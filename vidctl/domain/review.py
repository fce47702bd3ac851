"""Reading what a person wrote when rejecting: which items, and what should be different.

    clip 3: slower pan
    clips 7-9, 12
    redo narration 2: calmer; image 4

Only items named at the start of a line (or after a semicolon) are thrown away: remaking costs
money, so it takes a clear word.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vidctl.domain.work import Artifact, Kind
from vidctl.errors import BadInput

KINDS: Final = {
    "image": Kind.IMAGE,
    "asset": Kind.IMAGE,
    "picture": Kind.IMAGE,
    "composite": Kind.COMPOSITE,
    "clip": Kind.CLIP,
    "video": Kind.CLIP,
    "narration": Kind.NARRATION,
    "voice": Kind.NARRATION,
    "sfx": Kind.SFX,
    "sound": Kind.SFX,
    "effect": Kind.SFX,
}
"""What people call the items of which a film has several."""
_NUMBERS: Final = r"\#?\d+(?:\s*(?:-|–|to)\s*\#?\d+)?"
_ITEM: Final = re.compile(
    rf"""^\s*(?:[-*•]\s*)?(?:(?:please\s+)?(?:redo|remake|reject|fix)\s+)?
    (?P<kind>{"|".join(KINDS)})s?\s+
    (?P<numbers>{_NUMBERS}(?:\s*(?:,|and|&)\s*{_NUMBERS})*)
    \s*(?:[:–—-]\s*(?P<note>.*))?$""",
    re.IGNORECASE | re.VERBOSE,
)
_RANGE: Final = re.compile(r"#?(\d+)(?:\s*(?:-|–|to)\s*#?(\d+))?")
_MAX_NUMBER: Final = 10_000


EDITED: Final = "storyboard edited"
"""The reason under which an edit at a gate sends a film back: it rejects nothing but what it changes."""

BROUGHT_BACK: Final = "an older take brought back"
"""As with an edit: nothing is rejected but what it takes the place of."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """One item that has to be made again, and what should be different."""

    artifact: Artifact
    note: str


def rejections(notes: str) -> list[Rejection]:
    """Return the items that the notes name, each once, in the order they are named.

    Raises:
        BadInput: a range runs backwards or to no sensible number.
    """
    named: dict[Artifact, str] = {}
    for part in re.split(r"[\n;]", notes):
        if match := _ITEM.match(part.strip()):
            note = (match["note"] or "").strip()
            for number in _numbers(match["numbers"]):
                artifact = Artifact(KINDS[match["kind"].lower()], number)
                named[artifact] = "; ".join(filter(None, [named.get(artifact, ""), note]))
    return [Rejection(artifact, note) for artifact, note in named.items()]


def _numbers(text: str) -> Iterator[int]:
    for first_text, last_text in _RANGE.findall(text):
        first, last = int(first_text[:6]), int((last_text or first_text)[:6])
        if not 1 <= first <= last <= _MAX_NUMBER:
            said = f"{first_text}-{last_text} is no range" if last_text else f"{first_text} is no number"
            raise BadInput(f"{said} of items", hint="write it like: clip 3, or clips 7-9")
        yield from range(first, last + 1)
