"""Restoring a backup into a database that nothing is in: all of it, or nothing."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from vidctl.engine.backup import check, files, held, settings_file
from vidctl.engine.backup.check import Contents, Table
from vidctl.engine.backup.held import Held
from vidctl.errors import BadInput, VidctlError
from vidctl.settings import Settings
from vidctl.storage.beside import Put, put
from vidctl.storage.sealed import Key
from vidctl.store import Db, dump
from vidctl.store.migrate import Building, building, refuse_newer, revision_of

_OF_ITSELF: Final = frozenset(
    {"alerts", "channels", "notices", "pace", "service_limits", "service_state", "ticks", "weekly_metrics"}
)
"""What a tick writes into a database without a single film: that may be thrown away."""
_HISTORY: Final = ("task_events", "review_audit", "audit_archives", "audit_heads")


@dataclass(slots=True)
class Restored:
    """What a restore did, or would do."""

    contents: Contents
    held: list[Held] = field(default_factory=list)
    puts: list[tuple[str, Put]] = field(default_factory=list)


def made_at(contents: Contents) -> datetime:
    """Return when a backup was made."""
    return datetime.fromisoformat(contents.head.made_at).astimezone(UTC)


def require_unused(db: Db, tables: Sequence[str]) -> None:
    """Refuse a database with anything in it that somebody may miss.

    Raises:
        BadInput: there is something; the error says what.
    """
    there = dump.present(db, tables)
    rows = {name: dump.rows_in(db, name) for name in there if name not in _OF_ITSELF}
    found = [f"{number:,} rows in {name}" for name, number in rows.items() if number]
    if "channels" in there and (tokens := dump.tokens_in(db)):
        found.append(f"{tokens} tokens of channels")
    if found:
        rest = f" and {len(found) - 4} tables more" if len(found) > 4 else ""  # noqa: PLR2004  # what a line has room for
        raise BadInput(
            f"the database is in use: it has {', '.join(found[:4])}{rest}",
            hint="nothing was changed; restore into an empty one: set another DATABASE_URL, or another VIDCTL_HOME",
        )


def restore(
    dsn: str,
    path: Path,
    key: Key | None,
    settings: Settings,
    *,
    tables: Sequence[str],
    moved: bool,
    now: datetime,
) -> Restored:
    """Make the database and the files of a backup that was read to its end; see `check.contents_of`.

    `moved` says that nothing happened since the backup: then films go on at once. In one transaction, which ends
    only when everything was compared with the backup.

    Raises:
        BadInput: the database is in use, or the backup is not whole.
        CannotWrite: a file could not be written.
        Misconfigured: the database's user may not make tables, or a newer vidctl was at it.
    """
    done = Restored(readable(path, key, settings))
    schema = done.contents.head.schema
    with building(dsn, application_name="vidctl restore") as base:
        dump.keep_others_out(base.db, dump.present(base.db, tables))
        require_unused(base.db, tables)
        refuse_newer(at := _revision_of(base))
        if at != schema:
            base.clear()
            base.upgrade(schema)
        _fill(base.db, path, key, settings, done)
        base.upgrade()
        dump.require_history_kept(base.db, _HISTORY)
        if not moved:
            done.held = held.hold_all(base.db, made_at=made_at(done.contents), now=now)
    return done


def readable(path: Path, key: Key | None, settings: Settings) -> Contents:
    """Read a backup to its end, and return what is in it.

    Raises:
        BadInput: it is none, or was changed, or its end is missing.
        Misconfigured: a newer vidctl made it.
    """
    contents = check.contents_of(path, key)
    for name in contents.items.keys() - {table.item for table in contents.tables}:
        files.place_of(name, settings)
    return contents


def _revision_of(base: Building) -> str | None:
    """Return the revision of a database that may have no table at all: a failed look would end the transaction."""
    return revision_of(base.db) if dump.present(base.db, ["alembic_version"]) else None


def _fill(db: Db, path: Path, key: Key | None, settings: Settings, done: Restored) -> None:
    dump.speak_plainly(db)
    by_item = {table.item: table for table in done.contents.tables}
    for name in reversed([table.name for table in done.contents.tables if table.name in _OF_ITSELF]):
        dump.empty(db, name)
    with check.opened(path, key) as unpacking:
        for name, parts in unpacking:
            if table := by_item.get(name):
                _fill_table(db, table, parts, done.contents)
            else:
                done.puts.append((name, _put(name, b"".join(parts), settings)))
    dump.go_on_from(db, done.contents.sequences)


def _fill_table(db: Db, table: Table, parts: Iterator[bytes], contents: Contents) -> None:
    """Fill a table, and compare what it holds now with the backup, byte by byte.

    Raises:
        BadInput: its columns are others.
        VidctlError: its rows are.
    """
    dump.copy_in(db, table.name, table.columns, parts)
    found = hashlib.sha256()
    with dump.copy_out(db, table.name, table.columns) as rows:
        for part in rows:
            found.update(part)
    if found.hexdigest() != contents.items[table.item].sha256:
        raise VidctlError(
            f"the table {table.name} does not hold what was backed up",
            hint="nothing was changed; restore into a database in UTF-8, on a server that is well",
        )


def _put(name: str, data: bytes, settings: Settings) -> Put:
    """Put a file where it belongs, if nothing is there; settings also where those of the current folder count."""
    place = files.place_of(name, settings)
    if name != files.SETTINGS:
        return put(place, data, private=name.startswith("audit/"))
    text = settings_file.elsewhere(data.decode()).encode()
    here = Path(settings_file.NAME).absolute()
    return put(here if here.is_file() and not place.is_file() else place, text, private=True)
