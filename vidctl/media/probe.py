"""Open media that came from outside, and say what is in it.

The only place that opens media for reading: nothing but a local file of a format we expect is ever
opened (a playlist could name other files), and libav's errors become ours here, with its own words.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO, Final

import av
import av.logging
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from vidctl.errors import BadInput

MAX_STREAMS: Final = 16
MAX_SIDE: Final = 8_192
MAX_DURATION_S: Final = 4 * 3_600.0
MAX_FPS: Final = 240

_ONLY_LOCAL_MEDIA: Final = {
    "protocol_whitelist": "file",
    "format_whitelist": "mov,matroska,avi,mpegts,mp3,wav,aac,flac,ogg",
}


_DECODE_NOTHING_YET: Final = {"skip_frame": "all"}
"""Opening would decode the first pictures only to throw them away: 50 ms where the header says it all."""


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """The picture. `frames` is what the header promises, 0 when it does not say."""

    codec: str
    width: int
    height: int
    fps: Fraction
    frames: int


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """The sound."""

    codec: str
    sample_rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What the header of a media file says; `duration_s` is 0 when it does not say."""

    duration_s: float
    video: VideoFacts | None
    audio: AudioFacts | None


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """Open a media file for the length of a block.

    Raises:
        BadInput: there is no such file, or it (while it is read in the block, too) is no media.
    """
    if not path.is_file():
        raise BadInput(f"there is no file {path}", hint="make it first, or correct the path")
    with reading(path), _open(f"file:{path}") as container:
        _refuse_the_absurd(path, container)
        yield container


@contextmanager
def opened_again(file: BinaryIO) -> Iterator[InputContainer]:
    """Open media that this program itself has written to a temporary file."""
    file.seek(0)
    with av.open(file, mode="r") as container:
        yield container


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn an error of libav in the block into ours, which names `path`.

    Other errors of the operating system (no space left for what is made of it) pass: not this file's fault.
    """
    try:
        yield
    except av.FFmpegError as exc:
        if isinstance(exc, OSError) and not isinstance(exc, PermissionError):
            raise
        raise unreadable(path, exc) from exc


def unreadable(path: Path, reason: object) -> BadInput:
    """Return the error for a file that cannot be read as media, with libav's own words."""
    return BadInput(f"{path} cannot be read as media: {_words_of(reason)}", hint="make this file again, then try anew")


def _words_of(reason: object) -> str:
    if not isinstance(reason, av.FFmpegError):
        return str(reason)
    # The stubs call it a pair; it is (level, component, words).
    last_log: Any = reason.log
    return f"{reason.strerror} ({last_log[2].strip()})" if last_log else str(reason.strerror)


def probe(path: Path) -> MediaFacts:
    """Return what the header of a media file says.

    A file cut off half way may promise more than it plays: to be sure, decode it (`media.inspect`).

    Raises:
        BadInput: this is no media file.
    """
    with opened(path) as container:
        return facts_of(container)


def facts_of(container: InputContainer) -> MediaFacts:
    """Return what the header of an open media file says."""
    return MediaFacts(
        duration_s=(container.duration or 0) / av.time_base,
        video=_video_facts(container),
        audio=_audio_facts(container),
    )


def picture_in(container: InputContainer) -> VideoStream | None:
    """Return the first stream of moving pictures that can be decoded; a cover image is none."""
    for stream in container.streams.video:
        if stream.codec_context and not stream.disposition & Disposition.attached_pic:
            return stream
    return None


def sound_in(container: InputContainer) -> AudioStream | None:
    """Return the first stream of sound that can be decoded."""
    return next((stream for stream in container.streams.audio if stream.codec_context), None)


def _video_facts(container: InputContainer) -> VideoFacts | None:
    if (stream := picture_in(container)) is None:
        return None
    fps = stream.guessed_rate or stream.average_rate or Fraction(0)
    context = stream.codec_context
    return VideoFacts(context.name, context.width, context.height, fps, stream.frames)


def _audio_facts(container: InputContainer) -> AudioFacts | None:
    if (stream := sound_in(container)) is None:
        return None
    context = stream.codec_context
    return AudioFacts(context.name, context.sample_rate, context.channels)


def _open(url: str) -> InputContainer:
    """Open `url`; where that fails, do it once more with an ear on what libav says.

    Not the first time: listening while the decoders of another thread run can lock both out for ever.
    """
    allowed, quick = dict(_ONLY_LOCAL_MEDIA), dict(_DECODE_NOTHING_YET)
    try:
        return av.open(url, mode="r", container_options=allowed, options=quick)
    except av.FFmpegError:
        av.logging.set_level(av.logging.ERROR)
        try:
            with av.logging.Capture():
                return av.open(url, mode="r", container_options=allowed, options=quick)
        finally:
            av.logging.set_level(None)


def _refuse_the_absurd(path: Path, container: InputContainer) -> None:
    facts = facts_of(container)
    if len(container.streams) > MAX_STREAMS:
        raise unreadable(path, f"it has {len(container.streams)} streams, more than {MAX_STREAMS}")
    if facts.duration_s > MAX_DURATION_S:
        raise unreadable(path, f"it says that it lasts {facts.duration_s:,.0f} s")
    if facts.video and not (0 < facts.video.width <= MAX_SIDE and 0 < facts.video.height <= MAX_SIDE):
        raise unreadable(path, f"its picture is {facts.video.width}x{facts.video.height}")
    if facts.video and not 0 < facts.video.fps <= MAX_FPS:
        raise unreadable(path, f"it has {float(facts.video.fps):g} frames a second")
