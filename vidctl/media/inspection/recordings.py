"""Judge what plays: decoded from the first to the last frame, neither black nor silent."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import log10
from pathlib import Path
from typing import Final

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vidctl.domain.layout import FILM_SIZE
from vidctl.errors import BadInput
from vidctl.media.inspection.senses import FULL_SCALE, Ear, Eye
from vidctl.media.inspection.verdict import Facts, Length, refused
from vidctl.media.probe import VideoFacts, facts_of, opened, picture_in, sound_in

MIN_CLIP_WIDTH: Final = 640
LOOKS: Final = 9
"""Frames that are looked at; all are decoded."""
MIN_AUDIBLE_S: Final = 0.1
MIN_PEAK_DBFS: Final = -40.0
MISSING: Final = 0.03
"""Share of the promised length that may be missing: some headers only estimate it."""
MAX_APART_S: Final = 0.1
"""How much the picture and the sound of a film may differ in length."""


def clip(path: Path, length: Length) -> Facts:
    """Judge a clip's moving picture; the sound that it may bring along is not used."""
    with _playable(path) as container:
        video, stream = _picture(path, container)
        if video.width < MIN_CLIP_WIDTH or video.width % 2 or video.height % 2:
            raise refused(path, "WrongSize", f"it is {video.width}x{video.height}: too narrow, or of odd size")
        eye, _ = _played(path, container, [stream])
    return _judged_picture(path, video, eye, length)


def film(path: Path, length: Length) -> Facts:
    """Judge a whole film: picture and sound, of the same length."""
    with _playable(path) as container:
        (video, stream), sound = _picture(path, container), _sound(path, container)
        if (video.width, video.height) != FILM_SIZE:
            raise refused(path, "WrongSize", f"it is {video.width}x{video.height}, not 1920x1080")
        eye, ear = _played(path, container, [stream, sound])
    facts = {**_judged_picture(path, video, eye, length), **_judged_sound(path, ear)}
    if abs(float(eye.frames / video.fps) - ear.heard_s) > MAX_APART_S:
        raise refused(path, "OutOfStep", f"{eye.frames} frames of picture, but {ear.heard_s:.2f} s of sound")
    return facts


def sound(path: Path, length: Length) -> Facts:
    """Judge a narration or a sound effect: long enough, and something to hear in it."""
    with _playable(path) as container:
        promised_s = facts_of(container).duration_s
        _, ear = _played(path, container, [_sound(path, container)])
    if ear.heard_s < promised_s * (1 - MISSING) - 0.1:
        raise refused(path, "CutOff", f"{ear.heard_s:.2f} s of {promised_s:.2f} s are there")
    _judge_length(path, ear.heard_s, length)
    return {"duration_s": round(ear.heard_s, 3), **_judged_sound(path, ear)}


JUDGES: Final = {"clip": clip, "film": film, "narration": sound, "sfx": sound}


@contextmanager
def _playable(path: Path) -> Iterator[InputContainer]:
    try:
        with opened(path) as container:
            yield container
    except BadInput as exc:
        raise refused(path, "Undecodable", str(exc).removeprefix(f"{path} ")) from exc


def _picture(path: Path, container: InputContainer) -> tuple[VideoFacts, VideoStream]:
    video, stream = facts_of(container).video, picture_in(container)
    if video is None or stream is None:
        raise refused(path, "NoPicture", "there is no moving picture in it")
    stream.thread_type = "AUTO"
    return video, stream


def _sound(path: Path, container: InputContainer) -> AudioStream:
    if (stream := sound_in(container)) is None:
        raise refused(path, "NoSound", "there is no sound in it")
    return stream


def _played(path: Path, container: InputContainer, streams: list[VideoStream | AudioStream]) -> tuple[Eye, Ear]:
    """Decode streams from the first to the last packet; refuse what is cut off or damaged."""
    promised = {stream.index: stream.frames for stream in streams if stream.type == "video"}
    eye, ear, whole = Eye(every=sum(promised.values()) // LOOKS), Ear(), 0
    for packet in container.demux(streams):
        whole += bool(packet.size) and packet.stream_index in promised and not packet.is_corrupt
        for frame in packet.decode():
            if isinstance(frame, VideoFrame):
                eye.see(frame)
            elif isinstance(frame, AudioFrame):
                ear.hear(frame)
    if whole < sum(promised.values()):
        raise refused(path, "CutOff", f"{whole} of {sum(promised.values())} frames are there")
    if eye.corrupt:
        raise refused(path, "Undecodable", f"{eye.corrupt} of {eye.frames} frames are damaged")
    return eye, ear


def _judged_picture(path: Path, video: VideoFacts, eye: Eye, length: Length) -> Facts:
    duration_s = float(eye.frames / video.fps)
    _judge_length(path, duration_s, length)
    if eye.is_black:
        raise refused(path, "BlackPicture", "it is black from beginning to end")
    if eye.is_flat:
        raise refused(path, "FlatPicture", "it shows nothing but one colour")
    return {
        "duration_s": round(duration_s, 3),
        "frames": eye.frames,
        "fps": round(float(video.fps), 3),
        "width": video.width,
        "height": video.height,
        "codec": video.codec,
    }


def _judged_sound(path: Path, ear: Ear) -> Facts:
    peak_dbfs = 20 * log10(max(ear.peak, 1) / FULL_SCALE)
    if peak_dbfs < MIN_PEAK_DBFS or ear.audible_s < MIN_AUDIBLE_S:
        raise refused(path, "Silent", f"there is nothing to hear in it (its peak is at {peak_dbfs:.0f} dBFS)")
    return {"peak_dbfs": round(peak_dbfs, 1), "audible_s": round(ear.audible_s, 3)}


def _judge_length(path: Path, duration_s: float, length: Length) -> None:
    if duration_s < length.shortest_s:
        raise refused(path, "TooShort", f"it lasts {duration_s:.2f} s, less than {length.shortest_s:g} s")
    if duration_s > length.longest_s:
        raise refused(path, "TooLong", f"it lasts {duration_s:.2f} s, more than {length.longest_s:g} s")
