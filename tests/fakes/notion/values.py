"""Values of properties: what the API takes, what is stored, what it gives back.

Stored are ids where something has one (options, people, uploads), so that renaming changes no page.
"""

from collections.abc import Callable
from typing import Any

from tests.fakes.notion import files, rich_text, schema, times, users
from tests.fakes.notion.errors import Json, checked_url, invalid, invalid_body, limited
from tests.fakes.notion.state import DataSource, Option, Page, Property, find_property
from tests.fakes.notion.world import World

PAGE_COLUMNS = {"title": Property("title", "title", "title")}
"""What a page that is no row has."""
_MOST_PEOPLE = 25


def columns_of(world: World, page: Page) -> dict[str, Property]:
    """Return the properties that a page has."""
    source = world.source_of(page)
    return PAGE_COLUMNS if source is None else source.properties


def parse(world: World, columns: dict[str, Property], properties: object) -> list[tuple[Property, Any]]:
    """Check what a request wants to write, all of it, before anything is changed."""
    if not isinstance(properties, dict):
        raise invalid_body("body.properties", "an object", properties)
    return [_parsed(world, columns, key, value) for key, value in properties.items()]


def settle(world: World, page: Page, parsed: list[tuple[Property, Any]]) -> None:
    """Write checked values to a page; options that are new join their property."""
    for column, value in parsed:
        files.attach(world, value)
        if isinstance(value, list) and value and isinstance(value[0], Option):
            page.properties[column.id] = [_known(column, one) for one in value]
        else:
            page.properties[column.id] = _known(column, value) if isinstance(value, Option) else value


def read(world: World, page: Page, column: Property) -> Json:
    """Return one value as a page object shows it."""
    reader = _READERS.get(column.type)
    stored = page.properties.get(column.id)
    value = reader(world, page, column, stored) if reader else stored
    return {"id": column.public_id, "type": column.type, column.type: value}


def default(column: Property) -> Any:
    """Return what a new row has in a column that nobody filled in."""
    if column.type == "status":
        return next((one.id for group in schema.GROUPS for one in column.options if one.group == group), None)
    return {"checkbox": False}.get(column.type)


def named(columns: dict[str, Property], key: str) -> Property:
    """Return a property by its name or id."""
    column = find_property(columns.values(), key)
    if column is None:
        raise invalid(f"{key} is not a property that exists.")
    return column


def _parsed(world: World, columns: dict[str, Property], key: str, value: Any) -> tuple[Property, Any]:
    column = named(columns, key)
    if not isinstance(value, dict):
        raise invalid_body(f"body.properties.{key}", "an object", value)
    if column.type in schema.COMPUTED:
        raise invalid(f"{key} is a {column.type} property: it cannot be written.")
    if column.type not in value:
        raise invalid(f"{key} is expected to be {column.type}.")
    return column, _PARSERS[column.type](world, column, value[column.type], f"body.properties.{key}.{column.type}")


def _known(column: Property, chosen: Option) -> str:
    known = column.option(chosen.id) or column.named(chosen.name, any_case=True)
    if known is None:
        column.options.append(chosen)
        return chosen.id
    return known.id


def _parse_text(_world: World, _column: Property, value: Any, where: str) -> Any:
    return rich_text.parse(value, where)


def _parse_number(_world: World, _column: Property, value: Any, where: str) -> Any:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise invalid_body(where, "a number or null", value)
    return value


def _parse_checkbox(_world: World, _column: Property, value: Any, where: str) -> Any:
    if not isinstance(value, bool):
        raise invalid_body(where, "a boolean", value)
    return value


def _parse_url(_world: World, _column: Property, value: Any, where: str) -> Any:
    return None if value is None else checked_url(value, where)


def _parse_select(_world: World, column: Property, value: Any, where: str) -> Any:
    return None if value is None else _choice(column, value, where)


def _parse_choices(_world: World, column: Property, value: Any, where: str) -> Any:
    return [_choice(column, one, f"{where}[{index}]") for index, one in enumerate(limited(value, where))]


