"""What a person asked for when rejecting a thumbnail: a picture by its number, other words, or just another one."""

import re
from dataclasses import dataclass
from typing import Final

_PICTURE: Final = re.compile(
    r"(?<!\bnot )(?<!\bthan )(?<!\binstead of )\b(?:picture|scene|composite|image)\s*#?(\d{1,6})\b", re.IGNORECASE
)
_WORDS: Final = re.compile(r'"([^"\n]{1,200})"|“([^”\n]{1,200})”|«([^»\n]{1,200})»')


@dataclass(frozen=True, slots=True)
class Asked:
    """`take` counts up with each rejection; of several pictures or words in the notes, the last ones count."""

    take: int = 1
    picture: int | None = None
    words: str = ""


def asked_for(take: int, note: str) -> Asked:
    """Return what a note asks for, such as: scene 7; or: "The last keepers"."""
    pictures = [int(number) for number in _PICTURE.findall(note)]
    words = ["".join(found).strip() for found in _WORDS.findall(note)]
    return Asked(take, pictures[-1] if pictures else None, words[-1] if words else "")
