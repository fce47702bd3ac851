"""Say at which addresses files in the bucket on Cloudflare R2 can be seen, for a week at the most.

By hand: python scripts/sign_files.py --key one/film/clip/03/SHA256.mp4 --valid-s 3600
"""

from pathlib import PurePosixPath
from typing import Annotated

from typer import Option

from vidctl.contract import Result
from vidctl.providers.r2.client import opened
from vidctl.providers.r2.settings import read_settings
from vidctl.providers.r2.sign import MAX_VALID_S, url_of
from vidctl.script import say, tool


@tool
def sign_files(
    *,
    key: Annotated[list[str], Option(help="a file's name in the bucket; repeat it for more")],
    valid_s: Annotated[int, Option(min=1, max=MAX_VALID_S, help="for how many seconds they open")] = MAX_VALID_S,
) -> None:
    """Say where files in the bucket can be seen."""
    bucket = opened(read_settings())
    for one in key:
        say(Result(one, PurePosixPath(one).stem, url_of(bucket, one, valid_s=valid_s)))
