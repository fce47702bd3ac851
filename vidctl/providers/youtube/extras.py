"""What belongs to a video besides the film: captions, thumbnail, playlist. Each may fail without undoing the upload.

In the run that uploaded the film nothing can be there yet, but for a try whose answer was lost; a later run looks
first. So none is made twice, unless YouTube does not show at once what it has.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from vidctl.contract import ScriptError
from vidctl.domain.publication import Publication
from vidctl.errors import VidctlError
from vidctl.providers import refusals
from vidctl.providers.untrusted import mapping, mappings
from vidctl.providers.youtube.connection import Connection
from vidctl.providers.youtube.kinds import ALREADY_THERE
from vidctl.providers.youtube.readback import Seen
from vidctl.providers.youtube.requests import Call

DONE: Final = "done"
THERE: Final = "already there"
NOT_WANTED: Final = "not wanted"
_PICTURES: Final = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class Extras:
    """What each came to: `done`, `already there`, `not wanted`, or why it is not there."""

    captions: str
    thumbnail: str
    playlist: str

    @property
    def missing(self) -> Mapping[str, str]:
        """What is not there though it was wanted, and why."""
        return {name: word for name, word in asdict(self).items() if word not in (DONE, THERE, NOT_WANTED)}


@dataclass(frozen=True, slots=True)
class Adding:
    """What is wanted for which video. `seen` is how an earlier run left it; None where this run uploaded it."""

    youtube: Connection
    video_id: str
    seen: Seen | None

    def all(self, words: Publication, subtitles: Path, thumbnail: Path | None) -> Extras:
        """Add what is wanted and not there yet."""
        return Extras(
            _tried(lambda: self.captions(subtitles, words)) if words.captions else NOT_WANTED,
            _tried(lambda: self.thumbnail(thumbnail, words.thumbnail_sha256)) if thumbnail else NOT_WANTED,
            _tried(lambda: self.place(words.playlist)) if words.playlist else NOT_WANTED,
        )

    def captions(self, subtitles: Path, words: Publication) -> str:
        """Add captions, of which one language has one track without a name."""
        content = _read(subtitles, words.captions_sha256)
        call = self.youtube.requests.add_captions(self.video_id, words.language, content)
        return self._unless_there(lambda: self._has_captions(words.language), call, "to add the captions")

    def thumbnail(self, file: Path, sha256: str) -> str:
        """Set the thumbnail; to set the same again changes nothing, but takes of the quota."""
        picture = _read(file, sha256)
        kind = next((kind for begins, kind in _PICTURES.items() if picture.startswith(begins)), None)
        if kind is None:
            raise refusals.refused("BadFile", f"{file.name} is neither PNG nor JPEG", hint="give another picture")
        if self.seen is not None and self.seen.has_thumbnail:
            return THERE
        call = self.youtube.requests.set_thumbnail(self.video_id, picture, kind)
        self.youtube.ask(call, "to set the thumbnail")
        return DONE

    def place(self, playlist: str) -> str:
        """Put the video into a playlist, which takes it as often as it is told."""
        call = self.youtube.requests.put_in_playlist(playlist, self.video_id)
        return self._unless_there(lambda: self._is_in(playlist), call, "to fill the playlist")

    def _unless_there(self, is_there: Callable[[], bool], call: Call, about: str) -> str:
        """Make something that is not there yet; after a try whose answer was lost, look first."""

        def once(tries: int) -> str:
            if (tries or self.seen is not None) and is_there():
                return THERE
            self.youtube.once(call, about)
            return DONE

        return self.youtube.patience(once)

    def _has_captions(self, language: str) -> bool:
        document = self.youtube.ask(self.youtube.requests.captions(self.video_id), "to look at the captions")
        tracks = [mapping(one.get("snippet")) for one in mappings(document.get("items"))]
        return any((one.get("language"), one.get("trackKind")) == (language, "standard") for one in tracks)

    def _is_in(self, playlist: str) -> bool:
        call = self.youtube.requests.playlist(playlist, video_id=self.video_id)
        return bool(mappings(self.youtube.ask(call, "to look into the playlist").get("items")))


def _tried(work: Callable[[], str]) -> str:
    try:
        return work()
    except VidctlError as exc:
        there = isinstance(exc, ScriptError) and exc.failure.error_type == ALREADY_THERE.error_type
        return THERE if there else str(exc)


def _read(file: Path, sha256: str) -> bytes:
    """Return a file's bytes; those alone that were looked at, where it is known which ones."""
    try:
        content = file.read_bytes()
    except OSError as exc:
        raise refusals.refused("NoFile", f"cannot read {file.name}: {exc.strerror or exc}", hint="make it") from exc
    if sha256 and hashlib.sha256(content).hexdigest() != sha256:
        why = f"{file.name} was changed since the film was approved"
        raise refusals.refused("FileChanged", why, hint="add your own at studio.youtube.com")
    return content
