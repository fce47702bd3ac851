"""How far one recording lies from another: the shift at which they are most alike. Pure."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vidctl.media.assembly.sound import QUIETEST, RATE, Sound

WINDOW: Final = RATE
REACH: Final = RATE // 10
"""The sound is looked for up to 0.1 s around its place."""
AS_GOOD: Final = 0.98
"""A tone fits almost as well one wave later: its own place wins unless another is clearly better."""


def offset_samples(heard: Sound, wanted: Sound, starts: int, ends: int) -> int:
    """Return how many samples later than `wanted` the sound between two samples is `heard`.

    Looks at one second from the first sound on; where there is none the answer is 0.
    """
    audible = np.flatnonzero(np.abs(wanted[:, starts:ends]).max(axis=0, initial=0.0) > QUIETEST)
    if not audible.size:
        return 0
    starts += int(audible[0])
    template = _mono(wanted[:, starts : min(starts + WINDOW, ends)])
    if not template.any():
        return 0
    likeness = _likeness(template, _mono(_around(heard, starts - REACH, starts + template.size + REACH)))
    best = int(likeness.argmax())
    return 0 if likeness[REACH] >= likeness[best] * AS_GOOD else best - REACH


def _likeness(template: NDArray[np.float64], signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the normalised correlation of the template with the signal at each place that it fits in."""
    size = 1 << (signal.size - 1).bit_length()
    spectrum = np.fft.rfft(signal, size) * np.conj(np.fft.rfft(template, size))
    products: NDArray[np.float64] = np.fft.irfft(spectrum, size)[: signal.size - template.size + 1]
    energy = np.concatenate([[0.0], np.cumsum(signal**2)])
    local: NDArray[np.float64] = energy[template.size :] - energy[: energy.size - template.size]
    floor = max(float(energy[-1]) * 1e-6, 1e-12)
    return np.asarray(products / np.sqrt(np.maximum(local, floor)))


def _mono(sound: Sound) -> NDArray[np.float64]:
    """Return both sides as one, unequally, so that sides in antiphase do not vanish."""
    left, right = sound.astype(np.float64)
    mono: NDArray[np.float64] = left + right / 2
    return mono


def _around(sound: Sound, starts: int, ends: int) -> Sound:
    """Return a section of the sound, silence where it reaches beyond either end."""
    inside = sound[:, max(starts, 0) : max(ends, 0)]
    before = max(-starts, 0)
    return np.pad(inside, ((0, 0), (before, ends - starts - before - inside.shape[1])))
