"""Look at frames of a film, at the same shares of its length whatever it was encoded as."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vidctl.errors import BadInput
from vidctl.media.likeness.hashes import SIDE, Light, perceptual_hash
from vidctl.media.probe import facts_of, opened, picture_in, reading

FRAMES: Final = 48
FIRST: Final = 0.02
LAST: Final = 0.98
"""Shares of the length: how a film fades in and out says nothing of it."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """How long a film plays, in seconds, and the hashes of its frames."""

    duration_s: float
    frames: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return what is kept of it."""
        return {"duration_s": round(self.duration_s, 3), "frames": list(self.frames)}


def fingerprint(path: Path) -> Fingerprint:
    """Return the fingerprint of a film.

    Raises:
        BadInput: there is no such file, no moving picture in it, or it is cut off or damaged.
    """
    with opened(path) as film:
        stream, duration_s = picture_in(film), facts_of(film).duration_s
        if stream is None or duration_s <= 0:
            raise BadInput(f"there is no moving picture in {path}", hint="name a film")
        stream.thread_type = "AUTO"
        times_s = [duration_s * (FIRST + (LAST - FIRST) * at / (FRAMES - 1)) for at in range(FRAMES)]
        with reading(path):
            reel = _Reel(film, stream)
            return Fingerprint(duration_s, tuple(_hash(reel.at(time_s), path) for time_s in times_s))


class _Reel:
    """The frames of a film, each asked for by its time, none before an earlier one.

    Exactly that frame: where key frames lie depends on the encoder. What lies between two of them is decoded only
    where there is no key frame to begin from.
    """

    def __init__(self, film: InputContainer, stream: VideoStream) -> None:
        self._film = film
        self._stream = stream
        self._keys = [entry.timestamp for entry in stream.index_entries if entry.is_keyframe]
        self._coming: Iterator[VideoFrame] = iter(())
        self._shown: VideoFrame | None = None
        self._next: VideoFrame | None = None

    def at(self, time_s: float) -> VideoFrame | None:
        """Return what is shown at a time; None where nothing can be decoded from there on."""
        assert self._stream.time_base is not None
        wanted = (self._stream.start_time or 0) + round(time_s / self._stream.time_base)
        self._wind_to(wanted)
        while self._next is not None and (self._next.pts or 0) <= wanted:
            self._shown, self._next = self._next, next(self._coming, None)
        return self._shown or self._next

    def _wind_to(self, wanted: int) -> None:
        """Go to the last key frame before a time, unless it is behind already."""
        key = self._keys[max(bisect_right(self._keys, wanted) - 1, 0)] if self._keys else 0
        here = self._next or self._shown
        if here is None or key > (here.pts or 0):
            self._film.seek(key, stream=self._stream)
            self._coming = self._film.decode(self._stream)
            self._shown, self._next = None, next(self._coming, None)


def _hash(frame: VideoFrame | None, path: Path) -> str:
    if frame is None:
        raise BadInput(f"{path} shows nothing where it should still play", hint="is it whole? make the film again")
    return perceptual_hash(_light(frame))


def _light(frame: VideoFrame) -> Light:
    """Return the light of a frame, each pixel the mean of all that it stands for."""
    small = frame.reformat(width=SIDE, height=SIDE, format="gray", interpolation="AREA")
    return np.ascontiguousarray(small.to_ndarray())
