"""Channels as their files described them last; a tick works from these rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import msgspec
from psycopg.rows import class_row

from vidctl.domain import channel as settings
from vidctl.domain.channel import Channel
from vidctl.errors import NotFound
from vidctl.store import Db

_PUT: Final = """
    with file as (
        select * from jsonb_to_recordset(%(files)s::jsonb) as file (
            channel_id text, channel_name text, is_active bool, board text, mode text, priority text,
            max_concurrent int, config jsonb)
    ), retired as (
        update channels set is_active = false, updated_at = now()
         where is_active and channel_id not in (select channel_id from file) and not channel_id = any(%(broken)s)
    )
    insert into channels as old (channel_id, channel_name, is_active, board, mode, priority, max_concurrent, config)
    select channel_id, channel_name, is_active, board, mode, priority, max_concurrent, config from file f
     where not exists (select from channels c where c.channel_id = f.channel_id
                          and c.config = f.config and c.is_active = f.is_active)
    on conflict (channel_id) do update
       set channel_name = excluded.channel_name, is_active = excluded.is_active, board = excluded.board,
           mode = excluded.mode, priority = excluded.priority, max_concurrent = excluded.max_concurrent,
           config = excluded.config, updated_at = now()
"""

_COLUMNS: Final = ("channel_id", "channel_name", "is_active", "board", "mode", "priority", "max_concurrent")


@dataclass(frozen=True, slots=True)
class Known:
    """What a step needs of a channel's row."""

    number: int
    is_active: bool
    max_concurrent: int
    config: str

    @property
    def channel(self) -> Channel:
        """The channel's settings."""
        return settings.from_json(self.config)


def put(db: Db, channels: Iterable[Channel], *, broken: Iterable[str] = ()) -> None:
    """Keep all channels as their files describe them now; nothing is written where nothing changed.

    A channel whose file is gone gets no more work; its films and their history stay. One whose file
    cannot be read (`broken`) stays as it was.
    """
    files = [{name: getattr(channel, name) for name in _COLUMNS} | {"config": channel} for channel in channels]
    db.execute(_PUT, {"files": msgspec.json.encode(files).decode(), "broken": list(broken)})


def on_boards(db: Db) -> list[Channel]:
    """Return the channels whose films are planned in Notion, as their files described them last.

    Those that rest by their files are among them; those whose files are gone are not.
    """
    rows = db.execute(
        """select config::text from channels
            where board = 'notion' and (is_active or config ->> 'is_active' = 'false') order by channel_id"""
    )
    return [settings.from_json(config) for (config,) in rows]


def known(db: Db, named: Iterable[str]) -> list[str]:
    """Return those of the channels that a file ever described."""
    rows = db.execute("select channel_id from channels where channel_id = any(%s)", (list(named),))
    return [channel_id for (channel_id,) in rows]


def any_known(db: Db) -> bool:
    """Say whether a file ever described a channel."""
    row = db.execute("select exists (select from channels)").fetchone()
    return bool(row and row[0])


def get(db: Db, channel_id: str) -> Known:
    """Return a channel.

    Raises:
        NotFound: no channel file ever described it.
    """
    with db.cursor(row_factory=class_row(Known)) as cursor:
        known = cursor.execute(
            "select number, is_active, max_concurrent, config::text as config from channels where channel_id = %s",
            (channel_id,),
        ).fetchone()
    if known is None:
        raise NotFound(f"there is no channel {channel_id!r}", hint="see: vidctl channel list")
    return known
