"""Files that are put where none is yet: what is there stays, and the new one lies beside it."""

import itertools
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, Final

from vidctl.storage.files import cannot_write, flush_folder

_OURS_ALONE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Put:
    """Where a file is now, and whether another one has the place that it is for."""

    path: Path
    beside: bool = False
    was_there: bool = False


def put(path: Path, data: bytes, *, private: bool = False) -> Put:
    """Put a file in its place; where there is another one, beside it as NAME.restored.

    Raises:
        CannotWrite: the folder is read-only, or the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if private else 0o777)
        for number in itertools.count():
            name = path if not number else path.with_name(f"{path.name}.restored{'' if number == 1 else f'-{number}'}")
            if name.is_file() and name.read_bytes() == data:
                return Put(name, beside=number > 0, was_there=True)
            if put_new(name, data, private=private):
                return Put(name, beside=number > 0)
    except OSError as exc:
        raise cannot_write(path, exc) from exc
    raise AssertionError("there is always another number")


def put_new(path: Path, data: bytes, *, private: bool = False) -> bool:
    """Write a file aside and move it to a name that nothing has; False where something has it.

    Raises:
        OSError: it cannot be written.
    """
    aside = path.with_name(f".{path.name}.{token_hex(4)}.part")
    try:
        with open_new(aside, mode=_OURS_ALONE if private else 0o666) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return named(aside, path)
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)


def open_new(path: Path, *, mode: int = _OURS_ALONE) -> BinaryIO:
    """Open a file that was not there, to write and to read; nobody else can, unless `mode` says so."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode), "w+b")


def named(aside: Path, path: Path) -> bool:
    """Give a whole file its name, if nothing has that yet, and return when that is on the disk."""
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        return False
    except OSError:  # a file system with one name for each file
        if path.exists():
            return False
        aside.rename(path)
    flush_folder(path.parent)
    return True
