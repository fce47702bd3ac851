"""What happened, an entry an event: words where a person reads them, JSON in files and where a program does.

Whoever only may have something to log imports this alone: structlog comes with the first entry.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Final

from vidctl.logs.book import Book
from vidctl.masking import Secrets, secrets_of
from vidctl.settings import machine_of

LEVELS: Final = ("debug", "info", "warning", "error", "critical")

book: Book | None = None
"""Where this process keeps its entries, if it does."""
is_aloud = True
"""Whether they are written on standard error too."""
secrets: Secrets = ()
"""What no entry of this process may show; what only looks like a secret is none the less masked."""
machine = ""
"""What this machine is called; "" for its host name."""


def log(message: str, /, *, level: str = "info", **fields: Any) -> None:
    """Write one entry with its fields; durations are in seconds.

    Where nothing can be written (the disk is full, the terminal gone) the work goes on without it.
    """
    from vidctl.logs import entries

    entries.write(level, message, fields)


def bound(**fields: Any) -> AbstractContextManager[None]:
    """Let every entry within have these fields: one step of one film, bound once."""
    from vidctl.logs import entries

    return entries.bound(fields)


def into(file: Book | None, *, aloud: bool) -> None:
    """Keep the entries of this process in a file, and write them on standard error only if they are `aloud`."""
    global book, is_aloud  # as standard error, it is the process's
    book, is_aloud = file, aloud


def named(what: str) -> None:
    """Say what this process's entries are about, now that it is known: their file is called so."""
    if book is not None:
        book.rename(what)


def know(environment: Mapping[str, str]) -> None:
    """Let each entry of this process say what its environment calls this machine, and none show a secret of it."""
    global machine  # noqa: PLW0603
    machine = machine_of(environment)
    hide(environment)


def hide(environment: Mapping[str, str]) -> None:
    """Let no entry of this process show the secrets of an environment."""
    global secrets  # noqa: PLW0603
    secrets = tuple(dict.fromkeys((*secrets, *secrets_of(environment))))
