"""What programs buy, for how much, how long everything takes, and what their command lines ask for."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Final

from vidctl.domain import estimate
from vidctl.domain.channel import Channel
from vidctl.domain.prices import PriceList
from vidctl.engine.simulation.market import KIE

_TASK: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_BRIEF_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True)
class Call:
    """One run of a program, from its command line."""

    name: str
    options: Mapping[str, Sequence[str]]
    last: str
    folder: Path

    @classmethod
    def of(cls, argv: Sequence[str], folder: Path) -> "Call":
        """Read a command line as the engine writes it: every option is one word, `--name=value`."""
        at = next(index for index, word in enumerate(argv) if word.endswith(".py"))
        options: dict[str, list[str]] = {}
        for word in argv[at + 1 :]:
            if word.startswith("--"):
                name, _, value = word[2:].partition("=")
                options.setdefault(name, []).append(value)
        return cls(Path(argv[at]).name, options, argv[-1], folder)

    def option(self, name: str, default: str = "") -> str:
        """Return the last value of an option."""
        return self.options.get(name, [default])[-1]

    @property
    def output(self) -> Path:
        """The file that is to be made."""
        return Path(self.option("output"))

    @property
    def item(self) -> tuple[str, str, str]:
        """The film, its file, and all that decides what it is to be: inputs count by their bytes."""
        found = _TASK.search(str(self.folder))
        asked = [
            [name, [_digest(value) for value in values]]
            for name, values in sorted(self.options.items())
            if name not in {"output", "resume-job", "previous-text", "next-text", "image-host"}
        ]
        words = sha256(json.dumps([self.name, asked]).encode()).hexdigest()
        return (found[0] if found else "", str(self.output.relative_to(self.folder)), words)


def _digest(value: str) -> str:
    if value.startswith("/") and (path := Path(value)).is_file():
        return sha256(path.read_bytes()).hexdigest()
    return value


@dataclass(frozen=True, slots=True)
class Ware:
    """What a paid program buys: from whom, how long it takes (seconds, half of them longer), and whether by a job."""

    service: str
    component: str
    median_s: float
    by_job: bool = False


WARES: Final[Mapping[str, Ware]] = {
    "generate_story.py": Ware("gemini", "gemini_story", 40),
    "generate_asset.py": Ware("gemini", "gemini_assets", 14),
    "generate_video.py": Ware(KIE, "kling_video", 170, by_job=True),
    "generate_audio.py": Ware("elevenlabs", "elevenlabs_narration", 5),
    "generate_sound_effects.py": Ware("elevenlabs", "elevenlabs_sfx", 8),
}

LOCAL_S: Final[Mapping[str, float]] = {
    "contact_sheet.py": 3,
    "create_composite.py": 2,
    "create_split_screen.py": 2.5,
    "make_animatic.py": 60,
    "assemble_video.py": 240,
    "make_thumbnail.py": 3,
    "fingerprint_film.py": 12,
    "inspect_media.py": 0.6,
    "store_file.py": 1.5,
    "fetch_file.py": 1.5,
}
"""What runs on this machine: how many seconds it takes, half of the times longer."""


def price(call: Call, prices: PriceList, known: Mapping[str, Channel], on: date) -> Decimal:
    """Return what a call costs by the price list, as it does for the real programs; `known` are all channels."""
    channel = next(known[part] for part in reversed(call.folder.parts) if part in known)
    items: Mapping[str, Callable[[], estimate.Item]] = {
        "generate_story.py": lambda: estimate.story(channel, _BRIEF_CHARACTERS),
        "generate_asset.py": lambda: estimate.image(channel),
        "generate_video.py": lambda: estimate.clip(channel),
        "generate_audio.py": lambda: estimate.narration(channel, len(call.option("text"))),
        "generate_sound_effects.py": lambda: estimate.sound(channel),
    }
    return items[call.name]().usd(prices, on) or Decimal(0)
