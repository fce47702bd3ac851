"""The sheet a landscape is built up on: layer upon layer of paper, light and mist.

Places on the sheet are given in units of 120 pixels: x from 0 (left) to 16, y from 0 (top) to 9.
"""

from typing import Final

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from vidctl.providers.preview.painter.colour import Floats, Lab, mix, rgb, rgb_field
from vidctl.providers.preview.painter.figure import Figure, scaled, shifted
from vidctl.providers.preview.painter.outline import Outline, moved
from vidctl.providers.preview.painter.texture import brushed, grain, noise

WIDE: Final = 16.0
HIGH: Final = 9.0
UNIT_PX: Final = 120
SIZE: Final = (1920, 1080)
COARSE: Final = (240, 135)
"""Soft things (sky, mist, glows, the colour inside a layer) are computed at this size."""

_PRINT: Final = [
    round(255 * float(np.clip(0.5 + ((value / 255) ** 0.88 - 0.5) * 1.09, 0, 1))) for value in range(256)
] * 3
"""The last step before the brush marks: a little brighter, a little more contrast."""


class Stencil:
    """A shape to be cut out of one sheet of paper; drawn larger than needed, for smooth edges."""

    SCALE: Final = 2

    def __init__(self) -> None:
        self._large = Image.new("L", (SIZE[0] * self.SCALE, SIZE[1] * self.SCALE))
        self._draw = ImageDraw.Draw(self._large)

    def add(self, outline: Outline, *, cut: bool = False) -> "Stencil":
        """Add an outline, or (`cut`) take it away."""
        points = outline * (UNIT_PX * self.SCALE)
        self._draw.polygon([(float(x), float(y)) for x, y in points], fill=0 if cut else 255)
        return self

    def ridge(self, xs: Floats, ys: Floats, *, down_to: float = HIGH) -> "Stencil":
        """Add everything below a line that runs from left to right."""
        line = np.stack([xs, ys], axis=1)
        ends = np.array([[xs[-1], down_to + 0.1], [xs[0], down_to + 0.1]])
        return self.add(np.concatenate([line, ends]))

    def figure(self, figure: Figure, x: float, y: float, high: float, *, flip: bool = False) -> "Stencil":
        """Add a figure's silhouette, its foot at (x, y), scaled to be `high` units high."""
        scale = high / max(figure.bounds()[3], 0.1)
        for piece in figure.pieces:
            turned_over = moved(piece.outline, scale=scale, flip=flip) * np.array([1, -1])
            self.add(turned_over + np.array([x, y]))
        return self

    def mask(self) -> Image.Image:
        """Return the shape as an image of the sheet's size, 255 inside."""
        return self._large.reduce(self.SCALE)


