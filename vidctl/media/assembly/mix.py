"""Lay the voice over its ambience: levels, ducking, and no click at a cut.

Ducking here knows the voice beforehand, so it goes down just before a word and comes up smoothly
after a pause; a compressor that only hears the voice would always be late.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vidctl.media.assembly.sound import RATE, Sound, amplitude, block_rms, levelled, silence

VOICE_DBFS: Final = -20.0
"""Where every voice is brought to; the film's loudness is set afterwards."""
AMBIENCE_DBFS: Final = -32.0
DUCK_DB: Final = -8.0
BLOCK: Final = RATE // 100
SPEAKING: Final = 0.05
"""A block is speech when it is within 26 dB of the voice's loudest."""
AHEAD_BLOCKS: Final = 30
"""0.3 s: shorter pauses between words stay ducked, so that the ambience does not pump."""
GLIDE_BLOCKS: Final = 25
FADE: Final = RATE // 50
"""20 ms at both ends of an ambience: long enough not to click, too short to be heard as a fade."""


def scene(voice: Sound, ambience: Sound, samples: int) -> Sound:
    """Return a scene's sound: the voice from its first sample on, the ambience under it."""
    mixed = _fitted(levelled(voice, VOICE_DBFS), samples)
    if ambience.size:
        bed = _faded(levelled(ambience, AMBIENCE_DBFS)[:, :samples])
        mixed[:, : bed.shape[1]] += bed * ducking(mixed)[: bed.shape[1]]
    return mixed


def own_sound(sound: Sound, samples: int) -> Sound:
    """Return the sound that an intro or outro brings along, as loud as the voices."""
    return _fitted(levelled(sound, VOICE_DBFS), samples)


def ducking(voice: Sound) -> NDArray[np.float32]:
    """Return the factor for the ambience at each sample: lower around speech, 1.0 elsewhere."""
    rms = block_rms(voice, BLOCK)
    speech = (rms > max(rms.max(initial=0.0) * SPEAKING, 1e-6)).astype(np.float64)
    near = np.convolve(speech, np.ones(2 * AHEAD_BLOCKS + 1), "full")[AHEAD_BLOCKS:-AHEAD_BLOCKS] > 0
    glide = np.hanning(GLIDE_BLOCKS + 2)[1:-1]
    smooth = _smoothed(near.astype(np.float64), glide / glide.sum())
    factor = 1 + smooth * (amplitude(DUCK_DB) - 1)
    at = np.arange(voice.shape[1]) / BLOCK - 0.5
    return np.interp(at, np.arange(factor.size), factor).astype(np.float32)


def _smoothed(values: NDArray[np.float64], window: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the moving average; beyond both ends the outermost values go on."""
    side = window.size // 2
    return np.convolve(np.pad(values, side, mode="edge"), window, "valid")


def _fitted(sound: Sound, samples: int) -> Sound:
    result = silence(samples)
    result[:, : sound.shape[1]] = sound[:, :samples]
    return result


def _faded(sound: Sound) -> Sound:
    length = min(FADE, sound.shape[1] // 2)
    ramp = np.linspace(0, 1, length, dtype=np.float32)
    faded = sound.copy()
    faded[:, :length] *= ramp
    faded[:, faded.shape[1] - length :] *= ramp[::-1]
    return faded
