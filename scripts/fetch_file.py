"""Fetch one file from the bucket on Cloudflare R2, and check that it is the one that was stored.

By hand: python scripts/fetch_file.py --key one/film/clip/03/SHA256.mp4 --sha256 SHA256 --output clip_03.mp4
"""

from typing import Annotated

from typer import Option

from vidctl.providers.r2.client import opened
from vidctl.providers.r2.fetch import fetch
from vidctl.providers.r2.settings import read_settings
from vidctl.script import Made, Output, script


@script
def fetch_file(
    *,
    key: Annotated[str, Option(help="its name in the bucket")],
    sha256: Annotated[str, Option(help="that of the bytes which must come")],
    output: Output,
) -> Made:
    """Fetch one file from the bucket."""
    size_bytes = fetch(opened(read_settings()), key, output, sha256=sha256)
    return Made(output, {"key": key, "size_bytes": size_bytes})
