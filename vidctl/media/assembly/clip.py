"""A clip as the film sees it: its packets' order, and whether they can be copied as they are."""

from __future__ import annotations  # PyAV's packets are generic in its stubs only

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

from av.packet import Packet
from av.video.stream import VideoStream

from vidctl.errors import BadInput
from vidctl.media.assembly import h264
from vidctl.media.assembly.cut import places
from vidctl.media.probe import VideoFacts, facts_of, opened, picture_in, unreadable

PIX_FMT: Final = "yuv420p"
MAX_DRIFT_FRAMES: Final = 0.5
"""A picture that is shown further than this from its place makes the clip one of uneven frame rate."""


@dataclass(frozen=True, slots=True)
class Format:
    """What the whole film has in common: frames of this size, this many a second."""

    width: int
    height: int
    fps: Fraction

    def __str__(self) -> str:
        return f"{self.width}x{self.height} at {float(self.fps):.6g} frames a second"


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip. `places` are those of its packets in the order of showing, from 0.

    `header` is its `avcC`; `odd` says why its packets cannot be copied ("" if they can).
    """

    path: Path
    format: Format
    duration_s: float
    places: tuple[int, ...]
    header: bytes
    odd: str


def read(path: Path) -> Clip:
    """Read a clip's packets, without decoding them.

    Raises:
        BadInput: it is no clip, or it is cut off.
    """
    with opened(path) as container:
        video, stream = facts_of(container).video, picture_in(container)
        if video is None or stream is None:
            raise unreadable(path, "there is no moving picture in it")
        packets = [packet for packet in container.demux(stream) if packet.size]
        _refuse_cut_off(path, packets, promised=video.frames)
        pts = [packet.pts for packet in packets if packet.pts is not None]
        return Clip(
            path=path,
            format=Format(video.width, video.height, video.fps),
            duration_s=_duration_s(pts, stream, video.fps),
            places=tuple(places(pts)),
            header=stream.codec_context.extradata or b"",
            odd=_complaint(video, stream, packets, pts),
        )


def _refuse_cut_off(path: Path, packets: Sequence[Packet[VideoStream]], *, promised: int) -> None:
    whole = sum(not packet.is_corrupt for packet in packets)
    if whole < max(promised, 1):
        raise unreadable(path, f"it is cut off: {whole} of {promised} frames are there")


def _duration_s(pts: Sequence[int], stream: VideoStream, fps: Fraction) -> float:
    unit = stream.time_base or Fraction(0)
    if not pts:
        return float((stream.duration or 0) * unit)
    return float((max(pts) - min(pts)) * unit + 1 / fps)


def _complaint(
    video: VideoFacts, stream: VideoStream, packets: Sequence[Packet[VideoStream]], pts: Sequence[int]
) -> str:
    """Return why these packets cannot be copied into a film, "" if they can; cheap questions first."""
    unit, header = stream.time_base or Fraction(0), stream.codec_context.extradata or b""
    questions: tuple[tuple[str, Callable[[], bool]], ...] = (
        (f"it is {video.codec}, not h264", lambda: video.codec != "h264"),
        ("its pixels are not square", lambda: (stream.sample_aspect_ratio or 1) != 1),
        ("some of its pictures have no time", lambda: len(pts) < len(packets)),
        ("it starts with part of a picture", lambda: not packets[0].is_keyframe or pts[0] != min(pts)),
        ("parts of it are to be skipped", lambda: any(packet.is_discard for packet in packets)),
        ("its frame rate is uneven", lambda: not _is_even(pts, video.fps * unit)),
        ("its header is unusual", lambda: not _has_plain_header(header, packets)),
        (f"its pictures are not {PIX_FMT}, or to be turned", lambda: not _has_plain_pictures(stream, packets[0])),
    )
    return next((complaint for complaint, applies in questions if applies()), "")


def _has_plain_pictures(stream: VideoStream, first: Packet[VideoStream]) -> bool:
    """Say whether the first picture, decoded, is what players will show; no header tells for sure."""
    frames = stream.codec_context.decode(first) + stream.codec_context.decode(None)
    return bool(frames) and all(frame.format.name == PIX_FMT and not frame.rotation for frame in frames)


def _has_plain_header(extradata: bytes, packets: Sequence[Packet[VideoStream]]) -> bool:
    """Say whether the header holds every parameter set: a packet may repeat them, not change them."""
    try:
        header = h264.parse(extradata)
    except ValueError:
        return False
    keys = (packet for packet in packets if packet.is_keyframe)
    return header.length_bytes == h264.LENGTH_BYTES and all(
        nal in header.sets for packet in keys for nal in h264.sets_within(memoryview(packet))
    )


def _is_even(pts: Sequence[int], frames_a_unit: Fraction) -> bool:
    """Say whether the pictures, in the order of showing, come at the rate of the film."""
    first, scale = min(pts), float(frames_a_unit)
    return all(abs((at - first) * scale - place) < MAX_DRIFT_FRAMES for place, at in enumerate(sorted(pts)))


def frames_of(clip: Clip, fps: Fraction) -> int:
    """Return how many frames of the film's rate a clip lasts, at least one."""
    if not clip.odd and clip.format.fps == fps:
        return len(clip.places)
    return max(1, round(clip.duration_s * fps))


def common_format(clips: Sequence[Clip]) -> Format:
    """Return the format that most of these clips have; of equals the first, and even sides always.

    Raises:
        BadInput: there is no clip.
    """
    if not clips:
        raise BadInput("a film needs a clip", hint="name one in the manifest")
    formats = [clip.format for clip in clips]
    best = max(dict.fromkeys(formats), key=formats.count)
    return Format(best.width // 2 * 2, best.height // 2 * 2, best.fps)


def common_header(clips: Sequence[Clip], wanted: Format) -> bytes:
    """Return the `avcC` of most of the clips that can be copied into such a film, b"" if none can."""
    headers = [clip.header for clip in clips if not clip.odd and clip.format == wanted]
    return max(dict.fromkeys(headers), key=headers.count, default=b"")
