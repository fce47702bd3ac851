"""Small real media for tests, made by the real ffmpeg; and films looked at with it."""

import json
import re
import subprocess
import wave
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from vidctl.media.ffmpeg import executable

FPS = 24
RATE = 48_000


def ffmpeg(*arguments: str | Path) -> str:
    """Run ffmpeg; return what it says."""
    done = subprocess.run(
        [executable(), "-hide_banner", "-nostdin", "-nostats", "-y", *map(str, arguments)],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    return done.stderr


def clip(
    path: Path,
    number: int = 0,
    *,
    seconds: float = 1.5,
    size: str = "320x180",
    rate: int = FPS,
    sound_file: Path | None = None,
    **more: Any,
) -> Path:
    """Make a clip that moves and whose brightness tells its number (0 to 19); `more` are ffmpeg options."""
    picture = f"testsrc2=s={size}:r={rate},lutyuv=y=val/8+{16 + 9 * number}"
    sounding: list[str | Path] = ["-i", sound_file, "-c:a", "aac"] if sound_file else []
    options = {"c:v": "libx264", "preset": "veryfast", "crf": "24", "pix_fmt": "yuv420p"} | more
    flags = [text for name, value in options.items() for text in (f"-{name}", value)]
    ffmpeg("-f", "lavfi", "-i", picture, *sounding, "-t", str(seconds), *flags, path)
    return path


def wav(path: Path, samples: NDArray[np.float64]) -> Path:
    """Write samples in -1..1 as mono at 48 kHz."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32_767).astype("<i2").tobytes())
    return path


def speech(seconds: float, *, seed: int = 0, level: float = 0.08) -> NDArray[np.float64]:
    """Return noise in syllables."""
    count = round(seconds * RATE)
    syllables = np.abs(np.sin(np.arange(count) / RATE * 2 * np.pi * 2.5)) ** 0.5
    noise: NDArray[np.float64] = np.random.default_rng(seed).standard_normal(count) * level * syllables
    return np.clip(noise, -1, 1)


def tone(seconds: float, hertz: float, level: float = 0.3) -> NDArray[np.float64]:
    """Return a pure tone."""
    wave_of_it: NDArray[np.float64] = np.sin(np.arange(round(seconds * RATE)) * 2 * np.pi * hertz / RATE) * level
    return wave_of_it


def manifest(path: Path, scenes: Sequence[Mapping[str, object]], **more: object) -> Path:
    """Write a manifest."""
    path.write_text(json.dumps({"scenes": scenes, **more}), "utf-8")
    return path


def complaints(path: Path) -> str:
    """Return what ffmpeg has to say when it decodes all of a file; nothing is good."""
    return ffmpeg("-v", "error", "-i", path, "-f", "null", "-")


def loudness(path: Path) -> tuple[float, float]:
    """Return (integrated LUFS, true peak dBTP) as ffmpeg measures them."""
    words = ffmpeg("-i", path, "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-").rsplit("Summary:", 1)[1]
    lufs, peak = re.search(r"I:\s+(\S+) LUFS", words), re.search(r"Peak:\s+(\S+) dBFS", words)
    assert lufs, words
    assert peak, words
    return float(lufs[1]), float(peak[1])


def brightness(path: Path) -> NDArray[np.float64]:
    """Return the mean luma of each picture, in the order of showing."""
    with av.open(str(path)) as container:
        return np.array([frame.to_ndarray(format="gray").mean() for frame in container.decode(video=0)])


def pictures(path: Path) -> list[NDArray[Any]]:
    """Return the luma of each picture."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="gray").astype(float) for frame in container.decode(video=0)]


def sound(path: Path) -> NDArray[np.float64]:
    """Return the left side of a file's sound."""
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)]).astype(np.float64)


def packets(path: Path) -> list[tuple[float, float, bytes]]:
    """Return (pts, dts, bytes) of each packet of the picture, times in frames."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        assert stream.average_rate is not None
        frames = float(stream.time_base * stream.average_rate)
        return [
            ((packet.pts or 0) * frames, (packet.dts or 0) * frames, bytes(packet))
            for packet in container.demux(stream)
            if packet.size
        ]
