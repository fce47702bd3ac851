"""Fetch a file from the bucket: whole and right, or not at all."""

# mypy: disable-error-code="import-untyped"
# boto3 comes without types.

import hashlib
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from vidctl.domain.storage_keys import require_key, require_sha256
from vidctl.providers.r2 import cases
from vidctl.providers.r2.client import Bucket
from vidctl.providers.r2.errors import translated
from vidctl.providers.r2.progress import Heard
from vidctl.script import written_aside

TRIES: Final = 3
"""What boto3 repeats is a request that was not answered; an answer that breaks off it leaves to its caller."""
_CHUNK: Final = 1024 * 1024


def fetch(bucket: Bucket, key: str, output: Path, *, sha256: str) -> int:
    """Write what is under a key to `output`; return its size in bytes.

    Raises:
        BadInput: the key or the sha256 can be none.
        CannotWrite: the folder is read-only, or the disk is full.
        ScriptError: it is not there, or never came whole and with that sha256.
    """
    require_key(key)
    require_sha256(sha256)
    with written_aside(output) as aside:
        for _ in range(TRIES):
            with translated(f"fetch {key}"):
                answer = bucket.s3.get_object(Bucket=bucket.name, Key=key)
            if _written(answer, aside) == sha256:
                return aside.stat().st_size
        raise cases.WRONG_BYTES.error(f"cannot fetch {key}: {cases.WRONG_BYTES.is_so} ({TRIES} times)")


def _written(answer: dict[str, Any], aside: Path) -> str:
    """Write what comes, and return the sha256 of that; it is another where the answer breaks off."""
    from botocore.exceptions import HTTPClientError, IncompleteReadError
    from urllib3.exceptions import HTTPError

    digest, heard = hashlib.sha256(), Heard(answer.get("ContentLength") or 0)
    with closing(answer["Body"]) as body, aside.open("wb") as out:
        try:
            for chunk in body.iter_chunks(_CHUNK):
                out.write(chunk)
                digest.update(chunk)
                heard(len(chunk))
        except (HTTPClientError, IncompleteReadError, HTTPError):
            return "broken off"
    return digest.hexdigest()
