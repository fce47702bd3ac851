"""A picture that is to be seen from outside, under a name that nobody guesses and that is never used again."""

import hashlib
from dataclasses import dataclass
from secrets import token_hex
from typing import Final

ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg"}


@dataclass(frozen=True, slots=True)
class Picture:
    """The bytes of a PNG or a JPEG."""

    content: bytes
    media_type: str

    def new_name(self) -> str:
        """Return a file name: what it is, by its content, and which upload of it."""
        sha256 = hashlib.sha256(self.content).hexdigest()
        return f"{sha256[:16]}-{token_hex(8)}.{ENDINGS[self.media_type]}"


class HostFailed(Exception):
    """A host did not take a picture, or gave a useless address. It costs nothing to try another."""
