"""Reading a document in which any field may be missing or of another type."""

from collections.abc import Mapping
from typing import Any


def mapping(value: object) -> Mapping[str, Any]:
    """Return an object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def mappings(value: object) -> list[Mapping[str, Any]]:
    """Return the objects of a list; none for anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """Return a text that can be written as UTF-8; an empty one for anything else."""
    return whole(value) if isinstance(value, str) else ""


def whole(value: str) -> str:
    """Return a text without halves of surrogate pairs, which no request and no file can hold."""
    return value.encode("utf-8", "replace").decode("utf-8")


def short(value: str, longest: int = 300) -> str:
    """Return a text on one line for people, its beginning if it is long."""
    line = " ".join("".join(one if one.isprintable() else " " for one in value).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
