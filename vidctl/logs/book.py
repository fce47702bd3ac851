"""A file of entries: of one run of a step, or of all ticks; what talks without end fills no disk."""

import os
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

FOLDER: Final = "logs"
TICKS: Final = "tick.jsonl"
ALERTS: Final = "alerts.jsonl"
"""What became of alerts."""
ENDING: Final = ".jsonl"
MOST_BYTES: Final = 1_000_000
BACKUPS: Final = 3
"""How many files are kept besides the one that is written: the oldest entries go first."""
MOST_FILES: Final = 200
MOST_BYTES_OF_FILM: Final = 20_000_000


def folder_of(home: Path, task_id: object) -> Path:
    """Return where the entries of a film lie: beside the workspace, so that they outlast what is removed there."""
    return home / FOLDER / str(task_id)


class Book:
    """One file, and its back-ups beside it: `x.jsonl`, `x.jsonl.1`, the oldest with the highest number.

    A line is written at once and as a whole: threads and processes may write into the same file.
    """

    def __init__(self, path: Path, *, most_bytes: int = MOST_BYTES, shared: bool = False) -> None:
        self._path = path
        self._is_shared = shared
        self._most_bytes = most_bytes
        self._file: int | None = None
        self._lock = threading.Lock()
        self._is_torn = False
        self._is_stderr = False

    def open(self) -> None:
        """Open the file, and make its folder, if nothing was written yet.

        Raises:
            OSError: it cannot be written.
        """
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            self._file = os.open(self._path, flags, 0o644)

    def write(self, line: str) -> None:
        """Add a line.

        Raises:
            OSError: it cannot be written, or not the whole of it.
        """
        data = f"{line}\n".encode("utf-8", "replace")
        with self._lock:
            self.open()
            assert self._file is not None
            if 0 < os.fstat(self._file).st_size > self._most_bytes - len(data):
                self._turn()
            if self._is_torn:
                data = b"\n" + data
            self._is_torn = True
            self._is_torn = os.write(self._file, data) != len(data)

    def become_stderr(self) -> None:
        """Let all that this process writes on its standard output and error be in the file too."""
        assert self._file is not None
        self._is_stderr = True
        for target in (1, 2):
            os.dup2(self._file, target)

    def rename(self, what: str) -> None:
        """Call the file by what it is about, behind the moment in which it was begun."""
        path = self._path.with_name(f"{self._path.name.partition('_')[0]}_{what}{ENDING}")
        with self._lock:
            if self._file is not None:
                with suppress(OSError):
                    self._path.rename(path)
            self._path = path

    def let_go(self) -> None:
        """Leave the file to another process that has it too."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def close(self) -> None:
        """Close the file; one in which nothing was written is removed, unless others write there too."""
        with self._lock, suppress(OSError):
            if self._file is not None:
                if not self._is_shared and not os.fstat(self._file).st_size:
                    self._path.unlink(missing_ok=True)
                os.close(self._file)
                self._file = None

    def _turn(self) -> None:
        """Begin the file anew; unless another process has just done that."""
        assert self._file is not None
        with suppress(OSError):
            if os.path.samestat(os.fstat(self._file), self._path.stat()):
                for number in range(BACKUPS, 0, -1):
                    older = self._path.with_name(f"{self._path.name}.{number}")
                    newer = self._path.with_name(f"{self._path.name}.{number - 1}") if number > 1 else self._path
                    with suppress(FileNotFoundError):
                        newer.replace(older)
        old, self._file = self._file, None
        self.open()
        os.close(old)
        if self._is_stderr:
            self.become_stderr()


def book_of(home: Path, task_id: object, what: str) -> Book:
    """Return the file of one run for a film that begins now; the oldest of its files make room.

    Nothing is written yet, so nothing can fail.
    """
    folder = folder_of(home, task_id)
    with suppress(OSError):
        _make_room(folder)
    return Book(folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}_{what}{ENDING}")


def _make_room(folder: Path) -> None:
    """Remove the oldest files of a film that has too many, or too much in them."""
    files = sorted(folder.glob(f"*{ENDING}*"), key=_age, reverse=True) if folder.is_dir() else []
    left = MOST_BYTES_OF_FILM
    for number, file in enumerate(files):
        left -= file.lstat().st_size
        if number >= MOST_FILES or left < 0:
            file.unlink(missing_ok=True)


def _age(file: Path) -> tuple[str, int]:
    """Return what sorts the files of a film by age, the oldest first: of one run the back-ups, and then its own."""
    run, _, number = file.name.partition(f"{ENDING}.")
    return run.removesuffix(ENDING), -int(number) if number.isdecimal() else 0
