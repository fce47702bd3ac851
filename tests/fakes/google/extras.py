"""What a video gets besides its film: captions, a thumbnail, a place in a playlist."""

import email.parser
import email.policy
import json
from dataclasses import dataclass
from typing import Any

from tests.fakes.google.accounts import Channel
from tests.fakes.google.errors import Refused, invalid, refused
from tests.fakes.google.uploads import Uploads
from tests.fakes.google.videos import Video
from tests.fakes.wire.server import Answer, Call, answer

MOST_THUMBNAIL, MOST_CAPTIONS = 52_428_800, 104_857_600
PICTURES = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}


@dataclass
class Extras:
    """Changes of the videos that are there."""

    uploads: Uploads

    def caption(self, channel: Channel, body: Any, content: bytes) -> Answer:
        """Add captions; those of one language and name are there once."""
        snippet = body.get("snippet", {})
        video = self._own(snippet.get("videoId", ""), channel, "youtube.caption")
        if not snippet.get("language"):
            raise refused(400, "invalidMetadata", "The request contains invalid metadata values.", "youtube.caption")
        if "name" not in snippet:
            raise refused(400, "nameRequired", "The request must specify a name.", "youtube.caption")
        if not content or len(content) > MOST_CAPTIONS or not _is_text(content):
            raise refused(
                400, "contentRequired", "The request does not contain the caption track contents.", "youtube.caption"
            )
        if any((one["language"], one["name"]) == (snippet["language"], snippet["name"]) for one in video.captions):
            raise refused(
                409,
                "captionExists",
                "The specified video already has a caption track with the given language and name combination.",
                "youtube.caption",
            )
        track = {"lastUpdated": video.published_at, "trackKind": "standard", "isDraft": False, **snippet}
        video.captions.append(track)
        video.texts[track_id := f"AUie{len(video.captions)}{video.video_id}"] = content
        return answer({"kind": "youtube#caption", "etag": "an-etag", "id": track_id, "snippet": track})

    def captions(self, call: Call, channel: Channel) -> list[dict[str, Any]]:
        video = self._own("".join(call.query["videoId"]), channel, "youtube.caption")
        ids = list(video.texts)
        return [
            {"kind": "youtube#caption", "etag": "an-etag", "id": ids[at], "snippet": one}
            for at, one in enumerate(video.captions)
        ]

    def thumbnail(self, call: Call, channel: Channel) -> Answer:
        """Put a picture in the place of the one that is there."""
        video = self._own("".join(call.query["videoId"]), channel, "youtube.thumbnail")
        media_type = call.headers.get("content-type", "")
        if not call.content:
            raise refused(
                400, "mediaBodyRequired", "The request does not include the image content.", "youtube.thumbnail"
            )
        if len(call.content) > MOST_THUMBNAIL:
            raise refused(413, "uploadTooLarge", "Request Too Large", "global")
        known = [PICTURES[media_type]] if media_type in PICTURES else list(PICTURES.values())
        if not any(call.content.startswith(one) for one in known):
            raise refused(400, "invalidImage", "The provided image content is invalid.", "youtube.thumbnail")
        video.thumbnail, video.thumbnails_set = call.content, video.thumbnails_set + 1
        return answer({"kind": "youtube#thumbnailSetResponse", "etag": "an-etag", "items": [{}]})

    def place(self, channel: Channel, body: Any) -> Answer:
        """Put a video at the end of a playlist, however often it is in it already."""
        snippet = body.get("snippet", {})
        playlist, resource = snippet.get("playlistId"), snippet.get("resourceId", {})
        if not playlist:
            raise refused(
                400,
                "playlistIdRequired",
                "The subscribe request does not specify a playlist ID.",
                "youtube.playlistItem",
            )
        if resource.get("kind") != "youtube#video" or not resource.get("videoId"):
            raise refused(400, "resourceIdRequired", "The request must specify a resource ID.", "youtube.playlistItem")
        if playlist not in channel.playlists:
            raise _no_playlist()
        if self.uploads.video(resource["videoId"]) is None:
            raise refused(404, "videoNotFound", "Video not found.", "youtube.playlistItem")
        channel.playlists[playlist].append(resource["videoId"])
        return answer({"kind": "youtube#playlistItem", "etag": "an-etag", "id": "an-item", "snippet": snippet})

    def items(self, call: Call, channel: Channel) -> list[Video]:
        """Return the videos of a playlist; that of the uploads is not there before there are any."""
        playlist = "".join(call.query.get("playlistId", []))
        wanted = "".join(call.query.get("videoId", []))
        if not playlist:
            raise refused(400, "missingRequiredParameter", "No filter selected.", "youtube.parameter")
        videos = self.uploads.of(channel)
        if playlist == channel.uploads and (videos or not channel.is_new):
            found = videos
        elif playlist in channel.playlists:
            listed = [self.uploads.video(one) for one in channel.playlists[playlist]]
            found = [one for one in listed if one is not None]
        else:
            raise _no_playlist()
        return [one for one in found if wanted in ("", one.video_id)]

    def _own(self, video_id: str, channel: Channel, domain: str) -> Video:
        video = self.uploads.video(video_id)
        if video is None:
            raise refused(404, "videoNotFound", "The video could not be found.", domain)
        if video.channel is not channel:
            raise refused(403, "forbidden", "The permissions associated with the request are not sufficient.", domain)
        return video


def _is_text(content: bytes) -> bool:
    try:
        return bool(content.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def related(call: Call) -> tuple[Any, bytes]:
    """Return the document and the content that a multipart upload holds.

    Raises:
        Refused: it is none.
    """
    if call.query.get("uploadType") != ["multipart"]:
        raise invalid("The fake takes captions by uploadType=multipart.")
    head = f"Content-Type: {call.headers.get('content-type', '')}\r\n\r\n".encode()
    parts = list(email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + call.content).iter_parts())
    if len(parts) != 2 or parts[0].get_content_type() != "application/json":
        raise invalid("Malformed multipart body.")
    document, content = (one.get_payload(decode=True) for one in parts)
    try:
        return json.loads(document), content  # type: ignore[arg-type, return-value]
    except ValueError:
        raise invalid("Parse Error") from None


def _no_playlist() -> Refused:
    return refused(
        404,
        "playlistNotFound",
        "The playlist identified with the request's <code>playlistId</code> parameter cannot be found.",
        "youtube.playlistItem",
        location="playlistId",
    )
