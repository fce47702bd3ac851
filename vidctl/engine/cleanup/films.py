"""One published film's folder: what goes, what stays and why, and doing it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final, TypeAlias

from vidctl.domain import layout
from vidctl.domain.retention import Keep, is_evidence, may_go
from vidctl.domain.work import Kind
from vidctl.engine.cleanup.elsewhere import Film
from vidctl.engine.cleanup.inventory import File, Role, inventory
from vidctl.errors import VidctlError
from vidctl.storage.removal import remove_empty_folders, remove_files
from vidctl.store import Db, artifacts, takes

NOWHERE_ELSE: Final = "nowhere else"
NOT_OURS: Final = "not made by vidctl"
NEVER_RECORDED: Final = "never recorded"
_NAMED: Final = 3

Seen: TypeAlias = Callable[[Film, Sequence[File]], set[str]]
"""Returns the paths of those files of a film that are elsewhere too."""


class Lacking(VidctlError):
    """Something that should be in the bucket is not: before anybody has looked into that, nothing of the film goes."""


@dataclass(slots=True)
class Judged:
    """What of a film's files goes, and what stays although nobody needs it here, with the reason."""

    gone: list[File] = field(default_factory=list)
    stay: list[tuple[File, str]] = field(default_factory=list)


def judge(db: Db, film: Film, seen: Seen) -> Judged:
    """Return what of a film's files may go.

    Raises:
        BadInput: there is a link in its folder.
        Lacking: the bucket does not have what was stored there.
        VidctlError: nobody can say what is elsewhere.
        OSError: a file cannot be read.
    """
    files = inventory(film.place.root, film.kept, takes.of_film(db, film.task.id))
    has_thumbnail = any(file.role is Role.IN_USE and _kind(file) is Kind.THUMBNAIL for file in files)
    ours = [
        file
        for file in files
        if file.role is Role.TAKE
        or (file.role is Role.IN_USE and not is_evidence(_kind(file), has_thumbnail=has_thumbnail))
    ]
    judged = sort_out(film, ours, seen)
    for file in files:
        if file.role is Role.FOREIGN:
            judged.stay.append((file, NOT_OURS))
        elif file.role is Role.STAGED and _is_owed(film, file):
            judged.stay.append((file, NEVER_RECORDED))
        elif file.role is Role.STAGED:
            judged.gone.append(file)
    return judged


def sort_out(film: Film, ours: Sequence[File], seen: Seen) -> Judged:
    """Return what goes of files that were recorded, and are no evidence.

    Raises:
        Lacking, VidctlError: as `judge`.
    """
    keep, free = Keep(film.channel.cleanup.keep), film.channel.mode == "preview" and not film.channel.scripts
    goes = {file.path: may_go(_kind(file), keep, free=free) for file in ours}
    in_bucket = film.channel.storage_strategy == "r2" and keep is Keep.ONLY_COPIES
    asked = [file for file in ours if in_bucket or not goes[file.path]]
    there = seen(film, asked) if asked else set()
    if in_bucket and (lacking := [file for file in asked if file.role is Role.IN_USE and file.path not in there]):
        raise _lacking(lacking)
    judged = Judged()
    for file in ours:
        if goes[file.path] or file.path in there:
            judged.gone.append(file)
        else:
            judged.stay.append((file, NOWHERE_ELSE))
    return judged


def _lacking(files: Sequence[File]) -> Lacking:
    named = ", ".join(f"{file.artifact} ({file.path})" for file in files[:_NAMED])
    more = f" and {len(files) - _NAMED} more" if len(files) > _NAMED else ""
    return Lacking(
        f"the bucket does not have, as it is here, {named}{more}",
        hint="look into the bucket; or say in the channel's file what to keep: cleanup: {keep: film}",
    )


def _kind(file: File) -> Kind:
    assert file.artifact is not None, "only what was recorded has a kind"
    return file.artifact.kind


def _is_owed(film: Film, file: File) -> bool:
    """Tell whether a file is in the staging of a claim that has paid for more than was ever recorded."""
    parts = PurePosixPath(file.path).parts
    return parts[0] == layout.STAGING and len(parts) > 1 and film.place.staging(_fence(parts[1])).owes()


def _fence(name: str) -> int:
    return int(name) if name.isdecimal() else -1


def take_away(db: Db, film: Film, judged: Judged, *, now: datetime) -> dict[str, OSError]:
    """Remove what goes, and return what could not be removed, with the reason.

    The rows say before that these files are gone: whoever looks while they go, or after this was broken off, never
    takes what is left for a whole film.
    """
    items = {file.path: file.artifact for file in judged.gone if file.role is Role.IN_USE and not file.is_beside}
    artifacts.removed(db, film.task.id, filter(None, items.values()), at=now)
    paths = [file.path for file in judged.gone]
    left = remove_files(film.place.root, paths)
    remove_empty_folders(film.place.root, paths)
    artifacts.removed(db, film.task.id, filter(None, (items.get(path) for path in left)), at=None)
    return left
