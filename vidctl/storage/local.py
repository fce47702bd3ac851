"""A film's folder on this machine: scripts write into staging, whole files are moved into place.

Staging is a folder per claim (named by its fence). Whoever claims a film next takes over what its
predecessor had recorded but not moved yet, and removes the rest, so that a predecessor that wakes
up late finds nothing left to move.
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vidctl.domain import layout
from vidctl.domain.work import Made
from vidctl.storage.files import append_whole, cannot_write, flush, flush_folder, is_whole, write_whole


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of one film."""

    root: Path

    def path(self, relative: str) -> Path:
        """Return the place of a file of the film."""
        return self.root / relative

    def staging(self, fence: int) -> Path:
        """Return the folder that one claim's scripts write to."""
        return self.root / layout.STAGING / str(fence)

    def open_staging(self, fence: int) -> Path:
        """Make the staging folder of a claim.

        Raises:
            CannotWrite: the workspace is read-only or full.
        """
        staging = self.staging(fence)
        try:
            staging.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise cannot_write(staging, exc) from exc
        return staging

    def old_stagings(self, fence: int) -> Iterator[Path]:
        """Yield what earlier claims left behind."""
        stagings = self.root / layout.STAGING
        if stagings.is_dir():
            yield from (old for old in stagings.iterdir() if old.name != str(fence))

    def stage(self, fence: int, relative: str) -> Path:
        """Return where a script writes a file, in a folder that exists."""
        path = self.staging(fence) / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def put_in_place(self, staged: Path, relative: str) -> None:
        """Move a whole file to its place, and with it what its script left beside it under the same stem.

        Raises:
            CannotWrite: the workspace is read-only or full.
        """
        place = self.path(relative)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            for sidecar in _sidecars(staged):
                sidecar.replace(place.with_name(sidecar.name))
            staged.replace(place)
            flush_folder(place.parent)
        except OSError as exc:
            raise cannot_write(place, exc) from exc

    def deliver(self, fence: int, mark: str, staged: Path, result: Mapping[str, Any]) -> None:
        """Note that a script's file is whole, before it is checked: whatever happens now, it is not bought again.

        `mark` names what it is and the fingerprint that it was made for.

        Raises:
            CannotWrite: the file or the note could not be brought to the disk.
        """
        path = str(staged.relative_to(self.staging(fence)))
        try:
            for file in (*_sidecars(staged), staged):
                flush(file)
            flush_folder(staged.parent)
        except OSError as exc:
            raise cannot_write(staged, exc) from exc
        self._forget_notes_of(fence, path)
        write_whole(self._delivery(fence, mark), json.dumps({"path": path, **result}).encode())

    def delivered(self, fence: int, mark: str) -> Mapping[str, Any] | None:
        """Return what is known of a file that waits for its check; None where there is none."""
        note = _read_note(self._delivery(fence, mark))
        return note if note and (self.staging(fence) / note["path"]).is_file() else None

    def forget_delivery(self, fence: int, mark: str) -> None:
        """The file is recorded, or was found to be bad."""
        with suppress(NotADirectoryError):
            self._delivery(fence, mark).unlink(missing_ok=True)

    def owes(self, fence: int) -> bool:
        """Say whether a file of this claim still waits for its check, or a word of a script for the database."""
        staging = self.staging(fence)
        return any((staging / layout.DELIVERED).glob("*.json")) or (staging / layout.PUT_OFF).exists()

    def put_off(self, fence: int, note: str) -> None:
        """Keep a line for the next claim.

        Raises:
            CannotWrite: there is no room for it.
        """
        append_whole(self.staging(fence) / layout.PUT_OFF, note)

    def put_off_notes(self, fence: int) -> list[str]:
        """Return the lines that earlier claims kept for this one; a half-written last one is left out."""
        path = self.staging(fence) / layout.PUT_OFF
        return path.read_text("utf-8").split("\n")[:-1] if path.exists() else []

    def forget_put_off(self, fence: int) -> None:
        """What was put off is done."""
        (self.staging(fence) / layout.PUT_OFF).unlink(missing_ok=True)

    def _delivery(self, fence: int, mark: str) -> Path:
        return self.staging(fence) / layout.DELIVERED / f"{mark}.json"

    def _carry_over(self, old: Path, fence: int) -> None:
        """Take over what an earlier claim owes: files that wait for their check, words for the database."""
        for note, said in list(self._notes(old)):
            staged = old / said["path"]
            if not staged.is_file():  # it was recorded, and is in its place by now
                continue
            place = self.stage(fence, said["path"])
            self._forget_notes_of(fence, said["path"])
            for file in (*_sidecars(staged), staged):
                file.replace(place.with_name(file.name))
            note.replace(self.stage(fence, f"{layout.DELIVERED}/{note.name}"))
        place = self.staging(fence) / layout.PUT_OFF
        if (put_off := old / layout.PUT_OFF).exists() and not place.exists():
            put_off.replace(place)
        elif put_off.exists():
            append_whole(place, put_off.read_text("utf-8").rstrip("\n"))

    def _forget_notes_of(self, fence: int, path: str) -> None:
        """Other bytes take this place in staging: what was known of the earlier ones holds no longer."""
        for note, said in list(self._notes(self.staging(fence))):
            if said["path"] == path:
                note.unlink(missing_ok=True)

    @staticmethod
    def _notes(staging: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
        """Yield what is known of each delivery; a note that cannot be read tells nothing, and is passed over."""
        for path in sorted((staging / layout.DELIVERED).glob("*.json")):
            if note := _read_note(path):
                yield path, note

    def adopt(self, fence: int, recorded: Iterable[Made]) -> None:
        """Put in place what earlier claims recorded and did not move, then remove their staging.

        Raises:
            CannotWrite, Unavailable: the workspace cannot be written or read; nothing recorded is removed.
        """
        for old in list(self.old_stagings(fence)):
            for made in recorded:
                staged = old / made.path
                if is_whole(staged, made, modified_ns=-1) and not is_whole(self.path(made.path), made, modified_ns=-1):
                    self.put_in_place(staged, made.path)
            self._carry_over(old, fence)
            shutil.rmtree(old, ignore_errors=True)

    def close_staging(self, fence: int) -> None:
        """Remove a claim's staging folder, and the one around it when it was the last."""
        shutil.rmtree(self.staging(fence), ignore_errors=True)
        try:
            (self.root / layout.STAGING).rmdir()
        except OSError:
            return  # another claim's staging is in it, or it is gone already


def _read_note(path: Path) -> dict[str, Any] | None:
    try:
        note = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return note if isinstance(note, dict) and isinstance(note.get("path"), str) else None


def folder(home: Path, channel_id: str, task_id: str) -> Folder:
    """Return the folder of a film in the workspace under `home`."""
    return Folder(home / "workspace" / layout.project(channel_id, task_id))


def _sidecars(staged: Path) -> list[Path]:
    return [file for file in staged.parent.glob(f"{staged.stem}.*") if file.name != staged.name]
