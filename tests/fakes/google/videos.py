"""The videos that were created, and what becomes of each."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.fakes.google.accounts import Channel


@dataclass(frozen=True)
class Outcome:
    """How processing ends: `status` as in uploadStatus, `reason` why, where it failed or was rejected.

    `terminated`: processing is given up, whatever the upload's status says. `gone`: the video is there no more.
    """

    status: str = "processed"
    reason: str = ""
    terminated: bool = False
    gone: bool = False


@dataclass
class Video:
    """One video. `looks` is how often it is still seen in processing."""

    channel: Channel
    snippet: dict[str, Any]
    status: dict[str, Any]
    size: int
    sha256: str
    created_at: float
    looks: int
    outcome: Outcome
    tells_file: bool = True
    """Whether its owner is told the details of its file."""
    video_id: str = field(default_factory=lambda: secrets.token_urlsafe(8))
    captions: list[dict[str, Any]] = field(default_factory=list)
    texts: dict[str, bytes] = field(default_factory=dict)
    """Of the captions, by their ids."""
    thumbnail: bytes | None = None
    thumbnails_set: int = 0

    @property
    def published_at(self) -> str:
        return datetime.fromtimestamp(self.created_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def seen(self, parts: set[str]) -> dict[str, Any]:
        """Return what videos.list says of it, once more."""
        self.looks -= 1
        return self.resource(parts)

    def resource(self, parts: set[str]) -> dict[str, Any]:
        over = self.looks < 0
        known: dict[str, dict[str, Any]] = {
            "snippet": {
                **self.snippet,
                "publishedAt": self.published_at,
                "channelId": self.channel.channel_id,
                "channelTitle": self.channel.title,
                "liveBroadcastContent": "none",
            },
            "status": {**self.status, **self._status(over=over)},
            "processingDetails": self._processing(over=over),
            "contentDetails": {
                "hasCustomThumbnail": self.thumbnail is not None,
                "caption": str(bool(self.captions)).lower(),
            },
            "fileDetails": {"fileSize": str(self.size), "fileType": "video"} if self.tells_file else {},
        }
        return {
            "kind": "youtube#video",
            "etag": "an-etag",
            "id": self.video_id,
            **{name: value for name, value in known.items() if name in parts},
        }

    def _status(self, *, over: bool) -> dict[str, Any]:
        if not over:
            return {"uploadStatus": "uploaded"}
        reason = {"failed": "failureReason", "rejected": "rejectionReason"}.get(self.outcome.status)
        return {"uploadStatus": self.outcome.status, **({reason: self.outcome.reason} if reason else {})}

    def _processing(self, *, over: bool) -> dict[str, Any]:
        available = "available" if self.tells_file else "unavailable"
        if not over:
            return {"processingStatus": "processing", "fileDetailsAvailability": available}
        if self.outcome.terminated:
            return {"processingStatus": "terminated", "fileDetailsAvailability": available}
        if self.outcome.status == "failed":
            why = "transcodeFailed" if self.outcome.reason in ("conversion", "codec") else "other"
            return {"processingStatus": "failed", "processingFailureReason": why}
        return {"processingStatus": "succeeded", "fileDetailsAvailability": available}
