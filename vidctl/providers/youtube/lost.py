"""Whether an upload whose session is gone became a video: what is on the channel is looked at before anything is sent.

A film that is uploaded twice is worse than one that waits for a person.
"""

import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from vidctl.contract import ScriptError
from vidctl.providers import refusals
from vidctl.providers.untrusted import mapping, mappings, text
from vidctl.providers.youtube.connection import Connection
from vidctl.providers.youtube.job import Opened, Uploaded, is_video_id
from vidctl.providers.youtube.kinds import NOT_FOUND

CLOCKS_DIFFER: Final = timedelta(minutes=5)
PAGES: Final = 4
"""Of 50 videos: so many are not uploaded while one session lives."""
PAUSES: Final = (5, 10)
"""A new video is not listed in the same moment; in pauses of the usual length."""
_AT_ONCE: Final = 50
_ABOUT: Final = "to look for the film among the channel's uploads"


def find(youtube: Connection, uploads: str, job: Opened) -> Uploaded | None:
    """Return the one video of the channel that can be this upload's; None if there is none, after several looks.

    That is one of the same title that was created since the session was opened and, where YouTube says it, has the
    same size.

    Raises:
        ScriptError: there are several, or YouTube does not say.
    """
    for pause in PAUSES:
        if found := _look(youtube, uploads, job):
            return found
        time.sleep(pause * youtube.patience.pause_s)
    return _look(youtube, uploads, job)


def _look(youtube: Connection, uploads: str, job: Opened) -> Uploaded | None:
    ids = [video_id for video_id, at in _uploads(youtube, uploads) if at >= job.since - CLOCKS_DIFFER]
    found = [one for one in _looked_at(youtube, ids) if _can_be(one, job)]
    if len(found) > 1:
        names = ", ".join(Uploaded(str(one["id"]), job.since).url for one in found)
        raise refusals.refused(
            "SeveralVideos",
            f"the upload of {job.title!r} was lost, and several videos of this title are on the channel: {names}",
            hint="remove all of them at studio.youtube.com, then: vidctl retry --new-upload",
        )
    if not found:
        return None
    return Uploaded(str(found[0]["id"]), moment(mapping(found[0].get("snippet")).get("publishedAt")) or job.since)


def moment(said: object) -> datetime | None:
    """Return a moment as YouTube writes it; None if it is none."""
    try:
        at = datetime.fromisoformat(text(said))
    except ValueError:
        return None
    return at if at.tzinfo else None


def _uploads(youtube: Connection, playlist: str) -> Iterator[tuple[str, datetime]]:
    """Yield the channel's latest videos, with when each was created; none, where it never had one."""
    page: str | None = None
    for _ in range(PAGES):
        try:
            document = youtube.ask(youtube.requests.playlist(playlist, page=page), _ABOUT)
        except ScriptError as exc:
            if exc.failure.error_type == NOT_FOUND.error_type:
                return
            raise
        for item in mappings(document.get("items")):
            about = mapping(item.get("contentDetails"))
            at = moment(about.get("videoPublishedAt")) or moment(mapping(item.get("snippet")).get("publishedAt"))
            if at is not None and is_video_id(about.get("videoId")):
                yield about["videoId"], at
        page = text(document.get("nextPageToken")) or None
        if page is None:
            return


def _looked_at(youtube: Connection, ids: list[str]) -> Iterator[Mapping[str, Any]]:
    for at in range(0, len(ids), _AT_ONCE):
        call = youtube.requests.videos(ids[at : at + _AT_ONCE], "snippet", "status", "fileDetails")
        yield from (one for one in mappings(youtube.ask(call, _ABOUT).get("items")) if is_video_id(one.get("id")))


def _can_be(video: Mapping[str, Any], job: Opened) -> bool:
    size = text(mapping(video.get("fileDetails")).get("fileSize"))
    same_size = not size.isdigit() or int(size) == job.size
    return same_size and _plain(text(mapping(video.get("snippet")).get("title"))) == _plain(job.title)


def _plain(title: str) -> str:
    return " ".join(title.split())
