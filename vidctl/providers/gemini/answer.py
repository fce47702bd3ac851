"""An answer of `generateContent`, read without trusting any of it."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vidctl.providers.gemini.tokens import Usage, usage_in
from vidctl.providers.untrusted import mapping, mappings, text


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it came: `media_type` is what the service calls it, which may be wrong."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `block` and `finish` are the reasons it gives, `said` its words to them; empty where it has none.

    `nameless` says that nothing in it is what such an answer holds: it cannot even be said that it was one.
    """

    block: str
    finish: str
    said: str
    text: str
    picture: Picture | None
    usage: Usage | None
    nameless: bool


def read(document: Any) -> Answer:
    """Return the answer that a document holds."""
    whole = mapping(document)
    feedback = mapping(whole.get("promptFeedback"))
    candidates = mappings(whole.get("candidates"))
    first = candidates[0] if candidates else {}
    parts = mappings(mapping(first.get("content")).get("parts"))
    usage = usage_in(whole)
    words = "".join(text(part.get("text")) for part in parts if part.get("thought") is not True)
    return Answer(
        block=_reason(feedback, "blockReason"),
        finish=_reason(first, "finishReason"),
        said=text(feedback.get("blockReasonMessage")) or text(first.get("finishMessage")),
        text=words,
        picture=_picture(parts),
        usage=usage,
        nameless=not (feedback or candidates or usage),
    )


def _reason(holder: Mapping[str, Any], field: str) -> str:
    reason = text(holder.get(field))
    return "" if reason.endswith("_UNSPECIFIED") else reason


def _picture(parts: Sequence[Mapping[str, Any]]) -> Picture | None:
    """Return the last picture, one that is no thought if there is such: a model that thinks may sketch first."""
    found = [part for part in parts if isinstance(part.get("inlineData"), dict)]
    final = [part for part in found if part.get("thought") is not True] or found
    if not final:
        return None
    data = mapping(final[-1]["inlineData"])
    return Picture(_decoded(text(data.get("data"))), text(data.get("mimeType")))


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data)
    except (binascii.Error, ValueError):
        return b""
