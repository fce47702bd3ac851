"""Draw one image of a storyboard on this machine: the free stand-in for a picture that costs money.

By hand: python scripts/preview/generate_asset.py --name harbour --kind environment \
--prompt "a harbour at dawn" --style "gouache, teal and amber" --output harbour.png
"""

from typing import Annotated

from typer import Option

from vidctl.domain.storyboard import AssetKind
from vidctl.media import images
from vidctl.providers.preview.painter.brief import Brief
from vidctl.providers.preview.painter.paint import painting
from vidctl.script import Made, Note, Output, Take, script


@script
def generate_asset(
    name: Annotated[str, Option(help="the image's name in the storyboard; it helps to tell what is shown")],
    kind: Annotated[AssetKind, Option(help="environments fill the frame; characters and props are cut out")],
    prompt: Annotated[str, Option(help="what the image shows, in words")],
    output: Output,
    style: Annotated[str, Option(help="what all images of the film have in common")] = "",
    take: Take = 1,
    note: Note = "",
) -> Made:
    """Draw one image."""
    painted = painting(Brief(name, kind, prompt, style, take, note))
    stands_on = None if kind is AssetKind.ENVIRONMENT else "nothing" if painted.floats else "ground"
    images.save_png(painted.image, output, stands_on=stands_on)
    return Made(output, {"width": painted.image.width, "height": painted.image.height})
