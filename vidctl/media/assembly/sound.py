"""Sound as numbers: float32, shape (2, samples), 48 kHz, full scale 1.0."""

from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from pathlib import Path
from typing import Final, TypeAlias

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from numpy.typing import NDArray

from vidctl.media.probe import opened, picture_in, sound_in, unreadable

RATE: Final = 48_000
MAX_S: Final = 900
"""Longer than any narration or intro; a broken file cannot fill the memory."""
CHUNK: Final = 48 * 1_024
"""Samples handled at a time where a whole film would be too much to copy: whole AAC frames, and
whole milliseconds."""
ACTIVE_BLOCK: Final = RATE // 10
QUIETEST: Final = 1e-4
"""Blocks below this (-80 dBFS) are silence, whatever the rest is like."""
MAX_BOOST_DB: Final = 24.0

Sound: TypeAlias = NDArray[np.float32]


def silence(samples: int) -> Sound:
    """Return that much silence."""
    return np.zeros((2, samples), np.float32)


def decode(path: Path) -> Sound:
    """Return all the sound of a file, from its first sample on.

    Raises:
        BadInput: it cannot be decoded, there is no sound in it, or too much.
    """
    with opened(path) as container:
        if (stream := sound_in(container)) is None:
            raise unreadable(path, "there is no sound in it")
        return _all_of(path, container.decode(stream))


def decode_of_clip(path: Path) -> Sound:
    """Return the sound of a clip from its first picture on; sound of no length if it has none."""
    with opened(path) as container:
        stream, picture = sound_in(container), picture_in(container)
        if stream is None:
            return silence(0)
        late = round((_starts_s(stream) - _starts_s(picture)) * RATE)
        sound = _all_of(path, container.decode(stream))
    return np.hstack([silence(late), sound]) if late > 0 else sound[:, -late:]


def resampled(frames: Iterable[AudioFrame]) -> Iterator[Sound]:
    """Yield decoded frames as our kind of sound; their own kind may change on the way."""
    for _, alike in groupby(frames, key=lambda frame: (frame.format.name, frame.layout.name, frame.sample_rate)):
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=RATE)
        for frame in chain(alike, [None]):
            yield from (np.asarray(piece.to_ndarray(), np.float32) for piece in resampler.resample(frame))


def _all_of(path: Path, frames: Iterable[AudioFrame]) -> Sound:
    pieces, samples = [silence(0)], 0
    for piece in resampled(frames):
        pieces.append(piece)
        samples += piece.shape[1]
        if samples > MAX_S * RATE:
            raise unreadable(path, f"its sound is longer than {MAX_S} s")
    return np.hstack(pieces)


def _starts_s(stream: AudioStream | VideoStream | None) -> float:
    return float((stream.start_time or 0) * (stream.time_base or 0)) if stream else 0.0


def levelled(sound: Sound, level_dbfs: float) -> Sound:
    """Return the sound so loud that what is not silence in it has this RMS level, in dBFS.

    Never more than `MAX_BOOST_DB` louder: a faint hiss stays faint.
    """
    return sound * np.float32(amplitude(min(level_dbfs - active_dbfs(sound), MAX_BOOST_DB)))


def active_dbfs(sound: Sound) -> float:
    """Return the RMS level of the loud blocks (within 20 dB of the loudest), in dBFS."""
    rms = block_rms(sound, ACTIVE_BLOCK)
    loud = rms[rms > max(rms.max(initial=0.0) / 10, QUIETEST)]
    return decibels(float(np.sqrt(np.mean(loud**2)))) if loud.size else 0.0


def block_rms(sound: Sound, block: int) -> NDArray[np.float64]:
    """Return the RMS of each block of so many samples; a last, shorter one counts as filled up."""
    power = np.mean(sound**2, axis=0, dtype=np.float64)
    power = np.pad(power, (0, -power.size % block))
    return np.asarray(np.sqrt(power.reshape(-1, block).mean(axis=1)))


def chunks(sound: Sound, size: int = CHUNK) -> Iterator[Sound]:
    """Yield the sound in pieces of `size` samples, the last one shorter."""
    for start in range(0, sound.shape[1], size):
        yield sound[:, start : start + size]


def amplitude(decibel: float) -> float:
    """Return the factor that so many dB are."""
    return float(10 ** (decibel / 20))


def decibels(factor: float) -> float:
    """Return a factor in dB, -200 for nothing at all."""
    return float(20 * np.log10(max(factor, 1e-10)))
