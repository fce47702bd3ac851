"""Set words on a picture so that they can be read whatever is behind them."""

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from vidctl.media.thumbnail.face import font
from vidctl.media.thumbnail.spots import Spot
from vidctl.media.thumbnail.style import HIGH, WIDE, Colour, Ground, Place, Style

READABLE: Final = 3.0
"""The contrast that large letters need, by the Web's accessibility guidelines."""
_BLACK: Final = (12, 12, 14)
_WHITE: Final = (255, 255, 255)
_REACH: Final = 0.78
"""Share of the picture over which a shade fades out."""
_NEAR_BLACK: Final = 0.04045
"""Up to here sRGB is linear."""
_RULE_PX: Final = 12
_RULE_GAP_PX: Final = 20
Ink: TypeAlias = Colour | int


def vivid(picture: Image.Image) -> Image.Image:
    """Return a picture a little stronger than it is: it will be shown very small, among others."""
    even = Image.blend(picture, ImageOps.autocontrast(picture, cutoff=0.5, preserve_tone=True), 0.6)
    strong = ImageEnhance.Color(even).enhance(1.22)
    return strong.filter(ImageFilter.UnsharpMask(radius=1.6, percent=70, threshold=2))


def lettered(picture: Image.Image, spot: Spot, style: Style) -> Image.Image:
    """Return a picture with words on it."""
    match style.ground:
        case Ground.BAR:
            return _on_bars(picture, spot, style)
        case Ground.OUTLINE:
            return _outlined(picture, spot, style)
        case Ground.SHADE:
            return _in_shade(picture, spot, style)


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours: 1 for the same, 21 for black and white."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def against(colour: Colour) -> Colour:
    """Return black or white, whichever a colour stands out from."""
    return max((_BLACK, _WHITE), key=lambda other: contrast(colour, other))


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(value / 255) for value in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= _NEAR_BLACK else ((share + 0.055) / 1.055) ** 2.4


def _write(image: Image.Image, spot: Spot, inks: Sequence[Ink], edge: float = 0, around: Ink = 0) -> None:
    """Write the lines, each with its ink, with an edge of a share of their size around the letters."""
    draw = ImageDraw.Draw(image)
    for (line, stands), ink in zip(spot.block.standing(), inks, strict=True):
        draw.text(
            (spot.left, spot.top + stands),
            line.text,
            font=font(line.size_px),
            fill=ink,
            anchor="ls",
            stroke_width=edge and max(3, round(line.size_px * edge)),
            stroke_fill=around,
        )


def _all(ink: Ink, spot: Spot) -> list[Ink]:
    return [ink] * len(spot.block.lines)


def _haloed(picture: Image.Image, spot: Spot, colour: Colour) -> Image.Image:
    """Return the picture with a soft halo where letters will stand."""
    mask = Image.new("L", picture.size)
    _write(mask, spot, _all(255, spot), edge=0.1, around=255)
    soft = mask.filter(ImageFilter.GaussianBlur(spot.block.smallest_px / 9))
    return Image.composite(Image.new("RGB", picture.size, colour), picture, soft)


def _in_shade(picture: Image.Image, spot: Spot, style: Style) -> Image.Image:
    """Let the picture sink into a shade of its own colour, with a rule of the accent beside the words."""
    ground = _shade(picture, against(style.color))
    image = Image.composite(Image.new("RGB", picture.size, ground), picture, _fading(spot.place))
    image = _haloed(image, spot, ground)
    left = spot.left - _RULE_PX - _RULE_GAP_PX
    rule = (left, spot.top, left + _RULE_PX, spot.top + spot.block.size[1])
    ImageDraw.Draw(image).rectangle(rule, fill=style.accent)
    _write(image, spot, _all(style.color, spot), edge=0.02, around=ground)
    return image


def _shade(picture: Image.Image, towards: Colour) -> Colour:
    """Return black or white with a breath of the picture's own colour."""
    mean = np.asarray(picture.resize((1, 1), Image.Resampling.BOX), np.float64)[0, 0]
    red, green, blue = (round(float(value)) for value in np.asarray(towards) * 0.86 + mean * 0.14)
    return red, green, blue


def _fading(place: Place) -> Image.Image:
    """Return how much of a shade lies where: all at the words' edge of the picture, nothing at the other."""
    length = WIDE if place in {Place.LEFT, Place.RIGHT} else HIGH
    along = np.clip(1 - np.arange(length) / (length * _REACH), 0, 1)
    ramp = (along * along * (3 - 2 * along) * 236).astype(np.uint8)
    if place in {Place.RIGHT, Place.BOTTOM}:
        ramp = ramp[::-1]
    rows = ramp[None, :] if length == WIDE else ramp[:, None]
    return Image.fromarray(np.broadcast_to(rows, (HIGH, WIDE)).copy())


def _on_bars(picture: Image.Image, spot: Spot, style: Style) -> Image.Image:
    """Set each line on a bar of the accent."""
    colour = style.color if contrast(style.color, style.accent) >= READABLE else against(style.accent)
    above, beside = spot.block.gap_px // 2, round(spot.block.smallest_px * 0.18)
    image = picture.copy()
    draw = ImageDraw.Draw(image)
    for line, stands in spot.block.standing():
        top, foot = stands - line.rise_px - above, stands + line.fall_px + above
        left, right = spot.left - beside, spot.left + line.width_px + beside
        draw.rectangle((left, spot.top + top, right, spot.top + foot), fill=style.accent)
    _write(image, spot, _all(colour, spot))
    return image


def _outlined(picture: Image.Image, spot: Spot, style: Style) -> Image.Image:
    """Give the letters a thick edge, and the last of several lines the accent."""
    edge = against(style.color)
    inks = _all(style.color, spot)
    if len(inks) > 1 and contrast(style.accent, edge) >= READABLE:
        inks[-1] = style.accent
    image = _haloed(picture, spot, edge)
    _write(image, spot, inks, edge=0.075, around=edge)
    return image
