"""What `vidctl init` writes: what is missing, whole files in an order in which each may be the last one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vidctl.engine import channel_template
from vidctl.engine.channel_files import DEFAULTS
from vidctl.engine.channel_template import Wanted
from vidctl.engine.installing import dotenv_file
from vidctl.places import shipped
from vidctl.storage.beside import put_new
from vidctl.storage.files import cannot_write


@dataclass(frozen=True, slots=True)
class Plan:
    """What an installation still lacks. The values of `settings` may be secret."""

    home: Path
    channel_configs: Path
    dotenv: Path
    settings: dict[str, str]
    channel: Wanted | None

    @property
    def sentences(self) -> Iterator[str]:
        """What would be written."""
        if not self.home.is_dir():
            yield f"the folder {self.home}"
        if self.settings:
            yield f"{self.dotenv}: {', '.join(self.settings)}"
        if not (self.channel_configs / DEFAULTS).exists():
            yield f"{self.channel_configs / DEFAULTS}: what all channels start from"
        if self.channel:
            yield f"{self.channel_configs / self.channel.channel_id}.yaml: the channel {self.channel.name}"


def carry_out(plan: Plan) -> None:
    """Write it. Killed between any two files, the next run adds what is still missing.

    Raises:
        CannotWrite: a folder cannot be written to, or the disk is full.
        BadInput: the channel's file is there already, or cannot be used.
    """
    _make(plan.home)
    if plan.settings:
        dotenv_file.add(plan.dotenv, plan.settings)
    dotenv_file.close(plan.dotenv)
    _make(plan.channel_configs)
    _defaults(plan.channel_configs / DEFAULTS)
    if plan.channel:
        channel_template.write(plan.channel_configs, plan.channel)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise cannot_write(folder, exc) from exc


def _defaults(path: Path) -> None:
    try:
        if not path.exists():
            put_new(path, (shipped("channel_configs") / DEFAULTS).read_bytes())
    except OSError as exc:
        raise cannot_write(path, exc) from exc
