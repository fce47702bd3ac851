"""Making a backup: written aside, read back to its end, and only then given its name."""

import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, Final, cast

from vidctl import __version__
from vidctl.domain import backup_names
from vidctl.engine.backup import check, files
from vidctl.engine.backup.check import Contents
from vidctl.engine.context import Context
from vidctl.errors import BadInput, CannotWrite, NotFound, VidctlError
from vidctl.settings import Settings
from vidctl.storage import sealed
from vidctl.storage.beside import named, open_new
from vidctl.storage.bundle import Packing
from vidctl.storage.files import sha256_of
from vidctl.storage.sealed import Key, Sealing
from vidctl.store import Db, backups, dump, restored
from vidctl.store.migrate import revision_of

_ASIDE: Final = ".vidctl_backup_"
_ABANDONED: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a backup goes: under a name that was said, or one of its own in a folder that was."""

    folder: Path
    file: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """A backup that is whole."""

    path: Path
    size_bytes: int
    sha256: str
    contents: Contents
    films_bytes: int
    """How large the films' files are, which are not in it."""
    removed: list[str]


def target_of(path: Path, *, keep: int | None) -> Target:
    """Return where a backup is to go.

    Raises:
        NotFound: the folder is not there; perhaps its disk is not mounted.
        BadInput: there is a file of that name, which nobody overwrites; or `keep` is said of a file.
    """
    if path.is_dir():
        return Target(path, None)
    if keep is not None and path.exists():
        raise BadInput(f"{path} is no folder", hint="--keep N is for a folder of backups")
    if keep is not None or not path.parent.is_dir():
        missing = path if keep is not None else path.parent
        raise NotFound(f"there is no folder {missing}", hint="make it, or mount its disk")
    if path.exists():
        raise BadInput(f"{path} is there already", hint="name another file, or a folder: backups are never overwritten")
    return Target(path.parent, path.name)


def backup(
    db: Db,
    target: Target,
    settings: Settings,
    context: Context,
    *,
    tables: Sequence[str],
    passphrase: str | None,
    keep: int | None = None,
    dry_run: bool = False,
) -> Written:
    """Write a backup of everything as it is at one moment; who works goes on meanwhile.

    A dry run writes it aside and reads it back too, and then throws it away.

    `tables` are all of them, in the order in which they can be filled. Without a passphrase no secret is in it, and
    it is not sealed.

    Raises:
        CannotWrite: the folder is read-only or full, or something cannot be read.
        VidctlError: what was read back is not what was written; nothing has its name.
    """
    now = context.clock()
    key = sealed.new_key(passphrase) if passphrase is not None else None
    try:
        with _aside(target.folder) as (aside, file):
            films_bytes = _pack(db, file, key, settings, context, tables=tables)
            file.flush()
            os.fsync(file.fileno())
            contents = _read_back(aside, key)
            size_bytes, sha256 = aside.stat().st_size, sha256_of(aside)
            path = next(_names(target, now, sealed=key is not None))
            if not dry_run:
                path = _name(aside, target, now, sealed=key is not None)
                backups.record(db, host=context.machine, made_at=now, is_regular=keep is not None)
        removed = _surplus(target.folder, keep, path.name) if keep is not None else []
        if not dry_run:
            for name in removed:  # somebody else may do so at the same time
                (target.folder / name).unlink(missing_ok=True)
            _sweep(target.folder, now)
    except OSError as exc:
        raise CannotWrite(
            f"cannot write a backup to {target.folder}: {exc.strerror or exc}",
            hint="free disk space there, or let this user write there; earlier backups are as they were",
        ) from exc
    return Written(path, size_bytes, sha256, contents, films_bytes, removed)


@contextmanager
def _aside(folder: Path) -> Iterator[tuple[Path, BinaryIO]]:
    path = folder / f"{_ASIDE}{token_hex(6)}.part"
    try:
        with open_new(path) as file:
            yield path, file
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _pack(
    db: Db, file: BinaryIO, key: Key | None, settings: Settings, context: Context, *, tables: Sequence[str]
) -> int:
    made_at = context.clock()
    raw = Sealing(file, key) if key else None
    stream = cast("BinaryIO", io.BufferedWriter(raw, sealed.PIECE_BYTES)) if raw else file
    with dump.snapshot(db, tables):
        head = {
            "format": check.FORMAT,
            "made_at": made_at.isoformat(timespec="seconds"),
            "schema": revision_of(db),
            "version": __version__,
            "host": context.machine,
            "secrets": key is not None,
        }
        packing = Packing(stream, head, made_at=made_at.timestamp())
        listed = [{"name": name, "columns": dump.columns(db, name), "item": f"{files.TABLES}{name}"} for name in tables]
        for table in listed:
            with dump.copy_out(db, str(table["name"]), list(table["columns"])) as rows:
                packing.add_parts(str(table["item"]), rows)
        for name, data in files.gathered(db, settings, secrets=key is not None):
            packing.add(name, data)
        films_bytes = restored.files_bytes(db)
        packing.finish(tables=listed, sequences=dump.sequences(db, tables))
    stream.flush()
    if raw:
        raw.finish()
    return films_bytes


def _read_back(aside: Path, key: Key | None) -> Contents:
    """Read what was written as whoever restores it does.

    Raises:
        VidctlError: it is not what was written.
    """
    try:
        return check.contents_of(aside, key)
    except VidctlError as exc:
        raise VidctlError(
            f"the backup could not be read back: {exc}",
            hint="look whether disk and memory are well; earlier backups are as they were",
        ) from exc


def _name(aside: Path, target: Target, now: datetime, *, sealed: bool) -> Path:
    """Give a backup its name.

    Raises:
        BadInput: somebody else took the name meanwhile.
    """
    if target.file is not None:
        if not named(aside, target.folder / target.file):
            raise BadInput(f"{target.folder / target.file} is there already", hint="name another file")
        return target.folder / target.file
    return next(path for path in _names(target, now, sealed=sealed) if named(aside, path))


def _names(target: Target, now: datetime, *, sealed: bool) -> Iterator[Path]:
    """Yield the names that a backup may have, without end."""
    for number in count(1):
        yield target.folder / (target.file or backup_names.name_of(now, sealed=sealed, number=number))


def _surplus(folder: Path, keep: int, newest: str) -> list[str]:
    return backup_names.surplus((path.name for path in folder.iterdir()), keep=keep, newest=newest)


def _sweep(folder: Path, now: datetime) -> None:
    """Remove what others began and never ended: they were killed."""
    for part in folder.glob(f"{_ASIDE}*.part"):
        with suppress(FileNotFoundError):
            if now.timestamp() - part.stat().st_mtime > _ABANDONED.total_seconds():
                part.unlink()
