"""Say in 64 bits what a picture shows: alike for a copy that was scaled, encoded anew or tinted a little."""

from functools import cache
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Light: TypeAlias = npt.NDArray[np.uint8]

SIDE: Final = 32
"""Width and height, in pixels, of the pictures that are hashed."""
BLANK: Final = "0" * 16
"""Stands for a picture on which there is nothing to tell it by. No other has this hash: half of its bits are set."""
_COARSE: Final = 8
"""The lowest waves in each direction: what is left of a picture when one squints."""
_PLAIN: Final = 3.0
"""Standard deviation of the light, of 255, below which noise alone decides what the waves look like."""


def perceptual_hash(light: Light) -> str:
    """Return 16 hexadecimal digits for the light of a picture of `SIDE` x `SIDE` pixels.

    Which of its lowest waves are stronger than most, but for the mean of it all, which is only how light it is.
    """
    if light.std() < _PLAIN:
        return BLANK
    waves = (_cosines() @ light.astype(np.float64) @ _cosines().T).ravel()[1:]
    bits = np.concatenate(([False], waves > np.median(waves)))
    return np.packbits(bits).tobytes().hex()


@cache
def _cosines() -> npt.NDArray[np.float64]:
    """Return the first rows of the matrix of the discrete cosine transform."""
    places = (2 * np.arange(SIDE) + 1) * np.pi / (2 * SIDE)
    return np.asarray(np.cos(np.outer(np.arange(_COARSE), places)))
