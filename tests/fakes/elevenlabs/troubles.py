"""Good answers, sold, in which something is wrong."""

import base64
import json
from collections.abc import Callable
from typing import Any

from tests.fakes.wire.server import Answer, answer

Change = Callable[[dict[str, Any]], Any]

_CHANGES: dict[str, Change] = {
    "empty_audio": lambda body: {**body, "audio_base64": ""},
    "no_audio": lambda body: {name: value for name, value in body.items() if name != "audio_base64"},
    "not_base64": lambda body: {**body, "audio_base64": "#" + body["audio_base64"]},
    "not_audio": lambda body: {**body, "audio_base64": base64.b64encode(b"no sound at all" * 40).decode()},
    "audio_is_a_number": lambda body: {**body, "audio_base64": 12},
    "a_list": lambda body: [body],
    "untimed": lambda body: {**body, "alignment": None, "normalized_alignment": None},
    "only_normalized": lambda body: {**body, "alignment": None},
    "odd_alignment": lambda body: {**body, "alignment": {"characters": "Hi"}, "normalized_alignment": [1]},
}

_SOUND = {"no_sound": b"", "not_sound": b"no sound at all" * 40}

SPOILED = (*_CHANGES, *_SOUND, "uncounted", "miscounted")
"""`uncounted`: without the headers that tell its cost; `miscounted`: with a cost that is no number.

`no_sound` and `not_sound` are for the endpoints whose answers are sound, the others with fields for those in JSON.
"""


def spoiled(kind: str, good: Answer) -> Answer:
    """Return a good answer with something wrong in it; a bad one as it is."""
    if good.status != 200:
        return good
    if kind in _SOUND:
        return Answer(200, _SOUND[kind], good.media_type, good.headers)
    if kind == "miscounted":
        return Answer(200, good.content, good.media_type, {**good.headers, "character-cost": "NaN"})
    if kind == "uncounted":
        return Answer(200, good.content, good.media_type, {})
    return answer(_CHANGES[kind](json.loads(good.content)), 200, **good.headers)
