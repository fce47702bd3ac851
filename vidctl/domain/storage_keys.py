"""The names of a film's files in an object store: one key for each content, for ever. Pure.

A key ends in the sha256 of its bytes, so what lies under it never changes: storing it again is storing the same,
and a new take never takes the place of an old one.
"""

import re
from pathlib import PurePosixPath
from typing import Final

from vidctl.domain.work import Artifact
from vidctl.errors import BadInput

MAX_KEY_BYTES: Final = 1_024
"""Of UTF-8, in Cloudflare R2 as in Amazon S3."""

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_SUFFIX: Final = re.compile(r"(\.[A-Za-z0-9]{1,16})?")
_MAX_INDEX: Final = 9_999


def storage_key(channel_id: str, task_id: str, artifact: Artifact, *, sha256: str, file_name: str) -> str:
    """Return the key of an artifact's file: `{channel_id}/{task_id}/{kind}/{index:02}/{sha256}{suffix}`.

    The suffix is that of `file_name`, which is a name or a path.

    Raises:
        BadInput: a part could not stand in a path or an address as it is.
    """
    suffix = PurePosixPath(file_name).suffix
    for what, text, form in (
        ("channel", channel_id, _NAME),
        ("task", task_id, _NAME),
        ("sha256", sha256, _SHA256),
        ("file ending", suffix, _SUFFIX),
    ):
        if not form.fullmatch(text):
            raise _unusable(f"{text[:80]!r} as the {what} of a storage key")
    if not 1 <= artifact.index <= _MAX_INDEX:
        raise _unusable(f"{artifact.index} as the number of a file")
    return f"{channel_id}/{task_id}/{artifact.kind}/{artifact.index:02}/{sha256}{suffix}"


def require_key(key: str) -> str:
    """Return a key that somebody handed in, if it can be one: parts with a / between, as in a relative path.

    Raises:
        BadInput: it is empty or too long, or has a part that tools would take for something else.
    """
    try:
        size = len(key.encode())
    except UnicodeEncodeError as exc:
        raise _unusable(f"{key[:80]!r} as a storage key") from exc
    if size > MAX_KEY_BYTES or not key.isprintable() or any(part in {"", ".", ".."} for part in key.split("/")):
        raise _unusable(f"{key[:80]!r} as a storage key")
    return key


def require_sha256(sha256: str) -> str:
    """Return a sha256 that somebody handed in.

    Raises:
        BadInput: it is none.
    """
    if not _SHA256.fullmatch(sha256):
        raise BadInput(f"{sha256[:80]!r} is no sha256", hint="give its 64 digits and small letters, as sha256sum does")
    return sha256


def _unusable(what: str) -> BadInput:
    return BadInput(f"cannot use {what}", hint="letters, digits, - and _, with a / between the parts of a key")
