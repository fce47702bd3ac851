"""Reading a backup: all of it is proved before anything is made of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import msgspec
from msgspec import Struct

from vidctl.errors import BadInput, CannotWrite, Misconfigured, NotFound
from vidctl.storage import sealed
from vidctl.storage.bundle import Item, Unpacking
from vidctl.storage.sealed import Key, Opening
from vidctl.store.migrate import head

FORMAT: Final = "vidctl backup 1"


class Head(Struct, frozen=True):
    """What a backup says of itself at its beginning."""

    format: str
    made_at: str
    """ISO 8601, in UTC."""
    schema: str
    version: str
    """Of the vidctl that made it."""
    host: str
    secrets: bool


class Table(Struct, frozen=True):
    """A table's columns, and the name of the item with its rows."""

    name: str
    columns: list[str]
    item: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a whole backup holds."""

    head: Head
    tables: list[Table]
    """In the order in which they can be filled."""
    sequences: dict[str, int]
    items: dict[str, Item]

    def rows(self, table: str) -> int:
        """Return how many rows a table has in it."""
        return next((self.items[one.item].lines for one in self.tables if one.name == table), 0)


def asks_for_passphrase(path: Path) -> bool:
    """Say whether a backup is sealed.

    Raises:
        NotFound: there is no such file.
    """
    with _file(path) as file:
        return sealed.is_sealed(file)


def key_of(path: Path, passphrase: str) -> Key | None:
    """Return what opens a backup; None where nothing is sealed.

    Raises:
        BadInput: it is not the passphrase that it was sealed with.
    """
    with _file(path) as file:
        return sealed.read_key(file, passphrase) if sealed.is_sealed(file) else None


@contextmanager
def opened(path: Path, key: Key | None) -> Iterator[Unpacking]:
    """Open a backup to be read once, from its beginning to its end.

    Raises:
        BadInput: it is none, or was changed, or its end is missing.
    """
    with _file(path) as file:
        if key is not None and file.read(len(key.line)) != key.line:
            raise BadInput(f"{path} was changed while it was read", hint="run this again")
        with Unpacking(cast("BinaryIO", Opening(file, key)) if key else file) as unpacking:
            yield unpacking


def contents_of(path: Path, key: Key | None) -> Contents:
    """Read a backup to its end, and return what is in it.

    Raises:
        BadInput: it is none, or was changed, or its end is missing.
        Misconfigured: a newer vidctl made it.
    """
    with opened(path, key) as unpacking:
        header = _as(unpacking.head, Head)
        require_known(header)
        for _ in unpacking:
            pass
        contents = unpacking.contents
        items = {item.name: item for item in _as(contents.get("items"), list[Item])}
        tables = _as(contents.get("tables"), list[Table])
        sequences = _as(contents.get("sequences"), dict[str, int])
    if not {table.item for table in tables} <= items.keys():
        raise BadInput(f"{path} lacks tables that it says it has", hint="use another copy, or an earlier backup")
    return Contents(header, tables, sequences, items)


def require_known(header: Head) -> None:
    """Refuse what this version cannot read.

    Raises:
        BadInput: it is no backup.
        Misconfigured: a newer vidctl made it.
    """
    if header.format != FORMAT and header.format.startswith("vidctl backup "):
        raise _newer(header, header.format)
    if header.format != FORMAT or not (_is_revision(header.schema) and _is_moment(header.made_at)):
        raise BadInput("this is no backup of vidctl", hint="use a file that vidctl backup made")
    if header.schema > head():
        raise _newer(header, f"schema {header.schema}")


def _is_revision(schema: str) -> bool:
    return schema.isdecimal() and len(schema) == len(head()) and int(schema) > 0


def _is_moment(said: str) -> bool:
    try:
        return datetime.fromisoformat(said).tzinfo is not None
    except ValueError:
        return False


def _newer(header: Head, what: str) -> Misconfigured:
    return Misconfigured(
        f"the backup was made by vidctl {header.version[:20]}, with {what[:40]}: this one knows only schema {head()}",
        hint="install that version or a newer one, then restore",
    )


@contextmanager
def _file(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise NotFound(f"there is no backup {path}", hint="name a file that vidctl backup made") from exc
    except (IsADirectoryError, PermissionError) as exc:
        raise BadInput(f"cannot read {path}: {exc.strerror}", hint="name a file that this user may read") from exc
    except OSError as exc:
        raise CannotWrite(f"cannot read {path}: {exc.strerror or exc}", hint="look at the disk it is on") from exc


def _as(said: Any, kind: Any) -> Any:
    try:
        return msgspec.convert(said, kind)
    except msgspec.ValidationError as exc:
        raise BadInput(f"this is no backup of vidctl: {exc}", hint="use a file that vidctl backup made") from exc
