"""Find what stands before the backdrop of a picture, so that it can be set before another one."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from vidctl.media.images import STANDS_ON

_COARSE_PX: Final = 240
_PLAIN: Final = 26.0
"""A border is one colour if 85 in 100 of its pixels are at most this far (of 441) from their median."""
_LIKE: Final = 42.0
"""A pixel this near to the backdrop's colour may belong to it."""
_CLEAR: Final = 8
"""An alpha below this is nothing."""


@dataclass(frozen=True, slots=True)
class Sprite:
    """Somebody or something cut out: RGBA without a rim.

    `native` says that its size in pixels tells how large it is beside the others; a `vignette` could not be cut out
    and is shown as a soft-edged inset; what `floats` has no ground under it.
    """

    image: Image.Image
    native: bool = False
    vignette: bool = False
    floats: bool = False


def sprite(image: Image.Image) -> Sprite:
    """Return what a picture shows, cut out by its alpha, else off its plain backdrop, else as a soft inset."""
    stands_on = image.info.get(STANDS_ON)
    if image.mode == "RGBA" and _faintest(image.getchannel("A")) < 255 - _CLEAR:
        return Sprite(_trimmed(image), native=stands_on is not None, floats=stands_on == "nothing")
    opaque = image.convert("RGB")
    alpha = _before_plain_backdrop(opaque)
    if alpha is None:
        return Sprite(_inset(opaque), vignette=True)
    opaque.putalpha(alpha)
    return Sprite(_trimmed(opaque))


def _faintest(alpha: Image.Image) -> int:
    return next(value for value, count in enumerate(alpha.histogram()) if count)


def _trimmed(image: Image.Image) -> Image.Image:
    box = image.getchannel("A").point([0] * _CLEAR + [255] * (256 - _CLEAR)).getbbox()
    return image.crop(box) if box else image


def _before_plain_backdrop(image: Image.Image) -> Image.Image | None:
    """Return the alpha of what stands before a backdrop of one colour, or None if there is no such backdrop."""
    coarse = image.copy()
    coarse.thumbnail((_COARSE_PX, _COARSE_PX), Image.Resampling.BILINEAR)
    pixels = np.asarray(coarse, dtype=np.float32)
    border = np.concatenate([pixels[:2].reshape(-1, 3), pixels[-2:].reshape(-1, 3), *pixels[:, :2], *pixels[:, -2:]])
    colour = np.median(border, axis=0)
    if np.quantile(np.linalg.norm(border - colour, axis=1), 0.85) > _PLAIN:
        return None
    outside = _connected_to_border(np.linalg.norm(pixels - colour, axis=2) < _LIKE)
    if not 0.1 < outside.mean() < 0.985:  # noqa: PLR2004  # nearly all or nearly nothing: no figure before a backdrop
        return None
    return _fine_alpha(image, outside, colour)


def _connected_to_border(like: np.ndarray) -> np.ndarray:
    """Return the part of a mask that hangs together with its border."""
    reached = np.zeros_like(like)
    reached[[0, -1]] = like[[0, -1]]
    reached[:, [0, -1]] = like[:, [0, -1]]
    count = -1
    while count != (count := int(reached.sum())):
        for _ in range(8):
            grown = reached.copy()
            grown[1:] |= reached[:-1]
            grown[:-1] |= reached[1:]
            grown[:, 1:] |= reached[:, :-1]
            grown[:, :-1] |= reached[:, 1:]
            reached = grown & like
    return reached


def _fine_alpha(image: Image.Image, outside: np.ndarray, colour: np.ndarray) -> Image.Image:
    """Clear only what is both outside (found coarsely) and of the backdrop's colour (seen finely)."""
    grey = Image.fromarray(outside.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(3))
    region = grey.resize(image.size, Image.Resampling.BILINEAR)
    flat = Image.new("RGB", image.size, tuple(int(value) for value in colour))
    bands = ImageChops.difference(image, flat).split()
    apart = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    alike = apart.point([255 - round(255 * min(1.0, max(0.0, (value - 12) / 26))) for value in range(256)])
    return ImageChops.invert(ImageChops.multiply(region, alike)).filter(ImageFilter.BoxBlur(1))


def _inset(image: Image.Image) -> Image.Image:
    """Return the middle of a picture, upright, fading out towards its edges."""
    wide = min(image.width, round(image.height * 0.86))
    left = (image.width - wide) // 2
    middle = image.crop((left, 0, left + wide, image.height))
    middle.thumbnail((900, 1000), Image.Resampling.LANCZOS)
    ys, xs = np.mgrid[-1 : 1 : middle.height * 1j, -1 : 1 : middle.width * 1j]
    far = (np.abs(xs) ** 2.6 + np.abs(ys) ** 2.6) ** (1 / 2.6)
    fade = np.clip((1 - far) / 0.34, 0, 1)
    middle.putalpha(Image.fromarray(np.asarray(255 * fade * fade * (3 - 2 * fade), dtype=np.uint8)))
    return middle
