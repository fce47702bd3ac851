"""Taking files away for good: only what is really below the home, and nothing behind a link."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from vidctl.errors import BadInput

_ASIDE: Final = ".removed-"


@contextmanager
def alone_in(folder: Path) -> Iterator[bool]:
    """Keep others out of a folder during the block; yields False where somebody is at it already.

    A lock of the folder itself: so it is about this disk, whatever its machine is called, and ends with its process.
    """
    if not folder.is_dir():
        yield True
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    except OSError:  # a file system that knows no such locks: those of the films are enough
        yield True
    else:
        yield True
    finally:
        os.close(descriptor)


def require_inside(home: Path, path: Path) -> None:
    """Refuse what lies behind a link, below the home: the home itself may be one.

    Raises:
        BadInput: which link is on the way.
    """
    at = home
    for part in path.relative_to(home).parts:
        at /= part
        if at.is_symlink():
            raise BadInput(
                f"{at} is a symbolic link: nothing behind it is removed",
                hint="let VIDCTL_HOME itself be the link, or mount the disk there",
            )


def files_below(root: Path, on_error: Callable[[OSError], None]) -> Iterator[tuple[str, os.stat_result]]:
    """Yield every file below a folder by its path from there, and links without following them."""
    for folder, folders, files in os.walk(root, onerror=on_error):
        folders.sort()
        for name in [*sorted(files), *(name for name in folders if (Path(folder) / name).is_symlink())]:
            path = Path(folder) / name
            try:
                yield path.relative_to(root).as_posix(), path.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # it was put in place, or removed, meanwhile
            except OSError as exc:
                on_error(exc)


def remove_files(root: Path, paths: Iterable[str]) -> dict[str, OSError]:
    """Remove files of a folder; return those that could not be removed, and why. One that is gone is no trouble."""
    left = {}
    for path in paths:
        try:
            (root / path).unlink(missing_ok=True)
        except OSError as exc:
            left[path] = exc
    return left


def remove_empty_folders(root: Path, paths: Iterable[str]) -> None:
    """Remove the folders that the removal of these files left empty, up to `root` itself."""
    folders = {folder for path in paths for folder in (root / path).parents if folder.is_relative_to(root)}
    for folder in sorted(folders, key=lambda one: len(one.parts), reverse=True):
        with suppress(OSError):  # something is in it
            folder.rmdir()


def remove_folder(path: Path) -> None:
    """Remove a folder: it is put aside in one move first, so that no half of it is ever taken for a whole one.

    Raises:
        OSError: it is still there, or put aside: `is_aside` knows it.
    """
    aside = path if is_aside(path) else path.with_name(f"{_ASIDE}{path.name}")
    if aside != path:
        if aside.exists():
            shutil.rmtree(aside)
        path.rename(aside)
    shutil.rmtree(aside)


def is_aside(path: Path) -> bool:
    """Tell whether a folder was put aside by somebody who did not come to removing it."""
    return path.name.startswith(_ASIDE)
