"""Say which ffmpeg is used, and which of the encoders and filters that vidctl needs it lacks.

By hand: python scripts/check_ffmpeg.py
"""

import json
import subprocess
from typing import Any

from vidctl.errors import Misconfigured
from vidctl.media import ffmpeg
from vidctl.script import tool

NEEDED = {
    "encoders": ("libx264", "aac", "libmp3lame"),
    "decoders": ("h264", "aac", "mp3", "rawvideo"),
    "filters": ("fps", "scale", "format", "setsar"),
    "muxers": ("mp4", "mp3"),
}
TIMEOUT_S = 10.0


def state() -> dict[str, Any]:
    """Return where ffmpeg is, its version, and what it lacks."""
    known = {kind: set(said(f"-{kind}")) for kind in NEEDED}
    missing = [f"the {kind[:-1]} {name}" for kind, names in NEEDED.items() for name in names if name not in known[kind]]
    version = " ".join(said("-version")[2:3])
    return {"path": ffmpeg.executable(), "version": version, "missing": missing}


def said(option: str) -> list[str]:
    """Return every word that ffmpeg says when it is asked so."""
    argv = [ffmpeg.executable(), "-hide_banner", option]
    try:
        ran = subprocess.run(argv, capture_output=True, text=True, errors="replace", timeout=TIMEOUT_S, check=True)
    except (OSError, subprocess.SubprocessError) as exc:
        raise Misconfigured(
            f"{argv[0]} does not run: {exc}", hint="install ffmpeg anew, or unset VIDCTL_FFMPEG to use the bundled one"
        ) from exc
    return ran.stdout.replace(",", " ").split()


@tool
def check_ffmpeg() -> None:
    """Say which ffmpeg is used, and what it lacks."""
    print(json.dumps(state()), flush=True)
