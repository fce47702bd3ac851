"""What is there already where vidctl is set up, so that nobody is asked for it, and nothing of it is overwritten."""

import os
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from vidctl.domain.channel import Channel
from vidctl.engine import channel_files
from vidctl.engine.installing.place import READ
from vidctl.errors import Misconfigured
from vidctl.settings import Settings, load
from vidctl.store import accounts, embedded
from vidctl.store.connection import connect

_NAME: Final = ".env"


@dataclass(frozen=True, slots=True)
class Found:
    """An installation as it is: its `.env`, what that says, and what the environment says besides."""

    dotenv: Path
    written: Mapping[str, str]
    outside: Mapping[str, str]
    channels: tuple[Channel, ...]
    has_channel_files: bool

    def get(self, name: str) -> str:
        """Return what is set, wherever; "" where nothing is."""
        return self.outside.get(name) or self.written.get(name) or ""

    @property
    def only_outside(self) -> dict[str, str]:
        """What the environment says of what jobs need, and `.env` does not."""
        return {
            name: self.outside[name] for name in sorted(READ) if self.outside.get(name) and not self.written.get(name)
        }

    @property
    def differs(self) -> list[str]:
        """What `.env` says otherwise than the environment does."""
        names = (name for name in sorted(READ) if self.outside.get(name) and self.written.get(name))
        return [name for name in names if self.written[name] != self.outside[name]]


def look() -> Found:
    """Return what is in the current folder, in VIDCTL_HOME, and in the environment.

    Raises:
        Misconfigured: a `.env` cannot be read, or the current folder is gone.
    """
    settings = load()
    here, there = Path(_NAME).absolute(), settings.home / _NAME
    at_home = {"VIDCTL_HOME": str(settings.home)} if os.environ.get("VIDCTL_HOME") else {}
    written = {**load(at_home).environment, "VIDCTL_HOME": load({}).environment.get("VIDCTL_HOME", "")}
    channels, has_files = _channels(settings)
    dotenv = there if there.is_file() and not here.is_file() else here
    return Found(dotenv, written, dict(os.environ), channels, has_files)


def _channels(settings: Settings) -> tuple[tuple[Channel, ...], bool]:
    try:
        files = channel_files.load(settings.channel_configs)
    except Misconfigured:
        return (), False
    return files.channels, bool(files.channels or files.problems)


def has_own_database(home: Path) -> bool:
    """Say whether the embedded server was started there before: then its films are there too."""
    return embedded.status(home).data.exists()


def has_tokens(dsn: str) -> bool:
    """Say whether tokens are sealed in a database: with a key that a new one would not replace."""
    with closing(connect(dsn, application_name="vidctl init")) as db:
        try:
            return any(account.token is not None for account in accounts.all_of(db))
        except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
            return False
