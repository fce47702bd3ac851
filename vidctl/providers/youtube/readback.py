"""What became of a video, by YouTube's own word."""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from vidctl.contract import ErrorClass, ScriptError
from vidctl.providers import refusals
from vidctl.providers.untrusted import mapping, mappings, short, text
from vidctl.providers.youtube.connection import Connection
from vidctl.providers.youtube.job import Uploaded

WAIT_S: Final = 900.0
LOOK_AGAIN_S: Final = 600.0
GIVEN_UP_AFTER: Final = timedelta(hours=24)
"""A video that is still being processed then is published all the same."""
SHOWN_AFTER: Final = timedelta(minutes=10)
"""A new video may not be found for a moment."""
_LONGEST_PAUSE_S: Final = 60.0
_ABOUT: Final = "to look at the video"

WHY: Final[Mapping[str, str]] = {
    "conversion": "it could not be converted",
    "invalidFile": "the file has no format that YouTube knows",
    "emptyFile": "the file is empty",
    "tooSmall": "the file is too small",
    "codec": "YouTube does not know its codec",
    "uploadAborted": "the upload was broken off",
    "copyright": "it infringes a copyright",
    "inappropriate": "its content is inappropriate",
    "duplicate": "the same video is on the channel already",
    "termsOfUse": "it violates the terms of use",
    "uploaderAccountSuspended": "the channel's account is suspended",
    "uploaderAccountClosed": "the channel's account is closed",
    "length": "it is longer than this channel may upload",
    "claim": "the owner of some of its content blocked it",
    "trademark": "it infringes a trademark",
    "legal": "for a legal reason",
}
"""YouTube's reasons for a failure or a rejection, in words."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A video as it is. `upload_status` is YouTube's word; `reason` why it failed or was rejected."""

    upload_status: str
    processing: str
    reason: str
    privacy: str
    publish_at: str | None
    has_thumbnail: bool
    title: str = ""

    @property
    def is_processed(self) -> bool:
        """Whether it can be watched."""
        return self.upload_status == "processed" or self.processing == "succeeded"

    @property
    def came_to(self) -> str:
        """What it came to, where that is nothing good; else an empty text."""
        if self.upload_status in ("failed", "rejected", "deleted"):
            return self.upload_status
        if self.is_processed:
            return ""
        return self.processing if self.processing in ("failed", "terminated") else ""


def look(youtube: Connection, video: Uploaded) -> Seen | None:
    """Return the video as it is; None where YouTube shows none.

    Raises:
        ScriptError: YouTube does not say.
    """
    call = youtube.requests.videos([video.video_id], "snippet", "status", "processingDetails", "contentDetails")
    found = next(iter(mappings(youtube.ask(call, _ABOUT).get("items"))), None)
    return None if found is None else _seen(found)


def settled(youtube: Connection, video: Uploaded, wait_s: float) -> Seen:
    """Return the video once it is processed, or as it is a day after its upload.

    Raises:
        ScriptError: it came to nothing good; or it is still being processed after `wait_s`, which costs no attempt.
    """
    until, pause_s = time.monotonic() + wait_s, 2 * youtube.patience.pause_s
    while True:
        seen, age = look(youtube, video), datetime.now(UTC) - video.at
        if seen is None and age > SHOWN_AFTER:
            raise refusals.refused("VideoGone", f"YouTube has no video {video.url} any more", hint=_HINT)
        if seen is not None and seen.came_to:
            raise _came_to_nothing(seen, video)
        if seen is not None and (seen.is_processed or age >= GIVEN_UP_AFTER):
            return seen
        if time.monotonic() + pause_s > until:
            raise _still_processing(video)
        print(f"YouTube is still processing {video.url}", file=sys.stderr)
        time.sleep(pause_s)
        pause_s = min(pause_s * 1.5, _LONGEST_PAUSE_S)


def _seen(video: Mapping[str, Any]) -> Seen:
    status, processing = mapping(video.get("status")), mapping(video.get("processingDetails"))
    reasons = (status.get("rejectionReason"), status.get("failureReason"), processing.get("processingFailureReason"))
    return Seen(
        text(status.get("uploadStatus")),
        text(processing.get("processingStatus")),
        next(filter(None, map(text, reasons)), ""),
        text(status.get("privacyStatus")),
        text(status.get("publishAt")) or None,
        mapping(video.get("contentDetails")).get("hasCustomThumbnail") is True,
        text(mapping(video.get("snippet")).get("title")),
    )


_HINT: Final = "look at studio.youtube.com; when it is gone from there, and the cause too: vidctl retry --new-upload"


def _came_to_nothing(seen: Seen, video: Uploaded) -> ScriptError:
    why = WHY.get(seen.reason, short(seen.reason) or "YouTube does not say why")
    named = f"{why} ({short(seen.reason)})" if seen.reason in WHY else why
    what = {"rejected": "rejected", "deleted": "deleted"}.get(seen.came_to, "could not process")
    return refusals.refused(f"Video{seen.came_to.capitalize()}", f"YouTube {what} {video.url}: {named}", hint=_HINT)


def _still_processing(video: Uploaded) -> ScriptError:
    return ScriptError(
        f"YouTube is still processing {video.url}",
        hint="nothing: it is looked at again, and nothing is uploaded",
        error_class=ErrorClass.QUOTA,
        error_type="StillProcessing",
        retry_after_s=LOOK_AGAIN_S,
    )
