"""What an upload is known by to a later run: the session, sealed, and then the video's id.

Who knows a session's address can send bytes to it, so nobody sees it: neither in a database, nor in a list of
processes, nor in a log.
"""

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import msgspec
from cryptography.fernet import InvalidToken
from msgspec import Struct

from vidctl.contract import Scope
from vidctl.domain.keyring import VARIABLE, keyring
from vidctl.errors import BadInput, Misconfigured
from vidctl.providers import refusals

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

_VIDEO: Final = "video:"
_MARKS: Final = {"by_title": "t", "earlier_words": "w"}
"""What is not as it should be with a video, behind its id."""
_ID: Final = re.compile(r"[A-Za-z0-9_-]{6,64}")


class Opened(Struct, frozen=True):
    """A session, and the film that it is for: its size in bytes, and the sha256 of its bytes."""

    uri: str
    opened_at: datetime
    """By the clock of this machine."""
    since: datetime
    """When the first session for this film was opened, by YouTube's clock."""
    title: str
    size: int
    sha256: str
    words: str = ""
    """The sha256 of what YouTube was told of the film; "" where an earlier version opened it."""


class Uploaded(Struct, frozen=True):
    """A video that was created, and when its last byte was acknowledged."""

    video_id: str
    at: datetime
    by_title: bool = False
    """Whether it was found on the channel, and nothing but its title says that it is this film."""
    earlier_words: bool = False
    """Whether what is said of the film was changed after YouTube was told."""

    @property
    def job_id(self) -> str:
        """What a later run is given."""
        at = self.at.astimezone(UTC).isoformat(timespec="seconds")
        marks = "".join(mark for name, mark in _MARKS.items() if getattr(self, name))
        return f"{_VIDEO}{self.video_id}@{at}{marks and '~'}{marks}"

    @property
    def url(self) -> str:
        """Where it can be watched."""
        return f"https://youtube.com/watch?v={self.video_id}"


def keys(environment: Mapping[str, str] = os.environ) -> "MultiFernet":
    """Return what seals sessions.

    Raises:
        ScriptError: FERNET_KEY is missing, or holds none.
    """
    try:
        return keyring(environment.get(VARIABLE, ""))
    except Misconfigured as exc:
        raise refusals.refused("Misconfigured", str(exc), hint=exc.hint, scope=Scope.SERVICE) from exc


def sealed(session: Opened, ring: "MultiFernet") -> str:
    """Return a session as nobody can read it without the key."""
    return ring.encrypt(msgspec.json.encode(session)).decode()


def read(job_id: str, ring: "MultiFernet") -> Opened | Uploaded:
    """Return what a job's id stands for.

    Raises:
        ScriptError: no key opens it.
        BadInput: it is none of ours.
    """
    if job_id.startswith(_VIDEO):
        return _video(job_id)
    try:
        return msgspec.json.decode(ring.decrypt(job_id.encode()), type=Opened)
    except InvalidToken as exc:
        raise refusals.refused(
            "Misconfigured",
            f"no key in {VARIABLE} opens the upload that was begun, so nothing is sent",
            hint=f"put the key of that time into {VARIABLE} again, behind a comma",
            scope=Scope.SERVICE,
        ) from exc
    except (msgspec.DecodeError, UnicodeError) as exc:
        raise _none_of_ours() from exc


def is_video_id(text: object) -> bool:
    """Say whether something can be a video's id."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def _video(job_id: str) -> Uploaded:
    video_id, _, about = job_id.removeprefix(_VIDEO).partition("@")
    at, _, marks = about.partition("~")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as exc:
        raise _none_of_ours() from exc
    if not is_video_id(video_id) or moment.tzinfo is None:
        raise _none_of_ours()
    return Uploaded(video_id, moment, **{name: mark in marks for name, mark in _MARKS.items()})


def _none_of_ours() -> BadInput:
    return BadInput("--resume-job is no job of an upload", hint="give the id that an earlier run said, or leave it out")
