"""Databases, and the data sources in them."""

from typing import Any

from tests.fakes.notion import files, render, rich_text, schema
from tests.fakes.notion.call import Call
from tests.fakes.notion.errors import Json, invalid, invalid_body, only
from tests.fakes.notion.state import Database, DataSource, Page, View, new_id
from tests.fakes.notion.world import World

_LOOKS = ("title", "description", "icon", "cover", "in_trash", "is_inline", "is_locked")


def read(world: World, database: Database) -> Json:
    """Return a database object: it names its data sources, but has no properties itself."""
    sources = [world.nodes[one] for one in database.data_sources]
    return {
        "object": "database",
        "id": database.id,
        **render.stamps(database),
        "title": database.title,
        "description": database.description,
        "icon": render.picture(world, database.icon),
        "cover": render.picture(world, database.cover),
        "is_inline": database.is_inline,
        "is_locked": database.is_locked,
        "in_trash": database.in_trash,
        "url": render.url(database),
        "public_url": None,
        "parent": render.parent(world, database),
        "data_sources": [_brief(one) for one in sources if isinstance(one, DataSource) and not one.in_trash],
    }


def read_source(world: World, source: DataSource) -> Json:
    """Return a data source object, with its schema."""
    database = world.nodes[source.parent]
    return {
        "object": "data_source",
        "id": source.id,
        **render.stamps(source),
        "title": source.title,
        "description": source.description,
        "icon": render.picture(world, source.icon),
        "in_trash": source.in_trash,
        "url": render.url(source),
        "public_url": None,
        "cover": None,
        "parent": render.parent(world, source),
        "database_parent": render.parent(world, database),
        "properties": schema.read(source.properties),
    }


def create(call: Call) -> Json:
    """POST /databases."""
    world, body = call.world, call.body
    only(body, "parent", "title", "description", "is_inline", "initial_data_source", "icon", "cover")
    above = body.get("parent")
    if not isinstance(above, dict) or "page_id" not in above:
        raise invalid_body("body.parent", "an object with page_id", above)
    page = world.find(Page, "page", above["page_id"])
    first = body.get("initial_data_source")
    if not isinstance(first, dict):
        raise invalid_body("body.initial_data_source", "defined", "undefined")
    only(first, "properties", "title", "icon", where="body.initial_data_source")
    columns = schema.create(world, first.get("properties"))
    looks = {"title": [], **_looks(world, body)}
    database = make(world, page.id, columns, looks["title"], call.by)
    _apply(world, database, looks)
    return read(world, database)


def make(world: World, parent: str, columns: dict[str, Any], title: list[Json], by: str) -> Database:
    """Make a database with one data source and the table that Notion adds."""
    database = world.add(Database(id=new_id(), parent=parent, title=title, **world.stamps(by)))
    source = DataSource(id=new_id(), parent=database.id, title=title, properties=columns, **world.stamps(by))
    world.add(source)
    database.data_sources.append(source.id)
    stamps = world.stamps(by)
    view = View(id=new_id(), parent=database.id, data_source_id=source.id, name="Default view", type="table", **stamps)
    database.views[world.add(view).id] = view
    if isinstance(page := world.nodes.get(parent), Page):
        page.children.append(database.id)
    return database


def retrieve(call: Call, database_id: str) -> Json:
    """GET /databases/{id}."""
    return read(call.world, call.world.find(Database, "database", database_id))


def update(call: Call, database_id: str) -> Json:
    """PATCH /databases/{id}."""
    world, body = call.world, call.body
    only(body, "parent", *_LOOKS)
    if "parent" in body:
        raise invalid("This server does not move databases.")
    database = world.find(Database, "database", database_id)
    looks = _looks(world, body)
    with world.edit(database, call.by):
        _apply(world, database, looks)
        for one in database.data_sources:
            world.nodes[one].in_trash = database.in_trash
    return read(world, database)


def retrieve_source(call: Call, data_source_id: str) -> Json:
    """GET /data_sources/{id}."""
    return read_source(call.world, call.world.find(DataSource, "data_source", data_source_id))


def update_source(call: Call, data_source_id: str) -> Json:
    """PATCH /data_sources/{id}."""
    world, body = call.world, call.body
    only(body, "title", "icon", "properties", "in_trash")
    source = world.find(DataSource, "data_source", data_source_id)
    looks = _looks(world, body)
    columns = schema.change(world, source, body.get("properties", {}))
    with world.edit(source, call.by):
        source.properties = columns
        _apply(world, source, looks)
    return read_source(world, source)


def _brief(source: DataSource) -> Json:
    return {"id": source.id, "name": rich_text.plain(source.title)}


def _looks(world: World, body: Json) -> Json:
    looks: Json = {}
    for key in set(_LOOKS) & set(body):
        where = f"body.{key}"
        if key in ("title", "description"):
            looks[key] = rich_text.parse(body[key], where)
        elif key in ("icon", "cover"):
            looks[key] = render.parse_picture(world, body[key], where)
        else:
            looks[key] = render.flag(body[key], where)
    return looks


def _apply(world: World, node: Database | DataSource, looks: Json) -> None:
    for key, value in looks.items():
        files.attach(world, value)
        setattr(node, key, value)
