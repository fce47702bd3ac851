"""What every part of a sync works with: the database, Notion, the channels, and the clock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from vidctl.board.channels import Unknown, channel_of
from vidctl.board.client import Notion
from vidctl.board.fields import Field
from vidctl.board.schema import Schema, from_json
from vidctl.domain.channel import Channel
from vidctl.store import Db
from vidctl.store.boards import Board


@dataclass(frozen=True, slots=True)
class Desk:
    """One sync of the boards of some channels."""

    db: Db
    notion: Notion
    channels: Sequence[Channel]
    clock: Callable[[], datetime]
    home: Path
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class OpenBoard:
    """One database that can be read, and the channels whose cards are in it."""

    row: Board
    data_source_id: str
    schema: Schema
    bot_id: str | None
    channels: Mapping[str, Channel] = field(default_factory=dict)
    resting: Mapping[str, Channel] = field(default_factory=dict)
    """The channels that have cards there too, as they were before their files were broken."""

    @property
    def database_id(self) -> str:
        """The id that channel files name it with."""
        return self.row.database_id

    def called(self, name: Field, value: str) -> str:
        """Return what the board calls an option now: people may have renamed it."""
        return self.schema[name].name_of(value) if name in self.schema else value

    def channel_of(self, said: str) -> Channel | Unknown:
        """Return the channel that a card names with an option, whatever that is or was called."""
        kept = self.schema.get(Field.CHANNEL)
        names = kept.also(said) if kept is not None else [said]
        return channel_of(names, self.channels, self.resting, called=partial(self.called, Field.CHANNEL))


def schema_of(board: Board) -> Schema:
    """Return the schema that was kept of a board; {} where there is none."""
    return from_json(board.properties)
