"""Put a file into the bucket, unless the same bytes are there."""

# mypy: disable-error-code="import-untyped"
# boto3 comes without types.

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import SEEK_END, BufferedReader
from pathlib import Path
from typing import Any, Final

from vidctl.domain.storage_keys import require_key, require_sha256
from vidctl.errors import BadInput, NotFound
from vidctl.providers.r2 import cases
from vidctl.providers.r2.client import Bucket
from vidctl.providers.r2.errors import translated
from vidctl.providers.r2.progress import Heard

SHA256: Final = "sha256"
"""Where an object's metadata has that of its bytes: the ETag of a multipart upload is no hash of them."""
PART_BYTES: Final = 8 * 1024 * 1024
"""What is larger goes in parts. R2 wants all but the last to be of one size, and at most 10,000."""
_MAX_PARTS: Final = 10_000
_AT_ONCE: Final = 4
_TYPES: Final = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".mp4": "video/mp4",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".json": "application/json",
    ".srt": "application/x-subrip",
}
_TYPE: Final = re.compile(r"[\w.+-]+/[\w.+-]+(; ?[\w-]+=[\w.-]+)?", re.ASCII)


def put(bucket: Bucket, file: Path, key: str, *, sha256: str = "", content_type: str = "") -> bool:
    """Put a file under a key; say whether anything was sent. It is read twice.

    Raises:
        NotFound: there is no such file.
        BadInput: its bytes are not those of `sha256`, or the key or the type can be none.
        ScriptError: it is not in the bucket.
    """
    require_key(key)
    media_type = _media_type(file, content_type)
    with _opened(file) as data:
        found = _digest(data, file, sha256)
        size = data.seek(0, SEEK_END)
        if has(bucket, key, found, size):
            return False
        _send(bucket, data, size, key, {"ContentType": media_type, "Metadata": {SHA256: found}})
    # Whoever else answers in R2's place, such as a portal's page, would seem to have taken it.
    if not has(bucket, key, found, size):
        raise cases.NOT_KEPT.error(f"cannot store {key}: {cases.NOT_KEPT.is_so}")
    return True


def _media_type(file: Path, asked: str) -> str:
    if asked and not _TYPE.fullmatch(asked):
        raise BadInput(f"{asked[:80]!r} is no media type", hint="give one such as video/mp4, or leave it out")
    return asked or _TYPES.get(file.suffix.lower(), "application/octet-stream")


@contextmanager
def _opened(file: Path) -> Iterator[BufferedReader]:
    """Open a file once for all that is done with it: another that takes its name meanwhile is not mixed in."""
    try:
        with file.open("rb") as data:
            yield data
    except OSError as exc:
        raise NotFound(
            f"cannot read {file}: {exc.strerror or exc}", hint="give a file that this user can read"
        ) from exc


def _digest(data: BufferedReader, file: Path, expected: str) -> str:
    """Return the sha256 of a file, which must be the expected one if there is one."""
    found = hashlib.file_digest(data, "sha256").hexdigest()
    if expected and require_sha256(expected) != found:
        raise BadInput(f"{file} is not the file of that sha256", hint="it changed since: make or fetch it again")
    return found


def has(bucket: Bucket, key: str, sha256: str, size: int) -> bool:
    """Say whether the bucket has exactly these bytes under a key.

    Raises:
        ScriptError: nobody can say.
    """
    from botocore.exceptions import ClientError

    with translated(f"look for {key}"):
        try:
            found = bucket.s3.head_object(Bucket=bucket.name, Key=key)
        except ClientError as exc:
            # Without a body the answer does not say whether it is the bucket that is missing: sending will tell.
            if exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:  # noqa: PLR2004
                return False
            raise
    metadata = found.get("Metadata") or {}
    return bool(metadata.get(SHA256) == sha256 and found.get("ContentLength") == size)


def _send(bucket: Bucket, data: BufferedReader, size: int, key: str, about: dict[str, Any]) -> None:
    """Send the bytes, in parts where they are many; parts of an upload that fails are taken back."""
    from boto3.s3.transfer import TransferConfig

    part_bytes = max(PART_BYTES, -(-size // _MAX_PARTS))
    config = TransferConfig(
        multipart_threshold=PART_BYTES + 1, multipart_chunksize=part_bytes, max_concurrency=_AT_ONCE
    )
    config.max_in_memory_upload_chunks = _AT_ONCE
    data.seek(0)
    with translated(f"store {key}"):
        bucket.s3.upload_fileobj(data, bucket.name, key, ExtraArgs=about, Config=config, Callback=Heard(size))
