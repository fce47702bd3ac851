"""What of a published film may leave a machine, and what stays there. Pure.

The rule by itself: a file goes when it was seen elsewhere, or when it can be made again, for nothing, of files that
stay. All else is an only copy, and an only copy goes by an operator's word alone: `keep` in the channel's file.
A film on YouTube is not one of its copies: what YouTube gives back was compressed once more.
"""

from enum import StrEnum
from typing import Final

from vidctl.domain.work import BOUGHT, Kind


class Keep(StrEnum):
    """What an operator wants to keep of published films on a machine."""

    EVERYTHING = "everything"
    ONLY_COPIES = "only_copies"
    FILM = "film"
    NOTHING = "nothing"


EVIDENCE: Final = frozenset({Kind.STORYBOARD, Kind.THUMBNAIL, Kind.FINGERPRINT, Kind.RECEIPT})
"""Small, and wanted long after: what was said, shown and published, for `vidctl audit export` and for who asks."""

FOLLOWS: Final = frozenset({Kind.CONTACT_SHEET, Kind.COMPOSITE, Kind.ANIMATIC, Kind.FILMSTRIP})
"""What is made again of the others in a moment, on any machine."""


def is_evidence(kind: Kind, *, has_thumbnail: bool) -> bool:
    """Tell whether a file stays whatever happens; the contact sheet does where a film has no thumbnail."""
    return kind in EVIDENCE or (kind is Kind.CONTACT_SHEET and not has_thumbnail)


def is_only_copy(kind: Kind, *, free: bool) -> bool:
    """Tell whether a file is lost with this one, unless it is elsewhere.

    `free` says that the film was made on this machine for nothing: then it makes the parts again.
    """
    return kind not in FOLLOWS and not (free and kind in BOUGHT)


def may_go(kind: Kind, keep: Keep, *, free: bool) -> bool:
    """Tell whether a file that is no evidence may be removed, although it was not seen elsewhere."""
    match keep:
        case Keep.EVERYTHING:
            return False
        case Keep.NOTHING:
            return True
        case Keep.FILM:
            return kind is not Kind.FILM
        case Keep.ONLY_COPIES:
            return not is_only_copy(kind, free=free)
