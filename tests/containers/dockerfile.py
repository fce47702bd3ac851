"""Reads the Dockerfile as a list of instructions, and says what of the repository a build gets to see."""

import json
import re
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE = ROOT / ".docker" / "Dockerfile"


@dataclass(frozen=True)
class Instruction:
    """One instruction: `RUN`, and what follows it in one line."""

    word: str
    rest: str

    @property
    def words(self) -> list[str]:
        """Return its arguments, whether they are written as JSON or not; options and stages are left out."""
        plain = self.rest.split()
        found = json.loads(self.rest) if self.rest.startswith("[") else plain
        return [word for word in found if not word.startswith("--")]

    def option(self, name: str) -> str | None:
        found = re.search(rf"--{name}=(\S+)", self.rest)
        return found and found[1]


def instructions() -> list[Instruction]:
    lines = [line for line in FILE.read_text().splitlines() if line.strip() and not line.lstrip().startswith("#")]
    whole = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines))
    return [Instruction(*line.split(maxsplit=1)) for line in whole.splitlines()]


def is_seen(path: Path) -> bool:
    """Say whether .dockerignore lets a build see a file: the last line that fits it decides."""
    name, seen = str(path.relative_to(ROOT)), True
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = line.removeprefix("!")
        if line and not line.startswith("#") and _fits(name, pattern):
            seen = line.startswith("!")
    return seen


def _fits(name: str, pattern: str) -> bool:
    """Fit a file, or a folder that it is in, as Docker does: `*` stays in one folder, `**` does not."""
    parts = name.split("/")
    if pattern.startswith("**/"):
        return any(fnmatch(part, pattern[3:]) for part in parts)
    depth = pattern.count("/") + 1
    return len(parts) >= depth and all(map(fnmatch, parts[:depth], pattern.split("/")))
