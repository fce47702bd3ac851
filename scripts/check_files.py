"""Say which files are in the bucket on Cloudflare R2 as they should be; only heads are asked for, so nothing is sent.

By hand: python scripts/check_files.py --file one/film/clip/03/SHA256.mp4:SHA256:1048576
"""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Final

from typer import Option

from vidctl.domain.storage_keys import require_key, require_sha256
from vidctl.errors import BadInput
from vidctl.providers.r2.client import Bucket, opened
from vidctl.providers.r2.put import has
from vidctl.providers.r2.settings import read_settings
from vidctl.script import tool

_AT_ONCE: Final = 8


def is_there(bucket: Bucket, key: str, sha256: str, size: int) -> bool:
    """Say whether a file is there."""
    return has(bucket, key, sha256, size)


def parsed(said: str) -> tuple[str, str, int]:
    """Return the key, the sha256 and the bytes that name a file.

    Raises:
        BadInput: it does not.
    """
    key, _, rest = said.partition(":")
    sha256, _, size = rest.partition(":")
    if not size.isdecimal():
        raise BadInput(f"{said[:80]!r} does not name a file", hint="write KEY:SHA256:BYTES")
    return require_key(key), require_sha256(sha256), int(size)


@tool
def check_files(
    *,
    file: Annotated[list[str], Option(help="its name in the bucket, its sha256 and its bytes, with : between")],
) -> None:
    """Say which files are in the bucket with this size and this sha256."""
    bucket = opened(read_settings())
    wanted = [parsed(one) for one in file]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        there = list(pool.map(lambda one: is_there(bucket, *one), wanted))
    print(json.dumps({"there": [key for (key, *_), found in zip(wanted, there, strict=True) if found]}), flush=True)
