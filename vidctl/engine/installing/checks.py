"""Whether an answer can be used: asked at once, so that it can be asked for again with the reason."""

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final
from urllib.parse import urlsplit

from vidctl.engine import channel_template
from vidctl.errors import BadInput, VidctlError
from vidctl.store.connection import connect, prove_session_locks
from vidctl.store.migrate import refuse_newer, revision_of

_LONGEST_NAME: Final = 200
SHORTEST_PASSPHRASE: Final = 12


def folder(text: str, *, hint: str = "name another one, or make it writable") -> Path:
    """Return a folder that is there and can be written to, or can be made.

    Raises:
        BadInput: neither.
    """
    _require_printable(text, "a folder")
    path = Path(text).expanduser().absolute()
    there = next(one for one in (path, *path.parents) if os.path.lexists(one))
    if not there.is_dir():
        raise BadInput(f"{there} is no folder", hint="name a folder, or one that can be made")
    try:
        TemporaryFile(dir=there).close()  # root may write everywhere, and yet not here
    except OSError as exc:
        why = exc.strerror or exc
        raise BadInput(f"{there} cannot be written to: {why}", hint=hint) from exc
    return path


def database(text: str) -> str:
    """Return a URL at which locks hold, and which no newer vidctl was at.

    Raises:
        VidctlError: it cannot be used; its password is in no word of this.
    """
    prove_session_locks(text)
    with closing(connect(text, application_name="vidctl init")) as db:
        refuse_newer(revision_of(db))
    return text


def one_of(*words: str) -> Callable[[str], str]:
    """Return what takes one of these words, or the beginning of one."""

    def check(text: str) -> str:
        found = [word for word in words if word.startswith(text.strip().lower())]
        if len(found) != 1 or not text.strip():
            raise BadInput(f"{text!r} is neither {' nor '.join(words)}", hint=f"write {' or '.join(words)}")
        return found[0]

    return check


def key(text: str) -> str:
    """Return a key or a token; whether it is good only its service can tell.

    Raises:
        BadInput: no key looks like this. It is not repeated.
    """
    if not text.isascii() or not text.isprintable() or " " in text:
        raise BadInput("there are blanks or other characters in it that no key has", hint="copy it again, alone")
    return text


def webhook(text: str) -> str:
    """Return the address of a webhook.

    Raises:
        BadInput: it is none. It is not repeated: whoever has it can write there.
    """
    try:
        parts = urlsplit(key(text))
        good = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except (ValueError, VidctlError):
        good = False
    if not good:
        raise BadInput("this is no web address", hint="write it like https://discord.com/api/webhooks/NUMBER/TOKEN")
    return text


def passphrase(text: str) -> str:
    """Return what backups can be sealed with.

    Raises:
        BadInput: it is too short to keep anybody out, or not all of it can be typed again.
    """
    _require_printable(text, "a passphrase")
    if len(text) < SHORTEST_PASSPHRASE:
        raise BadInput(f"it is shorter than {SHORTEST_PASSPHRASE} characters", hint="four random words are a good one")
    return text


def channel_id(text: str) -> str:
    """Return a channel's id.

    Raises:
        BadInput: it names a file, and this cannot.
    """
    channel_template.require_id(text)
    return text


def name(text: str) -> str:
    """Return what people call a channel.

    Raises:
        BadInput: nobody could.
    """
    _require_printable(text, "a name")
    if not 1 <= len(text.strip()) <= _LONGEST_NAME:
        raise BadInput(f"a name has 1 to {_LONGEST_NAME} characters", hint="write what people call the channel")
    return text.strip()


def _require_printable(text: str, what: str) -> None:
    if not text.isprintable():
        raise BadInput(f"there are characters in it that {what} cannot have", hint="write it again, by hand")
