"""Where a command of a test works, and what came of it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHANNEL = """\
channel_id: {channel_id}
channel_name: Channel {channel_id}
board: local
mode: preview
max_concurrent: 3
story: {{assets: 3, scenes: 2, clip_seconds: 4}}
"""


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object that it printed."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Place:
    """Where a command works: its environment, and the folders and files in it."""

    root: Path
    environment: dict[str, str]

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def configs(self) -> Path:
        return self.root / "channel_configs"

    def channel(self, channel_id: str = "one", text: str = CHANNEL) -> Path:
        """Write a channel's file."""
        path = self.configs / f"{channel_id}.yaml"
        path.write_text(text.format(channel_id=channel_id), "utf-8")
        return path
