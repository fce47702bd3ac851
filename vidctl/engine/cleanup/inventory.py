"""Everything that lies in a film's folder, and what each file is there."""

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath
from stat import S_ISLNK
from typing import Final, TypeAlias

from vidctl.domain import layout
from vidctl.domain.takes import Take
from vidctl.domain.work import Artifact, Made
from vidctl.errors import BadInput
from vidctl.storage.removal import files_below
from vidctl.store.artifacts import Kept

PART: Final = re.compile(r"\..+\.part(\.\w+)?\Z")
"""How files are called that are being written aside."""


class Role(StrEnum):
    """What a file is in a film's folder."""

    IN_USE = "in use"
    TAKE = "take"
    """Another one replaced it."""
    PUBLIC = "public"
    STAGED = "staged"
    """Made, and not put in its place."""
    UNFINISHED = "unfinished"
    """Written aside; it goes by its age, whatever the film is."""
    FOREIGN = "foreign"
    """vidctl knows nothing of it."""


@dataclass(frozen=True, slots=True)
class File:
    """One file. `path` is relative to the film's folder."""

    path: str
    size_bytes: int
    freed_bytes: int
    """What its removal frees: nothing where it has another name."""
    role: Role
    made: Made | None = None
    """What was recorded of it, or of the file that it lies beside."""
    modified_ns: int = -1

    @property
    def artifact(self) -> Artifact | None:
        """Of what it is a file, if that is known."""
        return self.made.artifact if self.made else None

    @property
    def is_beside(self) -> bool:
        """Whether it lies beside the file that was recorded."""
        return self.made is not None and self.made.path != self.path


Recorded: TypeAlias = tuple[Role, Made, int]


def inventory(root: Path, kept: Mapping[Artifact, Kept], takes: Collection[Take]) -> list[File]:
    """Return every file of a film's folder.

    Raises:
        BadInput: there is a link, and nobody knows where removing would lead.
        OSError: it cannot be read.
    """
    at = _recorded(kept, takes)
    stems = {_stem(path): recorded for path, recorded in at.items()}
    found = []
    for path, status in files_below(root, _refuse):
        if S_ISLNK(status.st_mode):
            raise BadInput(f"{root / path} is a symbolic link", hint="remove the link, or put the file itself there")
        found.append(_file(path, status, at.get(path) or _beside(path, stems)))
    return found


def _refuse(error: OSError) -> None:
    raise error


def _recorded(kept: Mapping[Artifact, Kept], takes: Collection[Take]) -> dict[str, Recorded]:
    """Return what was recorded of files, by the places where they lie."""
    found: dict[str, Recorded] = {take.path: (Role.TAKE, replace(take.file, path=take.path), -1) for take in takes}
    found |= {take.place: (Role.IN_USE, take.file, take.modified_ns) for take in takes if take.in_use}
    return found | {item.made.path: (Role.IN_USE, item.made, item.modified_ns) for item in kept.values()}


def _file(path: str, status: os.stat_result, recorded: Recorded | None) -> File:
    freed = status.st_size if status.st_nlink == 1 else 0
    parts = PurePosixPath(path).parts
    if PART.fullmatch(parts[-1]):
        return File(path, status.st_size, freed, Role.UNFINISHED)
    if parts[0] == layout.STAGING:
        return File(path, status.st_size, freed, Role.STAGED)
    if parts[0] == layout.PUBLISHED:
        return File(path, status.st_size, freed, Role.PUBLIC)
    if recorded is None:
        return File(path, status.st_size, freed, Role.FOREIGN)
    return File(path, status.st_size, freed, *recorded)


def _stem(path: str) -> tuple[str, str]:
    file = PurePosixPath(path)
    return str(file.parent), file.stem


def _beside(path: str, stems: Mapping[tuple[str, str], Recorded]) -> Recorded | None:
    """Return what was recorded of the file that one lies beside, as scripts leave it there: under the same stem."""
    file = PurePosixPath(path)
    begins = (file.name[:at] for at, letter in enumerate(file.name) if letter == ".")
    return next((stems[here] for one in begins if (here := (str(file.parent), one)) in stems), None)
