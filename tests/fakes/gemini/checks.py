"""What the service checks in a request before it does anything: names, types, enums, sizes."""

import base64
from collections.abc import Iterator
from typing import Any

from tests.fakes.gemini.counting import PICTURES, TEXTS
from tests.fakes.gemini.errors import invalid, unknown_name
from tests.fakes.wire.server import Answer

ASPECTS = {"1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"}
SIZES = {"1K", "2K", "4K"}
MEDIA_TYPES = {"image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"}
MOST_REFERENCES = 10
MOST_BYTES = 100_000_000

FIELDS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "": {
        "contents": list,
        "systemInstruction": dict,
        "generationConfig": dict,
        "safetySettings": list,
        "tools": list,
        "toolConfig": dict,
        "cachedContent": str,
    },
    "content": {"role": str, "parts": list},
    "part": {"text": str, "inlineData": dict, "fileData": dict, "thought": bool, "thoughtSignature": str},
    "generation_config": {
        "responseModalities": list,
        "imageConfig": dict,
        "responseMimeType": str,
        "responseSchema": dict,
        "responseJsonSchema": dict,
        "maxOutputTokens": int,
        "candidateCount": int,
        "stopSequences": list,
        "thinkingConfig": dict,
        "seed": int,
        "temperature": (int, float),
        "topP": (int, float),
        "topK": (int, float),
    },
    "image_config": {"aspectRatio": str, "imageSize": str},
    "response_schema": {
        "type": str,
        "format": str,
        "title": str,
        "description": str,
        "nullable": bool,
        "enum": list,
        "items": dict,
        "minItems": (int, str),
        "maxItems": (int, str),
        "properties": dict,
        "required": list,
        "propertyOrdering": list,
        "minProperties": (int, str),
        "maxProperties": (int, str),
        "minimum": (int, float),
        "maximum": (int, float),
        "minLength": (int, str),
        "maxLength": (int, str),
        "pattern": str,
        "example": object,
        "anyOf": list,
        "default": object,
    },
}
TYPES = {"STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"}


