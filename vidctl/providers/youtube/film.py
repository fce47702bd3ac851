"""The film's file: what it is known by, and its bytes from any place on."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Final

from vidctl.contract import ScriptError
from vidctl.errors import BadInput, NotFound
from vidctl.providers import refusals

BLOCK: Final = 256 * 1024


@dataclass(slots=True)
class Film:
    """One open file."""

    path: Path
    file: BufferedReader
    size: int
    sha256: str
    written_ns: int
    """When it was last written to, as its file system says, for as long as its bytes are the same."""

    def parts(self, start: int, length: int) -> Iterator[bytes]:
        """Yield the bytes from a place on, a block at a time.

        Raises:
            ScriptError: somebody has written to the file since it was opened.
            NotFound: its disk does not give it.
        """
        while length:
            with _readable(self.path):
                part = os.pread(self.file.fileno(), min(BLOCK, length), start)
            if not part or not self._is_the_same():
                raise changed(self.path)
            yield part
            start, length = start + len(part), length - len(part)

    def _is_the_same(self) -> bool:
        """Say whether the bytes are those that were looked at; somebody may have touched the file, and no more."""
        written_ns = _written_ns(self.file)
        if written_ns != self.written_ns:
            with _readable(self.path), open(self.file.fileno(), "rb", buffering=0, closefd=False) as file:
                file.seek(0)  # in the file that is sent, whatever lies under its name by now
                if hashlib.file_digest(file, "sha256").hexdigest() != self.sha256:
                    return False
            self.written_ns = written_ns
        return True


@contextmanager
def opened(path: Path) -> Iterator[Film]:
    """Open a film.

    Raises:
        NotFound: there is no such file, or its disk does not give it.
        BadInput: there is nothing in it.
    """
    with _readable(path):
        file = path.open("rb")
    with file:
        with _readable(path):
            written_ns = _written_ns(file)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = os.fstat(file.fileno()).st_size
        if not size:
            raise BadInput(f"the film {path} is empty", hint="give --film a film")
        yield Film(path, file, size, digest, written_ns)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise NotFound(f"cannot read the film {path}: {exc.strerror or exc}", hint="give --film a film") from exc


def _written_ns(file: BufferedReader) -> int:
    return os.fstat(file.fileno()).st_mtime_ns


def changed(path: Path) -> ScriptError:
    """Return the error for a film that is not any more the one whose upload began."""
    return refusals.refused(
        "FilmChanged",
        f"{path} is not the film whose upload began: nothing more is sent",
        hint="look for the earlier one at studio.youtube.com and remove it there; then: vidctl retry --new-upload",
    )
