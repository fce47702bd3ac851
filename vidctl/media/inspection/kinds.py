"""The kinds of artifact, and who judges each."""

from enum import StrEnum
from pathlib import Path

from vidctl.media.inspection.verdict import Facts, Length, refused


class Kind(StrEnum):
    """What a file is expected to be."""

    STORYBOARD = "storyboard"
    IMAGE = "image"
    CUTOUT = "cutout"
    COMPOSITE = "composite"
    CLIP = "clip"
    NARRATION = "narration"
    SFX = "sfx"
    FILM = "film"
    SHEET = "sheet"
    THUMBNAIL = "thumbnail"
    FINGERPRINT = "fingerprint"
    RECEIPT = "receipt"


def inspect(path: Path, kind: Kind, length: Length) -> Facts:
    """Return the facts of a good artifact; `length` is what a recording may play.

    Raises:
        ScriptError: it is not good enough; its `error_type` says in which way.
    """
    if not path.is_file() or path.stat().st_size == 0:
        raise refused(path, "Missing", "there is no such file, or nothing in it")
    return {"kind": kind.value, "bytes": path.stat().st_size, **_judged(path, kind, length)}


def _judged(path: Path, kind: Kind, length: Length) -> Facts:
    """Ask the judge for this kind; the libraries of the others are not even imported."""
    match kind:
        case Kind.STORYBOARD | Kind.FINGERPRINT | Kind.RECEIPT:
            from vidctl.media.inspection import documents

            return documents.JUDGES[kind](path)
        case Kind.IMAGE | Kind.CUTOUT | Kind.COMPOSITE | Kind.SHEET | Kind.THUMBNAIL:
            from vidctl.media.inspection import pictures

            return pictures.JUDGES[kind](path)
        case Kind.CLIP | Kind.FILM | Kind.NARRATION | Kind.SFX:
            from vidctl.media.inspection import recordings

            return recordings.JUDGES[kind](path, length)
