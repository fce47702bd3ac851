"""One database of Notion's: found, looked for where an answer was lost, made, and given what it lacks."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from vidctl.board.client import Json, Notion
from vidctl.board.errors import NotionUnavailable, NotionUnclear, NotShared
from vidctl.board.fields import Field
from vidctl.board.schema import Schema, schema_of
from vidctl.domain.channel import Channel
from vidctl.engine.setup.columns import additions, columns
from vidctl.errors import BadInput, NotFound

LOOK_AGAIN_S: Final = (1.0, 2.0, 4.0)
"""How long after an answer was lost it is looked for what may have been made."""

_OURS: Final = frozenset({Field.TITLE, Field.CHANNEL, Field.STATUS, Field.TOPIC, Field.STORY_DIRECTION})
"""A database with properties for these was made by us."""


@dataclass(frozen=True, slots=True)
class Database:
    """A database as Notion shows it, with the data source that holds its cards: the first one."""

    id: str
    title: str
    url: str
    parent_page: str | None
    """None where it does not stand on a page itself, but in a column of one for example."""
    source_id: str
    properties: Mapping[str, Any]
    sources: tuple[str, ...]
    """The names of all its data sources."""


def find(notion: Notion, id_: str) -> Database:
    """Return a database by its id, or by that of its data source, which people copy as easily.

    Raises:
        NotShared: the integration sees neither.
    """
    try:
        return _with_source(notion, notion.read("GET", f"databases/{id_}"))
    except NotShared as missing:
        try:
            parent = notion.read("GET", f"data_sources/{id_}").get("parent")
        except NotShared:
            raise missing from None
        return _with_source(notion, notion.read("GET", f"databases/{text_of(parent, 'database_id')}"))


def unseen(bot: str, id_: str) -> str:
    """Return what is wrong with a database that the integration does not see."""
    return f"Notion shows the integration {bot!r} no database {id_}: it is not shared with it, or the id is wrong"


def share(bot: str) -> str:
    """Return how a person shares a database with the integration."""
    return f"in Notion open the database as a full page, click ··· at the top right > Connections, and choose {bot}"


def require_page(notion: Notion, page_id: str, bot: str) -> None:
    """Make sure that a database can be made on a page.

    Raises:
        NotFound: the integration sees no such page.
        BadInput: it is a database.
    """
    try:
        notion.read("GET", f"pages/{page_id}")
    except NotShared as exc:
        if _is_database(notion, page_id):
            raise BadInput(f"{page_id} is a database, no page", hint=f"to complete it: --database {page_id}") from exc
        raise NotFound(
            f"Notion shows the integration {bot!r} no page {page_id}: it is not shared with it, or the id is wrong",
            hint=f"in Notion open the page, then ··· > Connections, and choose {bot}; or correct --parent",
        ) from exc


def look_for(notion: Notion, page_id: str, title: str) -> Database | None:
    """Return the database of this title that was made on a page before; None where there is none."""
    for answer in notion.pages("GET", f"blocks/{page_id}/children"):
        for block in filter(_is_object, answer["results"]):
            if text_of(block.get("child_database"), "title") == title and not block.get("in_trash"):
                found = _made_by_us(notion, text_of(block, "id"))
                if found is not None:
                    return found
    return None


def make(notion: Notion, page_id: str, title: str, channels: Sequence[Channel]) -> Database:
    """Make a database on a page; where nobody knows whether that was done, look for it.

    Raises:
        NotionUnclear: it was not found either. It is never made again by itself: the next run looks once more.
    """
    body = {
        "parent": {"type": "page_id", "page_id": page_id},
        "title": [{"type": "text", "text": {"content": title}}],
        "initial_data_source": {"properties": columns(channels)},
    }
    try:
        made = text_of(notion.write("POST", "databases", body=body), "id")
    except NotionUnclear as exc:
        made, lost = "", str(exc)
    else:
        lost = f"Notion does not show it ({made or 'without an id'})"
    with suppress(NotShared):
        if made:
            return find(notion, made)
    for wait_s in LOOK_AGAIN_S:
        time.sleep(wait_s)
        if (found := look_for(notion, page_id, title)) is not None:
            return found
    raise NotionUnclear(
        f"nobody knows whether the database was made: {lost}",
        hint="run the command again in a minute: it looks for the database before it makes one",
    )


def complete(
    notion: Notion, database: Database, before: Schema, channels: Sequence[Channel], *, formulas: bool
) -> Database:
    """Add the properties and options that a database lacks, formulas or all others; return it as it is then.

    Raises:
        NotionUnavailable: Notion says neither yes nor no.
        NotionRejected: it says no.
    """
    lost: NotionUnavailable | None = None
    for _ in LOOK_AGAIN_S:
        wanted = additions(database.properties, schema_of(database.properties, before), channels, formulas=formulas)
        if not wanted:
            return database
        try:
            notion.write("PATCH", f"data_sources/{database.source_id}", body={"properties": wanted})
        except NotionUnclear as exc:
            lost = exc
        database = find(notion, database.id)
    raise lost or NotionUnavailable(
        "Notion took the new properties and does not show them", hint="run the command again in a minute"
    )


def _made_by_us(notion: Notion, id_: str) -> Database | None:
    try:
        found = find(notion, id_)
    except NotShared:
        return None
    return found if schema_of(found.properties).keys() >= _OURS else None


def _is_database(notion: Notion, id_: str) -> bool:
    try:
        find(notion, id_)
    except NotShared:
        return False
    return True


def _with_source(notion: Notion, found: Json) -> Database:
    """Return a database with its properties.

    Raises:
        NotionUnavailable: what Notion answered is no database.
    """
    try:
        sources = found["data_sources"]
        source = notion.read("GET", f"data_sources/{sources[0]['id']}")
        return Database(
            id=str(found["id"]),
            title="".join(str(run["plain_text"]) for run in found["title"]),
            url=str(found.get("url") or ""),
            parent_page=found["parent"].get("page_id"),
            source_id=str(source["id"]),
            properties=dict(source["properties"]),
            sources=tuple(str(one.get("name") or "") for one in sources),
        )
    except (KeyError, IndexError, TypeError, AttributeError, ValueError) as exc:
        raise nonsense("database") from exc


def text_of(found: Any, name: str) -> str:
    """Return a text of an answer; "" where there is none."""
    value = found.get(name) if _is_object(found) else None
    return value if isinstance(value, str) else ""


def _is_object(found: Any) -> bool:
    return isinstance(found, dict)


def nonsense(what: str) -> NotionUnavailable:
    """Return the error for an answer that is something else than it should be."""
    return NotionUnavailable(f"Notion's answer is no {what}", hint="run the command again in a minute")
