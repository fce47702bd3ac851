"""Reading a document in which any field may be missing or of another type."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

_WORD: Final = re.compile(r"[!-~]+")


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


def is_word(value: object) -> bool:
    """Say whether something is printable ASCII without a blank, as keys and tokens are: a header can hold it."""
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def without(value: str, secrets: Mapping[str, str]) -> str:
    """Return a text with the names of secrets in their places: services like to repeat what they refuse."""
    for name, secret in secrets.items():
        for written in filter(None, (secret, quote(secret, safe=""))):
            value = value.replace(written, f"[{name}]")
    return value


def short(value: str, longest: int = 300) -> str:
    """Return a text on one line for people, its beginning if it is long."""
    line = " ".join("".join(one if one.isprintable() else " " for one in value).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
