"""Find ffmpeg and run it; its failures become ours, with ffmpeg's own words."""

import errno
import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from vidctl.errors import BadInput, CannotWrite, Misconfigured, VidctlError

TAIL_CHARACTERS: Final = 2_000
_DISK_TROUBLE: Final = tuple(os.strerror(code) for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS))
"""Words in which ffmpeg says that the disk, and not what it was given, is at fault."""


@cache
def executable() -> str:
    """Return the ffmpeg to use: `VIDCTL_FFMPEG`, else the system's, else the one from the wheel.

    Raises:
        Misconfigured: `VIDCTL_FFMPEG` names no program, or none is found at all.
    """
    if wanted := os.environ.get("VIDCTL_FFMPEG"):
        if found := shutil.which(wanted):
            return found
        raise Misconfigured(
            f"VIDCTL_FFMPEG is {wanted!r}, which is no program",
            hint="correct it, or unset it to use the bundled ffmpeg",
        )
    if found := shutil.which("ffmpeg"):
        return found
    import imageio_ffmpeg  # 68 MB wheel: only where the system has no ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())


def command(arguments: Sequence[str | Path]) -> list[str]:
    """Return the whole command line: quiet, never asking, never reading the terminal."""
    return [executable(), "-hide_banner", "-nostdin", "-loglevel", "error", "-y", *map(str, arguments)]


def run(arguments: Sequence[str | Path], *, doing: str) -> None:
    """Run ffmpeg to its end; `doing` says for an error message what was tried.

    Raises:
        BadInput: it failed; the message ends in ffmpeg's own last words.
        CannotWrite: it failed because the disk is full or read-only.
    """
    done = subprocess.run(command(arguments), capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        raise failed(doing, done.returncode, done.stderr)


def failed(doing: str, status: int, stderr: str) -> VidctlError:
    """Return the error for an ffmpeg that ended with `status`, with its own words."""
    words = stderr.strip()[-TAIL_CHARACTERS:] or f"(it said nothing; exit status {status})"
    if any(trouble in words for trouble in _DISK_TROUBLE):
        return CannotWrite(
            f"ffmpeg could not {doing}: {words}", hint="free disk space, or make the folder writable for this user"
        )
    return BadInput(f"ffmpeg could not {doing}: {words}", hint="look at the input file it names: is it whole?")
