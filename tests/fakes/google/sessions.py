"""Resumable uploads: what is stored of each, and what the sender was told of it."""

import hashlib
import re
import secrets
import threading
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.google.accounts import Channel
from tests.fakes.google.errors import Refused, refused
from tests.fakes.google.videos import Video
from tests.fakes.wire.server import Answer

BLOCK = 262_144
"""What arrives of a chunk that is cut off is stored in whole blocks of this size."""
ASKED = re.compile(r"bytes \*/(\d+)")
SENT = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass
class Session:
    """One upload. `received` counts every byte that arrived, `again` those that the sender knew to be stored."""

    channel: Channel
    words: dict[str, Any]
    """The resource that was sent with it."""
    size: int
    opened_at: float
    upload_id: str = field(default_factory=lambda: f"AHm{secrets.token_urlsafe(60)}")
    stored: int = 0
    told: int = 0
    received: int = 0
    again: int = 0
    chunks: int = 0
    asked: int = 0
    """How often somebody asked about it since all of it is there."""
    video: Video | None = None
    gone: int = 0
    """The status that it is answered with once it has expired."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    _digest: Any = field(default_factory=hashlib.sha256)

    @property
    def sha256(self) -> str:
        return str(self._digest.hexdigest())

    def expire(self, status: int = 404) -> None:
        with self.lock:
            self.gone = status

    def arrived(self, start: int, content: bytes, *, whole: bool) -> None:
        """Store what arrived at an offset: of a chunk that is not whole, whole blocks only."""
        with self.lock:
            self.again += max(0, min(self.told, start + len(content)) - start)
            end = start + len(content) if whole else (start + len(content)) // BLOCK * BLOCK
            if self.gone or start > self.stored or end <= self.stored:
                return
            self._digest.update(content[self.stored - start : end - start])
            self.stored = end

    def check(self, start: int, end: int, size: int, length: int) -> None:
        """Refuse a chunk that cannot be one.

        Raises:
            Refused: its range is not that of its bytes, it leaves a gap, or it is no multiple of 256 KiB.
        """
        if size != self.size or end - start + 1 != length or not start <= end < size:
            raise bad("Failed to parse Content-Range header.")
        if start > self.stored:
            raise bad(f"Invalid request. {self.stored} bytes are stored, and the chunk begins at {start}.")
        if end + 1 < size and length % BLOCK:
            raise bad(
                f"Invalid request.  The number of bytes uploaded is required to be equal or greater than {BLOCK}, "
                f"except for the final request (it's recommended to be the exact multiple of {BLOCK})."
            )

    def progress(self) -> Answer:
        """Tell how much is stored; no range at all where nothing is."""
        with self.lock:
            self.told = self.stored
            headers = {"Range": f"bytes=0-{self.stored - 1}"} if self.stored else {}
            return Answer(308, b"", "text/plain; charset=utf-8", headers)


def start_of(content_range: str) -> int | None:
    """Return where a chunk begins; None if it is none."""
    found = SENT.fullmatch(content_range)
    return int(found[1]) if found else None


def bad(message: str) -> Refused:
    return refused(400, "badRequest", message, "global")


def expired(status: int) -> Refused:
    return refused(status, "notFound" if status == 404 else "gone", "The upload session is not there.", "global")
