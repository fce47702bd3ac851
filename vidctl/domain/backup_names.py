"""What backups in a folder are called, and which of them are one too many. Pure.

Their names say when they were made, in UTC, so that they sort by age wherever they are copied to.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

SEALED: Final = ".backup"
PLAIN: Final = ".tar.gz"
_OURS: Final = re.compile(r"vidctl_(\d{8}T\d{6})Z(?:_(\d+))?(?:\.backup|\.tar\.gz)")


def name_of(made_at: datetime, *, sealed: bool, number: int = 1) -> str:
    """Return a backup's name; `number` tells apart what was made in the same second."""
    another = "" if number == 1 else f"_{number}"
    return f"vidctl_{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}{another}{SEALED if sealed else PLAIN}"


def surplus(names: Iterable[str], *, keep: int, newest: str) -> list[str]:
    """Return the names of the backups beyond the `keep` newest ones, the oldest first; of no other file.

    `newest` was made just now, and stays whatever the clock says.
    """
    others = sorted((age, name) for name in names if name != newest and (age := _age(name)))
    return [name for _, name in others[: max(0, len(others) - (keep - 1))]]


def _age(name: str) -> tuple[str, int] | None:
    found = _OURS.fullmatch(name)
    return (found[1], int(found[2] or 1)) if found else None
