"""How a voice speaks, and what a person's remark on the last take changes in it. Pure."""

import re
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Final

SEEDS: Final = 2**32

_SLOWER, _FASTER = r"slow|calm|relax", r"fast|quick|brisk|hurr|rush"
_CALMER, _LIVELIER = r"calm|stead|relax", r"live|energ|express|emotion|excit|vivid"
_NOT: Final = r"\b(too|not so|not as|less|fewer)\s+(\w+\s+)?"
_PACE: Final = 0.1
_STABILITY: Final = 0.15


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a voice: all 0..1, but `speed` 0.7..1.2, 1.0 being its own."""

    stability: float = 0.5
    similarity_boost: float = 0.75
    style: float = 0.0
    speed: float = 1.0

    def wrong(self) -> str:
        """Return which of them is out of its range; "" if none is."""
        ranges = {name: (0.7, 1.2) if name == "speed" else (0.0, 1.0) for name in asdict(self)}
        for name, (least, most) in ranges.items():
            if not least <= (value := getattr(self, name)) <= most:  # which a NaN is not
                return f"{name} is {value:g}, and has to be {least:g} to {most:g}"
        return ""


def adapted(settings: Settings, note: str) -> Settings:
    """Return the settings with what a note asks for: slower, faster, calmer, livelier; "too slow" asks for faster.

    There is no prompt in speech, so whatever else it says cannot be followed.
    """
    pace = _wish(note, _FASTER) - _wish(note, _SLOWER)
    calm = _wish(note, _CALMER) - _wish(note, _LIVELIER)
    return replace(
        settings,
        speed=_within(settings.speed + _PACE * _sign(pace), 0.7, 1.2),
        stability=_within(settings.stability + _STABILITY * _sign(calm), 0.0, 1.0),
    )


def seed_of(voice_id: str) -> int:
    """Return the seed of all that a voice speaks for us, so that it sounds alike in all scenes."""
    return int.from_bytes(sha256(voice_id.encode("utf-8", "surrogateescape")).digest()[:4])


def seed_of_take(seed: int, take: int) -> int:
    """Return the seed of a take: another take sounds different."""
    return (seed + take - 1) % SEEDS


def _wish(note: str, words: str) -> int:
    """Return 1 where a note asks for it, -1 where it asks for less of it, 0 where it does not speak of it."""
    if re.search(rf"{_NOT}({words})", note, re.IGNORECASE):
        return -1
    return int(re.search(rf"\b({words})", note, re.IGNORECASE) is not None)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _within(value: float, least: float, most: float) -> float:
    return round(min(max(value, least), most), 3)
