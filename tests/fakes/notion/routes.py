"""Which function answers which request, and what the integration must be allowed to do for it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.notion import blocks, comments, databases, pages, query, uploads, users, views
from tests.fakes.notion.errors import ApiError, Json

Handler = Callable[..., Json]

CAPABILITIES = frozenset(
    {
        *("read_content", "update_content", "insert_content", "read_comments", "insert_comments"),
        *("read_user", "read_user_email"),
    }
)


@dataclass(frozen=True)
class Route:
    """One endpoint. `needs` is a capability, or nothing."""

    method: str
    pattern: re.Pattern[str]
    handler: Handler
    needs: str | None


def _route(method: str, path: str, handler: Handler, needs: str | None = None) -> Route:
    pattern = "/v1" + path.replace("{}", "([^/]+)")
    return Route(method, re.compile(pattern), handler, needs)


_READ, _UPDATE, _INSERT = "read_content", "update_content", "insert_content"

ROUTES = (
    _route("GET", "/users/me", users.me),
    _route("GET", "/users", users.everyone, "read_user"),
    _route("GET", "/users/{}", users.retrieve, "read_user"),
    _route("POST", "/databases", databases.create, _INSERT),
    _route("GET", "/databases/{}", databases.retrieve, _READ),
    _route("PATCH", "/databases/{}", databases.update, _UPDATE),
    _route("GET", "/data_sources/{}", databases.retrieve_source, _READ),
    _route("PATCH", "/data_sources/{}", databases.update_source, _UPDATE),
    _route("POST", "/data_sources/{}/query", query.query, _READ),
    _route("POST", "/pages", pages.create, _INSERT),
    _route("GET", "/pages/{}", pages.retrieve, _READ),
    _route("PATCH", "/pages/{}", pages.update, _UPDATE),
    _route("GET", "/pages/{}/properties/{}", pages.property_item, _READ),
    _route("GET", "/blocks/{}", blocks.retrieve, _READ),
    _route("PATCH", "/blocks/{}", blocks.update, _UPDATE),
    _route("DELETE", "/blocks/{}", blocks.delete, _UPDATE),
    _route("GET", "/blocks/{}/children", blocks.children, _READ),
    _route("PATCH", "/blocks/{}/children", blocks.append, _INSERT),
    _route("POST", "/file_uploads", uploads.create, _INSERT),
    _route("GET", "/file_uploads", uploads.every, _READ),
    _route("GET", "/file_uploads/{}", uploads.retrieve, _READ),
    _route("POST", "/file_uploads/{}/send", uploads.send, _INSERT),
    _route("POST", "/file_uploads/{}/complete", uploads.complete, _INSERT),
    _route("GET", "/views", views.every, _READ),
    _route("POST", "/views", views.create, _INSERT),
    _route("GET", "/views/{}", views.retrieve, _READ),
    _route("PATCH", "/views/{}", views.update, _UPDATE),
    _route("DELETE", "/views/{}", views.delete, _UPDATE),
    _route("POST", "/comments", comments.create, "insert_comments"),
    _route("GET", "/comments", comments.every, "read_comments"),
)


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]]:
    """Return the endpoint of a request, and the parts of its path that vary.

    Raises:
        ApiError: there is none.
    """
    for route in ROUTES:
        if route.method == method and (found := route.pattern.fullmatch(path)):
            return route, found.groups()
    raise ApiError(400, "invalid_request_url", "Invalid request URL.")
