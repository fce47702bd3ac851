"""Moving old decisions into files: nothing leaves the table before its file was read back whole."""

from datetime import datetime
from pathlib import Path

from vidctl.domain.chain import FIRST, Chain
from vidctl.errors import BadInput, LostRace
from vidctl.storage import decision_files
from vidctl.storage.decision_files import FORMAT, Header
from vidctl.store import Db, archives, audit
from vidctl.store.archives import Archive


def plan(db: Db, before: datetime) -> Header | None:
    """Return what of the table would go to an archive now; None: nothing would.

    Raises:
        BadInput: a decision is not as it was made; what was tampered with is not moved anywhere.
    """
    with audit.snapshot(db):
        up_to = archives.last_before(db, before)
        return None if up_to is None else _header(db, up_to)


def archive(db: Db, folder: Path, header: Header, *, host: str, now: datetime) -> Archive:
    """Write the decisions of a plan to a file, read them back, and only then take them out of the table.

    Killed at any moment nothing is lost, and to do it again ends well: a file that is there already is written anew,
    with the same bytes.

    Raises:
        CannotWrite: the folder is read-only, or the disk is full.
        BadInput: what was written is not what was planned; another process archived it meanwhile, or it was changed.
        LostRace: the same, seen later.
        Misconfigured: the database's user is not the table's owner.
    """
    with audit.snapshot(db):
        path, written = decision_files.write(folder, header, audit.rows(db, up_to=header.to_id))
    made = Archive(
        from_id=header.from_id,
        to_id=header.to_id,
        rows=header.rows,
        first_hash=written.hashes[0],
        last_hash=header.last_hash,
        last_at=written.last_at,
        sha256=written.sha256,
        path=str(path),
        host=host,
        at=now,
    )
    with audit.deciding(db):
        if _end(db) != header.previous_hash:
            raise LostRace("these decisions were archived meanwhile", hint="see: vidctl audit verify")
        archives.take_out(db, made, written.hashes)
    return made


def _header(db: Db, up_to: int) -> Header:
    previous = _end(db)
    chain, first = Chain(previous), None
    for entry in audit.rows(db, up_to=up_to):
        if wrong := chain.add(entry):
            raise BadInput(f"row {entry.id}: {wrong}: nothing is archived", hint="see: vidctl audit verify")
        first = first or entry
    assert first is not None
    return Header(FORMAT, first.id, chain.last, chain.rows, previous, chain.previous)


def _end(db: Db) -> str:
    """Return the hash of the last decision that is archived."""
    known = archives.of_all(db)
    return known[-1].last_hash if known else FIRST
