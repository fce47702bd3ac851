"""Archives of decisions: one file each, the first line says from where to where, then one decision a line.

The same decisions always make the same bytes under the same name, so that whoever was killed simply writes it again.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, Final

import msgspec
from msgspec import Struct

from vidctl.domain.chain import Chain, Entry, from_line, to_line
from vidctl.errors import BadInput
from vidctl.storage.files import cannot_write, flush_folder, sha256_of

FORMAT: Final = "vidctl decisions 1"
_MENDED_BY: Final = "compare the file with a backup of it"
_OURS_ALONE: Final = 0o600


class Header(Struct, frozen=True, forbid_unknown_fields=True):
    """The first line."""

    format: str
    from_id: int
    to_id: int
    rows: int
    previous_hash: str
    """Of the decision before the first one."""
    last_hash: str


@dataclass(frozen=True, slots=True)
class Written:
    """What an archive that is whole holds."""

    header: Header
    hashes: list[str]
    last_at: datetime
    sha256: str


def name_of(header: Header) -> str:
    """Return the name of an archive's file; that of other decisions has another one."""
    return f"decisions_{header.from_id}-{header.to_id}_{header.last_hash[:12]}.jsonl"


def write(folder: Path, header: Header, entries: Iterable[Entry]) -> tuple[Path, Written]:
    """Write an archive aside, read it back, and only then move it into place; nobody else can read it.

    Return where it is and what is in it. What is in its place already is what it is replaced by, or damaged.

    Raises:
        CannotWrite: the folder is read-only, or the disk is full.
        BadInput: what was written is not what the header says.
    """
    path = folder / name_of(header)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _held_aside(path) as (aside, file):
            _write(file, header, entries)
            written = read(aside)
            if written.header != header:
                raise BadInput(f"{path} is not what was written", hint="nothing left the table: run this again")
            aside.replace(path)
        flush_folder(folder)
    except OSError as exc:
        raise cannot_write(path, exc) from exc
    finally:
        _remove_abandoned(folder)
    return path, written


@contextmanager
def _held_aside(path: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Give a new file beside another one that nobody takes for abandoned as long as it is open; then it is gone."""
    aside, file = _created(path)
    try:
        with file:
            yield aside, file
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)


def _created(path: Path) -> tuple[Path, BinaryIO]:
    """Create and lock a file of a name that nobody else has: two containers often have the same process number."""
    while True:
        aside = path.with_name(f".{path.name}.{token_hex(8)}.part")
        file = os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OURS_ALONE), "wb")
        with suppress(OSError):  # where a file system knows no locks, nobody finds it abandoned either
            fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file.fileno()).st_nlink:
            return aside, file
        file.close()  # it was taken away between the two


def _remove_abandoned(folder: Path) -> None:
    """Remove what those left who were killed while they wrote; who still writes holds what it writes."""
    for part in folder.glob(".decisions_*.part"):
        with suppress(OSError), part.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()


def _write(file: BinaryIO, header: Header, entries: Iterable[Entry]) -> None:
    file.write(msgspec.json.encode(header) + b"\n")
    file.writelines(map(to_line, entries))
    file.flush()
    os.fsync(file.fileno())


def read(path: Path) -> Written:
    """Read an archive whole, and return what is in it.

    Raises:
        BadInput: a decision in it is not as it was written, or it is not what its first line says.
        OSError: it cannot be read.
    """
    header, hashes, moments = _header(path), [], []
    chain = Chain(header.previous_hash)
    for entry in entries(path):
        if wrong := chain.add(entry):
            raise BadInput(f"{path}: decision {entry.id}: {wrong}", hint=_MENDED_BY)
        hashes.append(entry.hash)
        moments.append(entry.at)
    if not hashes or (chain.rows, chain.last, chain.previous) != (header.rows, header.to_id, header.last_hash):
        raise BadInput(f"{path} does not hold what its first line says", hint=_MENDED_BY)
    return Written(header, hashes, max(filter(None, moments)), sha256_of(path))


def entries(path: Path) -> Iterator[Entry]:
    """Yield the decisions of an archive.

    Raises:
        BadInput: a line is none.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        next(file, None)
        for number, line in enumerate(file, 2):
            try:
                yield from_line(line)
            except BadInput as exc:
                raise BadInput(f"{path}:{number}: {exc}", hint=exc.hint) from exc


def _header(path: Path) -> Header:
    with path.open("rb") as file:
        line = file.readline()
    try:
        header = msgspec.json.decode(line, type=Header)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as exc:
        raise BadInput(f"{path}:1: no archive of decisions: {exc}", hint=_MENDED_BY) from exc
    if header.format != FORMAT:
        raise BadInput(f"{path}:1: {header.format[:40]!r} is no format that this vidctl knows", hint="update vidctl")
    return header
