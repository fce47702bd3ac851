"""Write the film: packets of many clips on one time line, and the sound beside them."""

from __future__ import annotations  # PyAV's packets are generic in its stubs only

import heapq
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet

from vidctl.media.assembly import h264
from vidctl.media.assembly.cut import places
from vidctl.media.assembly.master import Master, prepare
from vidctl.media.assembly.sound import RATE
from vidctl.media.probe import opened, opened_again, picture_in

OPTIONS: Final = {
    "movflags": "+faststart",
    # Both clocks divide it, so that lengths are exact in the edit lists.
    "movie_timescale": str(RATE),
    # No date and no version inside: the same film is the same bytes.
    "fflags": "+bitexact",
}


@dataclass(frozen=True, slots=True)
class Part:
    """Packets that follow each other in one file: the first ones, as many as `places`.

    `places` are those of the pictures in the order of showing; `header` is the file's `avcC`.
    """

    source: Path | BinaryIO
    places: tuple[int, ...]
    header: bytes

    def open(self) -> AbstractContextManager[InputContainer]:
        """Open what the packets come from."""
        return opened(self.source) if isinstance(self.source, Path) else opened_again(self.source)

    @property
    def delay(self) -> int:
        """How many frames earlier than shown a packet has to be decoded, at most."""
        return max(at - place for at, place in enumerate(self.places))


def encoded_part(file: BinaryIO) -> Part:
    """Return the part that a small MP4 written for this film is, all of it."""
    with opened_again(file) as container:
        stream = container.streams.video[0]
        pts = [packet.pts or 0 for packet in container.demux(stream) if packet.size]
        return Part(file, tuple(places(pts)), stream.codec_context.extradata or b"")


def write(path: Path, parts: Sequence[Part], fps: Fraction, sound: Master, tell: Callable[[int], None]) -> None:
    """Write the film. `tell` hears how many frames are written, now and then.

    Raises:
        BadInput: a clip can no longer be read.
        OSError: the disk is full, for instance.
    """
    with av.open(str(path), mode="w", format="mp4", options=dict(OPTIONS)) as film:
        _declare(film, parts, fps)
        pictures, sounds = _pictures(parts, 1 / fps, tell), iter(sound.packets)
        for packet in heapq.merge(_on(film, 0, pictures), _on(film, 1, sounds), key=_when):
            film.mux_one(packet)


def _declare(film: OutputContainer, parts: Sequence[Part], fps: Fraction) -> None:
    """Add both tracks; the picture's is like that of its first part, with the parameter sets of all."""
    with parts[0].open() as container:
        stream = picture_in(container)
        assert stream is not None, "every clip was read before"
        track = film.add_stream_from_template(stream)
    track.codec_context.extradata = h264.joined([part.header for part in parts])
    track.time_base = 1 / fps
    prepare(film.add_stream("aac", rate=RATE).codec_context)


def _pictures(parts: Sequence[Part], frame: Fraction, tell: Callable[[int], None]) -> Iterator[Packet[Any]]:
    """Yield the packets of all parts on one time line, which counts in frames."""
    delay, base = max(part.delay for part in parts), 0
    for part in parts:
        for at, (packet, place) in enumerate(zip(_packets(part), part.places, strict=True)):
            packet.time_base, packet.duration = frame, 1
            packet.pts, packet.dts = base + place, base + at - delay
            yield packet
        base += len(part.places)
        tell(base)


def _packets(part: Part) -> Iterator[Packet[Any]]:
    with part.open() as container:
        stream = picture_in(container)
        packets = (packet for packet in container.demux(stream or []) if packet.size)
        yield from islice(packets, len(part.places))


def _on(film: OutputContainer, track: int, packets: Iterator[Packet[Any]]) -> Iterator[Packet[Any]]:
    for packet in packets:
        packet.stream = film.streams[track]
        yield packet


def _when(packet: Packet[Any]) -> float:
    return float((packet.dts or 0) * packet.time_base)
