"""One request's way into the world: who asks, in which version, may they, does the body parse; then the handler."""

import json
from typing import Any
from urllib.parse import unquote

from tests.fakes.notion import files, multipart, routes
from tests.fakes.notion.call import Call, Form, Stale
from tests.fakes.notion.errors import ApiError, Json, invalid, restricted
from tests.fakes.notion.state import new_id
from tests.fakes.notion.world import World
from tests.fakes.wire.server import Answer
from tests.fakes.wire.server import Call as Incoming

VERSION = "2026-03-11"
_MOST_BYTES = 500 * 1024
_JSON = "application/json; charset=utf-8"


class Api:
    """The public API of a world, for one integration."""

    def __init__(self, world: World, token: str, bot_id: str) -> None:
        self._world, self._token, self._bot_id = world, token, bot_id

    def answer(self, incoming: Incoming, stale: Stale | None = None) -> tuple[Answer, bool]:
        """Return the answer to a request, and whether it changed anything."""
        with self._world.lock:
            before = self._world.revision
            if incoming.method == "GET" and incoming.path.startswith(files.PREFIX):
                return self._download(incoming), False
            try:
                body = self._handled(incoming, stale) | {"request_id": new_id()}
            except ApiError as refusal:
                return refused(refusal), False
            return Answer(200, as_json(body), _JSON), self._world.revision > before

    def _handled(self, incoming: Incoming, stale: Stale | None) -> Json:
        route, parts = routes.find(incoming.method, incoming.path)
        self._admit(incoming, route)
        call = Call(self._world, self._bot_id, incoming.query, stale=stale)
        if incoming.path.endswith("/send"):
            call.form = multipart.parse(incoming.headers.get("content-type", ""), incoming.content)
        else:
            call.body = _body(incoming)
        return route.handler(call, *map(unquote, parts))

    def _admit(self, incoming: Incoming, route: routes.Route) -> None:
        if incoming.headers.get("authorization") != f"Bearer {self._token}":
            raise ApiError(401, "unauthorized", "API token is invalid.")
        check_version(incoming.headers.get("notion-version"))
        if route.needs is not None and route.needs not in self._world.capabilities:
            raise restricted()

    def _download(self, incoming: Incoming) -> Answer:
        query = "&".join(f"{key}={value}" for key, values in incoming.query.items() for value in values)
        upload = files.behind(self._world, f"{incoming.path}?{query}")
        if upload is None or upload.content is None:
            return Answer(403, b"<Error><Code>AccessDenied</Code></Error>", "application/xml")
        return Answer(200, upload.content, upload.content_type or "application/octet-stream")


def check_version(version: str | None) -> None:
    """Refuse a request without the version that this server speaks."""
    if version is None:
        message = "Notion-Version header failed validation: Notion-Version header should be defined, instead was"
        raise ApiError(400, "missing_version", f"{message} `undefined`.")
    if version != VERSION:
        raise invalid(f"Notion-Version header failed validation: this server speaks {VERSION} only, not {version}.")


def refused(refusal: ApiError) -> Answer:
    """Return an error as an answer."""
    headers = {}
    if (wait := refusal.additional_data.get("retry_after")) is not None:
        headers["Retry-After"] = str(wait)
    return Answer(refusal.status, as_json(refusal.body(new_id())), _JSON, headers)


def as_json(body: Any) -> bytes:
    """Return a document as it goes over the wire."""
    return json.dumps(body, separators=(",", ":")).encode()


def body_of(incoming: Incoming) -> Any:
    """Return the body for the record: parsed if it is JSON, of a form only its fields."""
    kind = incoming.headers.get("content-type", "")
    if not incoming.content:
        return None
    try:
        if "multipart/form-data" in kind:
            return _recorded(multipart.parse(kind, incoming.content))
        return json.loads(incoming.content)
    except (ValueError, ApiError):
        return incoming.content.decode("utf-8", "replace")


def _recorded(form: Form) -> Json:
    return {**form.fields, "file": {"filename": form.filename, "bytes": len(form.content or b"")}}


def _body(incoming: Incoming) -> Json:
    if not incoming.content:
        return {}
    if len(incoming.content) > _MOST_BYTES:
        raise invalid(f"body failed validation: body is too large: {len(incoming.content)} bytes, at most 500 KB.")
    try:
        body = json.loads(incoming.content)
    except ValueError:
        raise ApiError(400, "invalid_json", "Error parsing JSON body.") from None
    if not isinstance(body, dict):
        raise invalid("body failed validation: body should be an object.")
    return body
