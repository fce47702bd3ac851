"""POST /data_sources/{id}/query."""

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from tests.fakes.notion import filters, pages, rich_text, times
from tests.fakes.notion.call import Call, page_size, start_of
from tests.fakes.notion.errors import Json, invalid, invalid_body, limited, not_found, only
from tests.fakes.notion.render import flag
from tests.fakes.notion.state import DataSource, Page, Property

_Key = Callable[[Page], Any]


def query(call: Call, data_source_id: str) -> Json:
    """Return one part of the rows that a filter lets through."""
    body, world = call.body, call.world
    only(body, "filter", "sorts", "start_cursor", "page_size", "result_type", "is_archived", "in_trash")
    if body.get("result_type", "page") not in ("page", "data_source"):
        raise invalid_body("body.result_type", '"page" or "data_source"', body["result_type"])
    source = world.find(DataSource, "data_source", data_source_id)
    if source.in_trash:
        raise not_found("data_source", data_source_id)
    keep = filters.compiled(body.get("filter"), source, world.minute())
    order = ordering(body.get("sorts") or [], source)
    size, wanted = page_size(body.get("page_size"), "body.page_size"), pages.wanted(call.query)
    found = order([page for page in _rows(call, source) if keep(page)])
    part, answer = _portion(found, body.get("start_cursor"), size, world.query_limit)
    return answer | {"results": [pages.read(world, page, wanted) for page in part]}


def ordering(sorts: Any, source: DataSource) -> Callable[[list[Page]], list[Page]]:
    """Return what puts rows in order: as `sorts` says, and where that says nothing, in an order of no meaning."""
    keys = [_sort(one, source, f"body.sorts[{index}]") for index, one in enumerate(limited(sorts, "body.sorts"))]

    def ordered(rows: list[Page]) -> list[Page]:
        rows = sorted(rows, key=lambda page: page.id)
        for key, descending in reversed(keys):
            cells = [(key(page), page) for page in rows]
            filled = [cell for cell in cells if cell[0] is not None]
            filled.sort(key=itemgetter(0), reverse=descending)
            rows = [page for _, page in filled] + [page for cell, page in cells if cell is None]
        return rows

    return ordered


def _rows(call: Call, source: DataSource) -> list[Page]:
    if call.body.get("result_type") == "data_source":
        return []
    trashed = flag(call.body.get("in_trash", False), "body.in_trash")
    archived = flag(call.body.get("is_archived", False), "body.is_archived")
    seen = [call.seen(page) for page in source.rows.values() if call.world.shared.get(page.id, True)]
    return [page for page in seen if page and page.in_trash is trashed and page.is_archived is archived]


def _portion(found: list[Page], cursor: Any, size: int, most: int) -> tuple[list[Page], Json]:
    capped = len(found) > most
    found = found[:most]
    start = start_of([page.id for page in found], cursor)
    following = found[start + size].id if start + size < len(found) else None
    status: Json = {"type": "complete"}
    if capped and following is None:
        status = {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}
    answer = {
        "object": "list",
        "type": "page_or_data_source",
        "page_or_data_source": {},
        "next_cursor": following,
        "has_more": following is not None,
        "request_status": status,
    }
    return found[start : start + size], answer


def _sort(given: Any, source: DataSource, where: str) -> tuple[_Key, bool]:
    if not isinstance(given, dict):
        raise invalid_body(where, "an object", given)
    only(given, "property", "timestamp", "direction", where=where)
    if given.get("direction") not in ("ascending", "descending"):
        raise invalid_body(f"{where}.direction", '"ascending" or "descending"', given.get("direction"))
    descending = given["direction"] == "descending"
    if "timestamp" in given:
        return _timestamp(given["timestamp"], f"{where}.timestamp"), descending
    column = source.property(str(given.get("property")))
    if column is None:
        raise invalid(f"Could not find sort property with name or id: {given.get('property')}")
    return _key(column), descending


def _timestamp(name: object, where: str) -> _Key:
    if name == "created_time":
        return lambda page: page.created_at
    if name == "last_edited_time":
        return lambda page: page.edited_at
    raise invalid_body(where, '"created_time" or "last_edited_time"', name)


def _key(column: Property) -> _Key:
    """Return what a column is sorted by; None for an empty cell, which comes last either way."""
    if column.type in ("created_time", "last_edited_time"):
        return _timestamp(column.type, "")

    def key(page: Page) -> Any:
        stored = page.properties.get(column.id)
        match column.type:
            case "title" | "rich_text":
                return rich_text.plain(stored or []).casefold() or None
            case "select" | "status":
                return next((at for at, one in enumerate(column.options) if one.id == stored), None)
            case "date":
                return times.moment(stored["start"], column.name) if stored else None
            case "number" | "url" | "email" | "phone_number":
                return stored
            case "checkbox":
                return bool(stored)
            case _:
                return str(stored) if stored else None

    return key
