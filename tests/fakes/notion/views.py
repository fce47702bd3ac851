"""Views of a database."""

from typing import Any
from urllib.parse import unquote

from tests.fakes.notion import filters, query, render
from tests.fakes.notion.call import Call, listed
from tests.fakes.notion.errors import Json, invalid, invalid_body, limited, not_found, only
from tests.fakes.notion.state import Database, DataSource, Property, View, new_id, normal_id
from tests.fakes.notion.world import World

TYPES = ("table", "board", "list", "calendar", "timeline", "gallery", "form", "chart", "map", "dashboard")
_SETTINGS = ("filter", "sorts", "quick_filters", "configuration")


def read(world: World, view: View) -> Json:
    """Return a view object."""
    return {
        "object": "view",
        "id": view.id,
        "parent": render.parent(world, view),
        "data_source_id": view.data_source_id,
        "name": view.name,
        "type": view.type,
        **render.stamps(view),
        "url": f"https://www.notion.so/{view.parent.replace('-', '')}?v={view.id.replace('-', '')}",
        **{key: view.settings.get(key) for key in _SETTINGS},
    }


def every(call: Call) -> Json:
    """GET /views: references, no whole views."""
    query_of = {key: call.query.get(key, [None])[0] for key in ("database_id", "data_source_id")}
    if query_of["data_source_id"] is not None:
        source = call.world.find(DataSource, "data_source", query_of["data_source_id"])
        views = [one for one in _database(call.world, source).views.values() if one.data_source_id == source.id]
    elif query_of["database_id"] is not None:
        views = list(call.world.find(Database, "database", query_of["database_id"]).views.values())
    else:
        raise invalid("query failed validation: database_id or data_source_id should be defined.")
    return listed(call.query, [{"object": "view", "id": one.id} for one in views], "view")


def create(call: Call) -> Json:
    """POST /views."""
    world, body = call.world, call.body
    only(body, "data_source_id", "database_id", "name", "type", "position", *_SETTINGS)
    source = world.find(DataSource, "data_source", body.get("data_source_id", ""))
    database = world.find(Database, "database", body.get("database_id", ""))
    if source.parent != database.id:
        raise not_found("data_source", source.id)
    kind = body.get("type")
    if kind not in TYPES:
        raise invalid_body("body.type", " or ".join(f'"{one}"' for one in TYPES), kind)
    settings = _settings(call, source, str(kind))
    made = View(
        id=new_id(),
        parent=database.id,
        data_source_id=source.id,
        name=_name(body),
        type=str(kind),
        settings=settings,
        **world.stamps(call.by),
    )
    order = _order(database, made.id, body.get("position") or {"type": "end"})
    world.add(made)
    database.views = {one: database.views.get(one, made) for one in order}
    return read(world, made)


def retrieve(call: Call, view_id: str) -> Json:
    """GET /views/{id}."""
    return read(call.world, call.world.find(View, "view", view_id))


def update(call: Call, view_id: str) -> Json:
    """PATCH /views/{id}; what is not named stays, null clears."""
    only(call.body, "name", *_SETTINGS)
    view = call.world.find(View, "view", view_id)
    source = call.world.find(DataSource, "data_source", view.data_source_id)
    settings = _settings(call, source, view.type)
    name = _name(call.body) if "name" in call.body else view.name
    with call.world.edit(view, call.by):
        view.name, view.settings = name, view.settings | settings
    return read(call.world, view)


def delete(call: Call, view_id: str) -> Json:
    """DELETE /views/{id}; the last one stays."""
    view = call.world.find(View, "view", view_id)
    database = call.world.find(Database, "database", view.parent)
    if len(database.views) == 1:
        raise invalid("Cannot delete the last view of a database.")
    with call.world.edit(view, call.by):
        del database.views[view.id], call.world.nodes[view.id]
    return {"object": "view", "id": view.id, "parent": render.parent(call.world, view), "type": view.type}


def _database(world: World, source: DataSource) -> Database:
    return world.find(Database, "database", source.parent)


def _name(body: Json) -> str:
    name = body.get("name")
    if not isinstance(name, str) or not name:
        raise invalid_body("body.name", "a non-empty string", name)
    return name


def _settings(call: Call, source: DataSource, kind: str) -> Json:
    body = call.body
    settings = {key: body[key] for key in _SETTINGS if key in body}
    if body.get("filter") is not None:
        filters.compiled(body["filter"], source, call.world.minute())
    if body.get("sorts") is not None:
        query.ordering(body["sorts"], source)
    if body.get("configuration") is not None:
        _check_configuration(body["configuration"], source, kind)
    return settings


def _check_configuration(configuration: Any, source: DataSource, kind: str) -> None:
    where = "body.configuration"
    if not isinstance(configuration, dict):
        raise invalid_body(where, "an object", configuration)
    if configuration.get("type") != kind:
        raise invalid_body(f"{where}.type", f'"{kind}"', configuration.get("type"))
    if (group_by := configuration.get("group_by")) is not None:
        _check_group(group_by, source, f"{where}.group_by")
    for index, shown in enumerate(limited(configuration.get("properties") or [], f"{where}.properties")):
        _column(shown, source, f"{where}.properties[{index}]")


def _check_group(group_by: Any, source: DataSource, where: str) -> None:
    column = _column(group_by, source, where)
    if group_by.get("type") != column.type:
        raise invalid_body(f"{where}.type", f'"{column.type}"', group_by.get("type"))
    if column.type == "status" and group_by.get("group_by") not in ("option", "group"):
        raise invalid_body(f"{where}.group_by", '"option" or "group"', group_by.get("group_by"))


def _column(named: Any, source: DataSource, where: str) -> Property:
    if not isinstance(named, dict):
        raise invalid_body(where, "an object", named)
    column = source.properties.get(unquote(str(named.get("property_id"))))
    if column is None:
        raise invalid_body(f"{where}.property_id", "the id of a property", named.get("property_id"))
    return column


def _order(database: Database, new: str, position: Any) -> list[str]:
    """Return the ids of a database's views with a new one among them."""
    order = list(database.views)
    match position:
        case {"type": "start"}:
            return [new, *order]
        case {"type": "end"}:
            return [*order, new]
        case {"type": "after_view", "after_view": {"id": after}} if normal_id(after, "view_id") in order:
            at = order.index(normal_id(after, "view_id")) + 1
            return [*order[:at], new, *order[at:]]
        case _:
            raise invalid_body("body.position", '"start", "end" or "after_view" with the id of a view', position)
