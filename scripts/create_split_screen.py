"""Put two panels side by side: the picture of a scene that shows two places at once.

By hand: python scripts/create_split_screen.py --left-environment then.png --right-environment now.png \
--output composite.png
"""

from pathlib import Path
from typing import Annotated

from typer import Option

from vidctl.media import images
from vidctl.media.composite import Cast, split_screen
from vidctl.script import Made, Output, script

Some = Annotated[list[Path] | None, Option(help="who or what stands in this panel; repeat, left to right")]


@script
def create_split_screen(
    left_environment: Annotated[Path, Option(help="the picture that fills the left panel")],
    right_environment: Annotated[Path, Option(help="the picture that fills the right panel")],
    output: Output,
    left_character: Some = None,
    left_prop: Some = None,
    right_character: Some = None,
    right_prop: Some = None,
) -> Made:
    """Make one picture of 1920x1080 out of two."""
    left = Cast(left_environment, left_character or (), left_prop or ())
    right = Cast(right_environment, right_character or (), right_prop or ())
    frame = split_screen(left, right)
    images.save_png(frame, output)
    return Made(output, {"width": frame.width, "height": frame.height})
