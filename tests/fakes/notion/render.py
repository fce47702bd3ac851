"""The parts that several objects of the API have in common."""

from typing import Any

from tests.fakes.notion import files, times
from tests.fakes.notion.errors import Json, invalid_body
from tests.fakes.notion.state import Block, Database, DataSource, Node
from tests.fakes.notion.world import World

_OTHER_ICONS = ("emoji", "custom_emoji", "icon")


def stamps(node: Node) -> Json:
    """Return who made and who last edited something, and when."""
    return {
        "created_time": times.stamp(node.created_at),
        "last_edited_time": times.stamp(node.edited_at),
        "created_by": {"object": "user", "id": node.created_by},
        "last_edited_by": {"object": "user", "id": node.edited_by},
    }


def parent(world: World, node: Node) -> Json:
    """Return what holds something."""
    match world.nodes.get(node.parent):
        case None:
            return {"type": "workspace", "workspace": True}
        case DataSource() as source:
            return {"type": "data_source_id", "data_source_id": source.id, "database_id": source.parent}
        case Database() as database:
            return {"type": "database_id", "database_id": database.id}
        case Block() as block:
            return {"type": "block_id", "block_id": block.id}
        case page:
            return {"type": "page_id", "page_id": page.id}


def url(node: Node) -> str:
    """Return the address at which a person would look at something."""
    return f"https://www.notion.so/{node.id.replace('-', '')}"


def picture(world: World, kept: Json | None) -> Json | None:
    """Return an icon or a cover as the API shows it."""
    if kept is None or "type" in kept:
        return kept
    return files.read(world, kept, with_name=False)


def parse_picture(world: World, value: Any, where: str) -> Json | None:
    """Return an icon or a cover as it is kept."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise invalid_body(where, "an object or null", value)
    kind = next((one for one in _OTHER_ICONS if one in value), None)
    if kind is not None:
        return {"type": kind, kind: value[kind]}
    return files.parse(world, value, where)


def flag(value: Any, where: str) -> bool:
    """Return a member that has to be true or false."""
    if not isinstance(value, bool):
        raise invalid_body(where, "a boolean", value)
    return value
