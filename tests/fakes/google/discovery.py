"""What YouTube's own description of its API lets pass: the document that google-api-python-client brings along."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from tests.fakes.google.errors import invalid, refused

UPLOADS = ("/upload", "/resumable/upload")


@dataclass(frozen=True)
class Method:
    """One method; its id is without the API's name: `videos.insert`."""

    name: str
    about: Mapping[str, Any]

    @property
    def scopes(self) -> set[str]:
        return set(self.about["scopes"])

    @property
    def parameters(self) -> Mapping[str, Any]:
        return {**self.about.get("parameters", {}), **document()["parameters"]}

    def check_query(self, query: Mapping[str, list[str]]) -> None:
        """Refuse parameters that are missing, not known, or of another type.

        Raises:
            Refused: one is.
        """
        for name, about in self.about.get("parameters", {}).items():
            if about.get("required") and not "".join(query.get(name, [])):
                raise refused(400, "missingRequiredParameter", f"No {name} parameter", "youtube.api", location=name)
        for name, values in query.items():
            if name == "upload_id":
                continue
            if name not in self.parameters:
                raise invalid(
                    f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
                    "Field could not be found in request message."
                )
            if len(values) > 1 and not self.parameters[name].get("repeated"):
                raise invalid(f"Repeated parameter: {name}")
            for value in values:
                if not _fits(_typed(value, self.parameters[name]), self.parameters[name]):
                    raise refused(
                        400, "invalidParameter", f"Invalid value at '{name}': '{value}'", "global", location=name
                    )

    def check_body(self, body: Any) -> None:
        """Refuse fields that are not known, or of another type than their schema has.

        Raises:
            Refused: one is.
        """
        for wrong in _wrong(body, {"$ref": self.about["request"]["$ref"]}, ""):
            raise invalid(f"Invalid JSON payload received. {wrong}")


@cache
def document() -> dict[str, Any]:
    """Return the description of YouTube's Data API, version 3."""
    place = files("googleapiclient.discovery_cache") / "documents" / "youtube.v3.json"
    found: dict[str, Any] = json.loads(place.read_text("utf-8"))
    return found


def method_of(verb: str, path: str) -> Method | None:
    """Return the method that a request calls; None if there is none."""
    for prefix in UPLOADS:
        if path.startswith(f"{prefix}/"):
            found = _methods().get((verb, path.removeprefix(prefix).lstrip("/")))
            return found if found and "mediaUpload" in found.about else None
    return _methods().get((verb, path.lstrip("/")))


@cache
def _methods() -> dict[tuple[str, str], Method]:
    return {
        (about["httpMethod"], about["path"]): Method(about["id"].removeprefix("youtube."), about)
        for resource in document()["resources"].values()
        for about in resource.get("methods", {}).values()
    }


def _typed(value: str, about: Mapping[str, Any]) -> Any:
    """Return what a parameter's text stands for."""
    match about.get("type"):
        case "boolean":
            return {"true": True, "false": False}.get(value, value)
        case "integer":
            return int(value) if re.fullmatch(r"-?\d+", value) else value
        case _:
            return value


def _wrong(value: Any, about: Mapping[str, Any], where: str) -> Iterator[str]:
    """Yield what is wrong with a value, with where it is."""
    schema = document()["schemas"][about["$ref"]] if "$ref" in about else about
    if not _fits(value, schema):
        yield f"Invalid value at '{where or 'body'}' ({schema.get('format') or schema.get('type')}), {value!r:.80}"
        return
    if isinstance(value, dict) and "properties" in schema:
        for name, one in value.items():
            if name not in schema["properties"]:
                yield f"Unknown name \"{name}\" at '{where or 'body'}': Cannot find field."
            else:
                yield from _wrong(one, schema["properties"][name], f"{where}.{name}".lstrip("."))
    if isinstance(value, list) and "items" in schema:
        for at, one in enumerate(value):
            yield from _wrong(one, schema["items"], f"{where}[{at}]")


def _fits(value: Any, about: Mapping[str, Any]) -> bool:
    if "enum" in about and value not in about["enum"]:
        return False
    match about.get("type"):
        case "string" if about.get("format") == "date-time":
            return isinstance(value, str) and _is_moment(value)
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return type(value) is int and int(about.get("minimum", value)) <= value <= int(about.get("maximum", value))
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, dict)
        case _:
            return True


def _is_moment(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
