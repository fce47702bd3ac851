"""Real sound files within milliseconds: the same words in the same voice are the same bytes.

An encoder of MP3 takes longer than a test may, so it works once: each tone becomes one frame that does not lean on
its neighbours, and a file is made by laying such frames in a row.
"""

import io
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

CHARACTERS_A_SECOND = 15.0
SHORTEST_S = 0.4
LEVEL = 9_000
TONES = 24
"""And silence, which is the tone number 0."""
MPEG1_HZ = 32_000
_KBIT = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_HZ = {True: (44_100, 48_000, 32_000), False: (22_050, 24_000, 16_000)}


def alignment(text: str, speed: float) -> dict[str, list[Any]]:
    """Return when each character is spoken: all equally long."""
    each_s = max(len(text) / CHARACTERS_A_SECOND / speed, SHORTEST_S) / len(text)
    times = [round(number * each_s, 3) for number in range(len(text) + 1)]
    return {
        "characters": list(text),
        "character_start_times_seconds": times[:-1],
        "character_end_times_seconds": times[1:],
    }


def spoken(text: str, speed: float, mark: str, output_format: str) -> bytes:
    """Return a file in which each character has a tone, and blanks have none; `mark` shifts the tones."""
    shift = sha256(mark.encode("utf-8", "surrogatepass")).digest()[0]
    tones = [0 if one.isspace() else 1 + (ord(one) + shift) % TONES for one in text]
    return encoded(tones, max(len(text) / CHARACTERS_A_SECOND / speed, SHORTEST_S), output_format)


def noise(mark: str, seconds: float, output_format: str) -> bytes:
    """Return a file of tones in no order; `mark` says in which."""
    draw = np.random.default_rng(int.from_bytes(sha256(mark.encode("utf-8", "surrogatepass")).digest()[:8]))
    return encoded([int(tone) for tone in draw.integers(1, TONES + 1, round(seconds * 20) + 1)], seconds, output_format)


def encoded(tones: Sequence[int], seconds: float, output_format: str) -> bytes:
    """Return tones, one after another within so many seconds, as a file."""
    kind, rate, *kbit = output_format.split("_")
    if kind == "mp3":
        return _laid(tones, seconds, int(rate), int(kbit[0]))
    count = round(seconds * int(rate))
    at = np.arange(count) / int(rate)
    hertz = np.array([_hertz(tone) for tone in tones])[np.arange(count) * len(tones) // max(count, 1)]
    samples = (LEVEL * np.sin(2 * np.pi * hertz * at)).astype(np.int16)
    if kind == "pcm":
        return samples.tobytes()
    if kind == "wav":
        return _file(samples, int(rate), "wav", "pcm_s16le")
    return _file(samples, int(rate), "ogg", "libopus", bit_rate=int(kbit[0]) * 1_000)


def _laid(tones: Sequence[int], seconds: float, rate: int, kbit: int) -> bytes:
    frames, samples = _bank(rate, kbit), 1_152 if rate >= MPEG1_HZ else 576
    count = -(-round(seconds * rate) // samples)
    return b"".join(frames[tones[number * len(tones) // count]] for number in range(count))


@lru_cache
def _bank(rate: int, kbit: int) -> tuple[bytes, ...]:
    """Return one frame of each tone."""
    samples = 1_152 if rate >= MPEG1_HZ else 576
    at = np.arange(6 * samples) / rate
    sounds = [(LEVEL * np.sin(2 * np.pi * _hertz(tone) * at)).astype(np.int16) for tone in range(TONES + 1)]
    file = _file(np.concatenate(sounds), rate, "mp3", "libmp3lame", bit_rate=kbit * 1_000, reservoir="0")
    found = _frames(file)[1:]  # the first tells of the file, and holds no sound
    return tuple(found[6 * tone + 4] for tone in range(TONES + 1))


def _frames(file: bytes) -> list[bytes]:
    """Return the frames of an MP3 file, by the lengths in their heads."""
    at = file.index(b"\xff", 10 + int.from_bytes(bytes(file[8:10])) if file.startswith(b"ID3") else 0)
    found = []
    while at + 4 <= len(file) and file[at] == 0xFF:
        first = bool(file[at + 1] & 0x08)
        kbit, rate = _KBIT[first][file[at + 2] >> 4], _HZ[first][(file[at + 2] >> 2) & 3]
        size = (144 if first else 72) * kbit * 1_000 // rate + ((file[at + 2] >> 1) & 1)
        found.append(file[at : at + size])
        at += size
    return found


def _hertz(tone: int) -> float:
    return 0 if tone == 0 else 180 * 1.07**tone


def _file(samples: NDArray[np.int16], rate: int, kind: str, codec: str, bit_rate: int = 0, **options: str) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=kind) as container:
        stream = container.add_stream(codec, rate=rate, options=options)
        assert isinstance(stream, av.AudioStream)
        stream.layout = "mono"
        if bit_rate:
            stream.bit_rate = bit_rate
        frame = av.AudioFrame.from_ndarray(samples[None, :], format="s16", layout="mono")
        frame.sample_rate = rate
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    return file.getvalue()
