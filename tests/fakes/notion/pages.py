"""Pages: made, read and changed."""

from tests.fakes.notion import blocks, files, render, rich_text, users, values
from tests.fakes.notion.call import Call, page_size, start_of
from tests.fakes.notion.errors import Json, invalid, invalid_body, not_found, only
from tests.fakes.notion.state import DataSource, Node, Page, Property, find_property, new_id
from tests.fakes.notion.world import World

LISTED = ("title", "rich_text", "people")
"""Types of property that are read item by item."""


def read(world: World, page: Page, wanted: list[str] | None = None) -> Json:
    """Return a page object; `wanted` leaves out all other properties."""
    columns = values.columns_of(world, page)
    chosen = columns.values() if wanted is None else [_named(columns, key) for key in wanted]
    return {
        "object": "page",
        "id": page.id,
        **render.stamps(page),
        "in_trash": page.in_trash,
        "is_archived": page.is_archived,
        "is_locked": page.is_locked,
        "url": render.url(page),
        "public_url": None,
        "icon": render.picture(world, page.icon),
        "cover": render.picture(world, page.cover),
        "parent": render.parent(world, page),
        "properties": {column.name: values.read(world, page, column) for column in chosen},
    }


def wanted(query: dict[str, list[str]]) -> list[str] | None:
    """Return the properties that the URL asks for, None for all of them."""
    return query.get("filter_properties[]") or query.get("filter_properties")


def create(call: Call) -> Json:
    """POST /pages."""
    body, world = call.body, call.world
    only(body, "parent", "properties", "icon", "cover", "children", "position")
    above = _parent(call)
    columns = above.properties if isinstance(above, DataSource) else values.PAGE_COLUMNS
    parsed = values.parse(world, columns, body.get("properties", {}))
    looks = _looks(world, body)
    content = blocks.parse_children(world, body.get("children", []), "body.children")
    page = world.add(Page(id=new_id(), parent=above.id, **world.stamps(call.by)))
    if isinstance(above, DataSource):
        page.properties = values.new_row(above)
    elif isinstance(above, Page):
        above.children.append(page.id)
    values.settle(world, page, parsed)
    _apply(world, page, looks)
    blocks.place(world, page, content, call.by)
    return read(world, page)


def retrieve(call: Call, page_id: str) -> Json:
    """GET /pages/{id}."""
    return read(call.world, _seen(call, page_id), wanted(call.query))


def update(call: Call, page_id: str) -> Json:
    """PATCH /pages/{id}."""
    body, world = call.body, call.world
    only(body, "properties", "icon", "cover", "in_trash", "is_locked")
    page = world.find(Page, "page", page_id)
    looks = _looks(world, body)
    if page.in_trash and looks.get("in_trash") is not False:
        raise invalid("Can't edit block that is in the trash. You must restore the block before editing.")
    parsed = values.parse(world, values.columns_of(world, page), body.get("properties", {}))
    with world.edit(page, call.by):
        values.settle(world, page, parsed)
        _apply(world, page, looks)
    return read(world, page)


def property_item(call: Call, page_id: str, property_id: str) -> Json:
    """GET /pages/{id}/properties/{property_id}: all of a value, however long it is."""
    page = _seen(call, page_id)
    column = find_property(values.columns_of(call.world, page).values(), property_id)
    if column is None:
        raise not_found("property", property_id)
    if column.type not in LISTED:
        return {"object": "property_item"} | values.read(call.world, page, column)
    return _items(call, page, column)


def _items(call: Call, page: Page, column: Property) -> Json:
    kept = page.properties.get(column.id) or []
    keys = [str(index) for index in range(len(kept))]
    size = page_size(call.query.get("page_size", [None])[0], "query.page_size")
    start = start_of(keys, call.query.get("start_cursor", [None])[0])
    shown = [users.read(call.world, call.world.users[one]) if column.type == "people" else one for one in kept]
    head = {"object": "property_item", "id": column.public_id, "type": column.type}
    following = str(start + size) if start + size < len(kept) else None
    here = f"{call.world.base_url}/v1/pages/{page.id}/properties/{column.public_id}"
    return {
        "object": "list",
        "results": [head | {column.type: one} for one in shown[start : start + size]],
        "next_cursor": following,
        "has_more": following is not None,
        "type": "property_item",
        "property_item": {
            "id": column.public_id,
            "next_url": following and f"{here}?start_cursor={following}",
            "type": column.type,
            column.type: {},
        },
    }


def _seen(call: Call, page_id: str) -> Page:
    page = call.seen(call.world.find(Page, "page", page_id))
    if page is None:
        raise not_found("page", page_id)
    return page


def _named(columns: dict[str, Property], key: str) -> Property:
    column = find_property(columns.values(), key)
    if column is None:
        raise invalid(f"Could not find property with name or id: {key}")
    return column


def _parent(call: Call) -> Node:
    above = call.body.get("parent")
    if not isinstance(above, dict):
        raise invalid_body("body.parent", "defined", "undefined")
    if "data_source_id" in above:
        source = call.world.find(DataSource, "data_source", above["data_source_id"])
        if source.in_trash:
            raise not_found("data_source", source.id)
        return source
    if "page_id" in above:
        return call.world.find(Page, "page", above["page_id"])
    raise invalid_body("body.parent", "an object with data_source_id or page_id", above)


def _looks(world: World, body: Json) -> Json:
    """Return what a request says about a page besides its properties, checked."""
    looks: Json = {key: render.flag(body[key], f"body.{key}") for key in ("in_trash", "is_locked") if key in body}
    for key in ("icon", "cover"):
        if key in body:
            looks[key] = render.parse_picture(world, body[key], f"body.{key}")
    return looks


def _apply(world: World, page: Page, looks: Json) -> None:
    for key, value in looks.items():
        files.attach(world, value)
        setattr(page, key, value)


def title(world: World, page: Page) -> str:
    """Return a page's title as plain text."""
    column = next(one for one in values.columns_of(world, page).values() if one.type == "title")
    return rich_text.plain(page.properties.get(column.id) or [])
