"""Whether an upload whose session is gone became a video: what is on the channel is looked at before anything is sent.

A film that is uploaded twice is worse than one that waits for a person.
"""

import re
import time
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from vidctl.contract import ErrorClass, ScriptError
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
LISTED_AFTER: Final = timedelta(hours=1)
"""Who has no list of uploads so long after one began has none: the first film that arrives makes it."""
LOOK_AGAIN_S: Final = 600.0
_AT_ONCE: Final = 50
_ABOUT: Final = "to look for the film among the channel's uploads"
_SIZE: Final = re.compile(r"[0-9]{1,15}")


def find(youtube: Connection, uploads: str, job: Opened, *, now: datetime) -> Uploaded | None:
    """Return the one video of the channel that can be this upload's; None if there is none, after several looks.

    That is one that was created since the session was opened, and has the same size: of several, the one with the
    same title. Where YouTube says no sizes, the title alone tells.

    Raises:
        ScriptError: there are several, or YouTube does not say.
    """
    for pause in PAUSES:
        if found := _look(youtube, uploads, job, now):
            return found
        time.sleep(pause * youtube.patience.pause_s)
    return _look(youtube, uploads, job, now)


def _look(youtube: Connection, uploads: str, job: Opened, now: datetime) -> Uploaded | None:
    latest = _uploads(youtube, uploads, may_be_missing=now - job.opened_at >= LISTED_AFTER)
    ids = [video_id for video_id, at in latest if at >= job.since - CLOCKS_DIFFER]
    seen = list(_looked_at(youtube, ids))
    alike = [one for one in seen if is_same_title(_title(one), job.title)]
    sized = [one for one in seen if _size(one) == job.size]
    found = [one for one in alike if one in sized] or sized or [one for one in alike if _size(one) is None]
    if len(found) > 1:
        names = ", ".join(Uploaded(str(one["id"]), job.since).url for one in found)
        raise refusals.refused(
            "SeveralVideos",
            f"the upload of {job.title!r} was lost, and several videos on the channel can be it: {names}",
            hint="remove all of them at studio.youtube.com, then: vidctl retry --new-upload",
        )
    if not found:
        return None
    (video,) = found
    at = moment(mapping(video.get("snippet")).get("publishedAt")) or job.since
    return Uploaded(str(video["id"]), at, by_title=video not in sized)


def is_same_title(one: str, other: str) -> bool:
    """Say whether two titles are the same: YouTube may write the same letters, and spaces, in another way."""
    return _plain(one) == _plain(other)


def moment(said: object) -> datetime | None:
    """Return a moment as YouTube writes it, in UTC; None if it is none."""
    try:
        at = datetime.fromisoformat(text(said))
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _uploads(youtube: Connection, playlist: str, *, may_be_missing: bool) -> Iterator[tuple[str, datetime]]:
    """Yield the channel's latest videos, with when each was created; none, where it never had one."""
    page: str | None = None
    for _ in range(PAGES):
        try:
            document = youtube.ask(youtube.requests.playlist(playlist, page=page), _ABOUT)
        except ScriptError as exc:
            if exc.failure.error_type != NOT_FOUND.error_type:
                raise
            if may_be_missing:
                return
            raise _not_listed() from exc
        for item in mappings(document.get("items")):
            about = mapping(item.get("contentDetails"))
            at = moment(about.get("videoPublishedAt")) or moment(mapping(item.get("snippet")).get("publishedAt"))
            if at is not None and is_video_id(about.get("videoId")):
                yield about["videoId"], at
        page = text(document.get("nextPageToken")) or None
        if page is None:
            return


def _not_listed() -> ScriptError:
    return ScriptError(
        "YouTube shows no list of the channel's uploads, in which the film may be",
        hint="nothing: it is looked at again, and nothing is uploaded",
        error_class=ErrorClass.QUOTA,
        error_type="NotListed",
        retry_after_s=LOOK_AGAIN_S,
    )


def _looked_at(youtube: Connection, ids: list[str]) -> Iterator[Mapping[str, Any]]:
    for at in range(0, len(ids), _AT_ONCE):
        call = youtube.requests.videos(ids[at : at + _AT_ONCE], "snippet", "status", "fileDetails")
        yield from (one for one in mappings(youtube.ask(call, _ABOUT).get("items")) if is_video_id(one.get("id")))


def _title(video: Mapping[str, Any]) -> str:
    return text(mapping(video.get("snippet")).get("title"))


def _size(video: Mapping[str, Any]) -> int | None:
    """Return how many bytes the file had that was uploaded; None where YouTube does not say."""
    said = text(mapping(video.get("fileDetails")).get("fileSize"))
    return int(said) if _SIZE.fullmatch(said) else None


def _plain(title: str) -> str:
    return " ".join(unicodedata.normalize("NFC", title).split())
