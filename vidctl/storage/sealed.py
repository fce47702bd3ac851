"""Files that are sealed with a passphrase, written and read as a stream: memory does not grow with them.

A line in clear says how the key is made of the passphrase (scrypt); then come pieces, each sealed by AES-256-GCM
together with that line, its number, and whether it is the last one. So none can be changed, moved, left out or cut off.
"""

import io
import json
import os
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from vidctl.errors import BadInput

MAGIC: Final = b"vidctl sealed 1 "
PIECE_BYTES: Final = 65_536
_TAG_BYTES: Final = 16
_KEY_BYTES: Final = 32
_LONGEST_LINE: Final = 400
_COST: Final = 2**17
"""What one try of a passphrase takes: 128 MB of memory and a third of a second."""
_HIGHEST_COST: Final = 2**20
_BLOCKS: Final = 8


@dataclass(frozen=True, slots=True)
class Key:
    """What seals one file: its first line, and the key that this line and a passphrase make."""

    line: bytes
    _secret: bytes

    def piece(self, number: int, text: bytes, *, last: bool) -> bytes:
        """Return a piece, sealed."""
        return AESGCM(self._secret).encrypt(_nonce(number, last=last), text, self.line)

    def text(self, number: int, piece: bytes, *, last: bool) -> bytes:
        """Return what was sealed.

        Raises:
            InvalidTag: it was something else, or elsewhere.
        """
        return AESGCM(self._secret).decrypt(_nonce(number, last=last), piece, self.line)


def _nonce(number: int, *, last: bool) -> bytes:
    """Return what no other piece of the file has; each file has a key of its own, by its salt."""
    return number.to_bytes(11, "big") + bytes([last])


def new_key(passphrase: str, *, cost: int = _COST) -> Key:
    """Return a key for one file that is to be written."""
    salt = os.urandom(16)
    secret, check = _derived(passphrase, salt, cost)
    line = json.dumps({"cost": cost, "salt": salt.hex(), "check": check.hex()})
    return Key(MAGIC + line.encode() + b"\n", secret)


def read_key(file: BinaryIO, passphrase: str) -> Key:
    """Return the key of a file whose first line comes next.

    Raises:
        BadInput: it is not sealed in a way that is known here, or not with this passphrase.
    """
    line = file.readline(_LONGEST_LINE)
    cost, salt, wanted = _parsed(line)
    secret, check = _derived(passphrase, salt, cost)
    if check != wanted:
        raise BadInput("the passphrase is not the one that it was sealed with", hint="look for the one of that time")
    return Key(line, secret)


def is_sealed(file: BinaryIO) -> bool:
    """Say whether a file begins as a sealed one does; where it goes on being read stays as it is."""
    at = file.tell()
    begins = file.read(len(MAGIC))
    file.seek(at)
    return begins == MAGIC


def _parsed(line: bytes) -> tuple[int, bytes, bytes]:
    try:
        said: dict[str, Any] = json.loads(line.removeprefix(MAGIC))
        cost, salt, check = int(said["cost"]), bytes.fromhex(said["salt"]), bytes.fromhex(said["check"])
    except (ValueError, KeyError, TypeError, OverflowError) as exc:
        raise _damaged() from exc
    if not 1 < cost <= _HIGHEST_COST or cost & (cost - 1):
        raise _damaged()
    return cost, salt, check


def _derived(passphrase: str, salt: bytes, cost: int) -> tuple[bytes, bytes]:
    """Return the key, and what tells a wrong passphrase from a damaged file."""
    made = Scrypt(salt=salt, length=_KEY_BYTES + 16, n=cost, r=_BLOCKS, p=1).derive(passphrase.encode())
    return made[:_KEY_BYTES], made[_KEY_BYTES:]


class Sealing(io.RawIOBase):
    """A file to write to; what it is closed without is never taken for whole."""

    def __init__(self, file: BinaryIO, key: Key) -> None:
        self._file, self._key, self._number, self._rest = file, key, 0, bytearray()
        file.write(key.line)

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, text: Any) -> int:
        """Take what comes next; the last piece waits for `finish`."""
        self._rest += text
        while len(self._rest) > PIECE_BYTES:
            self._put(bytes(self._rest[:PIECE_BYTES]), last=False)
            del self._rest[:PIECE_BYTES]
        return len(text)

    def finish(self) -> None:
        """Write the last piece, which says that it is the last."""
        self._put(bytes(self._rest), last=True)
        self._rest.clear()

    def _put(self, text: bytes, *, last: bool) -> None:
        self._file.write(self._key.piece(self._number, text, last=last))
        self._number += 1


class Opening(io.RawIOBase):
    """A file to read from. Every piece is proved before anything of it is handed out.

    Reading raises `BadInput` where the file was changed or cut off.
    """

    def __init__(self, file: BinaryIO, key: Key) -> None:
        self._file, self._key, self._number, self._text = file, key, 0, b""
        self._next = file.read(PIECE_BYTES + _TAG_BYTES)
        self._ended = False

    def readable(self) -> bool:
        """Say that it can be read from."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with what comes next; 0 at the end."""
        while not self._text and not self._ended:
            self._text = self._opened()
        given = self._text[: len(buffer)]
        buffer[: len(given)] = given
        self._text = self._text[len(given) :]
        return len(given)

    def _opened(self) -> bytes:
        piece, self._next = self._next, self._file.read(PIECE_BYTES + _TAG_BYTES)
        self._ended = not self._next
        try:
            text = self._key.text(self._number, piece, last=self._ended)
        except InvalidTag as exc:
            raise _damaged() from exc
        self._number += 1
        return text


def _damaged() -> BadInput:
    return BadInput("the file was changed, or its end is missing", hint="use another copy, or an earlier backup")
