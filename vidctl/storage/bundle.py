"""Many files and tables in one stream: a gzipped tar, which any tar reads, with a list of its contents at its end.

The list has the sha256 of everything, so a bundle without it, or with anything else than it says, is not whole.
"""

import gzip
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final, Self

from vidctl.errors import BadInput

HEAD: Final = "backup.json"
CONTENTS: Final = "contents.json"
_LEVEL: Final = 3
"""A third of the time of gzip's own 6, for a tenth more bytes."""
_PART_BYTES: Final = 1_000_000
_LONGEST_JSON: Final = 50_000_000
_READ_BYTES: Final = 65_536
_BROKEN: Final = (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile)


@dataclass(frozen=True, slots=True)
class Item:
    """What a bundle holds under one name: a file, or a table's rows in as many parts as it takes."""

    name: str
    sha256: str
    size_bytes: int
    lines: int


@dataclass(slots=True)
class _Sum:
    """What is counted while bytes pass by."""

    sha256: Any = field(default_factory=hashlib.sha256)
    size_bytes: int = 0
    lines: int = 0

    def add(self, data: bytes) -> None:
        self.sha256.update(data)
        self.size_bytes += len(data)
        self.lines += data.count(b"\n")

    def item(self, name: str) -> Item:
        return Item(name, self.sha256.hexdigest(), self.size_bytes, self.lines)


class Packing:
    """A bundle that is being written; without `finish` it is not whole."""

    def __init__(self, file: BinaryIO, head: dict[str, Any], *, made_at: float) -> None:
        self._zip = gzip.GzipFile("", "wb", _LEVEL, file, mtime=made_at)
        # Until `finish`; and no stream ("w|"), which would still write when it dies of a full disk.
        self._tar = tarfile.open(fileobj=self._zip, mode="w")  # noqa: SIM115
        self._made_at, self.items = made_at, list[Item]()
        self._member(HEAD, json.dumps(head).encode())

    def add(self, name: str, data: bytes) -> None:
        """Add a small file."""
        self.add_parts(name, [data])

    def add_parts(self, name: str, parts: Iterable[bytes]) -> Item:
        """Add what comes in pieces whose number and sizes nobody knows yet; what comes at once in a member each."""
        total, waiting, number = _Sum(), io.BytesIO(), 0
        for part in parts:
            total.add(part)
            waiting.write(part)
            if waiting.tell() >= _PART_BYTES:
                number += 1
                self._member(_part(name, number), waiting.getvalue())
                waiting = io.BytesIO()
        if waiting.tell() or not number:
            self._member(_part(name, number + 1), waiting.getvalue())
        self.items.append(total.item(name))
        return self.items[-1]

    def finish(self, **facts: Any) -> None:
        """Add the list of contents, with what else is known now."""
        listed = [{name: getattr(item, name) for name in Item.__slots__} for item in self.items]
        self._member(CONTENTS, json.dumps({"items": listed, **facts}).encode())
        self._tar.close()
        self._zip.close()

    def _member(self, name: str, data: bytes) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = len(data), int(self._made_at), 0o600
        self._tar.addfile(member, io.BytesIO(data))


def _part(name: str, number: int) -> str:
    """Return the name of a member; that of the first is the item's own, so that small files have no other."""
    return name if number == 1 else f"{name}+{number}"


class Unpacking:
    """A bundle that is being read from its beginning to its end, once.

    Whatever reads it raises `BadInput` where it is not whole.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._zip = gzip.GzipFile(fileobj=file, mode="rb")
        try:
            self._tar = tarfile.open(fileobj=self._zip, mode="r|")  # noqa: SIM115  # until `__exit__`
            self._members = iter(self._tar)
            self._next = next(self._members, None)
        except _BROKEN as exc:
            raise _not_whole() from exc
        self.head = self._json(HEAD)
        self.contents: dict[str, Any] = {}

    def __iter__(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield each item with its bytes, to be read before the next one is asked for; then `contents` is known."""
        found = []
        while self._next is not None and self._next.name != CONTENTS:
            total, name = _Sum(), self._next.name
            parts = self._parts(name, total)
            yield name, parts
            for _ in parts:  # what nobody wanted is proved all the same
                pass
            found.append(total.item(name))
        self.contents = self._json(CONTENTS)
        if self._next is not None or self._rest() or self._listed() != found:
            raise _not_whole()

    def _listed(self) -> list[Item]:
        try:
            return [Item(**item) for item in self.contents["items"]]
        except (KeyError, TypeError) as exc:
            raise _not_whole() from exc

    def _parts(self, name: str, total: _Sum) -> Iterator[bytes]:
        number = 1
        while self._next is not None and self._next.name == _part(name, number):
            for data in self._bytes(self._next):
                total.add(data)
                yield data
            self._go_on()
            number += 1

    def _bytes(self, member: tarfile.TarInfo) -> Iterator[bytes]:
        try:
            file = self._tar.extractfile(member)
            while file and (data := file.read(_READ_BYTES)):
                yield data
        except _BROKEN as exc:
            raise _not_whole() from exc

    def _json(self, name: str) -> dict[str, Any]:
        member = self._next
        if member is None or member.name != name or member.size > _LONGEST_JSON:
            raise _not_whole()
        text = b"".join(self._bytes(member))
        self._go_on()
        try:
            said = json.loads(text)
        except ValueError as exc:
            raise _not_whole() from exc
        if not isinstance(said, dict):
            raise _not_whole()
        return said

    def _go_on(self) -> None:
        try:
            self._next = next(self._members, None)
        except _BROKEN as exc:
            raise _not_whole() from exc

    def _rest(self) -> bytes:
        """Read what is behind the tar's end: nothing but zeros, and gzip's own sum."""
        try:
            return self._zip.read().strip(b"\0")
        except _BROKEN as exc:
            raise _not_whole() from exc

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._tar.close()
        self._zip.close()


def _not_whole() -> BadInput:
    return BadInput("the file is no backup, or was changed, or its end is missing", hint="use another copy of it")
