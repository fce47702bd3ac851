"""What each model of ElevenLabs takes. Read on 2026-11-22; the service has the last word."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SPEECH: Final = "eleven_multilingual_v2"
SOUND: Final = "eleven_text_to_sound_v2"
FORMAT: Final = "mp3_44100_128"

_FORMAT: Final = re.compile(r"(mp3|wav|opus)_\d+(_\d+)?")
"""The others are samples without a header, which no player knows how to play."""
_ALL: Final = ("stability", "similarity_boost", "style", "speed")


@dataclass(frozen=True, slots=True)
class Model:
    """What a model that speaks takes in one request."""

    longest: int | None = None
    """Characters; None: only the service knows."""
    context: bool = True
    """Whether it takes the words before and after."""
    language: bool = True
    settings: tuple[str, ...] = _ALL


_MODELS: Final[Mapping[str, Model]] = {
    "eleven_multilingual_v2": Model(10_000, language=False),
    # It refuses the words before and after: "not yet supported", as several clients report.
    "eleven_v3": Model(5_000, context=False),
    # Unverified: one client reports that these two refuse `style` and `similarity_boost`.
    "eleven_v4": Model(10_000, settings=("stability", "speed")),
    "eleven_v4_turbo": Model(10_000, settings=("stability", "speed")),
    "eleven_flash_v2_5": Model(40_000),
}


def model(name: str) -> Model:
    """Return what a model takes; of one that nobody has described here, everything."""
    return _MODELS.get(name, Model())


def is_playable(output_format: str) -> bool:
    """Say whether what comes in this format is a file that plays."""
    return _FORMAT.fullmatch(output_format) is not None


def ending(output_format: str) -> str:
    """Return the ending of files of a format, such as `.mp3`."""
    return f".{output_format.partition('_')[0]}"
