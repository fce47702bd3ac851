"""What is left of a disk, and what is to be said of it. A tick asks each minute: nothing is imported for it."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from vidctl.domain.room import LEAST_FREE_BYTES, NO_FILM_BYTES, gigabytes
from vidctl.engine.context import Context
from vidctl.errors import CannotWrite

KIND: Final = "disk"
"""Of the alert."""


def free_bytes(folder: Path) -> int | None:
    """Return what is free on the disk of a folder, or of the nearest one above it that is there."""
    for one in (folder, *folder.parents):
        with suppress(OSError):
            found = os.statvfs(one)
            return found.f_bavail * found.f_frsize
    return None


def sentence(context: Context) -> str:
    """Return what is said where little is left here: the same each time, so that it is said once."""
    return f"the disk of VIDCTL_HOME on {context.machine} has less than {gigabytes(LEAST_FREE_BYTES)} left"


def trouble(context: Context) -> CannotWrite | None:
    """Return that little is left here; None where there is enough, or nobody can tell."""
    free = context.world.free_bytes(context.home)
    if free is None or free >= LEAST_FREE_BYTES:
        return None
    what = f"free disk space there: {gigabytes(free)} is left, and below {gigabytes(NO_FILM_BYTES)} no step is begun"
    return CannotWrite(sentence(context), hint=f"{what}; vidctl cleanup --dry-run says what may go")


def require_some(context: Context) -> None:
    """Refuse to begin what could not be kept.

    Raises:
        CannotWrite: next to nothing is left.
    """
    free = context.world.free_bytes(context.home)
    if free is not None and free < NO_FILM_BYTES:
        least = gigabytes(NO_FILM_BYTES)
        raise CannotWrite(
            f"no step is begun: the disk of VIDCTL_HOME on {context.machine} has less than {least} left",
            hint="free disk space there, and films go on by themselves; vidctl cleanup --dry-run says what may go",
        )
