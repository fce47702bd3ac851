"""One resumable upload: how much of it Google has, and the next of its bytes."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote, urlsplit

from vidctl.providers import refusals
from vidctl.providers.http import Reply
from vidctl.providers.untrusted import mapping
from vidctl.providers.youtube.connection import Connection
from vidctl.providers.youtube.job import is_video_id
from vidctl.providers.youtube.kinds import UNREADABLE

ASK_S: Final = 120.0
CHUNK_S: Final = 900.0
STALL_S: Final = 60.0
"""A chunk whose bytes do not move for so long is given up; and one that takes longer than `CHUNK_S`."""
_RANGE: Final = re.compile(r"bytes=0-(\d{1,15})")
_ABOUT: Final = "to send the film"
_DONE: Final = (HTTPStatus.OK, HTTPStatus.CREATED)
_LEFT: Final = 499
"""What a session is answered with that was left."""
_GONE: Final = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE, _LEFT)
_SECRET: Final = re.compile(r"(?:^|&)upload_id=([^&]+)")


class Gone(Exception):
    """Google does not know the session any more: it expired, was left, or was finished some time ago."""


@dataclass(frozen=True, slots=True)
class State:
    """How many bytes are stored; and the video, once all are."""

    stored: int
    video_id: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """An open session. Its address is in no representation, and in no error."""

    youtube: Connection
    uri: str = field(repr=False)
    size: int

    def ask(self) -> State:
        """Return how far it is.

        Raises:
            Gone: nobody knows it any more.
            ScriptError: there is no answer that says it.
        """
        return self._put(b"", f"bytes */{self.size}", 0, ASK_S, ASK_S)

    def put(self, parts: Callable[[], Iterable[bytes]], start: int, length: int) -> State:
        """Send bytes that begin where the stored ones end, and return how far it is then.

        Raises:
            Gone, ScriptError: as `ask`; what became of the bytes is not known.
        """
        about = f"bytes {start}-{start + length - 1}/{self.size}"
        return self._put(parts, about, length, CHUNK_S, STALL_S)

    def leave(self) -> None:
        """Let nobody send anything to it any more; whether that is so is known by asking it.

        Raises:
            ScriptError: there is no answer.
        """
        self.youtube.send("DELETE", self.uri, "to leave an upload", headers={"Content-Length": "0"}, timeout_s=ASK_S)

    def _put(
        self, content: bytes | Callable[[], Iterable[bytes]], about: str, length: int, timeout_s: float, stall_s: float
    ) -> State:
        headers = {"Content-Range": about, "Content-Length": str(length)}
        limits = {"timeout_s": timeout_s, "stall_s": stall_s}
        return self._state(self.youtube.send("PUT", self.uri, _ABOUT, headers=headers, content=content, **limits))

    def _state(self, reply: Reply) -> State:
        if reply.status in _DONE and is_video_id(video_id := mapping(reply.json).get("id")):
            return State(self.size, video_id)
        if reply.status in _GONE:
            raise Gone
        if reply.status != HTTPStatus.PERMANENT_REDIRECT:
            raise self.youtube.refusal(self._hidden(reply), _ABOUT)
        return State(self._stored(reply.headers.get("range")))

    def _hidden(self, reply: Reply) -> Reply:
        """Return an answer that can be shown: Google's pages repeat the address that they are about."""
        content = reply.content
        for written in _SECRET.findall(urlsplit(self.uri).query):
            for word in (written, unquote(written)):
                content = content.replace(word.encode(), b"[session]")
        return Reply(reply.status, reply.headers, content)

    def _stored(self, said: str | None) -> int:
        if said is None:
            return 0
        found = _RANGE.fullmatch(said.strip())
        if found is None:
            raise refusals.of(UNREADABLE, f"{_ABOUT}: its range is none")
        if (stored := int(found[1]) + 1) > self.size:
            raise refusals.refused(
                "AnotherFilm",
                f"YouTube has {stored:,} bytes of this upload, and the film has only {self.size:,}",
                hint="look for the video at studio.youtube.com and remove it there; then: vidctl retry --new-upload",
            )
        return stored


def is_google_s(uri: str, root: str) -> bool:
    """Say whether a session's address may be given the token: it is the API's own host, or another of Google's."""
    try:
        ours, theirs = urlsplit(root), urlsplit(uri)
    except ValueError:
        return False
    if (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc):
        return True
    return theirs.scheme == "https" and (theirs.hostname or "").endswith(".googleapis.com")
