"""What YouTube takes as the words of a video, and what it says of others."""

from datetime import UTC, datetime
from typing import Any

from tests.fakes.google.errors import Refused, refused

MOST_TITLE, MOST_DESCRIPTION_BYTES, MOST_TAGS = 100, 5_000, 500
CATEGORIES = {"1", "2", "10", "15", "17", "19", "20", "22", "23", "24", "25", "26", "27", "28", "29"}


def check_video(body: dict[str, Any], parts: set[str]) -> None:
    """Refuse what cannot be said of a video.

    Raises:
        Refused: something cannot, with the reason that YouTube documents for it.
    """
    if not isinstance(body, dict) or not body.get("snippet"):
        raise _invalid("invalidVideoMetadata", "The request metadata is invalid.")
    for part in body:
        if part not in parts and part not in ("kind", "etag", "id"):
            raise refused(400, "unexpectedPart", part, "youtube.part", location="part")
    snippet, status = body["snippet"], body.get("status", {})
    title, description = snippet.get("title", ""), snippet.get("description", "")
    if not title.strip() or len(title) > MOST_TITLE or _has_angles(title):
        raise _invalid("invalidTitle", "The request metadata specifies an invalid or empty video title.")
    if len(description.encode()) > MOST_DESCRIPTION_BYTES or _has_angles(description):
        raise _invalid("invalidDescription", "The request metadata specifies an invalid video description.")
    tags = snippet.get("tags", [])
    if counted(tags) > MOST_TAGS or any(not tag.strip() or _has_angles(tag) for tag in tags):
        raise _invalid("invalidTags", "The request metadata specifies invalid video keywords.")
    if snippet.get("categoryId", "22") not in CATEGORIES:
        raise _invalid("invalidCategoryId", "The snippet.categoryId property specifies an invalid category ID.")
    if "publishAt" in status and status.get("privacyStatus") != "private":
        raise _invalid("invalidPublishAt", "The request metadata specifies an invalid scheduled publishing time.")


def status_of(asked: dict[str, Any], now: float, *, private_only: bool) -> dict[str, Any]:
    """Return how a video is shown: to everybody, where nothing else was said."""
    status = {"license": "youtube", "embeddable": True, "publicStatsViewable": True, "privacyStatus": "public", **asked}
    if private_only:
        return {**status, "privacyStatus": "private"}
    due = status.get("publishAt")
    if due is not None and datetime.fromisoformat(due) <= datetime.fromtimestamp(now, UTC):
        del status["publishAt"]
        status["privacyStatus"] = "public"
    return status


def counted(tags: list[str]) -> int:
    """Return how long YouTube finds tags: with the commas between them, and the quotes around those with a blank."""
    return sum(len(tag) + 2 * (" " in tag) for tag in tags) + max(0, len(tags) - 1)


def _has_angles(text: str) -> bool:
    return "<" in text or ">" in text


def _invalid(reason: str, message: str) -> Refused:
    return refused(400, reason, message)
