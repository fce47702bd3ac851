"""Bring a file to Notion: in one part or in many, by the limits of the workspace.

What is not attached to anything is thrown away by Notion after an hour, so an upload whose answer was
lost is simply made again.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from vidctl.board.client import Json, Notion
from vidctl.board.errors import NotionRejected, NotionUnavailable, NotionUnclear

ONE_PART: Final = 20 * 1024 * 1024
"""Bytes that go in a single part."""
PART: Final = 10 * 1024 * 1024
SEND_TIMEOUT_S: Final = 120.0
TRIES: Final = 3

CONTENT_TYPES: Final[Mapping[str, str]] = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".mp4": "video/mp4",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
}


def upload(notion: Notion, path: Path, name: str) -> str:
    """Upload a file under a name, and return the id by which it can be attached within the hour.

    Raises:
        NotionUnavailable: it could not be done for now.
        NotionRejected: Notion does not take such a file, or not such a large one.
        OSError: the file cannot be read.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            return _upload(notion, path, name)
        except NotionUnclear:
            if not tries_left:
                raise
    raise AssertionError


def _upload(notion: Notion, path: Path, name: str) -> str:
    size = path.stat().st_size
    content_type = CONTENT_TYPES[path.suffix.lower()]
    parts = 1 if size <= ONE_PART else math.ceil(size / PART)
    wanted: Json = {"mode": "single_part", "filename": name, "content_type": content_type}
    if parts > 1:
        wanted |= {"mode": "multi_part", "number_of_parts": parts}
    made = notion.write("POST", "file_uploads", body=wanted)
    upload_id = str(made.get("id") or "")
    if not upload_id:
        raise NotionUnavailable("Notion's answer is no upload", hint="a later tick tries again")
    with path.open("rb") as file:
        for part in range(1, parts + 1):
            data = file.read(ONE_PART if parts == 1 else PART)
            number = {"part_number": str(part)} if parts > 1 else {}
            _send(notion, upload_id, {"file": (name, data, content_type), **number}, last=parts == 1)
    if parts > 1:
        _complete(notion, upload_id)
    return upload_id


def _send(notion: Notion, upload_id: str, form: Mapping[str, Any], *, last: bool) -> None:
    """Send a part; where nobody knows whether it arrived, the upload itself says so if it was the only one."""
    try:
        notion.write("POST", f"file_uploads/{upload_id}/send", form=form, timeout_s=SEND_TIMEOUT_S)
    except NotionUnclear:
        if not last or not _is_uploaded(notion, upload_id):
            raise


def _complete(notion: Notion, upload_id: str) -> None:
    try:
        notion.write("POST", f"file_uploads/{upload_id}/complete", body={})
    except (NotionUnclear, NotionRejected):
        if not _is_uploaded(notion, upload_id):
            raise


def _is_uploaded(notion: Notion, upload_id: str) -> bool:
    return notion.read("GET", f"file_uploads/{upload_id}").get("status") == "uploaded"
