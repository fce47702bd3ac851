"""YouTube's requests, built by Google's own client from the description of the API that it brings along.

They are sent by `connection`: Google's client hands out the address of an upload only after bytes were sent.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from googleapiclient.discovery import build_from_document
from googleapiclient.http import MediaInMemoryUpload, MediaIoBaseUpload

_NOBODY: Final = object()
"""Google's client wants a connection to build its requests for; nothing can be sent over this one."""
_KEPT_HEADERS: Final = ("accept", "content-type", "x-goog-api-client")


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `method` is its name in YouTube's documents: `videos.insert`."""

    method: str
    verb: str
    url: str
    headers: Mapping[str, str]
    content: bytes


class Requests:
    """Builds requests to the API at `root`, an address without a slash at its end."""

    def __init__(self, root: str) -> None:
        self._api = build_from_document({**_document(), "rootUrl": f"{root}/", "baseUrl": f"{root}/"}, http=_NOBODY)

    def my_channel(self) -> Call:
        """Ask whose the token is."""
        return _call(self._api.channels().list(part="snippet,contentDetails,status", mine=True))

    def upload(self, body: Mapping[str, Any], film: Any, *, notify: bool) -> Call:
        """Open an upload; `film` is the open file, of which nothing is sent yet."""
        media = MediaIoBaseUpload(film, mimetype="video/mp4", resumable=True)
        asked = self._api.videos().insert(
            part=",".join(sorted(body)), body=dict(body), media_body=media, notifySubscribers=notify
        )
        about = {"X-Upload-Content-Type": media.mimetype(), "X-Upload-Content-Length": str(media.size())}
        return _call(asked, **about)

    def videos(self, ids: list[str], *parts: str) -> Call:
        """Look at videos, at most 50."""
        return _call(self._api.videos().list(part=",".join(parts), id=",".join(ids)))

    def playlist(self, playlist_id: str, *, video_id: str | None = None, page: str | None = None) -> Call:
        """Look at what is in a playlist, or whether a video is."""
        return _call(
            self._api.playlistItems().list(
                part="snippet,contentDetails", playlistId=playlist_id, videoId=video_id, maxResults=50, pageToken=page
            )
        )

    def put_in_playlist(self, playlist_id: str, video_id: str) -> Call:
        """Put a video at the end of a playlist."""
        place = {"playlistId": playlist_id, "resourceId": {"kind": "youtube#video", "videoId": video_id}}
        return _call(self._api.playlistItems().insert(part="snippet", body={"snippet": place}))

    def captions(self, video_id: str) -> Call:
        """Look at a video's captions."""
        return _call(self._api.captions().list(part="snippet", videoId=video_id))

    def add_captions(self, video_id: str, language: str, subtitles: bytes) -> Call:
        """Add captions, which have no name of their own: the language is shown."""
        snippet = {"videoId": video_id, "language": language, "name": "", "isDraft": False}
        media = MediaInMemoryUpload(subtitles, mimetype="application/octet-stream")
        return _call(self._api.captions().insert(part="snippet", body={"snippet": snippet}, media_body=media))

    def set_thumbnail(self, video_id: str, picture: bytes, media_type: str) -> Call:
        """Put a picture in the place of the one that YouTube chose."""
        media = MediaInMemoryUpload(picture, mimetype=media_type)
        return _call(self._api.thumbnails().set(videoId=video_id, media_body=media))


@cache
def _document() -> Mapping[str, Any]:
    place = files("googleapiclient.discovery_cache") / "documents" / "youtube.v3.json"
    document: Mapping[str, Any] = json.loads(place.read_text("utf-8"))
    return document


def _call(asked: Any, **more: str) -> Call:
    headers = {name: str(value) for name, value in asked.headers.items() if name.lower() in _KEPT_HEADERS}
    body = asked.body if isinstance(asked.body, bytes) else (asked.body or "").encode()
    name = str(asked.methodId).removeprefix("youtube.")
    return Call(name, str(asked.method), str(asked.uri), {**headers, **more}, body)
