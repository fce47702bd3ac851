"""A description in, the sound of it out."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from vidctl.providers import refusals
from vidctl.providers.elevenlabs import client, errors, kinds, models, money
from vidctl.script import say

SHORTEST_S: Final = 0.5
LONGEST_S: Final = 30.0
"""What the service makes at once; what is to be longer is repeated."""
LONGEST_REPEATED_S: Final = 120.0
FADE_S: Final = 0.25

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Description:
    """What is to be heard, and for how many seconds."""

    text: str
    duration_s: float
    influence: float = 0.3
    model: str = models.SOUND
    output_format: str = models.FORMAT


def make(
    wanted: Description,
    owner: client.Account,
    *,
    timeout_s: float = client.TIMEOUT_S,
    patience_s: float = client.PATIENCE_S,
) -> bytes:
    """Buy a sound of at most `LONGEST_S`; return the bytes of its file, which may be anything.

    Raises:
        ScriptError: there is nothing to be had; what was charged all the same is said.
    """
    order = ordered(wanted)
    reply = client.send(order, owner, timeout_s=timeout_s, patience_s=patience_s)
    cost = money.counted(reply.headers, order.price.component)
    kind = reply.headers.get("content-type", "").lower()
    is_audio = bool(kind) and not kind.startswith("text/") and "json" not in kind
    if cost is None and not is_audio:
        raise errors.unreadable(owner.without_key(reply))
    say(cost or money.listed(order.price))
    if not is_audio or not reply.content:
        raise refusals.of(kinds.NO_AUDIO, owner.without_key(reply).shown)
    return reply.content


def ordered(wanted: Description) -> client.Order:
    """Return the order for a description.

    Raises:
        ScriptError: the service would refuse it.
    """
    _require(wanted)
    seconds = min(wanted.duration_s, LONGEST_S)
    body = {
        "text": wanted.text,
        "duration_seconds": seconds,
        "prompt_influence": wanted.influence,
        "loop": wanted.duration_s > LONGEST_S,
        "model_id": wanted.model,
    }
    return client.Order("v1/sound-generation", wanted.output_format, body, money.of_sound(wanted.model, seconds))


def repeated(sound: Samples, samples: int, fade: int) -> Samples:
    """Return a sound of shape (channels, n) repeated until it has so many samples.

    Each end is faded over into the next beginning: encoders put a moment of silence there.
    """
    fade = min(fade, sound.shape[1] // 2)
    up = np.sin(np.linspace(0, np.pi / 2, fade, dtype=np.float32))
    whole = sound
    while fade and whole.shape[1] < samples:
        seam = whole[:, -fade:] * up[::-1] + sound[:, :fade] * up
        whole = np.hstack([whole[:, :-fade], seam, sound[:, fade:]])
    return whole[:, :samples]


def _require(wanted: Description) -> None:
    if not wanted.text.strip():
        hint = "describe what is heard, such as 'wind, distant thunder'"
        raise refusals.refused("NothingToHear", "there is no description of a sound", hint=hint)
    complaint = ""
    if not SHORTEST_S <= wanted.duration_s <= LONGEST_REPEATED_S:
        complaint = f"a sound is {SHORTEST_S:g} to {LONGEST_REPEATED_S:g} seconds long, not {wanted.duration_s:g}"
    elif not 0 <= wanted.influence <= 1:
        complaint = f"the prompt's influence is 0 to 1, not {wanted.influence:g}"
    elif not models.is_playable(wanted.output_format):
        complaint = f"files of the format {wanted.output_format!r} do not play"
    if complaint:
        raise refusals.refused(kinds.OPTIONS.error_type, complaint, hint="correct this option")