def _choice(column: Property, value: Any, where: str) -> Option:
    """Return the option that is meant; one that is not there yet is new, and nobody's until it is settled."""
    if not isinstance(value, dict) or not ({"name", "id"} & set(value)):
        raise invalid_body(where, "an object with a name or an id", value)
    known = column.option(value.get("id")) or column.named(str(value.get("name")), any_case=True)
    if known is None and "name" not in value:
        raise invalid(f"{column.name} has no option with the id {value['id']}.")
    return known or schema.new_option(value["name"], value.get("color"))


def _parse_status(_world: World, column: Property, value: Any, where: str) -> Any:
    if value is None:
        return default(column)
    if not isinstance(value, dict):
        raise invalid_body(where, "an object", value)
    known = column.option(value.get("id")) or column.named(str(value.get("name")))
    if known is None:
        name = value.get("name", value.get("id"))
        raise invalid(f'Invalid status option. Status option "{name}" does not exist.')
    return known.id


def _parse_date(_world: World, _column: Property, value: Any, where: str) -> Any:
    return times.parse_date(value, where)


def _parse_people(world: World, _column: Property, value: Any, where: str) -> Any:
    people = [one.get("id") if isinstance(one, dict) else None for one in limited(value, where)]
    for person in people:
        if person not in world.users:
            raise invalid(f"{where}: could not find user with ID: {person}.")
    return people


def _parse_files(world: World, _column: Property, value: Any, where: str) -> Any:
    return [files.parse(world, one, f"{where}[{index}]") for index, one in enumerate(limited(value, where))]


_Parser = Callable[[World, Property, Any, str], Any]
_PARSERS: dict[str, _Parser] = {
    "title": _parse_text,
    "rich_text": _parse_text,
    "number": _parse_number,
    "checkbox": _parse_checkbox,
    "url": _parse_url,
    "email": _parse_url,
    "phone_number": _parse_url,
    "select": _parse_select,
    "multi_select": _parse_choices,
    "status": _parse_status,
    "date": _parse_date,
    "people": _parse_people,
    "files": _parse_files,
}


def _read_text(_world: World, _page: Page, _column: Property, stored: Any) -> Any:
    return rich_text.truncated(stored or [])


def _read_option(_world: World, _page: Page, column: Property, stored: Any) -> Any:
    option = column.option(stored)
    return option and schema.read_option(option)


def _read_options(_world: World, _page: Page, column: Property, stored: Any) -> Any:
    found = [column.option(one) for one in stored or []]
    return [schema.read_option(one) for one in found if one]


def _read_people(world: World, _page: Page, _column: Property, stored: Any) -> Any:
    return [users.read(world, world.users[one]) for one in (stored or [])[:_MOST_PEOPLE]]


def _read_files(world: World, _page: Page, _column: Property, stored: Any) -> Any:
    return [files.read(world, one) for one in stored or []]


_Reader = Callable[[World, Page, Property, Any], Any]
_READERS: dict[str, _Reader] = {
    "title": _read_text,
    "rich_text": _read_text,
    "select": _read_option,
    "status": _read_option,
    "multi_select": _read_options,
    "people": _read_people,
    "files": _read_files,
    "checkbox": lambda _world, _page, _column, stored: bool(stored),
    "formula": lambda _world, _page, _column, _stored: {"type": "string", "string": None},
    "created_time": lambda _world, page, _column, _stored: times.stamp(page.created_at),
    "last_edited_time": lambda _world, page, _column, _stored: times.stamp(page.edited_at),
    "created_by": lambda _world, page, _column, _stored: {"object": "user", "id": page.created_by},
    "last_edited_by": lambda _world, page, _column, _stored: {"object": "user", "id": page.edited_by},
}


def new_row(source: DataSource) -> dict[str, Any]:
    """Return the values with which a row begins."""
    return {column.id: value for column in source.properties.values() if (value := default(column)) is not None}
