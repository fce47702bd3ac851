"""Where a file of the bucket can be read by others."""

from typing import Final
from urllib.parse import quote

from vidctl.errors import BadInput
from vidctl.providers.r2.client import Bucket
from vidctl.providers.r2.errors import translated

MAX_VALID_S: Final = 604_800
"""Seven days. boto3 signs for longer, and R2 refuses what it signed."""


def url_of(bucket: Bucket, key: str, *, valid_s: int) -> str:
    """Return the address of a file: the public one for ever, where the bucket has one; else one for `valid_s` seconds.

    The latter holds the account's id and the key's, but nothing that would open another file. Nothing is asked of R2.

    Raises:
        BadInput: no address can be valid for so long.
    """
    if not 1 <= valid_s <= MAX_VALID_S:
        raise BadInput(f"no address can be valid for {valid_s} s", hint=f"ask for 1 to {MAX_VALID_S:,} seconds")
    if bucket.public_url:
        return f"{bucket.public_url}/{quote(key)}"
    with translated(f"sign the address of {key}"):
        wanted = {"Bucket": bucket.name, "Key": key}
        return str(bucket.s3.generate_presigned_url("get_object", Params=wanted, ExpiresIn=valid_s))
