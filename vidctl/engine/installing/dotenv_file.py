"""A `.env` with what is missing added: nothing that stands in it is changed, and nobody but its owner can read it."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Final

from vidctl.storage.beside import open_new
from vidctl.storage.files import cannot_write, flush_folder

_ADDED: Final = (
    "# Added by vidctl init. Every name is explained in .env.example, and secret ones are nobody else's business."
)
PRIVATE: Final = 0o600


def quoted(value: str) -> str:
    """Return a value as `.env` takes it literally. Also between single quotes ${NAME} is replaced, but never twice."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("${", "${:-$}{")
    return f"'{escaped}'"


def with_added(text: str, values: Mapping[str, str]) -> str:
    """Return the text of a `.env` with these values behind what is there."""
    lines = [f"{name}={quoted(value)}" for name, value in values.items()]
    before = text if not text or text.endswith("\n") else f"{text}\n"
    return "\n".join([f"{before}{chr(10) if before else ''}{_ADDED}", *lines, ""])


def add(path: Path, values: Mapping[str, str]) -> None:
    """Add values to a `.env`, or make one: written aside and put in its place whole, at mode 0600.

    Raises:
        CannotWrite: the folder cannot be written to, or the disk is full.
    """
    path = path.resolve()  # what a link leads to is changed, and the link stays
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        was = path.read_text("utf-8") if path.exists() else ""
        _replace(path, with_added(was, values).encode())
    except OSError as exc:
        raise cannot_write(path, exc) from exc


def close(path: Path) -> bool:
    """Close a `.env` to everybody but its owner; say whether it was open.

    Raises:
        CannotWrite: it is somebody else's.
    """
    try:
        if not path.is_file() or not path.stat().st_mode & 0o077:
            return False
        path.chmod(PRIVATE)
    except OSError as exc:
        raise cannot_write(path, exc) from exc
    return True


def _replace(path: Path, data: bytes) -> None:
    aside = path.with_name(f"{path.name}.{token_hex(4)}.part")
    for left in path.parent.glob(f"{path.name}.*.part"):  # of a run that was killed: there are keys in it
        left.unlink()
    try:
        with open_new(aside, mode=PRIVATE) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            with suppress(PermissionError):  # root may add to the file of the user that vidctl runs as
                os.chown(aside, path.stat().st_uid, path.stat().st_gid)
        aside.replace(path)
        flush_folder(path.parent)
    finally:
        aside.unlink(missing_ok=True)
