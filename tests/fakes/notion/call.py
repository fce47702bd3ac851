"""What a handler of the API gets to know about a request, and the lists that it answers with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.notion.errors import Json, invalid, invalid_body
from tests.fakes.notion.state import Page
from tests.fakes.notion.world import World

MOST_PER_PAGE = 100


@dataclass
class Form:
    """A multipart body: its plain fields, and its file."""

    fields: dict[str, str] = field(default_factory=dict)
    filename: str | None = None
    content_type: str | None = None
    content: bytes | None = None


@dataclass
class Stale:
    """What a stale read does not know yet."""

    hides_born_after: int | None = None
    """Pages made after this revision are not there; None shows them as they are."""


@dataclass
class Call:
    """One request that was let in. `by` is the user who makes it."""

    world: World
    by: str
    query: dict[str, list[str]] = field(default_factory=dict)
    body: Json = field(default_factory=dict)
    form: Form | None = None
    stale: Stale | None = None

    def seen(self, page: Page) -> Page | None:
        """Return a page as this request sees it: as it is, or as it was before its last change."""
        if self.stale is None:
            return page
        hidden_after = self.stale.hides_born_after
        if hidden_after is not None and page.born > hidden_after:
            return None
        return page.previous or page


def page_size(value: Any, where: str) -> int:
    """Return how many results a request wants, 1 to 100."""
    try:
        size = int(MOST_PER_PAGE if value is None else value)
    except (TypeError, ValueError):
        raise invalid_body(where, "a number", value) from None
    if not 1 <= size <= MOST_PER_PAGE:
        raise invalid_body(where, f"≥ `1` and ≤ `{MOST_PER_PAGE}`", size)
    return size


def listed(query: dict[str, list[str]], items: Sequence[Json], kind: str) -> Json:
    """Return the part of a list that the URL of a GET request asks for."""
    cursor = query.get("start_cursor", [None])[0]
    return portion(items, kind, cursor, page_size(query.get("page_size", [None])[0], "query.page_size"))


def portion(items: Sequence[Json], kind: str, cursor: str | None, size: int) -> Json:
    """Return a part of a list; a cursor is the id of the first item of the part."""
    start = start_of([item["id"] for item in items], cursor)
    part = list(items[start : start + size])
    following = items[start + size]["id"] if start + size < len(items) else None
    return {
        "object": "list",
        "results": part,
        "next_cursor": following,
        "has_more": following is not None,
        "type": kind,
        kind: {},
    }


def start_of(ids: Sequence[str], cursor: str | None) -> int:
    """Return where the part begins that a cursor points at."""
    if cursor is None:
        return 0
    try:
        return ids.index(cursor)
    except ValueError:
        raise invalid(f"The start_cursor provided is invalid: {cursor}") from None
