"""Files that belong to no film's present: logs, what was written aside and never put in place, strangers' folders."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from os import stat_result
from pathlib import Path
from stat import S_ISLNK
from typing import Final
from uuid import UUID

from vidctl.engine.cleanup.inventory import PART
from vidctl.engine.context import Context
from vidctl.errors import BadInput
from vidctl.logs.book import FOLDER as LOGS
from vidctl.storage.removal import files_below, is_aside, remove_files, remove_folder, require_inside
from vidctl.store.cleanup import Stand

WORKSPACE: Final = "workspace"
ASIDE_FOR: Final = timedelta(days=2)
"""Who writes a file aside has put it in place by then: no program may run for longer than a day."""
_ID_LENGTH: Final = 36


@dataclass(slots=True)
class Swept:
    """How many files were removed, and what they had."""

    files: int = 0
    size_bytes: int = 0

    def add(self, size_bytes: int) -> None:
        """Count one."""
        self.files += 1
        self.size_bytes += size_bytes


@dataclass(frozen=True, slots=True)
class Orphan:
    """A folder in the workspace that is no film's."""

    path: Path
    swept: Swept
    removed: bool


def projects(home: Path) -> Iterator[Path]:
    """Yield every folder that is a film's, by where it lies."""
    for folder in sorted((home / WORKSPACE / "channels").glob("*/projects/*")):
        if folder.is_dir() and not is_aside(folder):
            yield folder


def ids_of(names: Iterable[str]) -> Iterator[UUID]:
    """Yield the films that folders are named after."""
    for name in names:
        with suppress(ValueError):
            if str(task_id := UUID(name)) == name:
                yield task_id


def film_of(root: Path, known: Mapping[UUID, Stand]) -> Stand | None:
    """Return the film that a folder belongs to; None where it is no film's, or lies in another channel's place."""
    stand = next((known[one] for one in ids_of([root.name]) if one in known), None)
    return stand if stand is not None and root.parent.parent.name == stand.channel_id else None


@dataclass(slots=True)
class Sweep:
    """Removes old files of this machine, or with `dry_run` counts them; `problems` gets what could not be removed."""

    context: Context
    problems: list[str]
    dry_run: bool

    def temporary(self, films: Iterable[Path]) -> Swept:
        """Remove what was being written in films' folders when its writer died, and what an earlier run put aside."""
        swept, old = Swept(), self.context.clock() - ASIDE_FOR
        for folder in filter(self._is_inside, _put_aside(self.context.home)):
            self._remove_folder(folder, swept)
        for root in films:
            self._remove(root, lambda path, status: bool(PART.fullmatch(path.name)) and _changed(status) <= old, swept)
        return swept

    def logs(self, stands: Callable[[Collection[UUID]], Mapping[UUID, Stand]]) -> Swept:
        """Remove logs that nothing was written to for long; not those of films that are on their way."""
        swept, root = Swept(), self.context.home / LOGS
        old = self.context.clock() - timedelta(days=self.context.limits.kept_days.logs)
        names = {_film_in(path) for path, _ in self._files(root)}
        on_their_way = {str(film.id) for film in stands(list(ids_of(names))).values() if not film.is_over}
        self._remove(
            root, lambda path, status: _film_in(path) not in on_their_way and _moment(status.st_mtime) <= old, swept
        )
        return swept

    def orphans(self, folders: Iterable[Path], *, remove: bool) -> list[Orphan]:
        """Return the folders that are no film's, and what is in them; remove those that nobody has touched for long."""
        found, old = [], self.context.clock() - ASIDE_FOR
        for folder in folders:
            swept, touched = Swept(), _changed(folder.stat())
            for _, status in self._files(folder):
                swept.add(status.st_size)
                touched = max(touched, _changed(status))
            goes = remove and touched <= old
            if goes and not self.dry_run:
                goes = self._remove_folder(folder, Swept())
            found.append(Orphan(folder, swept, goes))
        return found

    def _files(self, root: Path) -> Iterator[tuple[Path, stat_result]]:
        """Yield every file below a folder by its path from there; what is a link, or behind one, is passed over."""
        if self._is_inside(root):
            for path, status in files_below(root, self._unreadable):
                if not S_ISLNK(status.st_mode):
                    yield Path(path), status

    def _is_inside(self, folder: Path) -> bool:
        try:
            require_inside(self.context.home, folder)
        except BadInput as error:
            self._say(f"{error} ({error.hint})")
            return False
        return True

    def _remove(self, root: Path, is_old: Callable[[Path, stat_result], bool], swept: Swept) -> None:
        old = {str(path): status.st_size for path, status in self._files(root) if is_old(path, status)}
        left = {} if self.dry_run else remove_files(root, old)
        for path, exc in left.items():
            self._say(f"cannot remove {root / path}: {exc.strerror or exc}")
        for path in old.keys() - left.keys():
            swept.add(old[path])

    def _remove_folder(self, folder: Path, swept: Swept) -> bool:
        sizes = [status.st_size for _, status in self._files(folder)]
        try:
            if not self.dry_run:
                remove_folder(folder)
        except OSError as exc:
            self._say(f"cannot remove {folder}: {exc.strerror or exc}")
            return False
        for size_bytes in sizes:
            swept.add(size_bytes)
        return True

    def _unreadable(self, error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            self._say(f"cannot read {error.filename}: {error.strerror or error}")

    def _say(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def _put_aside(home: Path) -> list[Path]:
    folders = (home / WORKSPACE / "channels").glob("*/projects/.*")
    return sorted(folder for folder in folders if is_aside(folder) and not folder.is_symlink())


def _film_in(path: Path) -> str:
    """Return which film a log is about: that begins its name, or the name of the folder that it is in."""
    return path.parts[0][:_ID_LENGTH]


def _changed(status: stat_result) -> datetime:
    """Return when a file was written or given its name: what is copied brings the time of its last change along."""
    return _moment(max(status.st_mtime, status.st_ctime))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
