"""Show parts of one picture at one size, again and again, exact to a fraction of a pixel.

This is much of the work of a preview clip. cykooz_resizer does it with the processor's vector instructions, in two
fifths of Pillow's time, and rounds the same way to within one brightness level of 255; it has no wheel for every
machine (see pyproject.toml), and Pillow does it there.
"""

from collections.abc import Callable
from typing import TypeAlias

from PIL import Image

Part: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom as shares of the picture's width and height: (0, 0, 1, 1) is all of it."""
Lens: TypeAlias = Callable[[Part], bytes]
"""Returns what is in a part, row by row, the bands of a pixel side by side."""


def lens(picture: Image.Image, size: tuple[int, int]) -> Lens:
    """Return the quickest lens there is for a picture of one band (L) or two (LA), neither of which is alpha."""
    try:
        return vector_lens(picture, size)
    except ImportError:
        return plain_lens(picture, size)


def vector_lens(picture: Image.Image, size: tuple[int, int]) -> Lens:
    """Return the lens of cykooz_resizer.

    Raises:
        ImportError: it is not installed.
    """
    from cykooz_resizer import CropBox, FilterType, ImageData, PixelType, ResizeAlg, ResizeOptions, Resizer

    pixel = {"L": PixelType.U8, "LA": PixelType.U8x2}[picture.mode]
    source, seen = ImageData(*picture.size, pixel, picture.tobytes()), ImageData(*size, pixel)
    resizer, bilinear = Resizer(), ResizeAlg.convolution(FilterType.bilinear)

    def look(part: Part) -> bytes:
        left, top, right, low = _pixels(part, picture)
        crop = CropBox(left, top, right - left, low - top)
        resizer.resize(source, seen, ResizeOptions(bilinear, use_alpha=False, crop_box=crop))
        return bytes(seen.get_buffer())

    return look


def plain_lens(picture: Image.Image, size: tuple[int, int]) -> Lens:
    """Return the lens of Pillow, which would take the second band of a whole picture for alpha."""
    bands = picture.split()

    def look(part: Part) -> bytes:
        box = _pixels(part, picture)
        seen = [band.resize(size, Image.Resampling.BILINEAR, box=box) for band in bands]
        return Image.merge(picture.mode, seen).tobytes()

    return look


def _pixels(part: Part, picture: Image.Image) -> tuple[float, float, float, float]:
    """Return a part in pixels. Rounding may push the last bit of it over the edge, which both libraries refuse."""
    wide, high = picture.size
    left, top, right, low = part
    return max(left * wide, 0.0), max(top * high, 0.0), min(right * wide, wide), min(low * high, high)
