"""The chain of decisions: each row's hash covers the row before it, so that what is changed later shows. Pure.

In the database a row is one of `review_audit`; in an archive it is a line of JSON with the same fields.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from vidctl.errors import BadInput

FIRST: Final = "0" * 64
"""What stands for "the row before" in the first row."""


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """One row as it was found: also one that somebody changed can be held."""

    id: int
    task_id: UUID
    gate: str
    action: str
    reviewer_id: str
    notes: str
    content: Any
    """What was looked at: `[kind, index, sha256]` each."""
    content_sha256: str
    video_id: str | None
    at: datetime | None
    """None: a moment that no clock shows."""
    previous_hash: str
    hash: str

    @property
    def seen(self) -> list[tuple[str, int, str]]:
        """What was looked at: (kind, index, sha256); what is nothing of that form is left out."""
        items = self.content if isinstance(self.content, list) else []
        whole = [item for item in items if isinstance(item, list) and [type(part) for part in item] == [str, int, str]]
        return [(kind, index, sha256) for kind, index, sha256 in whole]


class Chain:
    """Goes along the rows in their order and says of each whether it is as it was written."""

    def __init__(self, previous: str = FIRST) -> None:
        self.previous, self.last, self.rows = previous, 0, 0

    def add(self, entry: Entry) -> str | None:
        """Take the next row, and return what is wrong with it."""
        wrong = self._wrong_with(entry)
        self.previous, self.last, self.rows = entry.hash, entry.id, self.rows + 1
        return wrong

    def skip(self, *, previous: str, rows: int) -> None:
        """Go on behind rows that cannot be read."""
        self.previous, self.rows = previous, self.rows + rows

    def _wrong_with(self, entry: Entry) -> str | None:
        if entry.previous_hash != self.previous:
            return "a row before it was removed, inserted or changed"
        if entry.hash not in hashes_of(entry) or entry.content_sha256 != content_sha256(entry.content):
            return "it was changed after it was written"
        return None


def content_sha256(content: Sequence[Sequence[object]] | object) -> str:
    """Return the one hash that stands for everything looked at."""
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def sealed(entry: Entry) -> Entry:
    """Return a new row with its hashes, ready to be kept."""
    whole = msgspec.structs.replace(entry, content_sha256=content_sha256(entry.content))
    return msgspec.structs.replace(whole, hash=hashes_of(whole)[0])


def hashes_of(entry: Entry) -> tuple[str, ...]:
    """Return the hash that a row must have; one of an earlier version did not cover its number."""
    if entry.at is None:
        return ()
    moment = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    who = [entry.previous_hash, str(entry.task_id), entry.gate, entry.action, entry.reviewer_id]
    fields = [*who, entry.notes, entry.content, moment]
    earlier = [*fields, *([entry.video_id] if entry.video_id is not None else [])]
    return _sha256([*fields, entry.video_id, entry.id]), _sha256(earlier)


def _sha256(fields: list[Any]) -> str:
    return hashlib.sha256(json.dumps(fields, ensure_ascii=True).encode()).hexdigest()


def to_line(entry: Entry) -> bytes:
    """Return a row as one line of an archive."""
    return msgspec.json.encode(entry) + b"\n"


def from_line(line: bytes) -> Entry:
    """Return the row that a line of an archive holds.

    Raises:
        BadInput: it holds none.
    """
    try:
        return msgspec.json.decode(line, type=Entry)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as exc:
        raise BadInput(f"no decision: {exc}", hint="compare the file with a backup") from exc
