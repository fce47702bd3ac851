"""Make a picture smaller: a JPEG, on a chequered ground where it can be seen through."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import Image

from vidctl.media import images
from vidctl.media.proxy.refusals import no_room
from vidctl.script import written_aside

SIDES: Final = (2_560, 1_920, 1_280, 960, 640, 480, 320, 240, 160, 96, 64)
"""The longer side in pixels, after that of the picture itself."""
QUALITIES: Final = (90, 80, 68, 55)
"""Of each size, before the next smaller one; below, blocks can be seen."""
SQUARES: Final = 48
"""Squares of the ground along the longer side."""
_LIGHT, _DARK = (176, 176, 176), (144, 144, 144)
"""Between black and white: a silhouette of either stands out."""


def measured(path: Path) -> dict[str, Any]:
    """Return the width and height of a picture, all of which can be decoded.

    Raises:
        BadInput: it is no picture, is cut off, or is far too large.
    """
    picture = images.opened(path)
    return {"width": picture.width, "height": picture.height}


def shrink(path: Path, output: Path, max_bytes: int) -> None:
    """Write a picture as a JPEG.

    Raises:
        BadInput: it is no picture, or would become too small to be recognised.
        CannotWrite: see `written_aside`.
    """
    picture = images.opened(path)
    for data in _smaller_and_smaller(picture):
        if len(data) <= max_bytes:
            with written_aside(output) as aside:
                aside.write_bytes(data)
            return
    raise no_room(path, max_bytes)


def _smaller_and_smaller(picture: Image.Image) -> Iterator[bytes]:
    for side in (max(picture.size), *(side for side in SIDES if side < max(picture.size))):
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        opaque = _on_squares(picture) if picture.mode == "RGBA" else picture
        for quality in QUALITIES:
            file = BytesIO()
            opaque.save(file, format="JPEG", quality=quality, optimize=True)
            yield file.getvalue()


def _on_squares(picture: Image.Image) -> Image.Image:
    """Return a cut-out on a chequered ground, as large as the picture is now."""
    across = max(4, max(picture.size) // SQUARES)
    columns, rows = (-(-side // across) for side in picture.size)
    squares = Image.new("RGB", (columns, rows), _LIGHT)
    squares.putdata([_DARK if (x + y) % 2 else _LIGHT for y in range(rows) for x in range(columns)])
    ground = squares.resize((columns * across, rows * across), Image.Resampling.NEAREST).crop((0, 0, *picture.size))
    ground.paste(picture, mask=picture)
    return ground
