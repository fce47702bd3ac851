"""Values in plain Python, as tests write and read them."""

from typing import Any

from tests.fakes.notion import rich_text, schema, times
from tests.fakes.notion.errors import Json
from tests.fakes.notion.state import Page, Property
from tests.fakes.notion.world import World


def written(column: Property, value: Any) -> Json:
    """Return the body that writes a plain value; lists are for multi_select, people, files, and texts run by run."""
    if column.type == "status" and column.named(str(value)) is None and value is not None:
        column.options.append(schema.new_option(value, None, "To-do"))  # a person can, in the user interface
    match column.type:
        case "title" | "rich_text" if isinstance(value, list):
            return {column.type: value}
        case "title" | "rich_text":
            return {column.type: [{"text": one["text"]} for one in rich_text.of(value or "")]}
        case "select" | "status":
            return {column.type: None if value is None else {"name": value}}
        case "multi_select":
            return {column.type: [{"name": name} for name in _several(value)]}
        case "people":
            return {column.type: [{"id": person} for person in _several(value)]}
        case "files":
            return {column.type: [{"name": url, "external": {"url": url}} for url in _several(value)]}
        case "date":
            return {column.type: None if value is None else {"start": value}}
        case "checkbox":
            return {column.type: bool(value)}
        case _:
            return {column.type: value}


def shown(world: World, page: Page, column: Property) -> Any:
    """Return a value in plain Python; several are joined by ", ", nothing is None."""
    stored = page.properties.get(column.id)
    match column.type:
        case "title" | "rich_text":
            return rich_text.plain(stored or []) or None
        case "select" | "status":
            return _name(column, stored)
        case "multi_select":
            return ", ".join(name for one in stored or [] if (name := _name(column, one))) or None
        case "people":
            return ", ".join(world.users[one].name for one in stored or []) or None
        case "files":
            return ", ".join(one["name"] for one in stored or []) or None
        case "date":
            return "/".join(at for at in (stored["start"], stored["end"]) if at) if stored else None
        case "checkbox":
            return bool(stored)
        case _:
            return _computed(page, column, stored)


def _computed(page: Page, column: Property, stored: Any) -> Any:
    known = {
        "created_time": times.stamp(page.created_at),
        "last_edited_time": times.stamp(page.edited_at),
        "created_by": page.created_by,
        "last_edited_by": page.edited_by,
    }
    return known.get(column.type, stored)


def _name(column: Property, option_id: Any) -> str | None:
    option = column.option(option_id)
    return option.name if option else None


def _several(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