def camel(value: Any, *, names: bool = True) -> Any:
    """Return a body with its fields named as the service names them: it takes `snake_case` for each of them too."""
    if isinstance(value, list):
        return [camel(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {(_camel(name) if names else name): camel(one, names=name != "properties") for name, one in value.items()}


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(one[:1].upper() + one[1:] for one in others)


def decoded(data: str) -> bytes:
    """Return what base64 holds, in either of its alphabets.

    Raises:
        ValueError: it is no base64.
    """
    return base64.b64decode(data.replace("-", "+").replace("_", "/"), validate=True)


def complaint(model: str, body: Any) -> Answer | None:
    """Return what the service answers to a request that is wrong."""
    return next(_complaints(model, body), None)


def _complaints(model: str, body: Any) -> Iterator[Answer]:
    if not isinstance(body, dict):
        yield invalid("Invalid JSON payload received. Expected an object.")
        return
    yield from _fields(body, "", "")
    if not body.get("contents"):
        yield invalid("* GenerateContentRequest.contents: contents is not specified\n")
        return
    for at, content in enumerate(body["contents"]):
        yield from _content(content, f"contents[{at}]")
    if "systemInstruction" in body:
        yield from _content(body["systemInstruction"], "system_instruction")
    yield from _config(model, body.get("generationConfig", {}))
    if len(references(body)) > MOST_REFERENCES:
        yield invalid(f"The model supports up to {MOST_REFERENCES} input images.")


def _fields(value: Any, kind: str, where: str) -> Iterator[Answer]:
    if not isinstance(value, dict):
        yield invalid(f"Invalid value at '{where}' ({kind})")
        return
    for name, field in value.items():
        if name not in FIELDS[kind]:
            yield unknown_name(name, where)
        elif not isinstance(field, FIELDS[kind][name]):
            yield invalid(f"Invalid value at '{where}.{name}'".replace("'.", "'"))


def _content(content: Any, where: str) -> Iterator[Answer]:
    yield from _fields(content, "content", where)
    if content.get("role", "user") not in {"user", "model"}:
        yield invalid("Please use a valid role: user, model.")
    if not content.get("parts"):
        yield invalid(f"* GenerateContentRequest.{where}.parts: contents.parts must not be empty.\n")
        return
    for at, part in enumerate(content["parts"]):
        yield from _part(part, f"{where}.parts[{at}]")


def _part(part: Any, where: str) -> Iterator[Answer]:
    yield from _fields(part, "part", where)
    if not {"text", "inlineData", "fileData"} & set(part):
        yield invalid(
            f"* GenerateContentRequest.{where}.data: required oneof field 'data' must have one initialized field"
        )
    if data := part.get("inlineData"):
        if data.get("mimeType") not in MEDIA_TYPES:
            yield invalid(f"Unsupported MIME type: {data.get('mimeType')}")
        try:
            decoded(data.get("data", ""))
        except (ValueError, AttributeError):
            yield invalid(f"Invalid value at '{where}.inline_data.data' (TYPE_BYTES), Base64 decoding failed")


def _config(model: str, config: Any) -> Iterator[Answer]:
    yield from _fields(config, "generation_config", "generation_config")
    wanted = [str(one).upper() for one in config.get("responseModalities", [])]
    if "IMAGE" in wanted and model in TEXTS:
        yield invalid(
            f"The requested combination of response modalities ({', '.join(wanted)}) is not supported by the model. "
            f"models/{model} accepts the following combination of response modalities:\n* TEXT\n"
        )
    if "imageConfig" in config:
        yield from _image_config(model, config["imageConfig"])
    if "responseSchema" in config and "responseJsonSchema" in config:
        yield invalid("Only one of response_schema and response_json_schema may be set.")
    if config.get("responseMimeType", "application/json") != "application/json" and "responseSchema" in config:
        yield invalid("response_schema is only supported with response_mime_type application/json.")
    if "responseSchema" in config:
        if model in PICTURES:
            yield invalid("JSON mode is not enabled for this model.")
        yield from _schema(config["responseSchema"], "generation_config.response_schema")
    if not 0 < config.get("maxOutputTokens", 1) <= 65_536:
        yield invalid("Unable to submit request because it has a maxOutputTokens value out of the supported range.")


def _image_config(model: str, config: Any) -> Iterator[Answer]:
    yield from _fields(config, "image_config", "generation_config.image_config")
    if model in TEXTS:
        yield invalid("Image generation is not enabled for this model.")
    if config.get("aspectRatio", "1:1") not in ASPECTS:
        yield invalid(f"aspect_ratio must be one of {', '.join(sorted(ASPECTS))}")
    allowed = {"1K"} if model == "gemini-3.1-flash-lite-image" else SIZES
    if config.get("imageSize", "1K") not in allowed:
        yield invalid(f"image_size must be one of {', '.join(sorted(allowed))}")


def _schema(schema: Any, where: str) -> Iterator[Answer]:
    yield from _fields(schema, "response_schema", where)
    kind = str(schema.get("type", "")).upper()
    if kind not in TYPES:
        yield invalid(f"Invalid value at '{where}.type'")
    if kind == "ARRAY":
        if "items" not in schema:
            yield invalid(f"* GenerateContentRequest.{where}.items: missing field.\n")
            return
        # Since September 2026 a list of objects with a bound is more than is compiled; nothing names the field.
        if "maxItems" in schema and str(schema["items"].get("type", "")).upper() == "OBJECT":
            yield invalid("Request contains an invalid argument.")
        yield from _schema(schema["items"], f"{where}.items")
    for at, (name, each) in enumerate(schema.get("properties", {}).items()):
        yield from _schema(each, f"{where}.properties[{at}].value")
        assert name
    for name in [*schema.get("required", []), *schema.get("propertyOrdering", [])]:
        if name not in schema.get("properties", {}):
            yield invalid(f"* GenerateContentRequest.{where}.required: property {name} is not defined\n")


def texts(body: Any) -> list[str]:
    """Return all texts of a request that was found right, what the model is told first."""
    contents = [body["systemInstruction"]] if "systemInstruction" in body else []
    return [part["text"] for content in [*contents, *body["contents"]] for part in content["parts"] if "text" in part]


def references(body: Any) -> list[bytes]:
    """Return the pictures of a request that was found right."""
    parts = [part for content in body["contents"] for part in content["parts"]]
    return [decoded(part["inlineData"]["data"]) for part in parts if "inlineData" in part]
