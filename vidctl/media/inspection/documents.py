"""Judge what is text: storyboards, fingerprints and receipts."""

import json
import re
from pathlib import Path
from typing import Any, Final

from vidctl.errors import BadInput
from vidctl.media.inspection.verdict import Facts, refused

MAX_BYTES: Final = 1_000_000
MOST_FRAMES: Final = 1_000
LONGEST_S: Final = 86_400
_HASH: Final = re.compile(r"[0-9a-f]{16}")


def storyboard(path: Path) -> Facts:
    """Return the facts of a storyboard.

    Raises:
        ScriptError: it does not satisfy the schema; the field is named.
    """
    from vidctl.domain import storyboard as boards

    try:
        board = boards.parse(_text(path, "BadStoryboard"))
    except BadInput as exc:
        raise refused(path, "BadStoryboard", str(exc)) from exc
    return {"title": board.title, "assets": len(board.assets), "scenes": len(board.scenes)}


def fingerprint(path: Path) -> Facts:
    """Return what a fingerprint says: how long a film plays, and the hashes of its frames.

    Raises:
        ScriptError: it says no such thing.
    """
    document = _object(path, "BadFingerprint")
    frames, duration_s = document.get("frames"), document.get("duration_s")
    if not isinstance(frames, list) or not 0 < len(frames) <= MOST_FRAMES or not all(map(_is_hash, frames)):
        raise refused(path, "BadFingerprint", f"`frames` is no list of 1 to {MOST_FRAMES:,} hashes of 16 digits")
    if not _is_length(duration_s):
        raise refused(path, "BadFingerprint", "`duration_s` is no length in seconds")
    return {"frames": frames, "duration_s": duration_s}


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def _is_length(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= LONGEST_S


def receipt(path: Path) -> Facts:
    """Return the facts of a receipt: what a provider answered, kept as one JSON object.

    Raises:
        ScriptError: it is no JSON object.
    """
    return {"fields": len(_object(path, "BadReceipt"))}


def _object(path: Path, error_type: str) -> dict[str, Any]:
    try:
        document = json.loads(_text(path, error_type))
    except (ValueError, RecursionError) as exc:
        raise refused(path, error_type, f"it is no JSON: {exc}") from exc
    if not isinstance(document, dict):
        raise refused(path, error_type, f"it is a {type(document).__name__}, not an object")
    return document


def _text(path: Path, error_type: str) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise refused(path, error_type, f"it is larger than {MAX_BYTES:,} bytes")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as exc:
        raise refused(path, error_type, f"it is no text: {exc.reason}") from exc


JUDGES: Final = {"storyboard": storyboard, "fingerprint": fingerprint, "receipt": receipt}
