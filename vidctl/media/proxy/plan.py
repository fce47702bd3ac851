"""How small a film or a sound has to become for its bytes: size, frame rate and bit rates.

Pure arithmetic: nothing here opens a file or starts a program.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Final

from vidctl.media.probe import MediaFacts, VideoFacts


@dataclass(frozen=True, slots=True)
class Sound:
    """How sound is written; every one of these is allowed in MP3 and in AAC."""

    kbps: int
    rate_hz: int
    channels: int

    def bytes_in(self, duration_s: float) -> int:
        """Return what so much sound takes at most: encoders add some silence at both ends, and a header."""
        return 400 + round((duration_s + 0.3) * self.kbps * 125)


@dataclass(frozen=True, slots=True)
class Film:
    """How a film is written. `most_bps` holds on average over any `buffer_bits`; `fps` is None where it is kept."""

    scale: float
    fps: Fraction | None
    most_bps: int
    buffer_bits: int
    sound: Sound | None


SOUNDS: Final = (
    Sound(128, 44_100, 2),
    Sound(96, 44_100, 2),
    Sound(64, 44_100, 1),
    Sound(48, 32_000, 1),
    Sound(32, 22_050, 1),
    Sound(24, 22_050, 1),
    Sound(16, 16_000, 1),
    Sound(8, 8_000, 1),
)
"""From good to barely understood; no MP3 has fewer than 8 kbit/s."""

STEPS: Final = (1080, 720, 540, 360, 240)
"""The shorter side of a film in pixels; the longer one is 16:9 of it at most."""
SOUND_SHARE: Final = 0.25
"""Share of a film that may be sound."""
SHARE_OF_SOURCE: Final = 0.2
"""A picture with this share of the bits that each of its pixels had in the source still looks well ..."""
MIN_BITS_PER_PIXEL: Final = 0.008
MAX_BITS_PER_PIXEL: Final = 0.03
"""... if that is at least and at most so many: a source may be lavish, or close to its limit already."""
MIN_VIDEO_BPS: Final = 3_000
"""With less, there is nothing to be seen, and x264 (which counts in thousands) does not keep to it either."""
BUFFER_S: Final = 5.0

_CONTAINER_BYTES: Final = 2_500
_BYTES_PER_FRAME: Final = 20
_SPENT_AT_ONCE: Final = 0.9
"""Share of its buffer that x264 may fill before it keeps to the rate."""


def sound_for(duration_s: float, max_bytes: int) -> Sound | None:
    """Return the best sound that fits, None where not even the last one does."""
    return next((sound for sound in SOUNDS if sound.bytes_in(duration_s) <= max_bytes), None)


def film_for(facts: MediaFacts, of_bytes: int, max_bytes: int) -> Film | None:
    """Return the largest film that can still be watched at the rate that fits, None where none does.

    Where sound would take too much of it, there is none.
    """
    video = facts.video
    assert video is not None, "a film has a picture"
    bits = (max_bytes - _CONTAINER_BYTES) * 8
    sound = sound_for(facts.duration_s, round(bits / 8 * SOUND_SHARE)) if facts.audio else None
    if sound:
        bits -= sound.bytes_in(facts.duration_s) * 8
    buffer_s = min(BUFFER_S, facts.duration_s / 2)
    for scale, fps in _choices(video):
        left = bits - float(fps) * facts.duration_s * _BYTES_PER_FRAME * 8
        most_bps = int(left / (facts.duration_s + buffer_s * _SPENT_AT_ONCE))
        if most_bps / _pixels_each_second(video, scale, fps) >= _bits_per_pixel(facts, video, of_bytes):
            break
    if most_bps < MIN_VIDEO_BPS:
        return None
    return Film(scale, None if fps == video.fps else fps, most_bps, int(most_bps * buffer_s), sound)


def _choices(video: VideoFacts) -> Iterator[tuple[float, Fraction]]:
    """Yield (scale, frames a second) from best to worst: half the frames are the last resort."""
    short, long = sorted((video.width, video.height))
    scales = sorted({min(1.0, step / short, step * 16 / 9 / long) for step in STEPS}, reverse=True)
    return chain(((scale, video.fps) for scale in scales), [(scales[-1], video.fps / 2)])


def _pixels_each_second(video: VideoFacts, scale: float, fps: Fraction) -> float:
    return video.width * video.height * scale**2 * float(fps)


def _bits_per_pixel(facts: MediaFacts, video: VideoFacts, of_bytes: int) -> float:
    """Return what a picture needs: that its source has many bits tells that there is much in it."""
    had = of_bytes * 8 / (_pixels_each_second(video, 1, video.fps) * facts.duration_s)
    return min(max(had * SHARE_OF_SOURCE, MIN_BITS_PER_PIXEL), MAX_BITS_PER_PIXEL)
