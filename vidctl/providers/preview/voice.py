"""The offline voice: words in, samples out. One English voice, which comes with its package; nothing is downloaded."""

import os
import re
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
from hibari import SAMPLE_RATE, Hibari

from vidctl.contract import ScriptError

RATE_HZ: Final[int] = SAMPLE_RATE
PACE: Final = 0.92
"""A little slower than the voice's own: the calm of a documentary."""

_PACE_OF_TAKE: Final = (1.0, 0.95, 1.05, 0.9, 1.1)
_SLOWER, _FASTER = re.compile(r"\bslow|\bcalm", re.IGNORECASE), re.compile(r"\bfast|\bquick|\bbrisk", re.IGNORECASE)
_SILENCE: Final = 0.01
"""Below this share of the loudest sample, the ends of a recording are silence."""
_MARGIN_S: Final = 0.04
_LOUDNESS: Final = 10 ** (-18 / 20)
_PEAK: Final = 10 ** (-1.5 / 20)

Samples = npt.NDArray[np.float32]


def speak(text: str, *, take: int = 1, note: str = "") -> Samples:
    """Return the words, spoken: mono at `RATE_HZ`, without silence at the ends, about -18 dBFS while speaking.

    The same text and take give the same samples; another take has another pace, and a note may ask
    for one ("slower", "faster").

    Raises:
        ScriptError: there is nothing in the text that the voice can say (permanent).
    """
    if not any(character.isalnum() for character in text):
        raise _unspeakable(text)
    spoken = _voice()(text, speed=PACE * _pace(take, note), seed=take - 1)
    trimmed = _trimmed(np.asarray(spoken, np.float32))
    if trimmed.size < RATE_HZ // 20:
        raise _unspeakable(text)
    return _levelled(trimmed)


@cache
def _voice() -> Hibari:
    # Otherwise onnxruntime keeps an identifier of this machine in the home folder, and reports to its maker.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    # One thread is as quick as two on lines this short, and several scenes are spoken at once.
    return Hibari(threads=1)


def _pace(take: int, note: str) -> float:
    asked = 0.88 if _SLOWER.search(note) else 1.12 if _FASTER.search(note) else 1.0
    return asked * _PACE_OF_TAKE[(take - 1) % len(_PACE_OF_TAKE)]


def _trimmed(samples: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > _SILENCE * np.abs(samples).max(initial=0.0))
    if not loud.size:
        return samples[:0]
    margin = round(_MARGIN_S * RATE_HZ)
    return samples[max(loud[0] - margin, 0) : loud[-1] + margin]


def _levelled(samples: Samples) -> Samples:
    """Bring the voice to its loudness, measured where it speaks and not in its pauses, and keep the peaks whole."""
    window = RATE_HZ // 20
    padded = np.pad(samples, (0, -samples.size % window)).reshape(-1, window)
    power = np.mean(np.square(padded, dtype=np.float64), axis=1)
    speaking = float(np.sqrt(power[power > power.max() / 1_000].mean()))
    gain = min(_LOUDNESS / speaking, _PEAK / float(np.abs(samples).max()))
    return samples * np.float32(gain)


def _unspeakable(text: str) -> ScriptError:
    return ScriptError(
        f"the offline voice cannot say {text[:80]!r}: it finds no English words or numbers in it",
        hint="write the narration of this scene in Latin letters, or leave it empty for a silent scene",
        error_type="Unspeakable",
    )
