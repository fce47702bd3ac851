"""A comment on a card as a command: which items are to be made again, and how. Pure.

    redo 7: slower, no text
    redo images 3, 5
    redo clips 7-9: steadier; narration 2: calmer
    go

What is no command is what it is: a remark among people.
"""

import re
from collections.abc import Mapping
from typing import Final

from vidctl.domain.review import Rejection, rejections
from vidctl.domain.status import Status
from vidctl.domain.work import Kind
from vidctl.errors import BadInput

_REDO: Final = re.compile(r"\s*(?:please\s+)?(?:redo|remake)\b[\s:]*(?P<what>.*)\Z", re.IGNORECASE | re.DOTALL)
_BARE: Final = re.compile(r"\s*#?\d")
_GO: Final = re.compile(r"\s*(?:go|go ahead|yes|ok|okay|do it)\s*[.!]*\s*\Z", re.IGNORECASE)

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
    """Return what a comment wants made again; None where it is no command.

    Raises:
        BadInput: it is one, but names nothing that can be understood.
    """
    match = _REDO.match(text)
    if match is None:
        return None
    what = match["what"].strip()
    if _BARE.match(what):
        if gate not in MEANT:
            raise BadInput(
                "a number alone may mean several things here", hint="write: redo clip 7, or redo narration 7"
            )
        what = f"{MEANT[gate]} {what}"
    named = rejections(what)
    if not named:
        raise BadInput("the comment names nothing to make again", hint="write: redo 7: slower, or redo images 3, 5")
    return named


def agrees(text: str) -> bool:
    """Tell whether a comment says yes to a quote."""
    return _GO.match(text) is not None
