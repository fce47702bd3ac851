"""Judge what is text: storyboards and receipts."""

import json
from pathlib import Path
from typing import Final

from vidctl.errors import BadInput
from vidctl.media.inspection.verdict import Facts, refused

MAX_BYTES: Final = 1_000_000


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


def receipt(path: Path) -> Facts:
    """Return the facts of a receipt: what a provider answered, kept as one JSON object.

    Raises:
        ScriptError: it is no JSON object.
    """
    try:
        document = json.loads(_text(path, "BadReceipt"))
    except (ValueError, RecursionError) as exc:
        raise refused(path, "BadReceipt", f"it is no JSON: {exc}") from exc
    if not isinstance(document, dict):
        raise refused(path, "BadReceipt", f"it is a {type(document).__name__}, not an object")
    return {"fields": len(document)}


def _text(path: Path, error_type: str) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise refused(path, error_type, f"it is larger than {MAX_BYTES:,} bytes")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as exc:
        raise refused(path, error_type, f"it is no text: {exc.reason}") from exc


JUDGES: Final = {"storyboard": storyboard, "receipt": receipt}
