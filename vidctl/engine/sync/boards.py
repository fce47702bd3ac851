"""The databases that channels keep their cards in: where they are, and which property is which field."""

from collections.abc import Iterable, Sequence

from vidctl.board.client import Json
from vidctl.board.errors import NotionUnavailable, NotShared, names_a_page
from vidctl.board.schema import schema_of, to_json
from vidctl.domain.channel import Channel
from vidctl.domain.notion_id import notion_id
from vidctl.engine.sync.desk import Desk, OpenBoard
from vidctl.engine.sync.desk import schema_of as kept_schema
from vidctl.errors import Misconfigured, VidctlError
from vidctl.store import boards
from vidctl.store.boards import Board


def on_notion(channels: Sequence[Channel]) -> dict[str, list[Channel]]:
    """Return the channels whose board is Notion, by their database; each database once."""
    found: dict[str, list[Channel]] = {}
    for channel in channels:
        if channel.board == "notion" and channel.notion_database_id:
            found.setdefault(notion_id(channel.notion_database_id), []).append(channel)
    return found


def opened(
    desk: Desk, row: Board, channels: Sequence[Channel], resting: Sequence[Channel] = (), *, anew: bool = False
) -> OpenBoard:
    """Return a board that can be read; Notion is asked what it looks like the first time, and when `anew`.

    So it is asked who the integration is: another may have taken its place, whose writes are ours as well.

    Raises:
        NotShared, Misconfigured: the id is no database that the integration may see, or it lacks a property.
        NotionUnavailable: Notion does not answer.
    """
    by_id, by_id_resting = ({channel.channel_id: channel for channel in some} for some in (channels, resting))
    if row.data_source_id is not None and row.properties and not anew:
        return OpenBoard(row, row.data_source_id, kept_schema(row), row.bot_id, by_id, by_id_resting)
    try:
        source = data_source(desk, row.database_id)
    except NotShared as unseen:
        raise _unseen(desk, row.database_id, by_id) from unseen
    properties = source.get("properties")
    if not isinstance(properties, dict):
        raise NotionUnavailable("Notion's answer is no data source", hint="the next tick tries again")
    schema = schema_of(properties, kept_schema(row))
    missing = [name for name in ("title", "status") if name not in schema]
    if missing:
        raise Misconfigured(
            f"the Notion database {row.database_id} has no property for {' and '.join(missing)}",
            hint="vidctl notion setup adds what is missing; vidctl notion check says what is wrong",
        )
    bot_id = str(desk.notion.me().get("id") or "") or row.bot_id
    if not desk.dry_run:
        boards.describe(
            desk.db, row.database_id, data_source_id=str(source["id"]), properties=to_json(schema), bot_id=bot_id
        )
    return OpenBoard(row, str(source["id"]), schema, bot_id, by_id, by_id_resting)


def _unseen(desk: Desk, database_id: str, channel_ids: Iterable[str]) -> VidctlError:
    """Return what is wrong with a database that the integration does not see, and in which channels' files."""
    files = " and ".join(f"{channel_id}.yaml" for channel_id in channel_ids)
    if desk.notion.sees(f"pages/{database_id}"):
        return names_a_page(files, database_id)
    return NotShared(
        f"notion_database_id in {files}: Notion shows the integration no database {database_id}",
        hint="in Notion open it as a full page, then ··· > Connections, and add the integration; or correct the id",
    )


def data_source(desk: Desk, id_: str) -> Json:
    """Return the data source of a database; people copy the one's id as easily as the other's.

    Raises:
        NotShared: the integration sees neither.
    """
    try:
        sources = desk.notion.read("GET", f"databases/{id_}").get("data_sources")
    except NotShared:
        return desk.notion.read("GET", f"data_sources/{id_}")
    if not isinstance(sources, list) or not sources:
        raise NotionUnavailable(f"Notion names no data source of the database {id_}", hint="the next tick tries again")
    return desk.notion.read("GET", f"data_sources/{sources[0]['id']}")
