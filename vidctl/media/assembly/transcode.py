"""Encode the few pictures that cannot be copied: an odd clip, or a last picture that is held.

What comes out is a little MP4 of its own, in an unnamed temporary file, that joins the copied clips:
same size, rate and pixels, and parameter sets with an id that they do not use.
"""

import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain, islice, repeat
from pathlib import Path
from typing import BinaryIO, Final

import av
from av.container import InputContainer
from av.filter import Graph
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from vidctl.media.assembly import h264
from vidctl.media.assembly.clip import PIX_FMT, Format
from vidctl.media.probe import opened, picture_in, unreadable

PRESET: Final = "veryfast"
CRF: Final = "17"
_PROFILE_NAMES: Final = {66: "baseline", 77: "main", 100: "high"}
_TURNS: Final = {90: "transpose=cclock,", 180: "hflip,vflip,", -180: "hflip,vflip,", -90: "transpose=clock,"}
_HD_HEIGHT: Final = 720


def remade(path: Path, frames: int, wanted: Format, header: bytes) -> BinaryIO:
    """Return an odd clip in the film's format, `frames` long; its last picture is held if need be.

    `header` is the `avcC` of the copied clips, empty if there are none.
    """
    with opened(path) as container:
        return _encoded(_held(_in_format(container, wanted), path), frames, wanted, header)


def held(path: Path, frames: int, wanted: Format, header: bytes) -> BinaryIO:
    """Return the last picture of a clip, shown for so many frames."""
    with opened(path) as container:
        stream = _picture(container)
        _go_to_last_key(container, stream)
        *_, last = chain([None], container.decode(stream))
        pictures = [] if last is None else [last]
        return _encoded(_held(pictures, path), frames, wanted, header)


def _picture(container: InputContainer) -> VideoStream:
    stream = picture_in(container)
    assert stream is not None, "every clip was read before"
    stream.thread_type = "AUTO"
    return stream


def _go_to_last_key(container: InputContainer, stream: VideoStream) -> None:
    end = (stream.start_time or 0) + (stream.duration or 0)
    container.seek(end, stream=stream, backward=True)


def _held(pictures: Iterable[VideoFrame], path: Path) -> Iterator[VideoFrame]:
    """Yield the pictures, then the last one for ever."""
    last = None
    for last in pictures:
        yield last
    if last is None:
        raise unreadable(path, "none of its pictures can be decoded")
    yield from repeat(last)


def _in_format(container: InputContainer, wanted: Format) -> Iterator[VideoFrame]:
    """Yield a clip's pictures in the film's size and rate: fitted in, the rest black."""
    stream = _picture(container)
    frames = container.decode(stream)
    if (first := next(frames, None)) is None:
        return
    graph = _graph(stream, first, wanted)
    for frame in chain([first], frames, [None]):
        graph.push(frame)
        yield from _drained(graph)


def _graph(stream: VideoStream, first: VideoFrame, wanted: Format) -> Graph:
    size = f"{wanted.width}:{wanted.height}"
    matrix = "bt709" if wanted.height >= _HD_HEIGHT else "smpte170m"
    steps = (
        f"setpts=PTS-STARTPTS,fps={wanted.fps},{_TURNS.get(first.rotation, '')}"
        f"scale=trunc(iw*sar/2)*2:ih,setsar=1,"
        f"scale={size}:force_original_aspect_ratio=decrease:force_divisible_by=2"
        f":out_color_matrix={matrix}:out_range=tv,pad={size}:(ow-iw)/2:(oh-ih)/2,setsar=1,format={PIX_FMT}"
    )
    graph = Graph()
    nodes = [graph.add_buffer(template=stream)]
    for step in steps.split(","):
        name, _, arguments = step.partition("=")
        nodes.append(graph.add(name, arguments or None))
    nodes.append(graph.add("buffersink"))
    graph.link_nodes(*nodes).configure()
    return graph


def _drained(graph: Graph) -> Iterator[VideoFrame]:
    while True:
        try:
            yield graph.vpull()
        except (av.BlockingIOError, av.EOFError):
            return


def _encoded(pictures: Iterator[VideoFrame], count: int, wanted: Format, header: bytes) -> BinaryIO:
    file = tempfile.TemporaryFile()  # noqa: SIM115  # whoever called closes it, and then it is gone
    with av.open(file, mode="w", format="mp4", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libx264", rate=wanted.fps)
        _prepare(stream.codec_context, wanted, header)
        for number, picture in enumerate(islice(pictures, count)):
            container.mux(stream.encode(_numbered(picture, number, wanted)))
        container.mux(stream.encode(None))
    return file


def _numbered(picture: VideoFrame, number: int, wanted: Format) -> VideoFrame:
    """Return the picture as frame `number`; what kind it was in its clip is not the encoder's business."""
    frame = picture.reformat(format=PIX_FMT)
    frame.pts, frame.time_base, frame.pict_type = number, 1 / wanted.fps, PictureType.NONE
    return frame


def _prepare(context: VideoCodecContext, wanted: Format, header: bytes) -> None:
    context.width, context.height, context.pix_fmt = wanted.width, wanted.height, PIX_FMT
    context.time_base = 1 / wanted.fps
    number = h264.free_id(header) if header else 0
    # "stitchable": the same parameter sets every time, whatever the pictures are.
    context.options = {"preset": PRESET, "crf": CRF, "x264-params": f"sps-id={number}:stitchable=1"}
    if header:
        like = h264.parse(header)
        context.options |= {"profile": _PROFILE_NAMES.get(like.profile, "high"), "level": f"{like.level / 10:.1f}"}
