"""Put characters and props into a place, so that they seem to stand in it: one picture, or two side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from vidctl.media import images
from vidctl.media.matte import Sprite, sprite

FRAME: Final = (1920, 1080)
DIVIDER_PX: Final = 8
_DIVIDER: Final = (236, 230, 218)
_LOADED_PX: Final = 1_400
"""No sprite needs more pixels than this along a side."""
_PERSON_PX: Final = 1_150
"""How high a grown person is drawn where a cut-out's size means something."""
_PERSON_SHARE: Final = 0.60
"""How much of the frame's height such a person takes."""
_SHARES: Final = {"character": 0.60, "prop": 0.36, "vignette": 0.70}
"""The same for cut-outs whose size means nothing."""
_MARGIN: Final = 0.06
"""Part of the width kept free at either side."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The pictures that make up one panel, left to right."""

    environment: Path
    characters: Sequence[Path] = ()
    props: Sequence[Path] = ()


@dataclass(frozen=True, slots=True)
class _Placed:
    """A sprite scaled to its size in the frame. `middle` and `foot` are where it stands, in pixels."""

    sprite: Sprite
    image: Image.Image
    middle: float
    foot: float


@dataclass(frozen=True, slots=True)
class _Light:
    """The light of a place: its mean colour low down, its lightness (0-1), its brightest colour and where that is."""

    ambient: tuple[float, float, float]
    lightness: float
    bright: tuple[int, int, int]
    side: int


def composite(cast: Cast, size: tuple[int, int] = FRAME) -> Image.Image:
    """Return the panel as an RGB image of `size`.

    Raises:
        NotFound, BadInput: see `images.opened`.
    """
    frame = images.cover(images.opened(cast.environment, longest=4096).convert("RGB"), size).copy()
    light = _light(frame)
    for placed in _arranged(cast, size, light):
        _set_down(frame, placed, light)
    return frame


def split_screen(left: Cast, right: Cast) -> Image.Image:
    """Return two panels side by side with a thin divider, as one frame.

    Raises:
        NotFound, BadInput: see `images.opened`.
    """
    half = (FRAME[0] - DIVIDER_PX) // 2, FRAME[1]
    frame = Image.new("RGB", FRAME, _DIVIDER)
    frame.paste(composite(left, half), (0, 0))
    frame.paste(composite(right, half), (FRAME[0] - half[0], 0))
    return frame


def _light(frame: Image.Image) -> _Light:
    small = np.asarray(frame.resize((64, 36), Image.Resampling.BOX), dtype=np.float64)
    luma = small @ np.array([0.2126, 0.7152, 0.0722])
    low = small[18:].reshape(-1, 3).mean(axis=0)
    brightest = luma >= np.quantile(luma, 0.96)
    bright = small[brightest].mean(axis=0)
    side = 1 if np.nonzero(brightest)[1].mean() > small.shape[1] / 2 else -1
    return _Light(_triple(low), float(luma.mean() / 255), _bytes(bright), side)


def _triple(colour: np.ndarray) -> tuple[float, float, float]:
    return float(colour[0]), float(colour[1]), float(colour[2])


def _bytes(colour: np.ndarray) -> tuple[int, int, int]:
    return int(colour[0]), int(colour[1]), int(colour[2])


def _arranged(cast: Cast, size: tuple[int, int], light: _Light) -> list[_Placed]:
    """Return everybody in their places, hindmost first: props stand a little farther back than characters."""
    kinds = ["character"] * len(cast.characters) + ["prop"] * len(cast.props)
    sprites = [sprite(images.opened(path, longest=_LOADED_PX)) for path in (*cast.characters, *cast.props)]
    heights = [_height(one, kind, size) for one, kind in zip(sprites, kinds, strict=True)]
    widths = [one.image.width * high / one.image.height for one, high in zip(sprites, heights, strict=True)]
    shrink = _shrink(widths, size[0])
    middles = _middles([wide * shrink for wide in widths], size[0], light)
    placed = [
        _place(one, kind, high * shrink, middle, size)
        for one, kind, high, middle in zip(sprites, kinds, heights, middles, strict=True)
    ]
    return sorted(placed, key=lambda one: one.foot)


def _height(one: Sprite, kind: str, size: tuple[int, int]) -> float:
    """Return how high a sprite is to be, in pixels, if there is room."""
    if one.native:
        high = size[1] * _PERSON_SHARE * one.image.height / _PERSON_PX
    else:
        high = size[1] * _SHARES["vignette" if one.vignette else kind]
    widest = size[0] * (0.5 if size[0] > size[1] else 0.72)
    return min(high, size[1] * 0.8, widest * one.image.height / one.image.width)


