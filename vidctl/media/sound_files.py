"""Write samples to sound files: WAV directly, any other ending through ffmpeg."""

import tempfile
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vidctl.media import ffmpeg


def write_wav(samples: npt.NDArray[np.float32], path: Path, *, rate_hz: int) -> None:
    """Write samples in -1..1, of shape (n,) or (n, channels), as 16-bit PCM; louder ones are cut off."""
    frames = samples if samples.ndim > 1 else samples[:, None]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(frames.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(np.rint(np.clip(frames, -1, 1) * 32_767).astype("<i2").tobytes())


def write_sound(samples: npt.NDArray[np.float32], path: Path, *, rate_hz: int, written_at_hz: int = 44_100) -> None:
    """Write samples as the format that the ending of `path` names, at `written_at_hz`, without any tags.

    Raises:
        BadInput: ffmpeg knows no format of this ending.
    """
    with tempfile.TemporaryDirectory(prefix="vidctl-sound-") as folder:
        plain = Path(folder) / "plain.wav"
        write_wav(samples, plain, rate_hz=rate_hz)
        options = ["-ar", str(written_at_hz), "-b:a", "128k", "-map_metadata", "-1", "-fflags", "+bitexact"]
        ffmpeg.run(["-i", plain, *options, "-flags:a", "+bitexact", path], doing=f"write the sound {path.name}")
