"""What the service looks at before it works: the fields, their types and ranges, and what the model takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.elevenlabs.catalogue import FORMATS, SOUND_MODELS, SPEAKERS, Speaker, made
from tests.fakes.elevenlabs.errors import PROBLEMS, Refused, invalid, told
from tests.fakes.wire.server import Call


@dataclass(frozen=True)
class Field:
    """One field of a body: its type and what a number may be."""

    kind: type | tuple[type, ...]
    least: float = float("-inf")
    most: float = float("inf")


NUMBER = (int, float)
_SPEECH = {
    "text": Field(str),
    "model_id": Field(str),
    "seed": Field(int, 0, 2**32 - 1),
    "previous_text": Field(str),
    "next_text": Field(str),
    "language_code": Field(str),
    "voice_settings": Field(dict),
    "previous_request_ids": Field(list),
    "next_request_ids": Field(list),
    "apply_text_normalization": Field(str),
}
_VOICE = {
    "stability": Field(NUMBER, 0, 1),
    "similarity_boost": Field(NUMBER, 0, 1),
    "style": Field(NUMBER, 0, 1),
    "use_speaker_boost": Field(bool),
    "speed": Field(NUMBER, 0.7, 1.2),
}
_SOUND = {
    "text": Field(str),
    "duration_seconds": Field(NUMBER, 0.5, 30),
    "prompt_influence": Field(NUMBER, 0, 1),
    "loop": Field(bool),
    "model_id": Field(str),
}


def body_of(call: Call) -> dict[str, Any]:
    """Return the document in a request, an object with a text."""
    try:
        body = call.json
    except ValueError:
        raise Refused(invalid(("json_invalid", ("body", "0"), "JSON decode error", {}))) from None
    if not isinstance(body, dict):
        raise Refused(invalid(("model_attributes_type", ("body",), "Input should be a valid dictionary", body)))
    if "text" not in body:
        raise Refused(invalid(("missing", ("body", "text"), "Field required", body)))
    return body


def speech(body: Mapping[str, Any], output_format: str) -> tuple[Speaker, Mapping[str, Any]]:
    """Return the model that speaks and the settings of the voice."""
    _fields(body, _SPEECH, ("body",))
    settings = body.get("voice_settings") or {}
    _fields(settings, _VOICE, ("body", "voice_settings"))
    _format(output_format)
    speaker = SPEAKERS.get(body.get("model_id", "eleven_multilingual_v2"))
    if speaker is None:
        raise Refused(told(PROBLEMS["model_not_found"]))
    if not body["text"].strip():
        raise Refused(told(PROBLEMS["invalid_parameters"]._replace(message="The text is empty.", param="text")))
    if len(body["text"]) > speaker.longest:
        raise Refused(told(PROBLEMS["too_long"]))
    _require_taken(body, settings, speaker)
    return speaker, settings


def sound(body: Mapping[str, Any], output_format: str) -> None:
    """Check the order of a sound."""
    _fields(body, _SOUND, ("body",))
    _format(output_format)
    if body.get("model_id", SOUND_MODELS[0]) not in SOUND_MODELS:
        raise Refused(told(PROBLEMS["model_not_found"]))
    if not body["text"].strip():
        raise Refused(told(PROBLEMS["invalid_parameters"]._replace(message="The text is empty.", param="text")))


def _require_taken(body: Mapping[str, Any], settings: Mapping[str, Any], speaker: Speaker) -> None:
    """Refuse what this model does not take."""
    around = [
        name for name in ("previous_text", "next_text", "previous_request_ids", "next_request_ids") if name in body
    ]
    if around and not speaker.stitches:
        raise Refused(told(PROBLEMS["unsupported_model"]))
    if any(len(body.get(name) or ()) > 3 for name in ("previous_request_ids", "next_request_ids")):
        raise Refused(told(PROBLEMS["invalid_parameters"]._replace(message="At most 3 request ids.")))
    if speaker.v4 and {"style", "similarity_boost"} & settings.keys():  # as one client reports
        raise Refused(told(PROBLEMS["invalid_parameters"]._replace(param="voice_settings")))
    if "language_code" in body and speaker.name.endswith("Multilingual v2"):
        complaint = "Model 'eleven_multilingual_v2' does not support language_code."
        raise Refused(told(PROBLEMS["invalid_parameters"]._replace(message=complaint, param="language_code")))


def _format(output_format: str) -> None:
    if output_format not in FORMATS or not made(output_format):
        raise Refused(told(PROBLEMS["invalid_parameters"]))


def _fields(body: Mapping[str, Any], fields: Mapping[str, Field], place: tuple[str, ...]) -> None:
    complaints = []
    for name, field in fields.items():
        value = body.get(name)
        if value is None and name != "text":
            continue
        kinds = field.kind if isinstance(field.kind, tuple) else (field.kind,)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            wanted = " or ".join(kind.__name__ for kind in kinds)
            complaints.append((f"{kinds[0].__name__}_type", (*place, name), f"Input should be a valid {wanted}", value))
        elif isinstance(value, int | float) and not field.least <= value <= field.most:
            limits = f"Input should be between {field.least:g} and {field.most:g}"
            complaints.append(("out_of_range", (*place, name), limits, value))
    if complaints:
        raise Refused(invalid(*complaints))
