"""The film's sound as AAC, at the right loudness: proved on what a listener will decode."""

from __future__ import annotations  # PyAV's packets are generic in its stubs only

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from math import ceil
from typing import Final

from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.codec import CodecContext
from av.packet import Packet

from vidctl.media.assembly.loudness import (
    CEILING_DBFS,
    MAX_TRUE_PEAK_DBTP,
    SILENCE_LUFS,
    TARGET_LUFS,
    Loudness,
    frames,
    limited,
    measure,
)
from vidctl.media.assembly.sound import CHUNK, RATE, Sound, chunks, resampled

BIT_RATE: Final = 192_000
FRAME: Final = 1_024
TOLERANCE_LU: Final = 0.3
ATTEMPTS: Final = 4
MAX_GAIN_DB: Final = 40.0
SAMPLE_CHUNKS: Final = 24
"""At most so many of a film's seconds, and more than half as many, tell what the encoder loses."""
OPTIONS: Final = {"aac_coder": "fast"}
"""At this bit rate both sound alike (ffmpeg's manual says fast is better), and fast takes a third of the time."""


@dataclass(frozen=True, slots=True)
class Master:
    """Encoded sound, ready to be written. Its packets count time in samples."""

    packets: tuple[Packet[AudioStream], ...]
    loudness: Loudness


def prepare(context: AudioCodecContext) -> None:
    """Set an AAC encoder up; the film's track is declared by one of the same kind."""
    context.sample_rate, context.layout, context.format = RATE, "stereo", "fltp"
    context.bit_rate, context.time_base = BIT_RATE, Fraction(1, RATE)
    context.options = dict(OPTIONS)


def master(mix: Sound) -> Master:
    """Return the film's sound, encoded: -14 LUFS as a whole, no true peak above -1 dBTP.

    Silence stays silence. Sound that is nothing but peaks is as loud as its peaks allow.
    """
    gain_db, ceiling_dbfs = first_gain_db(mix), CEILING_DBFS
    for _ in range(ATTEMPTS):
        packets, extradata = encoded(limited(mix, gain_db, ceiling_dbfs))
        result = Master(tuple(packets), measure(as_heard(packets, extradata), peaks=True))
        off = TARGET_LUFS - result.loudness.integrated_lufs
        excess = result.loudness.true_peak_dbtp - MAX_TRUE_PEAK_DBTP
        hopeless = result.loudness.integrated_lufs <= SILENCE_LUFS
        if excess <= 0 and (abs(off) <= TOLERANCE_LU or hopeless):
            break
        gain_db = min(gain_db + off, MAX_GAIN_DB)
        ceiling_dbfs -= max(excess, 0) and excess + 0.2
    return result


def first_gain_db(mix: Sound) -> float:
    """Return the gain that should bring the mix to the target, what limiter and encoder take away included.

    The limiter is tried on all of it. The encoder is five times as slow, and takes the highest tones away, much the
    same everywhere: of all but short films it is tried on a sample.
    """
    heard = _lufs(chunks(mix))
    if heard <= SILENCE_LUFS:
        return 0.0
    gain_db = min(TARGET_LUFS - heard, MAX_GAIN_DB)
    gain_db += TARGET_LUFS - _lufs(limited(mix, gain_db))
    return min(gain_db + _lost_in_encoding_lu(mix, gain_db), MAX_GAIN_DB)


def _lost_in_encoding_lu(mix: Sound, gain_db: float) -> float:
    every = ceil(mix.shape[1] / (SAMPLE_CHUNKS * CHUNK))
    sample = list(limited(mix, gain_db, every=every))
    return _lufs(sample) - _lufs(as_heard(*encoded(sample)))


def _lufs(sound: Iterable[Sound]) -> float:
    return measure(sound, peaks=False).integrated_lufs


def encoded(sound: Iterable[Sound]) -> tuple[list[Packet[AudioStream]], bytes | None]:
    """Return the packets, and what a decoder has to know of them."""
    context = CodecContext.create("aac", "w")
    prepare(context)
    pieces = (part for piece in sound for part in chunks(piece, FRAME))
    return [packet for frame in chain(frames(pieces), [None]) for packet in context.encode(frame)], context.extradata


def as_heard(packets: Iterable[Packet[AudioStream]], extradata: bytes | None) -> Iterator[Sound]:
    """Yield what these packets sound like, the encoder's lead-in included."""
    context = CodecContext.create("aac", "r")
    context.extradata = extradata
    return resampled(frame for packet in chain(packets, [None]) for frame in context.decode(packet))
