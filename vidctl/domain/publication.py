"""What is said of a film where it is published: the document that every `upload_video.py` reads. Pure.

`vidctl.domain.metadata` fills it in from a film, its card and its channel's file.
"""

from typing import Final, Literal

import msgspec
from msgspec import Struct

from vidctl.domain.layout import PUBLISHED
from vidctl.errors import BadInput

Privacy = Literal["private", "unlisted", "public"]


class Publication(Struct, frozen=True, forbid_unknown_fields=True):
    """The words, and how the film is shown. `folder` is where to a film in preview is published."""

    title: str
    description: str = ""
    tags: tuple[str, ...] = ()
    privacy: Privacy = "private"
    channel_id: str = ""
    category: str = "27"
    language: str = "en"
    publish_at: str | None = None
    """When a private film becomes public: RFC 3339, in UTC."""
    made_for_kids: bool = False
    synthetic_media: bool = True
    notify_subscribers: bool = True
    captions: bool = False
    """Whether the subtitles beside the film (.srt) go up with it."""
    captions_sha256: str = ""
    """Of the subtitles that were made with the film: others are not sent; "" where nobody knows."""
    thumbnail: str | None = None
    """A picture's file; relative to the document."""
    thumbnail_sha256: str = ""
    """Of the picture that was approved: another one is not sent."""
    playlist: str = ""
    account: str = ""
    """The id of the YouTube channel that it is for: with the token of another one nothing is sent."""
    film_sha256: str = ""
    """Of the film that was approved: another one is not sent."""
    folder: str = PUBLISHED


FIELDS: Final = Publication.__struct_fields__


def parse(text: bytes) -> Publication:
    """Return the publication that a JSON document holds.

    Raises:
        BadInput: it is no such document; the message names the field.
    """
    try:
        return msgspec.json.decode(text, type=Publication)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as exc:
        raise BadInput(f"no metadata of a film: {exc}", hint=f"it has the fields {', '.join(FIELDS)}") from exc
