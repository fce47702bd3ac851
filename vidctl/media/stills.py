"""Take a few frames out of a clip, without decoding what lies between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream
from PIL import Image

from vidctl.errors import BadInput, NotFound
from vidctl.media.images import MAX_PIXELS

NEAR_S: Final = 1.6
"""A key frame at most this long before the wanted time is taken instead: decoding on from it would cost more."""
MOST_DECODED: Final = 400
"""Frames decoded in search of one: enough for the sparsest key frames in use (250)."""


@dataclass(frozen=True, slots=True)
class Stills:
    """How long a clip plays, in seconds, and some of its frames."""

    duration_s: float
    frames: tuple[Image.Image, ...]


def stills(path: Path, count: int, size: tuple[int, int]) -> Stills:
    """Return `count` frames spread over a clip, each scaled to `size`.

    Raises:
        NotFound: there is no such file.
        BadInput: no frame of it can be decoded.
    """
    if not path.is_file():
        raise NotFound(f"there is no clip at {path}", hint="check the path, or make the clip again")
    try:
        with av.open(str(path)) as clip:
            return _taken(clip, path, count, size)
    except (FFmpegError, OSError, ValueError) as exc:
        raise _unreadable(path, str(exc)) from exc


def _taken(clip: InputContainer, path: Path, count: int, size: tuple[int, int]) -> Stills:
    if not clip.streams.video:
        raise _unreadable(path, "there is no picture in it")
    stream = clip.streams.video[0]
    if stream.width * stream.height > MAX_PIXELS:
        raise _unreadable(path, f"its frames have {stream.width:,} x {stream.height:,} pixels")
    stream.codec_context.thread_count = 1  # with more, the first frame comes only after several have gone in
    duration_s = _duration_s(clip, stream)
    wanted = [(at + 0.5) * duration_s / count for at in range(count)]
    frames = tuple(_frame(clip, stream, time_s, size) for time_s in wanted)
    return Stills(duration_s, tuple(frame or Image.new("RGB", size) for frame in frames))


def _duration_s(clip: InputContainer, stream: VideoStream) -> float:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return (clip.duration or 0) / av.time_base


def _frame(clip: InputContainer, stream: VideoStream, time_s: float, size: tuple[int, int]) -> Image.Image | None:
    """Return the frame at a time, or the key frame shortly before it; None at the end of a file that is cut off."""
    assert stream.time_base is not None
    clip.seek(round(time_s / stream.time_base), stream=stream)
    last = None
    for last in _decoded(clip, stream):
        if (last.time or 0.0) >= time_s - NEAR_S:
            break
    if last is None:
        return None
    return Image.fromarray(last.reformat(width=size[0], height=size[1], format="rgb24").to_ndarray())


def _decoded(clip: InputContainer, stream: VideoStream) -> Iterator[av.VideoFrame]:
    try:
        for frame, _ in zip(clip.decode(stream), range(MOST_DECODED), strict=False):
            yield frame
    except FFmpegError:
        return  # the rest of the file is damaged; what came before it can still be shown


def _unreadable(path: Path, why: str) -> BadInput:
    return BadInput(f"cannot read the clip {path}: {why}", hint="is it whole? make it again")
