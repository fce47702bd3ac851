"""A film's folder on this machine: scripts write into staging, whole files are moved into place.

Staging is a folder per claim (named by its fence). Whoever claims a film next takes over what its
predecessor had recorded but not moved yet, and removes the rest, so that a predecessor that wakes
up late finds nothing left to move.

What others replace is kept in `takes/`. The order is always the same, and whoever comes next can go on
from wherever it was broken off: the new file is whole in staging; the database says what it is and what it
replaces; the old file gets a second name in `takes/`; the new one takes its place in one move.
"""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from vidctl.domain import layout
from vidctl.domain.takes import Take
from vidctl.domain.work import Made
from vidctl.storage.files import cannot_write, copy_whole, flush_folder, is_whole, keep_whole
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

    def keep(self, take: Take) -> None:
        """Keep a file that another is to replace, with its sidecars, under names of their own.

        It stays in its place too, until the other one takes that in one move. Nothing happens where it is kept
        already, or where what lies in its place is not it any more; its sidecars come first, so that it never
        lies there without them.

        Raises:
            CannotWrite, Unavailable: the workspace cannot be written or read; nothing is lost.
        """
        place, kept = self.path(take.place), self.path(take.path)
        if _is_it(kept, take) or not _is_it(place, take):
            return
        for sidecar in sidecars(place):  # a copy: unlike the file itself, it may stay where it is, and be written anew
            beside = kept.with_name(kept.stem + sidecar.name.removeprefix(place.stem))
            if not beside.exists():
                keep_whole(sidecar, beside, Path.is_file, by=copy_whole)
        keep_whole(place, kept, lambda found: _is_it(found, take))
        try:
            for flushed in (kept.parent, *kept.parent.parents):
                flush_folder(flushed)
                if flushed == self.root:
                    break
        except OSError as exc:
            raise cannot_write(kept, exc) from exc

    def stage(self, take: Take, staging: Staging) -> Path:
        """Copy a kept file and its sidecars to where they can be put in place from.

        Raises:
            CannotWrite: the workspace is read-only or full.
        """
        return self.stage_copy(self.path(take.path), take.place, staging)

    def stage_copy(self, file: Path, relative: str, staging: Staging) -> Path:
        """Copy a file and its sidecars to where they can be put in the place `relative` from.

        Raises:
            CannotWrite: the workspace is read-only or full.
        """
        try:
            staged = staging.place(relative)
            for sidecar in sidecars(file):
                copy_whole(sidecar, staged.with_name(staged.stem + sidecar.name.removeprefix(file.stem)))
            copy_whole(file, staged)
        except OSError as exc:
            raise cannot_write(staging.root / relative, exc) from exc
        return staged

    def find(self, take: Take, wanted_at: str) -> Path | None:
        """Return where the file of a take is, in use, kept, or put back where it is wanted now; None: nowhere."""
        places = (self.path(place) for place in (take.place, take.path, wanted_at))
        return next((path for path in places if _is_it(path, take)), None)

    def has(self, take: Take) -> bool:
        """Say whether a take that is not in use is really kept."""
        return _is_it(self.path(take.path), take)

    def settle(self, fence: int, recorded: Iterable[Made], takes: Iterable[Take]) -> None:
        """Do what whoever recorded something did not come to: keep what was replaced, put what replaces it in place.

        What is in use and is gone from its place is taken from where it is kept, if it ever was.

        Raises:
            CannotWrite, Unavailable: the workspace cannot be written or read; nothing recorded is removed.
        """
        takes = list(takes)
        for take in takes:
            if not take.in_use:
                self.keep(take)
        lost = [made for made in recorded if not self._find_in_staging(made)]
        brought_back = {take.artifact: take for take in takes if take.in_use and self.path(take.path).exists()}
        for made in lost:
            kept = brought_back.get(made.artifact)
            if kept and kept.sha256 == made.sha256 and self.has(kept) and not _is_it(self.path(made.path), kept):
                self.put_in_place(self.stage(replace(kept, place=made.path), self.staging(fence)), made.path)

    def _find_in_staging(self, made: Made) -> bool:
        """Put a file in place that was recorded and not moved yet; False where nobody has it in staging."""
        for old in self.old_stagings(fence=-1):
            staged = old.root / made.path
            if is_whole(staged, made, modified_ns=-1):
                if not is_whole(self.path(made.path), made, modified_ns=-1):
                    self.put_in_place(staged, made.path)
                return True
        return False

    def adopt(self, fence: int, recorded: Iterable[Made], takes: Iterable[Take] = ()) -> None:
        """Settle what earlier claims recorded, take over what they owe, and clear the rest.

        Raises:
            CannotWrite, Unavailable: the workspace cannot be written or read; nothing recorded is removed.
        """
        self.settle(fence, recorded, takes)
        for old in list(self.old_stagings(fence)):
            self.staging(fence).take_over(old)
            shutil.rmtree(old.root, ignore_errors=True)
        for part in self.path(layout.TAKES).rglob(".*.part"):
            part.unlink(missing_ok=True)


def _is_it(path: Path, take: Take) -> bool:
    return is_whole(path, take.file, modified_ns=take.modified_ns)


def folder(home: Path, channel_id: str, task_id: str) -> Folder:
    """Return the folder of a film in the workspace under `home`."""
    return Folder(home / "workspace" / layout.project(channel_id, task_id))
