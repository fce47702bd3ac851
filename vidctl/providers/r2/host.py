"""Lend a file to a service that fetches what it works on from an address."""

from pathlib import Path
from typing import Final

from vidctl.providers.r2.client import opened
from vidctl.providers.r2.put import put
from vidctl.providers.r2.settings import read_settings
from vidctl.providers.r2.sign import url_of

DAY_S: Final = 86_400


def put_and_sign(path: Path, key: str, seconds: int = DAY_S) -> str:
    """Put a file into the bucket of the environment; return an address that opens without a key for so long.

    Raises:
        NotFound: there is no such file.
        BadInput: the key can be none, or no address is valid for so long.
        ScriptError: there is no bucket, or the file did not get there.
    """
    bucket = opened(read_settings())
    put(bucket, path, key)
    return url_of(bucket, key, valid_s=seconds)
