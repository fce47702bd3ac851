"""Where the files lie that ship with vidctl: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """Return the shipped folder `name`: `scripts`, `migrations` or `channel_configs`."""
    inside = _PACKAGE / "_bundled" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
