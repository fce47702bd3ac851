"""Put characters and props into an environment: the one picture that a clip is made from.

By hand: python scripts/create_composite.py --environment harbour.png --character keeper.png --output composite.png
"""

from pathlib import Path
from typing import Annotated

from typer import Option

from vidctl.media import images
from vidctl.media.composite import Cast, composite
from vidctl.script import Made, Output, script


@script
def create_composite(
    environment: Annotated[Path, Option(help="the picture that fills the frame")],
    output: Output,
    character: Annotated[list[Path] | None, Option(help="somebody who stands in it; repeat, left to right")] = None,
    prop: Annotated[list[Path] | None, Option(help="something that stands in it; repeat, left to right")] = None,
) -> Made:
    """Make one picture of 1920x1080."""
    frame = composite(Cast(environment, character or (), prop or ()))
    images.save_png(frame, output)
    return Made(output, {"width": frame.width, "height": frame.height})
