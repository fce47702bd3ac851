"""Put one file into the bucket on Cloudflare R2, under a key; what is there already is not sent again.

By hand: python scripts/store_file.py --file clip_03.mp4 --key one/film/clip/03/SHA256.mp4 --sha256 SHA256
"""

from pathlib import Path
from typing import Annotated

from typer import Option

from vidctl.providers.r2.client import opened
from vidctl.providers.r2.put import put
from vidctl.providers.r2.settings import read_settings
from vidctl.providers.r2.sign import MAX_VALID_S, url_of
from vidctl.script import Made, script


@script
def store_file(
    *,
    file: Annotated[Path, Option(help="the file to store")],
    key: Annotated[str, Option(help="its name in the bucket, with a / between the parts")],
    sha256: Annotated[str, Option(help="that of its bytes: a file that changed meanwhile is not stored")],
    content_type: Annotated[str, Option(help="its media type; told by the file's ending if empty")] = "",
    valid_s: Annotated[
        int, Option(min=1, max=MAX_VALID_S, help="for how many seconds its address opens, in a bucket that is private")
    ] = MAX_VALID_S,
) -> Made:
    """Put one file into the bucket."""
    bucket = opened(read_settings())
    uploaded = put(bucket, file, key, sha256=sha256, content_type=content_type)
    return Made(file, {"key": key, "uploaded": uploaded}, url_of(bucket, key, valid_s=valid_s))
