"""When each character of a narration is spoken, where whoever spoke it left that beside the recording.

`narration_01.mp3` has its timing in `narration_01.alignment.json`: `characters`, `starts_s` and `ends_s`, lists of
one length, and the `sha256` of the recording, for a later take may have come without a timing of its own. What is
damaged or of something else is passed over without a word: subtitles do without it.
"""

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct

MAX_BYTES: Final = 5_000_000
ENDING: Final = ".alignment.json"

Times: TypeAlias = Sequence[tuple[float, float]]
"""Seconds into the recording at which the characters begin and end, blanks left out."""


class Alignment(Struct, frozen=True):
    """The document."""

    sha256: str
    characters: tuple[str, ...]
    starts_s: tuple[float, ...]
    ends_s: tuple[float, ...]


def times_beside(narration: Path, text: str) -> Times | None:
    """Return when each character of the text is spoken that is no blank; None where that is not known."""
    file = narration.with_name(narration.stem + ENDING)
    try:
        if file.stat().st_size > MAX_BYTES:
            return None
        return times(file.read_bytes(), text, hashlib.sha256(narration.read_bytes()).hexdigest())
    except OSError:
        return None


def times(document: bytes, text: str, sha256: str) -> Times | None:
    """Return what a document says of a text, if it is of this text and this recording and can be true."""
    try:
        found = msgspec.json.decode(document, type=Alignment)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not len(found.characters) == len(found.starts_s) == len(found.ends_s) or found.sha256 != sha256:
        return None
    said = zip(found.characters, found.starts_s, found.ends_s, strict=True)
    spoken = [(one, start, end) for characters, start, end in said for one in characters if not one.isspace()]
    if [one for one, _, _ in spoken] != [one for one in text if not one.isspace()]:
        return None
    spans = [(start, end) for _, start, end in spoken]
    return spans if _go_forward(spans) else None


def _go_forward(spans: Times) -> bool:
    starts = [start for start, _ in spans]
    return all(0 <= start <= end for start, end in spans) and all(one <= two for one, two in pairwise(starts))
