"""Have Gemini draw one image of a storyboard. It costs money.

By hand: python scripts/generate_asset.py --name harbour --kind environment \
--prompt "a harbour at dawn" --style "gouache, teal and amber" --output harbour.png
"""

import io
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

from PIL import Image
from typer import Option

from vidctl.domain.storyboard import AssetKind
from vidctl.errors import BadInput
from vidctl.media import images
from vidctl.providers.gemini.answer import Picture
from vidctl.providers.gemini.client import connected
from vidctl.providers.gemini.images import MODEL, Format, draw, no_picture, order_of
from vidctl.providers.gemini.picture_prompt import ASPECT_OF, Wanted
from vidctl.providers.prices import prices
from vidctl.script import Made, Note, Output, Take, script, written_aside

REFERENCE_PX: Final = 1_536
"""More is not looked at, and a request may not be endless."""


class ImageSize(StrEnum):
    """How large a picture is: about so many pixels wide, in thousands."""

    ONE = "1K"
    TWO = "2K"
    FOUR = "4K"


def as_references(paths: Iterable[Path]) -> list[bytes]:
    """Return pictures as JPEGs; what is cut out is set on white."""
    return [as_jpeg(images.opened(path, longest=REFERENCE_PX)) for path in paths]


def as_jpeg(picture: Image.Image) -> bytes:
    """Return the file of one picture."""
    if picture.mode == "RGBA":
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture).convert("RGB")
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90)
    return file.getvalue()


def opened(picture: Picture, file: Path, about: str) -> Image.Image:
    """Return what came back as a picture, whatever format it has and whatever it is called."""
    file.write_bytes(picture.content)
    try:
        return images.opened(file)
    except BadInput as exc:
        raise no_picture(picture, about) from exc


@script
def generate_asset(
    name: Annotated[str, Option(help="the image's name in the storyboard")],
    kind: Annotated[AssetKind, Option(help="environments fill the frame; characters and props are cut out")],
    prompt: Annotated[str, Option(help="what the image shows, in words")],
    output: Output,
    style: Annotated[str, Option(help="what all images of the film have in common")] = "",
    take: Take = 1,
    note: Note = "",
    reference: Annotated[list[Path] | None, Option(help="a picture of the same one, to stay like it; repeat")] = None,
    model: Annotated[str, Option(help="who draws it")] = MODEL,
    image_size: Annotated[ImageSize, Option(help="larger ones cost more")] = ImageSize.ONE,
    aspect: Annotated[str, Option(help="its shape, such as 3:4; by default what suits its kind")] = "",
    timeout_s: Annotated[
        float,
        Option(min=1, envvar="GEMINI_TIMEOUT_S", help="how long to wait for it; what comes later is paid and lost"),
    ] = 180,
) -> Made:
    """Have one image drawn."""
    with connected(timeout_s=timeout_s) as gemini, written_aside(output) as aside:
        aside.touch()  # a folder that takes no file is found before anything is bought
        likes, listed = as_references(reference or ()), prices()
        wanted = Wanted(name, kind, prompt, style, take, note, len(likes))
        form = Format(model, image_size, aspect or ASPECT_OF[kind])
        order = order_of(wanted, form, likes, listed)
        # Left opaque: what makes the composites cuts off a plain backdrop itself.
        picture = opened(draw(gemini, order, listed), aside, order.about)
        images.save_png(picture, aside)
    return Made(output, {"width": picture.width, "height": picture.height, "model": model})
