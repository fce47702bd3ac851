"""Texts made fit for YouTube: cleaned of what it refuses, measured as it counts, cut where no reader minds. Pure."""

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from vidctl.domain.graphemes import tears

Size: TypeAlias = Callable[[str], int]

MORE: Final = "…"
"""What a text that was cut ends in."""

_ANGLES: Final = str.maketrans("<>", "‹›")
_LINE_END: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNSEEN: Final = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
"""Control characters, what turns a text's direction round, and what is no character at all."""
_DANGLING: Final = " \t\n\u00a0,;:.–—-/|&+([{«“‹„‘¿¡#"
"""What no text should end in before its `MORE`."""


def utf16_units(text: str) -> int:
    """Return how long YouTube's own pages find a text: most characters count for one, an emoji for two or more."""
    return len(text) + sum(character > "\uffff" for character in text)


def utf8_bytes(text: str) -> int:
    """Return how many bytes a text has where it is sent."""
    return len(text.encode())


def has_angles(text: str) -> bool:
    """Say whether a text holds `<` or `>`, which YouTube takes nowhere."""
    return "<" in text or ">" in text


def one_line(text: str) -> str:
    """Return a text that YouTube takes, on one line."""
    return " ".join(paragraphs(text).split())


def paragraphs(text: str) -> str:
    """Return a text that YouTube takes, with at most one blank line at a time, and none around it."""
    clean = _UNSEEN.sub("", _LINE_END.sub("\n", text)).translate(_ANGLES)
    lines = "\n".join(line.rstrip() for line in clean.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def is_seen(text: str) -> bool:
    """Say whether a text leaves ink anywhere."""
    return any(character.isprintable() and not character.isspace() for character in text)


def cut(text: str, limit: int, size: Size = utf16_units) -> str:
    """Return a text of at most `limit`, cut after a word and marked so where it is longer; "" if no word fits.

    Where words are long, or none are told apart as in Japanese, it is cut between what is read as two characters.
    """
    if size(text) <= limit:
        return text
    kept = text[: _word_end(text, _fitting(text, limit - size(MORE), size))].rstrip(_DANGLING)
    kept = text[: _back_to_whole(text, len(kept))]
    return kept + MORE if is_seen(kept) else ""


def _fitting(text: str, limit: int, size: Size) -> int:
    """Return how many characters of a text fit."""
    used = 0
    for at, character in enumerate(text):
        used += size(character)
        if used > limit:
            return at
    return len(text)


def _back_to_whole(text: str, at: int) -> int:
    while tears(text, at):
        at -= 1
    return at


def _word_end(text: str, end: int) -> int:
    """Return where the last word ends that is whole before `end`, unless that is too far back."""
    if text[end : end + 1].isspace():
        return end
    space = next((at for at in range(end - 1, -1, -1) if text[at].isspace()), 0)
    return space if space * 2 >= end else end
