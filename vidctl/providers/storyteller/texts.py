"""Texts of a model made fit for a storyboard: on one line, printable, and not too long."""

import unicodedata
from typing import Final

_UNSEEN: Final = frozenset({"Cc", "Cs", "Co", "Cn"})


def line(value: object, longest: int) -> str:
    """Return a text on one line, cut after a word where it is too long; an empty one for anything but a text."""
    if not isinstance(value, str):
        return ""
    seen = (" " if unicodedata.category(one) in _UNSEEN else one for one in unicodedata.normalize("NFC", value))
    text = " ".join("".join(seen).split())
    if len(text) <= longest:
        return text
    return text[:longest].rpartition(" ")[0].rstrip(",;:– ") or text[:longest]
