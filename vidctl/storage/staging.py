"""One claim's staging: where its scripts write, and what it owes when it ends before its work is done.

A file whose script has ended well is *delivered*: noted here before it is checked, so that whatever
happens next, it is not bought again. What scripts say of money while the database is away is *put off*.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vidctl.storage.files import append_whole, cannot_write, flush, flush_folder, write_whole

_DELIVERED: Final = "delivered"
"""Of each file that waits for its check, a note with what is known of it."""
_PUT_OFF: Final = "put_off.jsonl"


@dataclass(frozen=True, slots=True)
class Staging:
    """The folder of one claim."""

    root: Path

    def open(self) -> None:
        """Make the folder.

        Raises:
            CannotWrite: the workspace is read-only or full.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise cannot_write(self.root, exc) from exc

    def close(self) -> None:
        """Remove the folder, and the one around it when it was the last."""
        shutil.rmtree(self.root, ignore_errors=True)
        with suppress(OSError):  # another claim's staging is in it, or it is gone already
            self.root.parent.rmdir()

    def place(self, relative: str) -> Path:
        """Return where a script writes a file, in a folder that exists."""
        path = self.root / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def deliver(self, mark: str, staged: Path, result: Mapping[str, Any]) -> None:
        """Note that a script's file is whole. `mark` names what it is and the fingerprint that it was made for.

        Raises:
            CannotWrite: the file or the note could not be brought to the disk.
        """
        path = str(staged.relative_to(self.root))
        try:
            for file in (*sidecars(staged), staged):
                flush(file)
            flush_folder(staged.parent)
        except OSError as exc:
            raise cannot_write(staged, exc) from exc
        self._forget_notes_of(path)
        write_whole(self._note(mark), json.dumps({"path": path, **result}).encode())

    def delivered(self, mark: str) -> Mapping[str, Any] | None:
        """Return what is known of a file that waits for its check; None where there is none."""
        note = _read(self._note(mark))
        return note if note and (self.root / note["path"]).is_file() else None

    def forget_delivery(self, mark: str) -> None:
        """The file is recorded, or was found to be bad."""
        with suppress(NotADirectoryError):
            self._note(mark).unlink(missing_ok=True)

    def put_off(self, line: str) -> None:
        """Keep a line for the next claim.

        Raises:
            CannotWrite: there is no room for it.
        """
        append_whole(self.put_off_file, line)

    def put_off_lines(self) -> list[str]:
        """Return the lines that were put off; a half-written last one is left out."""
        return self.put_off_file.read_text("utf-8").split("\n")[:-1] if self.put_off_file.exists() else []

    def forget_put_off(self) -> None:
        """What was put off is done."""
        self.put_off_file.unlink(missing_ok=True)

    def owes(self) -> bool:
        """Say whether a file still waits for its check, or a word of a script for the database."""
        return any((self.root / _DELIVERED).glob("*.json")) or self.put_off_file.exists()

    def take_over(self, old: "Staging") -> None:
        """Take what an earlier claim owes."""
        for note, said in list(old.notes()):
            staged = old.root / said["path"]
            if not staged.is_file():  # it was recorded, and is in its place by now
                continue
            place = self.place(said["path"])
            self._forget_notes_of(said["path"])
            for file in (*sidecars(staged), staged):
                file.replace(place.with_name(file.name))
            note.replace(self.place(f"{_DELIVERED}/{note.name}"))
        if old.put_off_file.exists() and not self.put_off_file.exists():
            old.put_off_file.replace(self.put_off_file)
        elif old.put_off_file.exists():
            append_whole(self.put_off_file, old.put_off_file.read_text("utf-8").rstrip("\n"))

    @property
    def put_off_file(self) -> Path:
        """The lines that were put off."""
        return self.root / _PUT_OFF

    def _note(self, mark: str) -> Path:
        return self.root / _DELIVERED / f"{mark}.json"

    def notes(self) -> Iterator[tuple[Path, dict[str, Any]]]:
        """Yield what is known of each delivery; a note that cannot be read tells nothing, and is passed over."""
        for path in sorted((self.root / _DELIVERED).glob("*.json")):
            if note := _read(path):
                yield path, note

    def _forget_notes_of(self, path: str) -> None:
        """Other bytes take this place: what was known of the earlier ones holds no longer."""
        for note, said in list(self.notes()):
            if said["path"] == path:
                note.unlink(missing_ok=True)


def sidecars(file: Path) -> list[Path]:
    """Return what a script left beside its file under the same stem."""
    return [beside for beside in file.parent.glob(f"{file.stem}.*") if beside.name != file.name]


def _read(note: Path) -> dict[str, Any] | None:
    try:
        said = json.loads(note.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return said if isinstance(said, dict) and isinstance(said.get("path"), str) else None