class Canvas:
    """A picture in the making."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.image = Image.new("RGB", SIZE)
        self.rng = rng

    def wash(self, field: Lab) -> None:
        """Cover everything with a coarse field of colours, shape (135, 240, 3)."""
        self.image.paste(_fine(Image.fromarray(rgb_field(field)), SIZE))

    def layer(
        self,
        mask: Image.Image,
        upper: Lab,
        lower: Lab,
        *,
        rim: Lab | None = None,
        shade: float = 0.0,
        light_x: float = 8.0,
    ) -> None:
        """Glue a sheet of paper on: `upper` at its highest edge turning into `lower` at its foot.

        `rim` lights its upper edge, more so near `light_x`; `shade` is how dark a shadow it throws on what lies behind.
        """
        box = mask.getbbox()
        if box is None:
            return
        if shade:
            self._throw_shade(mask, shade)
        part = mask.crop(box)
        self.image.paste(self._paper((box[2] - box[0], box[3] - box[1]), upper, lower), box[:2], part)
        if rim is not None:
            edge = ImageChops.subtract(part, shifted(part, 1 if light_x * UNIT_PX < box[0] else 0, 3))
            self.image.paste(rgb(rim), box, scaled(edge, 0.55))

    def _paper(self, size: tuple[int, int], upper: Lab, lower: Lab) -> Image.Image:
        small = max(4, size[0] // 8), max(4, size[1] // 8)
        down = np.linspace(0, 1, small[1])[:, None, None] ** 0.8
        mottle = noise(self.rng, small, (7, 5), octaves=3) - 0.5
        field = np.repeat(upper + (lower - upper) * down, small[0], axis=1)
        field[..., 0] += 0.055 * mottle
        return _fine(Image.fromarray(rgb_field(field)), size)

    def _throw_shade(self, mask: Image.Image, strength: float) -> None:
        small = mask.reduce(4).filter(ImageFilter.BoxBlur(5))
        self.image.paste((8, 10, 18), mask=_fine(scaled(shifted(small, 2, -3), strength), SIZE))

    def flat(self, mask: Image.Image, colour: Lab, strength: float = 1.0) -> None:
        """Fill a shape with one colour, as if it were thin."""
        self.image.paste(rgb(colour), mask=mask if strength >= 1 else scaled(mask, strength))

    def soft(self, mask: Image.Image, colour: Lab, radius_px: int, strength: float = 1.0) -> None:
        """Fill a shape with one colour, its edges blurred."""
        small = mask.reduce(4).filter(ImageFilter.GaussianBlur(radius_px / 4))
        self.image.paste(rgb(colour), mask=_fine(scaled(small, strength), SIZE))

    def glow(self, x: float, y: float, radius: float, colour: Lab, strength: float) -> None:
        """Let light spread from a place; `radius` is where it has faded to about a third."""
        far = np.hypot(*(axis - at for axis, at in zip(coarse_grid(), (x, y), strict=True))) / radius
        self.blend(np.exp(-(far**1.3)) * strength, colour)

    def mist(self, y: float, depth: float, colour: Lab, strength: float) -> None:
        """Lay a bank of mist around the height `y`, `depth` units thick, torn a little."""
        _, ys = coarse_grid()
        bank = np.exp(-(((ys - y) / depth) ** 2)) * (0.45 + 0.75 * noise(self.rng, COARSE, (3, 7), octaves=3))
        self.blend(bank * strength, colour)

    def blend(self, amount: Floats, colour: Lab) -> None:
        """Mix a colour in: `amount` is a coarse field between 0 and 1, shape (135, 240)."""
        mask = Image.fromarray(np.asarray(np.clip(amount, 0, 1) * 255, dtype=np.uint8))
        self.image.paste(rgb(colour), mask=_fine(mask, SIZE))

    def dots(self, spots: Floats, radii_px: Floats, colour: Lab, strength: float) -> None:
        """Scatter round dots: `spots` of shape (n, 2) in units."""
        sheet = Image.new("L", SIZE)
        draw = ImageDraw.Draw(sheet)
        for (x, y), radius in zip(spots * UNIT_PX, radii_px, strict=True):
            draw.circle((float(x), float(y)), float(radius), fill=255)
        self.flat(sheet.filter(ImageFilter.BoxBlur(1)), colour, strength)

    def finished(self, ink: Lab) -> Image.Image:
        """Darken the corners, let the brush show, add grain; return the picture."""
        xs, ys = coarse_grid()
        corner = np.hypot((xs - WIDE / 2) / WIDE, (ys - HIGH / 2) / HIGH) * 1.42
        self.blend(np.clip(corner - 0.55, 0, 1) ** 1.5 * 0.85, ink)
        painted = ImageChops.multiply(self.image.point(_PRINT), brushed(SIZE, self.rng, strength=0.06))
        return ImageChops.add(painted, grain(SIZE, self.rng), scale=1, offset=-128)


def coarse_grid() -> tuple[Floats, Floats]:
    """Return x and y (in units) of every coarse cell, each of shape (135, 240)."""
    xs, ys = np.meshgrid(np.linspace(0, WIDE, COARSE[0]), np.linspace(0, HIGH, COARSE[1]))
    return xs, ys


def hazed(near: Lab, haze: Lab, distance: float) -> Lab:
    """Return a colour as it looks from `distance` (0 at hand, 1 at the horizon)."""
    return mix(near, haze, float(np.clip(distance, 0, 1)) ** 0.85)


def _fine(coarse: Image.Image, size: tuple[int, int]) -> Image.Image:
    return coarse.resize(size, Image.Resampling.BILINEAR if coarse.mode == "L" else Image.Resampling.BICUBIC)
