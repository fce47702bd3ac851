"""Real clips: H.264 of 24 frames a second, and the sound that Kling adds whether it is wanted or not."""

import struct
import tempfile
from functools import cache
from pathlib import Path

from tests.media_samples import ffmpeg


def clip(seconds: int, unique: str) -> bytes:
    """Return an MP4 that no other one equals."""
    mark = unique.encode()
    return _clip(seconds) + struct.pack(">I4s", 8 + len(mark), b"free") + mark


@cache
def _clip(seconds: int) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "clip.mp4"
        ffmpeg(
            *("-f", "lavfi", "-i", "testsrc2=s=640x360:r=24", "-f", "lavfi", "-i", "sine=frequency=330"),
            *("-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"),
            *("-movflags", "+faststart", file),
        )
        return file.read_bytes()
