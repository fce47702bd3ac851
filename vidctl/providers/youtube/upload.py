"""One film becomes one video, whatever happens on the way.

The session's address is kept before the first byte is sent, Google is asked what it has before one is sent again,
and the channel is looked at before a session is opened in the place of a lost one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from vidctl.contract import Submitted
from vidctl.domain.publication import Publication
from vidctl.providers import refusals
from vidctl.providers.youtube import lost
from vidctl.providers.youtube.account import Mine
from vidctl.providers.youtube.connection import Connection
from vidctl.providers.youtube.film import Film, changed
from vidctl.providers.youtube.job import Opened, Uploaded, sealed
from vidctl.providers.youtube.kinds import LOST, UNREADABLE
from vidctl.providers.youtube.session import Gone, Session, State, is_google_s
from vidctl.providers.youtube.telling import Telling
from vidctl.script import say

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

CHUNK_BYTES: Final = 8 * 1024 * 1024
_OPEN: Final = "to open the upload"


@dataclass(frozen=True, slots=True)
class Upload:
    """What goes where. `chunk_bytes` is a multiple of 256 KiB."""

    youtube: Connection
    mine: Mine
    film: Film
    publication: Publication
    ring: "MultiFernet"
    chunk_bytes: int = CHUNK_BYTES

    def begin(self, since: datetime | None = None) -> Uploaded:
        """Upload the film. `since` is when an earlier session for it was opened.

        Raises:
            ScriptError: it is not there, or not wholly; a later run goes on with what was said last.
        """
        job = self._opened(since)
        say(Submitted(sealed(job, self.ring), waits=True))
        try:
            return self._sent(job, State(0))
        except Gone:
            return self._found(job) or self._again()

    def go_on(self, job: Opened) -> Uploaded:
        """Finish an upload that an earlier run began.

        Raises:
            ScriptError: as `begin`; or the film is another one now.
        """
        if (job.size, job.sha256) != (self.film.size, self.film.sha256):
            raise changed(self.film.path)
        try:
            return self._sent(job, None)
        except Gone:
            return self._found(job) or self.begin(job.since)

    def _opened(self, since: datetime | None) -> Opened:
        now = datetime.now(UTC)
        words = self.publication
        call = self.youtube.requests.upload(body(words), self.film.file, notify=words.notify_subscribers)
        reply = self.youtube.patience(lambda _: self.youtube.once(call, _OPEN))
        uri = reply.headers.get("location", "")
        if not is_google_s(uri, self.youtube.root):
            raise refusals.of(UNREADABLE, f"{_OPEN}: it says no address of Google's to send the film to")
        return Opened(uri, now, since or now, words.title, self.film.size, self.film.sha256)

    def _sent(self, job: Opened, state: State | None) -> Uploaded:
        """Send what is missing; how much that is, is asked first where it is not known."""
        session, patience = Session(self.youtube, job.uri, job.size), self.youtube.patience
        with Telling(job.size) as telling:
            at = state or patience(lambda _: session.ask())
            telling.done = at.stored
            while at.video_id is None:
                at = patience(partial(self._further, session, at))
                telling.done = at.stored
        return _kept(Uploaded(at.video_id, datetime.now(UTC)))

    def _further(self, session: Session, known: State, tries: int) -> State:
        """Send the next chunk; after a try whose end is not known, only if it is still missing."""
        at = session.ask() if tries else known
        if at.video_id is None and at.stored <= known.stored:
            length = min(self.chunk_bytes, self.film.size - at.stored)
            at = session.put(partial(self.film.parts, at.stored, length), at.stored, length)
        if at.video_id is None and at.stored <= known.stored:
            raise refusals.of(LOST, "it stored nothing of what was sent")
        return at

    def _found(self, job: Opened) -> Uploaded | None:
        found = lost.find(self.youtube, self.mine.uploads, job)
        return _kept(found) if found else None

    def _again(self) -> Uploaded:
        raise refusals.of(LOST, "it does not know any more of the upload that it opened")


def body(words: Publication) -> Mapping[str, Any]:
    """Return what YouTube is told of a film; nothing that matters is left to what it assumes."""
    snippet = {
        "title": words.title,
        "description": words.description,
        "categoryId": words.category,
        "defaultLanguage": words.language,
        "defaultAudioLanguage": words.language,
    }
    status = {
        "privacyStatus": words.privacy,
        "selfDeclaredMadeForKids": words.made_for_kids,
        "containsSyntheticMedia": words.synthetic_media,
    }
    return {
        "snippet": {**snippet, **({"tags": list(words.tags)} if words.tags else {})},
        "status": {**status, **({"publishAt": words.publish_at} if words.publish_at else {})},
    }


def _kept(video: Uploaded) -> Uploaded:
    """Have the video kept: from here on it is only looked at."""
    say(Submitted(video.job_id, waits=True))
    return video
