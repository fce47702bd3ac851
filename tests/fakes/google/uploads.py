"""The endpoint of uploads: opens sessions, takes their chunks, and makes a video of what is whole."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from io import BufferedIOBase
from typing import Any
from urllib.parse import quote

from tests.fakes.google.accounts import Channel
from tests.fakes.google.errors import TROUBLES, Refused, invalid, refused
from tests.fakes.google.rules import check_video, status_of
from tests.fakes.google.sessions import ASKED, BLOCK, SENT, Session, bad, expired, start_of
from tests.fakes.google.videos import Outcome, Video
from tests.fakes.wire.server import Answer, Call, answer

PATH = "/upload/youtube/v3/videos"


@dataclass
class Uploads:
    """`sessions` and `videos` in the order in which they came.

    `block_s`: how long each 256 KiB take on their way. `keeps_parts`: whether what arrived of a chunk whose sender left
    is stored. `finishes_after`: how often one has to ask before a film that is there is a video. `lets_leave`: whether
    an upload can be left. `looks`: how often a video is seen in processing, `outcome`
    how that ends. `tells_file`: whether owners are told the details of their files.
    """

    clock: Callable[[], float]
    sessions: list[Session] = field(default_factory=list)
    videos: list[Video] = field(default_factory=list)
    block_s: float = 0.0
    keeps_parts: bool = True
    finishes_after: int = 0
    lets_leave: bool = True
    looks: int = 0
    outcome: Outcome = field(default_factory=Outcome)
    tells_file: bool = True
    wait: Callable[[float], None] = lambda _: None
    opened: Callable[[Session], None] = lambda _: None
    """Is told of each new session, before who opened it."""
    created: Callable[[Video], None] = lambda _: None
    """Is told of each new video."""
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def received(self) -> int:
        """Every byte of a film that arrived."""
        return sum(one.received for one in self.sessions)

    @property
    def again(self) -> int:
        """The bytes of it that were sent though the sender knew that they were stored."""
        return sum(one.again for one in self.sessions)

    def of(self, channel: Channel) -> list[Video]:
        """Return what was created on a channel and is still there, the newest first."""
        return [one for one in reversed(self.videos) if one.channel is channel and not one.outcome.gone]

    def video(self, video_id: str) -> Video | None:
        return next((one for one in self.videos if one.video_id == video_id and not one.outcome.gone), None)

    def open(self, call: Call, channel: Channel | None, body: dict[str, Any], parts: set[str], url: str) -> Answer:
        """Open a session.

        Raises:
            Refused: the account has no channel, the words cannot be a video's, or the channel had enough today.
        """
        if call.query.get("uploadType") != ["resumable"]:
            raise refused(400, "mediaBodyRequired", "The request does not include the video content.")
        if channel is None:
            raise Refused(TROUBLES["youtubeSignupRequired"])
        media_type = call.headers.get("x-upload-content-type", "")
        if not (media_type.startswith("video/") or media_type == "application/octet-stream"):
            raise refused(400, "badContent", f"Media type '{media_type}' is not supported.", "global")
        size = call.headers.get("x-upload-content-length", "")
        if not size.isdigit():
            raise invalid("X-Upload-Content-Length is missing.")
        check_video(body, parts)
        with self._lock:
            if len(self.of(channel)) >= channel.uploads_a_day:
                raise Refused(TROUBLES["uploadLimitExceeded"])
            session = Session(channel, body, int(size), self.clock())
            self.sessions.append(session)
        self.opened(session)
        named = f"upload_id={quote(session.upload_id, safe='')}"
        location = f"{url}{PATH}?uploadType=resumable&part={'%2C'.join(sorted(parts))}&{named}"
        headers = {"Location": location, "X-GUploader-UploadID": session.upload_id}
        headers["Date"] = formatdate(session.opened_at, usegmt=True)
        return Answer(200, b"", "text/plain; charset=utf-8", headers)

    def leave(self, call: Call) -> Answer:
        """Let go of an upload that its sender does not want any more.

        Raises:
            Refused: there is no such session any more.
        """
        session = self.session_of(call)
        if session is None or session.gone:
            raise expired(session.gone if session else 404)
        if self.lets_leave and session.video is None:
            session.expire(499)
        return Answer(499 if self.lets_leave else 400)

    def session_of(self, call: Call) -> Session | None:
        wanted = "".join(call.query.get("upload_id", []))
        return next((one for one in self.sessions if one.upload_id == wanted), None)

    def receive(self, call: Call, body: BufferedIOBase, length: int) -> bytes:
        """Read a chunk block by block, and keep what arrived of one whose sender left."""
        content, session = bytearray(), self.session_of(call)
        while len(content) < length and (part := body.read(min(BLOCK, length - len(content)))):
            content += part
            if session is not None:
                session.received += len(part)
            self.wait(self.block_s * len(part) / BLOCK)
        start = start_of(call.headers.get("content-range", ""))
        if len(content) < length and session is not None and start is not None and self.keeps_parts:
            session.arrived(start, bytes(content), whole=False)
        return bytes(content)

    def put(self, call: Call, *, share: float = 1.0) -> Answer:
        """Take a chunk, or say how much there is. `share` is how much of the chunk is stored.

        Raises:
            Refused: there is no such session any more, or the chunk is none.
        """
        session = self.session_of(call)
        if session is None:
            raise expired(404)
        with session.lock:
            if session.gone:
                raise expired(session.gone)
            if session.video is not None:
                return answer(session.video.resource({"snippet", "status"}))
            said = call.headers.get("content-range", "")
            if asked := ASKED.fullmatch(said):
                if int(asked[1]) != session.size or call.content:
                    raise bad("Failed to parse Content-Range header.")
                session.asked += session.stored == session.size
                return self._told(session)
            if not (sent := SENT.fullmatch(said)):
                raise bad("Failed to parse Content-Range header.")
            start, end, size = map(int, sent.groups())
            session.chunks += 1
            session.check(start, end, size, len(call.content))
            session.arrived(start, call.content[: int(len(call.content) * share)], whole=share == 1.0)
            return self._told(session)

    def _told(self, session: Session) -> Answer:
        is_video = session.stored == session.size and session.asked >= self.finishes_after
        return self._created(session) if is_video else session.progress()

    def _created(self, session: Session) -> Answer:
        now = self.clock()
        status = status_of(session.words.get("status", {}), now, private_only=session.channel.private_only)
        session.video = Video(
            session.channel,
            {"categoryId": "22", **session.words["snippet"]},
            status,
            session.size,
            session.sha256,
            now,
            self.looks,
            self.outcome,
            self.tells_file,
        )
        with self._lock:
            self.videos.append(session.video)
        self.created(session.video)
        return answer(session.video.resource({"snippet", "status"}), 201)
