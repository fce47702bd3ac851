"""The record of decisions as a whole, archived or not, and whether all of it is as it was made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from vidctl.domain.chain import Chain, Entry
from vidctl.domain.decisions import Action
from vidctl.errors import BadInput
from vidctl.storage import decision_files
from vidctl.storage.files import sha256_of
from vidctl.store import Db, archives, audit, heads
from vidctl.store.archives import Archive

FOLDER: Final = "audit"
"""Where archives are, below the home."""


@dataclass(slots=True)
class Verdict:
    """What a look at every decision found."""

    decisions: int = 0
    archived: int = 0
    """How many of them are in archives."""
    head: str | None = None
    """The number and the hash of the last one."""
    broken: list[tuple[int, str]] = field(default_factory=list)
    """Rows, and what is wrong with them."""
    unrecorded: list[tuple[UUID, str, str, datetime]] = field(default_factory=list)
    """What films followed, and what has no row: (task, gate, action, when)."""
    files: list[str] = field(default_factory=list)
    """What is wrong with archives."""
    missing: list[str] = field(default_factory=list)
    """Archives that are not here, so that nobody can say what is in them."""
    heads: list[str] = field(default_factory=list)
    """Heads that were posted and are not in the chain."""

    @property
    def complaints(self) -> list[str]:
        """Everything that somebody tampered with."""
        gone = [f"the row that task {task} was {action} at {gate} is gone" for task, gate, action, _ in self.unrecorded]
        rows = [f"row {row}: {what}" for row, what in self.broken]
        return [*rows, *gone, *self.files, *(f"the head {head} is not in the chain" for head in self.heads)]

    @property
    def is_whole(self) -> bool:
        """Whether every decision is there, as it was made."""
        return not self.complaints and not self.missing


class Record:
    """All decisions, read once: `entries` yields them, and then `verdict` says what is to be thought of them.

    Call it in `audit.snapshot`. `folder` is where archives are looked for that are not where they were written.
    """

    def __init__(self, db: Db, folder: Path, known: Sequence[str] = ()) -> None:
        self._db, self._folder = db, folder
        self._chain, self.verdict = Chain(), Verdict()
        self._wanted = {*known, *map(str, heads.posted(db))}
        self._in_files: set[tuple[object, ...]] = set()
        self._unread: list[Archive] = []

    def entries(self) -> Iterator[Entry]:
        """Yield every decision that can be read, the first one first."""
        for archive in archives.of_all(self._db):
            for entry in self._of(archive):
                self._in_files.add(_key(entry.task_id, entry.gate, entry.action, entry.at))
                yield self._taken(entry)
            self.verdict.archived += archive.rows
        for entry in audit.rows(self._db):
            yield self._taken(entry)
        self._conclude()

    def _taken(self, entry: Entry) -> Entry:
        if wrong := self._chain.add(entry):
            self.verdict.broken.append((entry.id, wrong))
        self._wanted -= {entry.hash, f"{entry.id}:{entry.hash}"}
        self.verdict.head = f"{entry.id}:{entry.hash}"
        return entry

    def _of(self, archive: Archive) -> Iterator[Entry]:
        """Yield what an archive holds; the chain goes on behind it in any case."""
        path = find(archive, self._folder)
        before = self._chain.rows
        try:
            if path is None:
                self.verdict.missing.append(archive.path)
            elif sha256_of(path) != archive.sha256:
                self.verdict.files.append(f"{path} was changed after it was written")
            else:
                yield from decision_files.entries(path)
        except (OSError, BadInput) as exc:
            self.verdict.files.append(f"{path} cannot be read: {exc}")
        if self._chain.rows == before:
            self._chain.skip(previous=archive.last_hash, rows=archive.rows)
            self._unread.append(archive)
        elif (self._chain.rows - before, self._chain.previous) != (archive.rows, archive.last_hash):
            self.verdict.files.append(f"{path} does not hold the decisions {archive.from_id} to {archive.to_id}")
            self._chain.skip(previous=archive.last_hash, rows=0)

    def _conclude(self) -> None:
        verdict = self.verdict
        verdict.decisions = self._chain.rows
        verdict.broken += [(row, f"no film was approved at {gate} then") for row, gate in audit.unfounded(self._db)]
        until = max((archive.last_at for archive in self._unread), default=None)
        verdict.unrecorded = [
            one
            for one in audit.unrecorded(self._db)
            if _key(*one) not in self._in_files and (until is None or one[3] > until)
        ]
        verdict.heads = sorted(head for head in self._wanted if not self._may_be_unread(head))

    def _may_be_unread(self, head: str) -> bool:
        """Tell whether a head may be that of a decision in an archive that is not here."""
        number, numbered, hash_ = head.rpartition(":")
        return any(not numbered or _may_hold(archive, int(number), hash_) for archive in self._unread)


def _may_hold(archive: Archive, number: int, hash_: str) -> bool:
    """Tell whether a decision may be in an archive, of whose first and last one the hashes are known without it."""
    ends = {archive.from_id: archive.first_hash, archive.to_id: archive.last_hash}
    return archive.from_id <= number <= archive.to_id and ends.get(number, hash_) == hash_


def find(archive: Archive, folder: Path) -> Path | None:
    """Return where the file of an archive is: where it was written, or in `folder`."""
    places = (Path(archive.path), folder / Path(archive.path).name)
    return next((path for path in places if path.is_file()), None)


def verify(db: Db, folder: Path, known: Sequence[str] = ()) -> Verdict:
    """Look at every decision, in `audit.snapshot`.

    `known` are heads that were posted earlier: `NUMBER:HASH`, or the hash alone.
    """
    record = Record(db, folder, known)
    for _ in record.entries():
        pass
    return record.verdict


def _key(task_id: UUID, gate: str, action: str, at: datetime | None) -> tuple[object, ...]:
    """Return what a decision and the move that followed it have in common."""
    return (task_id, action) if action == Action.PUBLISHED else (task_id, action, gate, at)
