"""What the service says of when each character is spoken, made fit to lie beside the recording."""

from collections.abc import Mapping
from hashlib import sha256
from math import isfinite
from typing import Any, Final

_STARTS, _ENDS = "character_start_times_seconds", "character_end_times_seconds"
_LATEST_S: Final = 1e5


def timing(answer: Mapping[str, Any], audio: bytes) -> dict[str, Any] | None:
    """Return the document that goes with a recording; None where the answer has no timing that could be used.

    `characters`, `starts_s` and `ends_s` are of one length; `sha256` is of the recording that they are true of.
    The timing of the text as it was sent is preferred to that of what the service made of it.
    """
    for name in ("alignment", "normalized_alignment"):
        if (found := _lists(answer.get(name))) is not None:
            characters, starts_s, ends_s = found
            return {
                "sha256": sha256(audio).hexdigest(),
                "characters": characters,
                "starts_s": starts_s,
                "ends_s": ends_s,
            }
    return None


def _lists(alignment: object) -> tuple[list[str], list[float], list[float]] | None:
    if not isinstance(alignment, dict):
        return None
    characters, starts_s, ends_s = (alignment.get(name) for name in ("characters", _STARTS, _ENDS))
    if not (isinstance(characters, list) and isinstance(starts_s, list) and isinstance(ends_s, list)):
        return None
    if not characters or not len(characters) == len(starts_s) == len(ends_s):
        return None
    if not all(isinstance(one, str) for one in characters) or not all(map(_is_time, (*starts_s, *ends_s))):
        return None
    return characters, starts_s, ends_s


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LATEST_S and isfinite(value)
