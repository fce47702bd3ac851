"""The settings of an installation as one `.env`: its files, and what only the environment said."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from vidctl.engine.installing.dotenv_file import quoted
from vidctl.engine.scripts import NEEDS
from vidctl.settings import SECRETS

NAME: Final = ".env"
PLACES: Final = ("DATABASE_URL", "VIDCTL_HOME", "VIDCTL_CHANNEL_CONFIGS", "VIDCTL_FFMPEG")
"""What is somewhere else on another machine: this must never lead back to the old database."""
_NAMED: Final = sorted({*SECRETS, *(name for names in NEEDS.values() for name in names), "VIDCTL_REVIEWER"})


def gathered(files: list[Path], environment: Mapping[str, str]) -> str:
    """Return one text that sets what `files` (what comes later counts) and the environment set.

    Raises:
        OSError: a file cannot be read.
    """
    text = "\n".join(file.read_text("utf-8") for file in files if file.is_file())
    known = _values(text)
    lines = [
        f"{name}={quoted(environment[name])}"
        for name in _NAMED
        if environment.get(name) and environment[name] != known.get(name)
    ]
    return "\n".join([text, *lines]).strip() + "\n"


def elsewhere(text: str) -> str:
    """Return the settings as another machine may have them: with the places of this one as comments."""
    from dotenv.parser import parse_stream

    said = []
    for binding in parse_stream(io.StringIO(text)):
        lines = binding.original.string.splitlines(keepends=True)
        is_place = binding.key in PLACES
        said += [
            f"# on the server of the backup: {line.lstrip()}" if is_place and line.strip() else line for line in lines
        ]
    return "".join(said)


def _values(text: str) -> dict[str, str | None]:
    from dotenv import dotenv_values

    return dotenv_values(stream=io.StringIO(text))
