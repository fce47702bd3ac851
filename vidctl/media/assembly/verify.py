"""Look at the written film as a player would: is it what was planned, to the frame?

Copied packets are the bytes of their clips, which were decoded wholly when they were made. What the
joining could break is looked at here: times, key frames and parameter sets at each cut, both lengths,
and how far the sound that is decoded lies from the sound that was mixed.
"""

from __future__ import annotations  # PyAV's packets are generic in its stubs only

from collections.abc import Iterable, Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, Final

from av.codec import CodecContext
from av.container import InputContainer
from av.error import InvalidDataError
from av.packet import Packet
from av.video.frame import VideoFrame

from vidctl.errors import VidctlError
from vidctl.media.assembly.offset import offset_samples
from vidctl.media.assembly.parallel import each
from vidctl.media.assembly.shots import Plan, Shot
from vidctl.media.assembly.sound import RATE, Sound, decode_of_clip
from vidctl.media.probe import opened

MAX_OFFSET_MS: Final = 42.0
MAX_PADDING: Final = 1_024
"""Samples: the last frame of AAC is filled up, and some decoders hand that out."""
LOOK: Final = 3
"""Packets that are decoded after each cut: enough to meet the parameter sets and the first B-frames."""


class BrokenFilm(VidctlError):
    """The film that was written is not the film that was planned."""


def verify(film: Path, plan: Plan, mix: Sound, *, decode_all: bool) -> float:
    """Return how far sound and picture are apart at the worst cut, in milliseconds.

    `decode_all` decodes every picture; otherwise only the first ones after each cut.

    Raises:
        BrokenFilm: something is not as planned; it names the clip.
    """
    with opened(film) as container:
        heads = _check_times(container, plan)
        _check_lengths(container, plan)
        header = container.streams.video[0].codec_context.extradata
    each(lambda head: _check_head(*head, header), list(zip(plan.shots, heads, strict=True)))
    if decode_all:
        _check_all_pictures(film, plan)
    return _worst_offset_ms(decode_of_clip(film), plan, mix)


def _check_times(container: InputContainer, plan: Plan) -> list[list[Packet[Any]]]:
    """Check the time stamps of all pictures; return the first few packets of each shot.

    Only those are kept, since all together are as large as the film.
    """
    stream = container.streams.video[0]
    frame = 1 / (plan.format.fps * (stream.time_base or Fraction(1)))
    shots = {shot.starts: [] for shot in plan.shots}  # type: dict[int, list[Packet[Any]]]
    places, decode_times, shot = [], [], -1
    for at, packet in enumerate(packet for packet in container.demux(stream) if packet.size):
        places.append(round((packet.pts or 0) / frame))
        decode_times.append(packet.dts or 0)
        shot = at if at in shots else shot
        if at - shot < LOOK:
            shots[shot].append(packet)
    _expect(sorted(places) == list(range(plan.frames)), f"its {len(places)} pictures are not those planned")
    _expect(all(one < after for one, after in pairwise(decode_times)), "its time stamps do not rise")
    for start in plan.shots:
        _expect(places[start.starts] == start.starts, "it does not start where it should", start)
    return list(shots.values())


def _check_lengths(container: InputContainer, plan: Plan) -> None:
    wanted_s = plan.seconds(plan.frames)
    lengths_s = [float((stream.duration or 0) * (stream.time_base or 0)) for stream in container.streams]
    off_s = max(abs(length - wanted_s) for length in lengths_s)
    _expect(off_s * RATE <= 1, f"picture and sound are {lengths_s} s long instead of {wanted_s} s")


def _check_head(shot: Shot, packets: Sequence[Packet[Any]], header: bytes | None) -> None:
    """Decode the first pictures of a shot with nothing but the film's own header known."""
    decoder = CodecContext.create("h264", "r")
    decoder.extradata, decoder.thread_count = header, 1
    frames = chain.from_iterable(decoder.decode(packet) for packet in chain(packets, [None]))
    whole = _whole(frames)
    starts = bool(packets) and packets[0].is_keyframe and min(packet.pts or 0 for packet in packets) == packets[0].pts
    _expect(starts, "it does not start with a whole picture", shot)
    _expect(whole == len(packets), f"{whole} of its first {len(packets)} pictures can be decoded", shot)


def _check_all_pictures(film: Path, plan: Plan) -> None:
    with opened(film) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        whole = _whole(container.decode(stream))
    _expect(whole == plan.frames, f"{whole} of {plan.frames} pictures can be decoded")


def _whole(frames: Iterable[VideoFrame]) -> int:
    """Return how many pictures are whole, up to one that the decoder gives up on."""
    whole = 0
    with suppress(InvalidDataError):
        for frame in frames:
            whole += not frame.is_corrupt
    return whole


def _worst_offset_ms(heard: Sound, plan: Plan, mix: Sound) -> float:
    _expect(0 <= heard.shape[1] - mix.shape[1] < MAX_PADDING, f"its sound has {heard.shape[1]} samples")
    worst = 0.0
    for shot in plan.shots:
        starts, ends = plan.sample(shot.starts), plan.sample(shot.ends)
        offset_ms = abs(offset_samples(heard, mix, starts, ends)) * 1000 / RATE
        _expect(offset_ms <= MAX_OFFSET_MS, f"picture and sound are {offset_ms:.1f} ms apart", shot)
        worst = max(worst, offset_ms)
    return worst


def _expect(holds: bool, complaint: str, shot: Shot | None = None) -> None:
    if not holds:
        where = f"{shot.take.name} ({shot.take.clip.path}): " if shot else ""
        raise BrokenFilm(
            f"the film came out wrong: {where}{complaint}", hint="make that clip again, or report this bug"
        )