def _shrink(widths: Sequence[float], frame_wide: float) -> float:
    """Return by what to scale everybody down; a little overlap is fine, covering one another is not."""
    room = frame_wide * (1 - 2 * _MARGIN) * 1.12
    return min(1.0, room / max(sum(widths), 1.0))


def _middles(widths: Sequence[float], frame_wide: float, light: _Light) -> list[float]:
    """Return where the middles lie: spread evenly; somebody alone stands a third in, away from the light."""
    if not widths:  # a landscape alone
        return []
    if len(widths) == 1:
        third = frame_wide * (0.5 - 0.15 * light.side)
        return [float(np.clip(third, widths[0] / 2, frame_wide - widths[0] / 2))]
    gap = (frame_wide * (1 - 2 * _MARGIN) - sum(widths)) / max(len(widths) - 1, 1)
    spare = max(0.0, gap - 0.12 * frame_wide) * (len(widths) - 1) / 2
    lefts = np.cumsum([frame_wide * _MARGIN + spare, *(wide + min(gap, 0.12 * frame_wide) for wide in widths[:-1])])
    return [float(left + wide / 2) for left, wide in zip(lefts, widths, strict=True)]


def _place(one: Sprite, kind: str, high: float, middle: float, size: tuple[int, int]) -> _Placed:
    wide = max(1, round(one.image.width * high / one.image.height))
    scaled = one.image.resize((wide, max(1, round(high))), Image.Resampling.LANCZOS, reducing_gap=2.0)
    foot = size[1] * (0.935 if kind == "character" else 0.895)
    if one.floats:
        foot = size[1] * 0.40 + high / 2
    if one.vignette:
        foot = size[1] * 0.52 + high / 2
    return _Placed(one, scaled, middle, foot)


def _set_down(frame: Image.Image, placed: _Placed, light: _Light) -> None:
    corner = round(placed.middle - placed.image.width / 2), round(placed.foot - placed.image.height)
    if placed.sprite.vignette:
        frame.paste(placed.image, corner, placed.image)
        return
    _cast_shadow(frame, placed, light)
    lit = _lit(placed.image, light, grounded=not placed.sprite.floats)
    frame.paste(lit, corner, placed.image.getchannel("A"))


def _cast_shadow(frame: Image.Image, placed: _Placed, light: _Light) -> None:
    """Draw a soft shadow: dark where the foot touches, drawn out away from the light."""
    wide = placed.image.width
    drop = frame.size[1] * 0.93 - placed.foot if placed.sprite.floats else 0
    small = Image.new("L", (frame.width // 4, frame.height // 4))
    draw = ImageDraw.Draw(small)
    away = -light.side * wide * 0.16
    for reach, tall, shift, dark in ((0.62, 0.10, away, 60), (0.44, 0.055, 0, 130)):
        x, y = (placed.middle + shift) / 4, (placed.foot + drop - 2) / 4
        half, thick = wide * reach / 4, max(2.0, min(wide * tall, 34) / 4)
        draw.ellipse((x - half, y - thick, x + half, y + thick), fill=dark if not drop else dark // 3)
    soft = small.filter(ImageFilter.GaussianBlur(3)).resize(frame.size, Image.Resampling.BILINEAR)
    frame.paste(tuple(int(value * 0.18) for value in light.ambient), mask=soft)


def _lit(image: Image.Image, light: _Light, *, grounded: bool) -> Image.Image:
    """Return the sprite as RGB in the light of the place: tinted, dimmed at night, its edge catching the light."""
    gain = float(np.clip(0.50 + 1.0 * light.lightness, 0.60, 1.04))
    mean = max(sum(light.ambient) / 3, 1.0)
    veil = 0.10
    tables: list[int] = []
    for ambient in light.ambient:
        cast = gain * (0.72 + 0.28 * min(ambient / mean, 1.6))
        tables += [_dimmed(value, cast * (1 - veil), ambient * veil) for value in range(256)]
    tinted = image.convert("RGB").point(tables)
    alpha = image.getchannel("A")
    step = 4 * light.side
    rim = ImageChops.subtract(alpha, alpha.transform(alpha.size, Image.Transform.AFFINE, (1, 0, step, 0, 1, -2)))
    tinted.paste(
        light.bright, mask=rim.filter(ImageFilter.BoxBlur(1)).point([value * 55 // 100 for value in range(256)])
    )
    if grounded:
        fall = Image.linear_gradient("L").resize(image.size)
        tinted.paste(
            _bytes(np.array(light.ambient) * 0.55),
            mask=fall.point([max(0, value - 170) * 110 // 85 for value in range(256)]),
        )
    return tinted


def _dimmed(value: int, gain: float, veil: float) -> int:
    """Return one channel's value in the light of the place; what shines (lamps, windows) goes on shining."""
    shines = min(1.0, max(0.0, (value - 234) / 16))
    return min(255, round(value * (gain + (1 - gain) * shines) + veil * (1 - shines)))
