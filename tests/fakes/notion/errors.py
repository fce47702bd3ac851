"""The refusals of the API: one exception, which the server turns into Notion's error body."""

from typing import Any

Json = dict[str, Any]
"""A JSON object."""


class ApiError(Exception):
    """A request that is answered with an error body; nothing of it is saved."""

    def __init__(self, status: int, code: str, message: str, **additional_data: Any) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.additional_data = additional_data

    def body(self, request_id: str) -> Json:
        """Return the body that a client gets to see."""
        whole: Json = {"object": "error", "status": self.status, "code": self.code, "message": self.message}
        if self.additional_data:
            whole["additional_data"] = self.additional_data
        return whole | {"request_id": request_id}


def invalid(message: str) -> ApiError:
    """Return the refusal of a request whose content is wrong."""
    return ApiError(400, "validation_error", message)


def invalid_body(path: str, should: str, instead: object) -> ApiError:
    """Return the refusal of one member of a body; `path` is its place, as in `body.properties.Name`."""
    return invalid(f"body failed validation: {path} should be {should}, instead was `{instead}`.")


def not_found(what: str, object_id: str) -> ApiError:
    """Return the refusal of an object that is missing or not shared: nobody can tell which."""
    return ApiError(
        404,
        "object_not_found",
        f"Could not find {what} with ID: {object_id}."
        " Make sure the relevant pages and databases are shared with your integration.",
    )


def restricted() -> ApiError:
    """Return the refusal of what the integration has no capability for."""
    return ApiError(403, "restricted_resource", "Insufficient permissions for this endpoint.")


def only(body: Json, *known: str, where: str = "body") -> None:
    """Refuse members that the API does not know: a typing error must not pass unnoticed."""
    for name in body:
        if name not in known:
            raise invalid_body(f"{where}.{name}", "not present", body[name])


def limited(items: object, where: str, most: int = 100) -> list[Any]:
    """Return `items` if it is an array of at most `most` elements, the longest that one request may bring."""
    if not isinstance(items, list):
        raise invalid_body(where, "an array", items)
    if len(items) > most:
        raise invalid_body(f"{where}.length", f"≤ `{most}`", len(items))
    return items


def checked_url(url: object, where: str) -> str:
    """Return `url` if the API takes it: text of at most 2000 characters."""
    if not isinstance(url, str) or not url:
        raise invalid_body(where, "a string", url)
    if len(url) > 2000:  # Notion's own limit, used once
        raise invalid_body(f"{where}.length", "≤ `2000`", len(url))
    return url
