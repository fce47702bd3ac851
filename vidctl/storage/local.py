"""A film's folder on this machine: scripts write into staging, whole files are moved into place.

Staging is a folder per claim (named by its fence). Whoever claims a film next takes over what its
predecessor had recorded but not moved yet, and removes the rest, so that a predecessor that wakes
up late finds nothing left to move.
"""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vidctl.domain import layout
from vidctl.domain.work import Made
from vidctl.storage.files import cannot_write, flush_folder, is_whole
from vidctl.storage.staging import Staging, sidecars


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of one film."""

    root: Path

    def path(self, relative: str) -> Path:
        """Return the place of a file of the film."""
        return self.root / relative

    def staging(self, fence: int) -> Staging:
        """Return the staging of one claim."""
        return Staging(self.root / layout.STAGING / str(fence))

    def old_stagings(self, fence: int) -> Iterator[Staging]:
        """Yield what earlier claims left behind."""
        stagings = self.root / layout.STAGING
        if stagings.is_dir():
            yield from (Staging(old) for old in stagings.iterdir() if old.name != str(fence))

    def put_in_place(self, staged: Path, relative: str) -> None:
        """Move a whole file to its place, and with it what its script left beside it under the same stem.

        Raises:
            CannotWrite: the workspace is read-only or full.
        """
        place = self.path(relative)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            for sidecar in sidecars(staged):
                sidecar.replace(place.with_name(sidecar.name))
            staged.replace(place)
            flush_folder(place.parent)
        except OSError as exc:
            raise cannot_write(place, exc) from exc

    def adopt(self, fence: int, recorded: Iterable[Made]) -> None:
        """Put in place what earlier claims recorded and did not move, take over what they owe, and clear the rest.

        Raises:
            CannotWrite, Unavailable: the workspace cannot be written or read; nothing recorded is removed.
        """
        recorded = list(recorded)
        for old in list(self.old_stagings(fence)):
            for made in recorded:
                staged = old.root / made.path
                if is_whole(staged, made, modified_ns=-1) and not is_whole(self.path(made.path), made, modified_ns=-1):
                    self.put_in_place(staged, made.path)
            self.staging(fence).take_over(old)
            shutil.rmtree(old.root, ignore_errors=True)


def folder(home: Path, channel_id: str, task_id: str) -> Folder:
    """Return the folder of a film in the workspace under `home`."""
    return Folder(home / "workspace" / layout.project(channel_id, task_id))
