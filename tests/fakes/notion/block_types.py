"""What kinds of blocks there are, and what each may say."""

from typing import Any

from tests.fakes.notion import files, rich_text
from tests.fakes.notion.errors import Json, checked_url, invalid_body, limited, only
from tests.fakes.notion.world import World

_HEADINGS = ("heading_1", "heading_2", "heading_3", "heading_4")
_TEXTS = (
    *("paragraph", "bulleted_list_item", "numbered_list_item", "to_do", "toggle", "quote", "callout", "code"),
    *_HEADINGS,
)
_MEDIA = ("image", "video", "audio", "file", "pdf")
_LINKS = ("bookmark", "embed")
_BARE = ("divider", "breadcrumb", "table_of_contents", "column_list", "column")
_OTHER = ("equation", "table", "table_row")
TYPES = (*_TEXTS, *_MEDIA, *_LINKS, *_BARE, *_OTHER)
_MAY_HOLD = {*_TEXTS, "table", "column_list", "column"} - {"code"}
_DEFAULTS: dict[str, Json] = {
    "to_do": {"checked": False},
    "callout": {"icon": None},
    "code": {"language": "plain text", "caption": []},
    **{heading: {"is_toggleable": False} for heading in _HEADINGS},
}
_SIMPLE = ("color", "icon", "checked", "is_toggleable", "language", "width_ratio", "list_start_index", "list_format")


def type_of(given: Any, where: str) -> str:
    """Return the type of a block in a request."""
    if not isinstance(given, dict):
        raise invalid_body(where, "an object", given)
    only(given, "object", "type", *TYPES, where=where)
    named = [key for key in given if key in TYPES]
    if len(named) != 1 or given.get("type", named[0]) != named[0]:
        raise invalid_body(where, "one type of block", sorted(given))
    return str(named[0])


def children_of(kind: str, details: Json, where: str) -> list[Any]:
    """Return what stands inside a block of a request."""
    children = details.get("children") or []
    if children and kind not in _MAY_HOLD:
        raise invalid_body(f"{where}.{kind}.children", "not present", children)
    return limited(children, f"{where}.{kind}.children")


def parse(world: World, kind: str, details: Any, where: str) -> Json:
    """Return the content of a block as it is kept, without what stands inside it."""
    if not isinstance(details, dict):
        raise invalid_body(where, "an object", details)
    if kind in _MEDIA:
        return files.parse(world, details, where)
    if kind in _LINKS:
        return {"url": checked_url(details.get("url"), f"{where}.url"), "caption": _text(details, "caption", where)}
    if kind in _TEXTS:
        return _parse_text(kind, details, where)
    if kind == "table_row":
        rows = limited(details.get("cells"), f"{where}.cells")
        return {"cells": [rich_text.parse(cell, f"{where}.cells[{at}]") for at, cell in enumerate(rows)]}
    return {key: value for key, value in details.items() if key != "children"}


def update(world: World, kind: str, kept: Json, details: Any, where: str) -> Json:
    """Return the content of a block after a change; what a request does not name stays."""
    if not isinstance(details, dict):
        raise invalid_body(where, "an object", details)
    if "children" in details:
        raise invalid_body(f"{where}.children", "not present", details["children"])
    if kind in _MEDIA:
        caption = {"caption": _text(details, "caption", where)} if "caption" in details else {}
        new = set(details) & {"file_upload", "external", "file"}
        return (files.parse(world, details, where) if new else kept) | caption
    if kind in _TEXTS:
        return _parse_text(kind, {"rich_text": kept["rich_text"], **kept, **details}, where)
    return kept | parse(world, kind, kept | details, where)


def read(world: World, kind: str, kept: Json) -> Json:
    """Return the content of a block as the API shows it."""
    return {"caption": [], **files.read(world, kept, with_name=kind == "file")} if kind in _MEDIA else kept


def _parse_text(kind: str, details: Json, where: str) -> Json:
    only(details, "rich_text", "children", "caption", *_SIMPLE, where=where)
    said = rich_text.parse(details.get("rich_text"), f"{where}.rich_text")
    content: Json = {"rich_text": said, "color": "default", **_DEFAULTS.get(kind, {})}
    if "caption" in details:
        content["caption"] = _text(details, "caption", where)
    return content | {key: details[key] for key in _SIMPLE if key in details}


def _text(details: Json, key: str, where: str) -> list[Json]:
    return rich_text.parse(details.get(key) or [], f"{where}.{key}")
