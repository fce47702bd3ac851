"""Watch and listen to decoded frames, remembering only what a verdict needs.

No numpy: importing it costs as much as judging a narration.
"""

import statistics
from array import array
from typing import Final

import av
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

GLANCE_WIDTH: Final = 64
GLANCE_HEIGHT: Final = 36
BLACK: Final = 10
"""Mean brightness of 255, with no bright spot: nothing can be seen."""
BRIGHT_SPOT: Final = 48
FLAT: Final = 1.0
"""Standard deviation of the brightness: a surface, not a picture."""
FULL_SCALE: Final = 32_768
AUDIBLE: Final = round(FULL_SCALE * 10 ** (-50 / 20))
"""A frame of sound with a peak below -50 dBFS counts as silence."""


class Eye:
    """Sees every frame, looks at one in `every`."""

    def __init__(self, every: int) -> None:
        self.frames = self.corrupt = 0
        self.looks: list[bytes] = []
        self._every = max(every, 1)

    def see(self, frame: VideoFrame) -> None:
        """Take one decoded frame."""
        self.corrupt += frame.is_corrupt
        if self.frames % self._every == 0:
            small = frame.reformat(width=GLANCE_WIDTH, height=GLANCE_HEIGHT, format="gray").planes[0]
            rows, pixels = small.line_size, bytes(small)
            self.looks.append(b"".join(pixels[at : at + GLANCE_WIDTH] for at in range(0, rows * GLANCE_HEIGHT, rows)))
        self.frames += 1

    @property
    def is_black(self) -> bool:
        """Whether nothing could be seen, however long one looked."""
        return all(statistics.fmean(look) < BLACK and max(look) < BRIGHT_SPOT for look in self.looks)

    @property
    def is_flat(self) -> bool:
        """Whether there was never more than a surface of one brightness."""
        return all(statistics.pstdev(look) < FLAT for look in self.looks)


class Ear:
    """Hears every sample."""

    def __init__(self) -> None:
        self.peak = 0
        self.heard_s = self.audible_s = 0.0
        self._resampler: av.AudioResampler | None = None
        self._setup: tuple[str, str, int] | None = None

    def hear(self, frame: AudioFrame) -> None:
        """Take one decoded frame."""
        setup = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._resampler is None or setup != self._setup:
            self._resampler, self._setup = av.AudioResampler(format="s16", layout=frame.layout), setup
        for piece in self._resampler.resample(frame):
            self._listen(piece)

    def _listen(self, piece: AudioFrame) -> None:
        values = array("h", bytes(piece.planes[0])[: piece.samples * len(piece.layout.channels) * 2])
        loudest, lowest = max(values, default=0), min(values, default=0)
        peak = max(loudest, -lowest)
        self.peak = max(self.peak, peak)
        self.heard_s += piece.samples / piece.sample_rate
        self.audible_s += piece.samples / piece.sample_rate if peak >= AUDIBLE else 0
