"""Reads entries back, from all files of a film or of the ticks, in the order in which they were written.

It goes on where it stopped: through files that are turned over, and into those that are begun meanwhile.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from vidctl.logs.book import ENDING, FOLDER, TICKS, folder_of
from vidctl.masking import Secrets, masked

MOST_AT_ONCE: Final = 4_000_000
"""Bytes of one file; of a longer one the end is read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, with the names that its fields have in the file."""

    at: datetime
    fields: dict[str, Any]

    @property
    def message(self) -> str:
        """What happened."""
        return str(self.fields.get("message") or "")

    @property
    def level(self) -> str:
        """How bad it is."""
        return str(self.fields.get("level") or "info")


def of_film(home: Path, task_id: object) -> list[Path]:
    """Return the files that tell of a film; one of the time when each film had one file comes first."""
    old = home / FOLDER / f"{task_id}.log"
    return [*([old] if old.is_file() else []), *sorted(folder_of(home, task_id).glob(f"*{ENDING}*"))]


def of_ticks(home: Path) -> list[Path]:
    """Return the files that tell of ticks."""
    return sorted((home / FOLDER).glob(f"{TICKS}*"), reverse=True)


@dataclass(slots=True)
class Reader:
    """Reads what is new in files, however they are called by then."""

    secrets: Secrets
    """What is not shown of lines that were not written as entries."""
    read_up_to: dict[tuple[int, int], int] = field(default_factory=dict)
    """Bytes of each file, by what it is on its disk."""

    def new(self, files: list[Path]) -> list[Entry]:
        """Return what was written since the last call, in order; a line that is not whole yet waits."""
        found: list[Entry] = []
        for file in files:
            with suppress(OSError):  # it made room for others just now
                found += self._of(file)
        return sorted(found, key=lambda entry: entry.at)

    def _of(self, file: Path) -> Iterator[Entry]:
        with file.open("rb") as opened:
            status = file.stat()
            known = (status.st_dev, status.st_ino)
            read = self.read_up_to.get(known, 0)
            if read > status.st_size:  # that one is gone, and this one has its number on the disk
                read = 0
            begin = max(read, status.st_size - MOST_AT_ONCE)
            opened.seek(begin)
            whole, end, _ = opened.read().rpartition(b"\n")
        self.read_up_to[known] = begin + len(whole) + len(end)
        at = datetime.fromtimestamp(status.st_mtime, UTC)
        for line in whole.splitlines():
            if line.strip():
                entry = self._entry(line.decode("utf-8", "replace"), at)
                at = entry.at
                yield entry

    def _entry(self, line: str, at: datetime) -> Entry:
        """Return a line as an entry; one that is none has the time of the one before it."""
        try:
            fields = json.loads(line)
            when = datetime.fromisoformat(fields["timestamp"])
            fields.setdefault("message", fields.pop("event", ""))
            return Entry(when if when.tzinfo else when.replace(tzinfo=UTC), fields)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            said = {"timestamp": at.isoformat(), "level": "info", "message": masked(line, self.secrets)}
            return Entry(at, said)
