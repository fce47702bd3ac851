"""A figure is a pile of pieces of coloured paper; this is where they are cut, lit and glued.

In a figure y points up and the ground is y = 0; its unit is its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from vidctl.providers.preview.painter.colour import Lab, lighter, rgb
from vidctl.providers.preview.painter.outline import Outline, moved
from vidctl.providers.preview.painter.texture import brushed

OVERSAMPLED: Final = 2
MARGIN_PX: Final = 28
"""Clear rim around a cut-out: room for soft edges when it is scaled."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of paper. `relief` is how much its edges catch light and throw shade, 0 for none."""

    outline: Outline
    colour: Lab
    relief: float = 1.0


@dataclass(slots=True)
class Figure:
    """Pieces from the hindmost to the foremost."""

    pieces: list[Piece] = field(default_factory=list)

    def add(self, outline: Outline, colour: Lab, relief: float = 1.0) -> "Figure":
        """Glue a piece on top."""
        self.pieces.append(Piece(outline, colour, relief))
        return self

    def put(
        self, other: "Figure", x: float = 0, y: float = 0, *, scale: float = 1, flip: bool = False, dim: float = 0
    ) -> "Figure":
        """Glue a whole figure on top, scaled about its origin, moved, and darkened by `dim`."""
        for piece in other.pieces:
            outline = moved(piece.outline, x, y, scale=scale, flip=flip)
            self.add(outline, lighter(piece.colour, -dim) if dim else piece.colour, piece.relief)
        return self

    def bounds(self) -> tuple[float, float, float, float]:
        """Return left, low, right, high."""
        points = np.concatenate([piece.outline for piece in self.pieces])
        (left, low), (right, high) = points.min(0), points.max(0)
        return float(left), float(low), float(right), float(high)


def cut_out(figure: Figure, *, fit: tuple[int, int], ink: Lab, sun: Lab, rng: np.random.Generator) -> Image.Image:
    """Return the figure as an RGBA image that fits into `fit` (width, height in pixels), trimmed with a soft margin."""
    left, low, right, high = figure.bounds()
    inner = [side - 2 * MARGIN_PX for side in fit]
    scale = min(inner[0] / (right - left), inner[1] / (high - low))
    size = round((right - left) * scale) + 2 * MARGIN_PX, round((high - low) * scale) + 2 * MARGIN_PX
    table = _Table(size, ink, sun)
    corner = np.array([left, high])
    for piece in figure.pieces:
        table.glue((piece.outline - corner) * np.array([scale, -scale]) + MARGIN_PX, piece)
    return table.finished(rng)


def flat_picture(figure: Figure, high_px: int, seen: Callable[[Lab], Lab]) -> tuple[Image.Image, int]:
    """Return the figure without relief and `high_px` high from y = 0, and where in it x = 0 lies; colours as `seen`."""
    left, low, right, high = figure.bounds()
    scale = high_px * OVERSAMPLED / max(high, 0.1)
    size = max(2, round((right - left) * scale)), max(2, round((high - low) * scale))
    picture = Image.new("RGBA", size, (*rgb(seen(figure.pieces[0].colour)), 0))
    draw = ImageDraw.Draw(picture)
    for piece in figure.pieces:
        points = (piece.outline - np.array([left, high])) * np.array([scale, -scale])
        draw.polygon([(float(x), float(y)) for x, y in points], fill=(*rgb(seen(piece.colour)), 255))
    return picture.reduce(OVERSAMPLED), round(-left * scale / OVERSAMPLED)


class _Table:
    """Where one figure is glued together, in pixels."""

    def __init__(self, size: tuple[int, int], ink: Lab, sun: Lab) -> None:
        self.colour = Image.new("RGB", size, rgb(ink))
        self.alpha = Image.new("L", size, 0)
        self.ink, self.sun = rgb(ink), rgb(sun)
        self.depth = max(2, round(min(size) / 130))

    def glue(self, outline: Outline, piece: Piece) -> None:
        x, y, mask = _cut(outline, self.colour.size, pad=3 * self.depth)
        if mask is None:
            return
        spot = (x, y, x + mask.width, y + mask.height)
        self._throw_shade(mask, spot, 0.42 * piece.relief)
        self.colour.paste(rgb(piece.colour), spot, mask)
        if piece.relief:
            for tint, edge in self._edges(mask, piece):
                self.colour.paste(tint, spot, edge)
        self.alpha.paste(255, spot, mask)

    def _throw_shade(self, mask: Image.Image, spot: tuple[int, int, int, int], strength: float) -> None:
        soft = shifted(mask, self.depth, self.depth + 1).filter(ImageFilter.BoxBlur(self.depth))
        under = ImageChops.multiply(soft, self.alpha.crop(spot))
        self.colour.paste(self.ink, spot, scaled(under, strength))

    def _edges(self, mask: Image.Image, piece: Piece) -> Iterator[tuple[tuple[int, int, int], Image.Image]]:
        soft = mask.filter(ImageFilter.BoxBlur(2 * self.depth))
        shade = ImageChops.subtract(mask, shifted(soft, -2 * self.depth, -2 * self.depth))
        yield rgb(lighter(piece.colour, -0.13)), scaled(shade, 0.75 * piece.relief)
        crisp = ImageChops.subtract(mask, shifted(mask, max(1, self.depth // 2), max(1, self.depth // 2)))
        yield rgb(lighter(piece.colour, 0.16)), scaled(crisp, 0.6 * piece.relief)

    def finished(self, rng: np.random.Generator) -> Image.Image:
        """Add what belongs to the whole: brush marks, weight at the foot, a rim of light on the sun's side."""
        textured = ImageChops.multiply(self.colour, brushed(self.colour.size, rng))
        fall = Image.linear_gradient("L").resize(self.colour.size, Image.Resampling.BILINEAR)
        textured.paste(self.ink, mask=scaled(fall, 0.2))
        rim = ImageChops.subtract(self.alpha, shifted(self.alpha, self.depth, self.depth))
        textured.paste(self.sun, mask=scaled(rim.filter(ImageFilter.BoxBlur(1)), 0.7))
        textured.putalpha(self.alpha)
        return textured


def _cut(outline: Outline, size: tuple[int, int], pad: int) -> tuple[int, int, Image.Image | None]:
    """Return where a piece lies and its mask, `pad` pixels larger than the piece on each side."""
    (left, top), (right, low) = np.floor(outline.min(0)).astype(int) - pad, np.ceil(outline.max(0)).astype(int) + pad
    left, top, right, low = max(left, 0), max(top, 0), min(right, size[0]), min(low, size[1])
    if right <= left or low <= top:
        return left, top, None
    large = Image.new("L", ((right - left) * OVERSAMPLED, (low - top) * OVERSAMPLED))
    points = (outline - np.array([left, top])) * OVERSAMPLED
    ImageDraw.Draw(large).polygon([(float(x), float(y)) for x, y in points], fill=255)
    return int(left), int(top), large.reduce(OVERSAMPLED)


def shifted(mask: Image.Image, right: int, down: int) -> Image.Image:
    """Return the mask moved by whole pixels; what comes in from outside is empty."""
    return mask.transform(mask.size, Image.Transform.AFFINE, (1, 0, -right, 0, 1, -down))


def scaled(mask: Image.Image, strength: float) -> Image.Image:
    """Return the mask with every value multiplied."""
    return mask.point([min(255, round(value * strength)) for value in range(256)])
