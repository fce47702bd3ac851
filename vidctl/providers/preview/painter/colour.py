"""Colours as OKLab triples (lightness 0-1, green-red, blue-yellow), in which mixing looks like mixing paint."""

from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.floating[Any]]
Lab: TypeAlias = Floats
"""One colour of shape (3,), or a field of them of shape (height, width, 3)."""

Rgb: TypeAlias = tuple[int, int, int]

_LAB_TO_LMS: Final = np.array(
    [[1.0, 0.3963377774, 0.2158037573], [1.0, -0.1055613458, -0.0638541728], [1.0, -0.0894841775, -1.2914855480]]
)
_LMS_TO_RGB: Final = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)
_LINEAR_BELOW: Final = 0.0031308


def lch(lightness: float, chroma: float, hue_degrees: float) -> Lab:
    """Return the colour of this lightness (0-1), chroma (0 grey, 0.2 vivid) and hue (30 red, 85 yellow, 250 blue)."""
    hue = np.radians(hue_degrees)
    return np.array([lightness, chroma * np.cos(hue), chroma * np.sin(hue)])


def mix(one: Lab, other: Lab, share: float) -> Lab:
    """Return the mixture that is `share` (0-1) of `other`."""
    return one + (other - one) * share


def lighter(colour: Lab, by: float) -> Lab:
    """Return the colour with `by` added to its lightness (negative: darker); darker is also less vivid."""
    lightness = float(np.clip(colour[0] + by, 0.02, 0.99))
    fade = min(1.0, lightness / max(float(colour[0]), 0.02))
    return np.array([lightness, colour[1] * fade, colour[2] * fade])


def rgb_field(field: Lab) -> NDArray[np.uint8]:
    """Return a field of colours as sRGB bytes of the same shape; what the screen cannot show is clipped."""
    linear = np.clip(((field @ _LAB_TO_LMS.T) ** 3) @ _LMS_TO_RGB.T, 0, 1)
    curved = np.where(linear <= _LINEAR_BELOW, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(curved * 255), dtype=np.uint8)


def rgb(colour: Lab) -> Rgb:
    """Return one colour as sRGB bytes."""
    red, green, blue = (int(value) for value in rgb_field(colour))
    return red, green, blue
