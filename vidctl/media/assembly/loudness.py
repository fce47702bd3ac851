"""How loud the film is: measured as EBU R 128 says, set to what video platforms play unchanged.

Two passes: measure, then set the gain; a limiter keeps peaks down without changing the tone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice
from typing import Final

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.filter import Graph
from numpy.typing import NDArray

from vidctl.media.assembly.sound import CHUNK, RATE, Sound, amplitude, chunks, decibels

TARGET_LUFS: Final = -14.0
MAX_TRUE_PEAK_DBTP: Final = -1.0
CEILING_DBFS: Final = -2.0
"""For samples. The waveform between them, and AAC, can reach up to about 1 dB higher."""
SILENCE_LUFS: Final = -69.0
"""The gate of the standard is at -70: what is there cannot be made louder."""
BLOCK: Final = RATE // 1000
_METER: Final = "metadata=1:framelog=quiet:peak="
GLIDE_BLOCKS: Final = 40


@dataclass(frozen=True, slots=True)
class Loudness:
    """What a measurement found."""

    integrated_lufs: float
    true_peak_dbtp: float


def measure(sound: Iterable[Sound], *, peaks: bool) -> Loudness:
    """Return how loud the pieces of sound are as a whole.

    True peaks cost twice as much time again; without `peaks` the answer has none (-200 dBTP).
    """
    graph = Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="fltp", layout="stereo")
    meter, sink = graph.add("ebur128", _METER + ("true" if peaks else "none")), graph.add("abuffersink")
    graph.link_nodes(source, meter, sink).configure()
    last: dict[str, str] = {}
    for frame in chain(frames(sound), [None]):
        graph.push(frame)
        last = _drained(graph, last)
    lufs, peak = float(last.get("lavfi.r128.I", "-70")), float(last.get("lavfi.r128.true_peak", "0"))
    return Loudness(max(lufs, SILENCE_LUFS - 1), decibels(peak))


def frames(sound: Iterable[Sound]) -> Iterator[AudioFrame]:
    """Yield the pieces of sound as frames, numbered by their samples."""
    at = 0
    for piece in sound:
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(piece), format="fltp", layout="stereo")
        frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), at
        at += piece.shape[1]
        yield frame


def limited(sound: Sound, gain_db: float, ceiling_dbfs: float = CEILING_DBFS, *, every: int = 1) -> Iterator[Sound]:
    """Yield the sound with a gain, in pieces (one in `every`); no sample gets louder than the ceiling.

    The gain follows the peaks in glides of 40 ms that begin before the peak.
    """
    gains = _safe_gains(_block_peaks(sound), amplitude(gain_db), amplitude(ceiling_dbfs))
    grid = np.arange(gains.size) * BLOCK + BLOCK / 2
    for number, piece in islice(enumerate(chunks(sound)), None, None, every):
        at = np.arange(piece.shape[1]) + number * CHUNK
        yield piece * np.interp(at, grid, gains).astype(np.float32)


def _block_peaks(sound: Sound) -> NDArray[np.float32]:
    peaks = np.maximum(np.abs(sound[0]), np.abs(sound[1]))
    return np.asarray(np.pad(peaks, (0, -peaks.size % BLOCK)).reshape(-1, BLOCK).max(axis=1))


def _safe_gains(peaks: NDArray[np.float32], gain: float, ceiling: float) -> NDArray[np.float64]:
    """Return one gain for the middle of each block of samples.

    The mean of minima over windows that all reach one block further than the mean does cannot be
    more than any block in it allows, nor can the straight line between two such means.
    """
    allowed = np.minimum(gain, ceiling / np.maximum(peaks, 1e-9))
    side, reach = GLIDE_BLOCKS // 2, GLIDE_BLOCKS // 2 + 1
    padded = np.pad(allowed, side + reach, mode="edge")
    lowest = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).min(axis=1)
    return np.convolve(lowest, np.full(2 * side + 1, 1 / (2 * side + 1)), "valid")


def _drained(graph: Graph, last: dict[str, str]) -> dict[str, str]:
    """Take every frame out of the graph; return what the last one that was measured knows."""
    while True:
        try:
            last = graph.pull().metadata or last
        except (av.BlockingIOError, av.EOFError):
            return last
