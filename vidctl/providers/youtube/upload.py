"""One film becomes one video, whatever happens on the way.

The session's address is kept before the first byte is sent, Google is asked what it has before one is sent again,
and the channel is looked at before a session is opened in the place of a lost one.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NoReturn

import msgspec
from msgspec.structs import replace

from vidctl.contract import Submitted
from vidctl.domain.publication import Publication
from vidctl.providers import refusals
from vidctl.providers.http import Reply
from vidctl.providers.youtube import lost
from vidctl.providers.youtube.account import Mine
from vidctl.providers.youtube.connection import Connection
from vidctl.providers.youtube.film import Film, changed
from vidctl.providers.youtube.job import Opened, Uploaded, sealed
from vidctl.providers.youtube.kinds import BROKEN, LOST, UNREADABLE
from vidctl.providers.youtube.session import Gone, Session, State, is_google_s
from vidctl.providers.youtube.telling import Telling
from vidctl.script import say

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

CHUNK_BYTES: Final = 8 * 1024 * 1024
_OPEN: Final = "to open the upload"
_CLOCK_IS_OFF: Final = timedelta(days=1)
"""By how much at most, where nobody says what time it is."""


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
            return self._found(job) or _lost()

    def go_on(self, job: Opened) -> Uploaded:
        """Finish an upload that an earlier run began.

        Raises:
            ScriptError: as `begin`; or the film is another one now.
        """
        if (job.size, job.sha256) != (self.film.size, self.film.sha256):
            raise changed(self.film.path)
        try:
            return self._reworded(job) if self._is_reworded(job) else self._sent(job, None)
        except Gone:
            return self._found(job) or self.begin(job.since)

    def _reworded(self, job: Opened) -> Uploaded:
        """Leave an upload whose video would get the words of before; unless there is one already.

        Raises:
            Gone: it is left.
        """
        session, patience = Session(self.youtube, job.uri, job.size), self.youtube.patience
        at = patience(lambda _: session.ask())
        if at.video_id is None:
            patience(lambda _: session.leave())
            at = patience(lambda _: session.ask())
        if at.video_id is None:
            raise refusals.refused(
                "OtherWords",
                "what is said of the film was changed since its upload began, and YouTube does not let go of that one",
                hint="change it back and retry; or, to begin anew all the same: vidctl retry --new-upload",
            )
        return _kept(Uploaded(at.video_id, datetime.now(UTC), earlier_words=True))

    def _opened(self, since: datetime | None) -> Opened:
        now = datetime.now(UTC)
        words = self.publication
        call = self.youtube.requests.upload(body(words), self.film.file, notify=words.notify_subscribers)
        reply = self.youtube.patience(lambda _: self.youtube.once(call, _OPEN))
        uri = reply.headers.get("location", "")
        if not is_google_s(uri, self.youtube.root):
            raise refusals.of(UNREADABLE, f"{_OPEN}: it says no address of Google's to send the film to")
        began = since or said_at(reply, now)
        return Opened(uri, now, began, words.title, self.film.size, self.film.sha256, said_of(words))

    def _sent(self, job: Opened, state: State | None) -> Uploaded:
        """Send what is missing; how much that is, is asked first where it is not known."""
        session, patience = Session(self.youtube, job.uri, job.size), self.youtube.patience
        with Telling(job.size) as telling:
            at = state or patience(lambda _: session.ask())
            telling.done = at.stored
            telling.tell()  # from where on it is progress
            while at.video_id is None:
                at = patience(partial(self._further, session, at))
                telling.done = at.stored
        return _kept(Uploaded(at.video_id, datetime.now(UTC)))

    def _further(self, session: Session, known: State, tries: int) -> State:
        """Send the next chunk; after a try whose end is not known, only if it is still missing."""
        is_whole = known.stored == self.film.size
        at = session.ask() if tries or is_whole else known
        if at.video_id is None and is_whole:
            raise refusals.of(BROKEN, "it has the whole film, and made no video of it yet")
        if at.video_id is None and at.stored <= known.stored:
            length = min(self.chunk_bytes, self.film.size - at.stored)
            at = session.put(partial(self.film.parts, at.stored, length), at.stored, length)
        if at.video_id is None and at.stored <= known.stored:
            raise refusals.of(LOST, "it stored nothing of what was sent")
        return at

    def _found(self, job: Opened) -> Uploaded | None:
        found = lost.find(self.youtube, self.mine.uploads, job, now=datetime.now(UTC))
        return _kept(replace(found, earlier_words=self._is_reworded(job))) if found else None

    def _is_reworded(self, job: Opened) -> bool:
        return job.words not in ("", said_of(self.publication))


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


def said_of(words: Publication) -> str:
    """Return what a session is known to have been opened with: the sha256 of all that YouTube was told."""
    return hashlib.sha256(msgspec.json.encode([body(words), words.notify_subscribers], order="sorted")).hexdigest()


def said_at(reply: Reply, now: datetime) -> datetime:
    """Return when YouTube answered, by its own clock or ours: the earlier one; a day before where it does not say."""
    try:
        at = parsedate_to_datetime(reply.headers.get("date", ""))
    except (ValueError, OverflowError):
        return now - _CLOCK_IS_OFF
    return min(now, at if at.tzinfo else at.replace(tzinfo=UTC))


def _lost() -> NoReturn:
    raise refusals.of(LOST, "it does not know any more of the upload that it opened")


def _kept(video: Uploaded) -> Uploaded:
    """Have the video kept: from here on it is only looked at."""
    say(Submitted(video.job_id, waits=True))
    return video
