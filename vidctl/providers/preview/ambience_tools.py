"""What every ambience is made of: coloured noise, slow movement, short events, places in the stereo field.

Sound is float32 of shape (n, 2) at 48 kHz. Noise is made in the frequency domain, only as far up as
it is heard: that is what keeps ten seconds under a few hundredths of a second each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

RATE_HZ: Final = 48_000

Signal = npt.NDArray[np.float32]
Colour = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]
"""From frequencies in Hz to how loud each is."""


@dataclass(frozen=True, slots=True)
class Studio:
    """Where one piece is made: its length in samples and its source of chance."""

    n: int
    chance: np.random.Generator

    @property
    def seconds(self) -> float:
        """Return the length in seconds."""
        return self.n / RATE_HZ

    def noise(self, colour: Colour, *, up_to_hz: float = 8_000, width: float = 0.6) -> Signal:
        """Return steady noise of that colour with RMS 1; `width` 1 parts left and right wholly, 0 not at all."""
        middle, side = self.mono(colour, up_to_hz=up_to_hz), self.mono(colour, up_to_hz=up_to_hz) * np.float32(width)
        return _unit(np.stack([middle + side, middle - side], axis=1))

    def mono(self, colour: Colour, *, up_to_hz: float) -> Signal:
        """Return one channel of steady noise of that colour with RMS 1, of shape (n,)."""
        # The transform is quick at lengths without large prime factors: made a little longer, then cut.
        size = -(-self.n // 4_800) * 4_800
        bins = int(min(up_to_hz, RATE_HZ / 2) * size / RATE_HZ)
        heard = (np.arange(1, bins + 1) * (RATE_HZ / size)).astype(np.float32)
        parts = self.chance.standard_normal((2, bins), dtype=np.float32) * colour(heard)
        spectrum = np.zeros(size // 2 + 1, np.complex64)
        spectrum[1 : bins + 1] = parts[0] + 1j * parts[1]
        return _unit(np.fft.irfft(spectrum, size)[: self.n].astype(np.float32))

    def sway(self, period_s: float, low: float, high: float) -> Signal:
        """Return a smooth wandering between two levels, of shape (n, 1); about one turn in `period_s`."""
        points = max(int(self.seconds / period_s * 2) + 3, 4)
        heights = self.chance.uniform(low, high, points).astype(np.float32)
        at = np.linspace(0, points - 1.001, self.n, dtype=np.float32)
        whole = at.astype(np.int32)
        part = (1 - np.cos(np.pi * (at - whole))) / 2
        curve: Signal = heights[whole] * (1 - part) + heights[whole + 1] * part
        return curve[:, None]

    def times(self, per_s: float) -> list[int]:
        """Return the samples at which events begin that come by chance, so many a second, at least one."""
        count = max(1, int(self.chance.poisson(per_s * self.seconds)))
        return sorted(int(at) for at in self.chance.integers(0, self.n, count))

    def beats(self, period_s: float, *, jitter: float = 0.06) -> list[int]:
        """Return the samples at which events begin that come regularly, as regularly as somebody walks."""
        count = max(1, int(self.seconds / period_s))
        late = 1 + jitter * self.chance.standard_normal(count)
        return [int(at) for at in np.cumsum(late * period_s * RATE_HZ) - period_s * RATE_HZ * 0.6 if 0 <= at < self.n]


def place(into: Signal, event: Signal, at: int, *, pan: float = 0.0, level: float = 1.0) -> None:
    """Add a mono event to `into` from sample `at` on; pan -1 is left, 1 right."""
    part = event[: max(into.shape[0] - at, 0)]
    angle = (pan + 1) * np.pi / 4
    into[at : at + part.size, 0] += part * np.float32(level * np.cos(angle))
    into[at : at + part.size, 1] += part * np.float32(level * np.sin(angle))


def band(low_hz: float, high_hz: float, slope: float = 1.0) -> Colour:
    """Return a colour that is loud between two frequencies and falls off softly on both sides."""

    def colour(hz: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        rise, fall = (hz / low_hz) ** 2, (hz / high_hz) ** (2 * slope)
        shape: npt.NDArray[np.float32] = (rise / (1 + rise) / (1 + fall)).astype(np.float32)
        return shape

    return colour


def tone(hz: float, seconds: float, *, decay_s: float, attack_s: float = 0.003, glide_hz: float = 0.0) -> Signal:
    """Return a sine that fades away, wholly by its end, and may glide by `glide_hz` on its way."""
    t = np.arange(int(seconds * RATE_HZ), dtype=np.float32) / RATE_HZ
    phase = 2 * np.pi * (hz * t + glide_hz * t**2 / (2 * seconds))
    ends = np.minimum(t / attack_s, 1) * np.minimum((seconds - t) / (0.3 * seconds), 1)
    sound: Signal = (np.sin(phase) * np.exp(-t / decay_s) * ends).astype(np.float32)
    return sound


def silence(studio: Studio) -> Signal:
    """Return an empty track to place events in."""
    return np.zeros((studio.n, 2), np.float32)


def _unit(signal: Signal) -> Signal:
    return signal / np.float32(np.sqrt(np.mean(np.square(signal), dtype=np.float64)) + 1e-12)
