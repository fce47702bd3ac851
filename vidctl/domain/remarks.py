"""A comment on a card as a command: which items are to be made again, and how; or yes or no to what that costs. Pure.

    redo 7: slower, no text
    redo images 3, 5
    redo clips 7-9: steadier; narration 2: calmer
    redo 1: brighter; 2: darker
    go

What is no command is what it is: a remark among people.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from vidctl.domain.review import Named, Rejection, named_in, parts, together
from vidctl.domain.status import OPTIONAL_GATES, Status
from vidctl.domain.work import Kind
from vidctl.errors import BadInput

# As in `review`: no repeat can give back what another one then takes: a text takes as long to read as it is long.
_REDO: Final = re.compile(r"\s*+(?:please\s++)?(?:redo|remake)\b[\s:]*+(?P<what>.*)", re.IGNORECASE | re.DOTALL)
_BARE: Final = re.compile(r"#?\d")
_YES: Final = frozenset(
    {"go", "go ahead", "go for it", "yes", "yes please", "yes, please", "ok", "okay", "do it", "sure"}
)
_NODS: Final = "\N{THUMBS UP SIGN}\N{OK HAND SIGN}\N{WHITE HEAVY CHECK MARK}"
_FRIENDLY: Final = ".! \N{PERSON WITH FOLDED HANDS}\N{PARTY POPPER}\N{SLIGHTLY SMILING FACE}\N{VARIATION SELECTOR-16}"
_SKINS: Final = "".join(map(chr, range(0x1F3FB, 0x1F400)))
_NO: Final = re.compile(
    r"(?:no|no\s++thanks|no\s++thank\s++you|don't|dont|do\s++not|leave\s++it|keep\s++it|cancel|stop|never\s*+mind)"
    r"(?=\s*(?:[,;!\n]|\.(?!\s*\d)|\Z))",  # not in: no text; no. 3 is lovely
    re.IGNORECASE,
)

MEANT: Final[Mapping[Status, Kind]] = {
    Status.ASSETS_READY: Kind.IMAGE,
    Status.VIDEO_READY: Kind.CLIP,
    Status.AUDIO_READY: Kind.NARRATION,
}
"""What a number alone means at a gate; at the last one it has to be said."""


def is_command(text: str) -> bool:
    """Tell whether a comment wants something made again."""
    return _REDO.match(text) is not None


def redo(text: str, gate: Status) -> list[Rejection] | None:
    """Return what a comment wants made again, each item once; None where it is no command.

    As in `rejections`, and a number alone at the start of a part names an item too: one of the kind that was named
    last, or that is meant at the gate.

    Raises:
        BadInput: it is one, but does not begin with what can be understood, or it is not clear what it names.
    """
    match = _REDO.match(text)
    return together(_said(parts(match["what"]), gate)) if match else None


def _said(said: list[str], gate: Status) -> Iterator[Named | str]:
    kind = MEANT.get(gate)
    if kind is None and said and _BARE.match(said[0]):
        item = "image 7" if gate in OPTIONAL_GATES else "clip 7, or redo narration 7"
        raise BadInput("a number alone may mean several things here", hint=f"write: redo {item}")
    first = named_in(said[0], told=True, meant=kind) if said else None
    if first is None:
        raise BadInput("the comment names nothing to make again", hint="write: redo 7: slower, or redo images 3, 5")
    yield first
    kind = first.artifacts[-1].kind
    for part in said[1:]:
        named = named_in(part, meant=kind)
        kind = named.artifacts[-1].kind if named else kind
        yield named or part


def says_go(text: str) -> bool:
    """Tell whether a comment says `go` and nothing else."""
    return _plain(text) == "go"


def agrees(text: str) -> bool:
    """Tell whether a comment says yes to a quote, in these or other words."""
    return _plain(text) in _YES or (any(nod in text for nod in _NODS) and not _plain(text))


def declines(text: str) -> bool:
    """Tell whether a comment says no to a quote; why may follow after a comma, or in a sentence of its own."""
    return _NO.match(text.strip().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")) is not None


def _plain(text: str) -> str:
    """Return a text without what makes it friendlier and no other."""
    return " ".join(text.strip().rstrip(_FRIENDLY + _NODS + _SKINS).lower().split())
