"""Unevenness: noise, brush marks and grain, which make flat colour look painted."""

from typing import Final

import numpy as np
from PIL import Image

from vidctl.providers.preview.painter.colour import Floats

GRAIN_TILE_PX: Final = 480


def chance(rng: np.random.Generator, share: float) -> bool:
    """Return True in this share (0-1) of cases."""
    return bool(rng.random() < share)


def noise(
    rng: np.random.Generator, size: tuple[int, int], cells: tuple[float, float], *, octaves: int = 4, fade: float = 0.5
) -> Floats:
    """Return smooth noise between 0 and 1 of shape (height, width).

    `size` is (width, height); `cells` says how many bumps lie across it and down it in the coarsest octave.
    """
    total = np.zeros((size[1], size[0]), dtype=np.float32)
    weight, weights = 1.0, 0.0
    for octave in range(octaves):
        grid = [min(side, max(2, round(count * 2**octave) + 1)) for side, count in zip(size, cells, strict=True)]
        bumps = Image.fromarray(rng.random((grid[1], grid[0]), dtype=np.float32))
        total += weight * np.asarray(bumps.resize(size, Image.Resampling.BICUBIC))
        weights += weight
        weight *= fade
    return np.asarray(np.clip(total / weights, 0, 1))


def brushed(size: tuple[int, int], rng: np.random.Generator, *, strength: float = 0.11) -> Image.Image:
    """Return an RGB image to multiply with: brush marks that darken by up to about `strength`."""
    small = max(8, size[0] // 3), max(8, size[1] // 3)
    strokes = noise(rng, small, (9, 60), octaves=2) * 0.6 + noise(rng, small, (5, 4), octaves=3) * 0.4
    shade = 1 - strength * (1 - np.clip((strokes - 0.3) / 0.4, 0, 1))
    grey = Image.fromarray(np.asarray(shade * 255, dtype=np.uint8)).resize(size, Image.Resampling.BILINEAR)
    return Image.merge("RGB", (grey, grey, grey))


def grain(size: tuple[int, int], rng: np.random.Generator, *, strength: float = 1.7) -> Image.Image:
    """Return an RGB image around 128 to add: grain two pixels wide, so that a moving camera does not shimmer."""
    dots = rng.normal(128, strength, (GRAIN_TILE_PX // 2, GRAIN_TILE_PX // 2))
    tile = Image.fromarray(np.asarray(np.clip(dots, 0, 255), dtype=np.uint8))
    tile = tile.resize((GRAIN_TILE_PX, GRAIN_TILE_PX), Image.Resampling.BILINEAR)
    sheet = Image.new("L", size)
    for x in range(0, size[0], GRAIN_TILE_PX):
        for y in range(0, size[1], GRAIN_TILE_PX):
            sheet.paste(tile, (x, y))
    return Image.merge("RGB", (sheet, sheet, sheet))
