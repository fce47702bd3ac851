"""Write raw frames as H.264: always with the same settings, so that clips can be cut and joined as streams."""

import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Final

from vidctl.media import ffmpeg

FPS: Final = 24
FORMAT: Final = "nv12"
"""4:2:0 with both colours in one plane: what x264 works on inside, and writes as the yuv420p that it is."""
GOP: Final = 48
"""Frames from one key frame to the next: where a clip can be cut, and where a contact sheet can look."""
PIPE_BYTES: Final = 1 << 20
"""A frame is 3 MB: the usual pipe of 64 kB would wake both sides fifty times for each."""

# High profile is promised; of what makes it slow, only what can be seen on slow camera moves is switched on. CAVLC
# shows the very same pictures in files a sixth larger, but each clip is decoded at least twice before its film is
# ready, and that takes a quarter less. Adaptive quantisation costs a seventh of the time: CRF 22 without it
# makes files of the same size as 23 with it, and no more bands in skies and shadows, even with the contrast turned up.
_SETTINGS: Final = (
    "-c:v", "libx264", "-preset", "superfast", "-profile:v", "high", "-level:v", "4.1", "-crf", "22",
    "-g", str(GOP), "-keyint_min", str(GOP), "-sc_threshold", "0", "-bf", "0", "-pix_fmt", FORMAT,
    "-x264-params", "mbtree=0:rc-lookahead=0:weightp=0:cabac=0:aq-mode=0",
)  # fmt: skip
_COLOUR: Final = ("-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv")
# The same frames give the same bytes: no dates, no version of the muxer.
_REPEATABLE: Final = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact")


def encode(frames: Iterable[Sequence[bytes]], output: Path, *, size: tuple[int, int]) -> None:
    """Encode frames, each given as its planes of NV12 (BT.709, limited range), into an MP4 without sound.

    Raises:
        BadInput: ffmpeg refused; the message ends in its own words.
        Misconfigured: there is no ffmpeg.
    """
    raw = (
        "-f",
        "rawvideo",
        "-pix_fmt",
        FORMAT,
        "-s",
        f"{size[0]}x{size[1]}",
        "-r",
        str(FPS),
        *_COLOUR,
        "-i",
        "pipe:0",
    )
    written = (*_SETTINGS, *_COLOUR, *_REPEATABLE, "-an", "-movflags", "+faststart", "-f", "mp4", output)
    command = ffmpeg.command([*raw, *written])
    with tempfile.TemporaryFile() as words:
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=words, bufsize=0
        ) as child:
            try:
                _feed(child, frames)
            except BaseException:
                child.kill()
                raise
        if child.returncode != 0:
            words.seek(0)
            raise ffmpeg.failed(f"encode {output.name}", child.returncode, words.read().decode(errors="replace"))


def _feed(child: "subprocess.Popen[bytes]", frames: Iterable[Sequence[bytes]]) -> None:
    """Write every frame; if ffmpeg hangs up early, its exit status and its words will say why."""
    assert child.stdin is not None
    _widen(child.stdin)
    try:
        for planes in frames:
            for plane in planes:
                rest = memoryview(plane)
                while rest:
                    rest = rest[child.stdin.write(rest) :]
        child.stdin.close()
    except BrokenPipeError:
        child.wait()


def _widen(pipe: IO[bytes]) -> None:
    """Make the pipe hold more, where the system can."""
    try:
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    except (ImportError, AttributeError, OSError):
        return
