"""Moving old decisions into files: nothing leaves the table before its file was read back whole."""

from datetime import datetime
from pathlib import Path

from vidctl.domain.chain import FIRST, Chain
from vidctl.errors import BadInput, Unavailable
from vidctl.storage import decision_files
from vidctl.storage.decision_files import FORMAT, Header, Written
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
        Unavailable, BadInput: what was written cannot be read back as it was.
        LostRace: another process archived them meanwhile.
        Misconfigured: the database's user is not the table's owner.
    """
    with audit.snapshot(db):
        path = decision_files.write(folder, header, audit.rows(db, up_to=header.to_id))
    written = _read_back(path, header)
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
            raise BadInput("the archives do not end where the table begins", hint="see: vidctl audit verify")
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


def _read_back(path: Path, header: Header) -> Written:
    try:
        written = decision_files.read(path)
    except OSError as exc:
        raise Unavailable(f"cannot read {path} back: {exc.strerror or exc}", hint="nothing left the table") from exc
    if written.header != header:
        raise BadInput(f"{path} is not what was written", hint="nothing left the table: run this again")
    return written
