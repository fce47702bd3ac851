"""The machine: Python, ffmpeg, disks, and who may read and write what."""

import os
import platform
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from vidctl.domain.room import LEAST_FREE_BYTES, NO_FILM_BYTES
from vidctl.engine.doctor import errands
from vidctl.engine.doctor.findings import Finding, broken, ok, warning
from vidctl.engine.doctor.ground import Ground

OLDEST_PYTHON: Final = (3, 11)
FFMPEG: Final = "check_ffmpeg.py"
_FEW_FILES: Final = 10_000
_OF_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def python(_: Ground) -> Iterator[Finding]:
    """Yield which Python this is."""
    at = f"Python {platform.python_version()} at {sys.executable}"
    oldest = ".".join(map(str, OLDEST_PYTHON))
    if sys.version_info >= OLDEST_PYTHON:
        yield ok(at)
    else:
        yield broken(f"{at} is too old", f"install vidctl with Python {oldest} or newer")


def ffmpeg(ground: Ground) -> Iterator[Finding]:
    """Yield which ffmpeg is run, and what it lacks."""
    said = errands.asked(ground, FFMPEG)
    at = f"ffmpeg {said.get('version')} at {said.get('path')}"
    missing = said.get("missing")
    if missing:
        cure = "unset VIDCTL_FFMPEG to use the one that comes with vidctl, or install a complete one"
        yield broken(f"{at} lacks {', '.join(map(str, missing)) if isinstance(missing, list) else missing}", cure)
    else:
        yield ok(at)


def home(ground: Ground) -> Iterator[Finding]:
    """Yield whether VIDCTL_HOME is there, is this user's, and can be written to."""
    folder = ground.settings.home
    try:
        about = folder.stat()
    except FileNotFoundError:
        cure = ground.or_mend_env("the first tick makes it; now: vidctl doctor --fix")
        yield warning(f"{folder} (VIDCTL_HOME) does not exist yet", cure)
        return
    except OSError as exc:
        yield broken(f"{folder} (VIDCTL_HOME) cannot be reached: {exc.strerror}", "let this user enter it")
        return
    me = os.geteuid()
    if not stat.S_ISDIR(about.st_mode):
        yield broken(f"{folder} (VIDCTL_HOME) is no folder", "set VIDCTL_HOME to a folder")
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield broken(f"{folder} (VIDCTL_HOME) cannot be written to by {_user(me)}", f"chown -R {_user(me)} {folder}")
    elif about.st_uid != me:
        cure = f"run vidctl as {_user(about.st_uid)}: what {_user(me)} makes there, that user cannot change"
        yield warning(f"{folder} (VIDCTL_HOME) is {_user(about.st_uid)}'s, and this is {_user(me)}", cure)
    else:
        yield ok(f"{folder} (VIDCTL_HOME) can be written to")


def _user(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def disks(ground: Ground) -> Iterator[Finding]:
    """Yield how much room there is for films, and for what is temporary: of each disk once."""
    seen = set()
    for folder in (ground.settings.home, Path(tempfile.gettempdir())):
        there = _nearest(folder)
        if there is not None and (device := there.stat().st_dev) not in seen:
            seen.add(device)
            yield from _room(there, folder)


def _nearest(folder: Path) -> Path | None:
    """Return a folder, or the first one above it that is there."""
    for one in (folder, *folder.parents):
        with suppress(OSError):
            if one.is_dir():
                return one
    return None


def _room(there: Path, folder: Path) -> Iterator[Finding]:
    free, about = shutil.disk_usage(there).free, os.statvfs(there)
    left = f"the disk of {folder} has {free / 1e9:,.1f} GB left"
    cure = "free disk space there; films that are published take most of it"
    if free < NO_FILM_BYTES:
        yield broken(left, cure)
    elif free < LEAST_FREE_BYTES:
        yield warning(left, cure)
    else:
        yield ok(left)
    if about.f_files and about.f_favail < _FEW_FILES:  # some file systems count none
        what = f"the disk of {folder} takes only {about.f_favail:,} more files (inodes)"
        yield warning(what, "remove small files there: old logs, caches")


def env_files(ground: Ground) -> Iterator[Finding]:
    """Yield what is wrong with the files that hold the keys."""
    if ground.trouble is not None:
        yield broken(str(ground.trouble), ground.trouble.hint)
    found = dotenvs(ground)
    for path in found:
        if readable_by_others(path):
            yield warning(f"others can read {path}, with the keys in it", f"chmod 600 {path}, or: vidctl doctor --fix")
        elif ground.trouble is None:
            yield ok(f"{path} is for this user alone")
    if not found and ground.trouble is None:
        yield ok("there is no .env: settings come from the environment alone")


def dotenvs(ground: Ground) -> list[Path]:
    """Return the `.env` files that are read."""
    places = dict.fromkeys([Path(".env").absolute(), ground.settings.home / ".env"])
    return [path for path in places if path.is_file()]


def readable_by_others(path: Path) -> bool:
    """Say whether anybody but its owner may read or change a file."""
    return bool(path.stat().st_mode & _OF_OTHERS)
