"""Open pictures from anywhere without trusting them, and save them."""

import struct
import warnings
import zlib
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps, PngImagePlugin

from vidctl.errors import BadInput, NotFound
from vidctl.script import written_aside

MAX_PIXELS: Final = 50_000_000
"""A picture with more pixels is refused: nothing that is made here needs it, and it may be a bomb."""
FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
"""Only what providers deliver: some other readers of Pillow start programs (EPS) or are rarely looked after."""
STANDS_ON: Final = "vidctl-stands-on"
"""Name of the PNG text that says what is under a cut-out: `ground` or `nothing`."""

_BROKEN: Final = (OSError, ValueError, SyntaxError, TypeError, EOFError, KeyError, IndexError, OverflowError,
    MemoryError, struct.error, zlib.error, Image.DecompressionBombError, Image.DecompressionBombWarning)  # fmt: skip


def opened(path: Path, *, longest: int | None = None) -> Image.Image:
    """Return the picture as RGB, or as RGBA where it has alpha; `longest` shrinks it to that many pixels a side.

    Raises:
        NotFound: there is no such file.
        BadInput: it is no picture, is cut off, or has more than `MAX_PIXELS`.
    """
    if not path.is_file():
        raise NotFound(f"there is no picture at {path}", hint="check the path, or make the picture again")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.simplefilter("ignore", UserWarning)
            with Image.open(path, formats=FORMATS) as image:
                return _decoded(image, path, longest)
    except _BROKEN as exc:
        words = "it is far too large" if "Decompression" in type(exc).__name__ else str(exc)
        raise BadInput(f"cannot read the picture {path}: {words}", hint="make it again, as PNG, JPEG or WebP") from exc


def save_png(image: Image.Image, output: Path, *, stands_on: str | None = None) -> None:
    """Write a PNG, fast rather than small.

    Raises:
        CannotWrite: see `written_aside`.
    """
    facts = PngImagePlugin.PngInfo()
    if stands_on:
        facts.add_text(STANDS_ON, stands_on)
    with written_aside(output) as aside:
        image.save(aside, format="PNG", compress_level=1, pnginfo=facts)


def cover(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return the picture scaled and cropped around its middle so that it fills `size`."""
    if image.size == size:
        return image
    return ImageOps.fit(image, size, Image.Resampling.LANCZOS)


def _decoded(image: Image.Image, path: Path, longest: int | None) -> Image.Image:
    if image.width * image.height > MAX_PIXELS:
        raise BadInput(
            f"the picture {path} has {image.width:,} x {image.height:,} pixels, more than {MAX_PIXELS:,}",
            hint="make it smaller: 1920 x 1080 is what a film needs",
        )
    stands_on = image.info.get(STANDS_ON)
    if longest:
        image.draft("RGB", (longest, longest))
    plain = _plain(ImageOps.exif_transpose(image))
    if longest and max(plain.size) > longest:
        plain.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    plain.info = {STANDS_ON: stands_on} if isinstance(stands_on, str) else {}
    return plain


def _plain(image: Image.Image) -> Image.Image:
    """Return the pixels as 8 bits of RGB or RGBA; sixteen bits are scaled down, not clipped."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == wanted else image.convert(wanted)
