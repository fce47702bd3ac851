"""The S3 client, with what R2 wants of it. boto3 is imported when the first bucket is opened."""

# mypy: disable-error-code="import-untyped"
# boto3 comes without types.

import os
from collections.abc import Callable
from dataclasses import dataclass
from http.client import TOO_MANY_REQUESTS
from typing import Any, Final

from vidctl.providers.r2.errors import translated
from vidctl.providers.r2.settings import Settings

_NO_FILE: Final = (None, None, os.devnull, None)
_NO_PROFILE: Final = (None, None, None, None)
_BETWEEN_WRITES_S: Final = 1.1
"""R2 takes one write of a key in a second."""
_BROKEN: Final = frozenset({"IncompleteBody", "ClientDisconnect"})
_BROKEN_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is sent at the most, and how long each waits, in seconds."""

    attempts: int = 4
    connect_s: float = 10
    read_s: float = 60


USUAL: Final = Patience()


@dataclass(frozen=True, slots=True)
class Bucket:
    """An open bucket. `s3` may be used by many threads."""

    s3: Any
    name: str
    public_url: str = ""


def opened(settings: Settings, patience: Patience = USUAL) -> Bucket:
    """Return a bucket; nothing is asked of it yet.

    Raises:
        ScriptError: its settings are of no use.
    """
    from botocore.config import Config

    with translated("open the bucket"):
        s3 = _session().client(
            "s3",
            endpoint_url=settings.endpoint_url,
            region_name="auto",
            aws_access_key_id=settings.key_id,
            aws_secret_access_key=settings.secret,
            verify=settings.ca_file or None,
            config=Config(
                signature_version="s3v4",
                # Else boto3 sends checksums in a form which R2 refuses, as if the key were wrong.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                retries={"mode": "standard", "total_max_attempts": patience.attempts},
                connect_timeout=patience.connect_s,
                read_timeout=patience.read_s,
                s3={"addressing_style": "path"},
            ),
        )
        s3.meta.events.register_first("needs-retry.s3", _again(patience.attempts))
    return Bucket(s3, settings.bucket, settings.public_url)


def require_there(bucket: Bucket) -> None:
    """Ask whether the bucket is there, and may be used with these keys: one request, which changes nothing.

    Raises:
        ScriptError: it is not, or R2 does not answer.
    """
    with translated("look at the bucket"):
        bucket.s3.head_bucket(Bucket=bucket.name)


def _session() -> Any:
    """Return a session that reads none of this machine's files for Amazon: they are meant for another service."""
    import boto3
    import botocore.session

    own = {"profile": _NO_PROFILE, "config_file": _NO_FILE, "credentials_file": _NO_FILE}
    return boto3.session.Session(botocore_session=botocore.session.Session(session_vars=own))


def _again(most: int) -> Callable[..., float | None]:
    """Return what boto3 asks after each answer: the seconds to wait before the next try, or None.

    This is for what it does not take for worth another try by itself, or tries again too soon.
    """

    def wait_s(*, response: Any, attempts: int, **_: Any) -> float | None:
        if response is None or attempts >= most:
            return None
        http, parsed = response
        if http.status_code == TOO_MANY_REQUESTS:
            return _BETWEEN_WRITES_S
        return _BROKEN_S if str(parsed.get("Error", {}).get("Code")) in _BROKEN else None

    return wait_s
