"""What every part of a sync works with: the database, Notion, the channels, and the clock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from vidctl.board.client import Notion
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


def schema_of(board: Board) -> Schema:
    """Return the schema that was kept of a board; {} where there is none."""
    return from_json(board.properties)
