"""A comment on a card as a word on orders whose answers were lost. Pure.

    not bought: order 17
    bought: clip 7, job 281e5b0f39b9
    buy again: clips 7, 8

What does not begin so is a remark among people.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from vidctl.domain.review import named_in, parts
from vidctl.domain.work import Artifact
from vidctl.errors import BadInput


class Fate(StrEnum):
    """What may have become of an order, in the words of a comment."""

    NOT_BOUGHT = "not bought"
    BOUGHT = "bought"
    """With its job: it is fetched."""
    BUY_AGAIN = "buy again"
    """It was charged, and what it made cannot be fetched."""


@dataclass(frozen=True, slots=True)
class Word:
    """What is said of the order of an artifact, or of one that is named by its number."""

    fate: Fate
    about: Artifact | int
    job_id: str | None = None

    @property
    def name(self) -> str:
        """What it is about, as people call it."""
        return f"order {self.about}" if isinstance(self.about, int) else str(self.about)


# As in `review`: no repeat can give back what another one then takes.
_FATE: Final = re.compile(
    r"\s*+(?P<fate>not\s++bought|bought|buy\s++again)\b(?P<colon>\s*+:)?\s*+(?P<what>.*)", re.IGNORECASE | re.DOTALL
)
_ORDER: Final = re.compile(r"orders?\s++(?P<numbers>\#?\d{1,15}(?:\s*+(?:,|and\b|&)\s*+\#?\d{1,15})*)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d++")
_JOB: Final = re.compile(r"[\s,:–—-]*+(?:as\s++)?job\b[\s:]*+(?P<id>\S++)\Z", re.IGNORECASE)
_PLACEHOLDER: Final = "id"
_HINT: Final = "write: not bought: clip 7, or bought: clip 7, job ID, or buy again: clip 7"


def ways(order_id: int) -> str:
    """Return the comments with which an order can be settled."""
    one = f"order {order_id}"
    return f"`not bought: {one}`, or `bought: {one}, job ID` to have it fetched, or `buy again: {one}`"


def is_word(text: str) -> bool:
    """Tell whether a comment says what became of an order; one without a colon has to name what it is about."""
    first = next(iter(parts(_plain(text))), "")
    match = _FATE.match(first)
    if match is None:
        return False
    try:
        return match["colon"] is not None or bool(_words(first))
    except BadInput:
        return False


def said(text: str) -> list[Word]:
    """Return what a comment says, each order once.

    Raises:
        BadInput: it cannot be understood; then it says nothing.
    """
    found = [word for part in parts(_plain(text)) for word in _words(part)]
    if len({word.about for word in found}) < len(found):
        raise BadInput("it says two things of the same", hint=_HINT)
    return found


def _plain(text: str) -> str:
    return text.replace("`", "")


def _words(part: str) -> list[Word]:
    match = _FATE.match(part)
    if match is None:
        raise BadInput(f"it is not clear what {part[:40]!r} says of an order", hint=_HINT)
    about, rest = _named(match["what"])
    job_id = _job(rest)
    if job_id is not None and (len(about) > 1 or match["fate"].lower() != Fate.BOUGHT):
        raise BadInput("a job goes with one item that was bought", hint=_HINT)
    fate = Fate(" ".join(match["fate"].lower().split()))
    return [Word(fate, one, job_id) for one in about]


def _named(what: str) -> tuple[list[Artifact] | list[int], str]:
    """Return what is named at the start, and what follows it."""
    if order := _ORDER.match(what):
        return [int(number) for number in _NUMBER.findall(order["numbers"])], what[order.end() :]
    named = named_in(what, told=True)
    if named is None:
        raise BadInput("it names no item and no order", hint=_HINT)
    return list(named.artifacts), named.note


def _job(rest: str) -> str | None:
    """Return the job that is named behind an item; None where nothing follows."""
    if not rest.strip(" .,!"):
        return None
    match = _JOB.match(rest.rstrip(" .,!"))
    if match is None or match["id"].lower() == _PLACEHOLDER:
        raise BadInput(f"it is not clear what {rest.strip()[:40]!r} means there", hint=_HINT)
    return match["id"]
