"""What KIE answers, read without trust: the code of the body goes before the HTTP status, which is mostly 200."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from typing import Any, Final, Self

from vidctl.providers.http import Reply

MAX_CREDITS: Final = Decimal(10) ** 8
"""No account holds more: a larger number is not what it seems to be."""
_SHOWN: Final = 300
_SIGNED: Final = re.compile(r"(https?://[^\s?]+)\?[^\s\"')>]+")
"""An address of a picture opens it to whoever has what is behind the question mark."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `code` is that of the body, or the HTTP status where the body has none.

    `spoken` says whether the body has one: whether this is KIE itself, and not a gateway or half a document.
    """

    code: int
    spoken: bool
    said: str
    """Its words, for people; in one line, and short."""
    data: Any
    reply: Reply

    @classmethod
    def of(cls, reply: Reply) -> Self:
        """Read an answer, whatever it is."""
        body = reply.json
        body = body if isinstance(body, dict) else {}
        code = whole_number(body.get("code"))
        said = text(body.get("msg")) or text(body.get("message")) or reply.shown or "nothing"
        return cls(reply.status if code is None else code, code is not None, said, body.get("data"), reply)

    @property
    def is_good(self) -> bool:
        """Whether it says that all is well."""
        return self.code == HTTPStatus.OK and self.spoken

    @property
    def fields(self) -> Mapping[str, Any]:
        """What it is about; nothing where that is no object."""
        return self.data if isinstance(self.data, dict) else {}


def text(value: object) -> str:
    """Return a text as it can be shown: one line, printable, not long, no signed address; "" for anything else."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return ""
    line = " ".join("".join(one if one.isprintable() else " " for one in str(value)[: 4 * _SHOWN]).split())
    line = _SIGNED.sub(r"\1?…", line)
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def whole_number(value: object) -> int | None:
    """Return a code, which may come as a number or in a text; None for anything else."""
    digits = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(digits) if re.fullmatch("[0-9]{1,9}", digits) else None


def number(value: object) -> Decimal | None:
    """Return an amount of credits, which may have a fraction and may be below zero, but counts from zero then."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return max(amount, Decimal(0)) if amount.is_finite() and amount < MAX_CREDITS else None


def document(value: object) -> Mapping[str, Any]:
    """Return an object that KIE sends as a text inside of its answer (or, one day, as itself)."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, dict) else {}
