"""Ask for a storyboard, check it, mend it, and ask once more if that is not enough."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from vidctl.contract import ErrorClass, ScriptError
from vidctl.domain.storyboard import Storyboard, check_size, parse
from vidctl.errors import BadInput
from vidctl.providers.brief import Brief
from vidctl.providers.gemini.text import Asked, Writer
from vidctl.providers.storyteller.asking import correction, request, system
from vidctl.providers.storyteller.fit import FEWEST_WORDS, words_in
from vidctl.providers.storyteller.mending import mend
from vidctl.providers.storyteller.schema import STORYBOARD

COMPONENT: Final = "gemini_story"
ORDERS: Final = 2
"""How often a story is asked for in one run. Each costs a few cents."""
REWORD: Final = "reword the card's topic or story direction"
_SHOWN: Final = 4
"""Of the complaints, to a person; the model hears of more."""
_TOLD: Final = 40
_TOKENS_OF_ASSET, _TOKENS_OF_SCENE, _TOKENS_OF_THOUGHT = 120, 220, 3_000


@dataclass(frozen=True, slots=True)
class Told:
    """A storyboard that is right, as the document to write; what was mended in it, and how often it was asked for."""

    board: Storyboard
    document: bytes
    mended: tuple[str, ...]
    orders: int


@dataclass(slots=True)
class _Draft:
    text: str = ""
    complaints: list[str] = field(default_factory=list)


def tell(writer: Writer, brief: Brief, *, words_per_minute: float, take: int = 1, note: str = "") -> Told:
    """Return the storyboard of a brief.

    Raises:
        BadInput: its clips are too short to say anything.
        ScriptError: no answer came, or none that can be used.
    """
    words = words_in(brief.clip_seconds, words_per_minute)
    if words < FEWEST_WORDS:
        raise BadInput(
            f"a clip of {brief.clip_seconds:g} seconds has room for {words} words",
            hint=f"{FEWEST_WORDS} are the least: raise clip_seconds, or --words-per-minute",
        )
    craft, asked_for = system(brief, words, words_per_minute), request(brief, take=take, note=note)
    draft = _Draft()
    for order in range(1, ORDERS + 1):
        user = f"{asked_for}\n{correction(draft.text, draft.complaints[:_TOLD])}" if draft.complaints else asked_for
        text = writer.write(_asked(brief, craft, user))
        told = _checked(text, brief, words, order)
        if isinstance(told, Told):
            return told
        draft = told
    raise _unusable(draft)


def _asked(brief: Brief, craft: str, user: str) -> Asked:
    expected = brief.assets * _TOKENS_OF_ASSET + brief.scenes * _TOKENS_OF_SCENE + _TOKENS_OF_THOUGHT
    return Asked(COMPONENT, "the storyboard", craft, user, STORYBOARD, expected, REWORD)


def _checked(text: str, brief: Brief, words: int, order: int) -> Told | _Draft:
    """Return the storyboard that a text holds once it is mended, or what is wrong with it."""
    told = _object_in(text)
    if told is None:
        return _Draft("", ["it was no JSON document of the given form"])
    mended = mend(told, brief, words)
    if mended.complaints:
        return _Draft(text, mended.complaints)
    try:
        data = msgspec.json.format(msgspec.json.encode(mended.document), indent=2) + b"\n"
        board = parse(data)  # the way every later step reads it
        check_size(board, assets=brief.assets, scenes=brief.scenes)
    except BadInput as exc:
        return _Draft(text, [str(exc)])
    return Told(board, data, tuple(mended.mended), order)


def _object_in(text: str) -> Mapping[str, Any] | None:
    """Return the object in a text, which may stand between the marks of a block of code."""
    start, end = text.find("{"), text.rfind("}")
    try:
        told = json.loads(text[start : end + 1])
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _unusable(draft: _Draft) -> ScriptError:
    """Return the error for a story that does not fit after all: another answer may, so it is no one's fault yet."""
    more = f" and {len(draft.complaints) - _SHOWN} more" if len(draft.complaints) > _SHOWN else ""
    return ScriptError(
        f"Gemini's storyboard cannot be used, after {ORDERS} orders: {'; '.join(draft.complaints[:_SHOWN])}{more}",
        hint=f"it is asked for again by itself; if that does not help, {REWORD}, or ask for fewer images and scenes",
        error_type="UnusableStory",
        error_class=ErrorClass.TRANSIENT,
    )
