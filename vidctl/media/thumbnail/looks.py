"""What a picture has for who looks at it for half a second: where the eye goes, and how much there is to see.

Everything is measured on a small copy, in numbers that mean the same for every picture; no chance is involved.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

Map: TypeAlias = npt.NDArray[np.float64]

GRID: Final = (160, 90)
_DARK: Final = 0.09
"""Mean light of 1 below which hardly anything is seen on a small screen."""


@dataclass(frozen=True, slots=True)
class Look:
    """One picture. Each measure is 0 to 1, and more is better; `eye` says where one looks, and sums up to 1."""

    sharpness: float
    contrast: float
    colour: float
    light: float
    whole: float
    """0 where it is two pictures side by side: half of one says nothing."""
    eye: Map
    small: Image.Image


def look_at(picture: Image.Image) -> Look:
    """Measure a picture."""
    small = picture.convert("RGB").resize(GRID, Image.Resampling.BOX)
    rgb = np.asarray(small, np.float64) / 255
    light = rgb @ (0.299, 0.587, 0.114)
    return Look(
        sharpness=_up_to(float(np.abs(_laplacian(light)).mean()), 0.06),
        contrast=_up_to(float(np.percentile(light, 95) - np.percentile(light, 5)), 0.7),
        colour=_up_to(_colourfulness(rgb), 0.35),
        light=_lightness(float(light.mean())),
        whole=0.0 if _has_a_seam(light) else 1.0,
        eye=_eye(small),
        small=small,
    )


def alike(one: Image.Image, other: Image.Image) -> bool:
    """Tell whether two small copies show much the same."""
    first, second = (np.asarray(small.resize((16, 9), Image.Resampling.BOX), np.float64) for small in (one, other))
    return float(np.abs(first - second).mean()) < 6  # noqa: PLR2004  # levels of 255


def _up_to(value: float, plenty: float) -> float:
    return min(1.0, value / plenty)


def _laplacian(light: Map) -> Map:
    middle = light[1:-1, 1:-1]
    return light[:-2, 1:-1] + light[2:, 1:-1] + light[1:-1, :-2] + light[1:-1, 2:] - 4 * middle


def _colourfulness(rgb: Map) -> float:
    """Return how colourful it is, as Hasler and Süsstrunk measure what people say."""
    red_green = rgb[..., 0] - rgb[..., 1]
    yellow_blue = (rgb[..., 0] + rgb[..., 1]) / 2 - rgb[..., 2]
    spread = np.hypot(red_green.std(), yellow_blue.std())
    return float(spread + 0.3 * np.hypot(red_green.mean(), yellow_blue.mean()))


def _lightness(mean: float) -> float:
    """Return 1 for a light that suits every screen, and 0 for black and for white."""
    if mean < _DARK:
        return 0.0
    return float(np.interp(mean, (_DARK, 0.3, 0.65, 1.0), (0.2, 1.0, 1.0, 0.2)))


def _has_a_seam(light: Map) -> bool:
    """Tell whether a straight line from top to bottom divides it near its middle."""
    across = np.abs(np.diff(light, axis=1))
    middle = across[:, GRID[0] // 3 : GRID[0] * 2 // 3]
    return bool((np.percentile(middle, 15, axis=0) > 0.025).any())  # noqa: PLR2004  # a step that an eye sees


def _eye(small: Image.Image) -> Map:
    """Return where one looks: at what stands out from what is around it, and rather in the middle than at an edge."""
    fine = np.asarray(small.filter(ImageFilter.GaussianBlur(1)), np.float64)
    around = np.asarray(small.filter(ImageFilter.GaussianBlur(14)), np.float64)
    stands_out = np.abs(fine - around).max(axis=2)
    down, across = (np.linspace(-1, 1, count) for count in stands_out.shape)
    inner = np.outer(1 - 0.7 * np.abs(down - 0.15) ** 3, 1 - 0.7 * np.abs(across) ** 3)
    weighed = np.minimum(stands_out, 60) * inner + 1e-6
    return np.asarray(weighed / weighed.sum())
