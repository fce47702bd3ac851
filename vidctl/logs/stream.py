"""One more place for the entries of all processes of a container: its standard output, which `vidctl cron` hands down.

A program that only has the variable and not the file that it names writes nothing.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

VARIABLE: Final = "VIDCTL_LOG_STREAM"
_MOST_BYTES: Final = 4_096
"""What Linux writes into a pipe in one piece: lines of processes that write at once stay whole."""
_MOST_CHARACTERS: Final = 300
_ESSENTIAL: Final = 3
"""When, how bad, and what: the fields that every entry begins with."""


def hand_down(file: int) -> None:
    """Let this process, and those that it starts with `file`, write their entries there too."""
    status = os.fstat(file)
    os.environ[VARIABLE] = f"{file}:{status.st_dev}:{status.st_ino}"


def stream() -> int | None:
    """Return the file that was handed down; None where there is none, or where its number is that of another one."""
    with suppress(OSError, ValueError):
        file, device, inode = map(int, os.environ.get(VARIABLE, "").split(":"))
        status = os.fstat(file)
        if (status.st_dev, status.st_ino) == (device, inode):
            return file
    return None


def write(file: int, line: str, entry: Mapping[str, Any]) -> None:
    """Write an entry as the line that it is; one that is too long without its details, which are in its process's file.

    Raises:
        OSError: nobody reads it any more.
    """
    data = f"{line}\n".encode("utf-8", "replace")
    if len(data) > _MOST_BYTES:
        first = {name: str(value)[:_MOST_CHARACTERS] for name, value in list(entry.items())[:_ESSENTIAL]}
        data = f"{json.dumps(first)}\n".encode()
    os.write(file, data)
