"""Words in, a voice out, with the time at which each character is spoken."""

import base64
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from urllib.parse import quote

from vidctl.providers import refusals
from vidctl.providers.elevenlabs import client, errors, kinds, models, money
from vidctl.providers.elevenlabs.settings import SEEDS, Settings
from vidctl.providers.elevenlabs.timing import timing
from vidctl.script import say

_VOICE_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True, slots=True)
class Words:
    """What is to be spoken, and how. `before` and `after` are what the neighbouring scenes say: for an even voice."""

    text: str
    voice_id: str
    seed: int
    settings: Settings = field(default_factory=Settings)
    model: str = models.SPEECH
    before: str = ""
    after: str = ""
    language: str = ""
    output_format: str = models.FORMAT


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was charged and came back: the bytes of a file, its timing, and the service's name for the order."""

    audio: bytes
    timing: Mapping[str, Any] | None
    request_id: str


def speak(
    words: Words,
    owner: client.Account,
    *,
    timeout_s: float = client.TIMEOUT_S,
    patience_s: float = client.PATIENCE_S,
) -> Spoken:
    """Buy the words, spoken.

    Raises:
        ScriptError: there is nothing to be had for them; what was charged all the same is said.
    """
    order = ordered(words)
    reply = client.send(order, owner, timeout_s=timeout_s, patience_s=patience_s)
    document = reply.json
    cost = money.counted(reply.headers, order.price.component)
    if cost is None and not isinstance(document, dict):
        raise errors.unreadable(owner.without_key(reply))
    say(cost or money.listed(order.price))
    fields = document if isinstance(document, dict) else {}
    if not (audio := _decoded(fields.get("audio_base64"))):
        raise refusals.of(kinds.NO_AUDIO, owner.without_key(reply).shown)
    return Spoken(audio, timing(fields, audio), reply.headers.get("request-id", "")[:100])


def ordered(words: Words) -> client.Order:
    """Return the order for the words.

    Raises:
        ScriptError: the service would refuse it.
    """
    model = models.model(words.model)
    _require(words, model)
    body: dict[str, Any] = {"text": words.text, "model_id": words.model, "seed": words.seed}
    body["voice_settings"] = {name: asdict(words.settings)[name] for name in model.settings}
    if model.context:
        body |= {"previous_text": words.before} if words.before.strip() else {}
        body |= {"next_text": words.after} if words.after.strip() else {}
    if model.language and words.language:
        body["language_code"] = words.language
    path = f"v1/text-to-speech/{quote(words.voice_id, safe='')}/with-timestamps"
    return client.Order(path, words.output_format, body, money.of_text(words.model, words.text))


def _require(words: Words, model: models.Model) -> None:
    if not words.text.strip():
        hint = "write a narration; a scene without one needs no file"
        raise refusals.refused("NothingToSay", "there are no words to speak", hint=hint)
    if not _VOICE_ID.fullmatch(words.voice_id):
        hint = "copy the id of a voice of the account: letters and digits"
        raise refusals.refused("BadVoiceId", f"{words.voice_id[:100]!r} is no id of a voice of ElevenLabs", hint=hint)
    if model.longest and len(words.text) > model.longest:
        raise refusals.refused(
            kinds.TOO_LONG.error_type,
            f"the text has {len(words.text):,} characters, and {words.model} takes {model.longest:,} at once",
            hint=kinds.TOO_LONG.hint,
        )
    complaint = words.settings.wrong() or ("" if 0 <= words.seed < SEEDS else f"the seed is {words.seed}")
    if complaint or not models.is_playable(words.output_format):
        complaint = complaint or f"files of the format {words.output_format!r} do not play"
        raise refusals.refused(kinds.OPTIONS.error_type, complaint, hint="correct this option")


def _decoded(encoded: object) -> bytes:
    """Return the bytes that stand in base64; none where they do not."""
    try:
        return base64.b64decode("".join(encoded.split()), validate=True) if isinstance(encoded, str) else b""
    except ValueError:
        return b""
