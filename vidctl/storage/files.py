"""Files that outlast a crash and a power cut, and whether one is still what was recorded."""

import errno
import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vidctl.domain.work import Made
from vidctl.errors import BadInput, CannotWrite, Unavailable

_NO_SECOND_NAME: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EXDEV, errno.EMLINK})


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells without reading it whether a file is still the one that was recorded."""

    size_bytes: int
    modified_ns: int


def stamp_of(path: Path) -> Stamp:
    """Return the size and the time of the last change of a file."""
    status = path.stat()
    return Stamp(status.st_size, status.st_mtime_ns)


def is_whole(path: Path, made: Made, *, modified_ns: int) -> bool:
    """Say whether a file is the one that was recorded; it is read only where its stamp differs.

    Raises:
        Unavailable: it is there and cannot be read. It is not as good as gone: remaking it may cost money.
    """
    try:
        stamp = stamp_of(path)
        if stamp.size_bytes != made.size_bytes:
            return False
        return stamp.modified_ns == modified_ns or sha256_of(path) == made.sha256
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as exc:
        raise Unavailable(
            f"cannot read {path}: {exc.strerror or exc}", hint="let this user read everything in the workspace"
        ) from exc


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's bytes in lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_whole(path: Path, data: bytes) -> None:
    """Write a small file aside and move it into place.

    Raises:
        CannotWrite: the folder is read-only, or the disk is full.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(data)
        flush(aside)
        aside.replace(path)
    except OSError as exc:
        raise cannot_write(path, exc) from exc
    finally:
        with suppress(OSError):  # where nothing could be written, nothing is left
            aside.unlink(missing_ok=True)


def write_named(path: Path, data: bytes) -> None:
    """Write a file that a person named: where a link leads to, and never in the place of a folder or a device.

    Raises:
        BadInput: there is something that is no file.
        CannotWrite: the folder is read-only, or the disk is full.
    """
    if path.exists() and not path.is_file():
        raise BadInput(f"{path} is no file", hint="name a file: an old one is replaced, a new one is made")
    write_whole(Path(os.path.realpath(path)), data)


def link_or_copy(file: Path, path: Path) -> None:
    """Give a file a second name; or a copy, where the file system has only one name for each."""
    try:
        path.hardlink_to(file)
    except OSError as exc:
        if exc.errno not in _NO_SECOND_NAME:
            raise
        copy_whole(file, path)


def copy_whole(file: Path, path: Path) -> None:
    """Copy a file with the time of its last change, and return when it is on the disk."""
    shutil.copy2(file, path)
    flush(path)


def keep_whole(
    file: Path, path: Path, is_it: Callable[[Path], bool], *, by: Callable[[Path, Path], None] = link_or_copy
) -> None:
    """Let a file be found in a second place too, if `is_it` says so of what would be found there.

    That is asked at the last moment: another file may have taken its place meanwhile.

    Raises:
        CannotWrite: the folder is read-only, or the disk is full.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.unlink(missing_ok=True)
        by(file, aside)
        if is_it(aside):
            aside.replace(path)
    except OSError as exc:
        raise cannot_write(path, exc) from exc
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)


def append_whole(path: Path, line: str) -> None:
    """Add a line to a small file, and return when it is on the disk.

    Raises:
        CannotWrite: the folder is read-only, or the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
        flush(path)
    except OSError as exc:
        raise cannot_write(path, exc) from exc


def flush_folder(path: Path) -> None:
    """Flush a folder's list of files, where its file system knows how: some that others mounted refuse."""
    try:
        flush(path)
    except OSError as exc:
        if exc.errno not in {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES}:
            raise


def flush(path: Path) -> None:
    """Return when a file, or a folder's list of files, is on the disk itself.

    What the database knows it has on disk; a file that it speaks of must not be less safe.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def cannot_write(path: Path, exc: OSError) -> CannotWrite:
    """Return our error for a failed write."""
    return CannotWrite(
        f"cannot write {path}: {exc.strerror or exc}", hint="free disk space, or make the workspace writable"
    )
