"""Make a smaller file of a film, a sound or a picture, to be looked at where the file itself is too large.

By hand: python scripts/make_proxy.py --input film.mp4 --output film_proxy.mp4 --max-bytes 5242880

A film becomes an .mp4, a sound an .mp3, a picture a .jpg; a file that is small enough is copied as it is.
"""

from pathlib import Path
from typing import Annotated

from typer import Option

from vidctl.media.proxy.make import make
from vidctl.script import Made, Output, script


@script
def make_proxy(
    input: Annotated[Path, Option(help="the film, sound or picture; it is only read")],  # noqa: A002  # the option's name
    output: Output,
    max_bytes: Annotated[int, Option(min=1, help="how large the new file may be: 5242880 are 5 MiB")],
) -> Made:
    """Make a smaller file to look at."""
    return Made(output, make(input, output, max_bytes=max_bytes))
