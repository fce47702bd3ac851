"""Where a text may be cut without tearing what a reader takes for one character: an accent, a flag, a family. Pure.

Unicode's rules for grapheme clusters (UAX 29) as far as the standard library knows the characters; where it knows
too little, nothing is cut.
"""

import unicodedata
from typing import Final

_JOINER: Final = "\u200d"
_EXTENDS: Final = frozenset("\u200c\u200d\uff9e\uff9f\u0e33\u0eb3")
"""What belongs to the character before it and is no mark by its category."""
_VIRAMA: Final = 9
"""The combining class of signs that join two consonants of Indic scripts into one."""


def tears(text: str, at: int) -> bool:
    """Say whether a cut before the character at `at` would tear apart what is read as one."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    return (
        _extends(after)
        or before == _JOINER
        or (before == "\r" and after == "\n")
        or (unicodedata.combining(before) == _VIRAMA and after.isalpha())
        or _is_prefix(before)
        or _is_syllable_part(before, after)
        or (_is_flag_half(before) and _is_flag_half(after) and _flag_halves_before(text, at) % 2 == 1)
    )


def _extends(character: str) -> bool:
    return (
        character in _EXTENDS
        or unicodedata.category(character).startswith("M")
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # the colours of skin
        or "\U000e0020" <= character <= "\U000e007f"  # the tags of flags such as Scotland's
    )


def _is_prefix(character: str) -> bool:
    """Tell signs that stand before a number they enclose, as Arabic and Kaithi have them."""
    return unicodedata.category(character) == "Cf" and unicodedata.bidirectional(character) in {"AN", "AL", "L"}


def _is_syllable_part(before: str, after: str) -> bool:
    """Tell Hangul that was written letter by letter: a syllable is leading consonants, vowels, trailing consonants."""
    is_lead = "\u1100" <= before <= "\u115f" or "\ua960" <= before <= "\ua97c"
    goes_on = "\u1160" <= after <= "\u11ff" or "\ud7b0" <= after <= "\ud7fb"
    begins = "\u1100" <= after <= "\u115f" or "\ua960" <= after <= "\ua97c" or "\uac00" <= after <= "\ud7a3"
    return goes_on or (is_lead and begins)


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    return next((number for number in range(at) if not _is_flag_half(text[at - 1 - number])), at)
