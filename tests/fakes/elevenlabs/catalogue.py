"""What the account has: voices and models; and which formats the service makes."""

import re
from dataclasses import dataclass
from decimal import Decimal

VOICES = frozenset({"21m00Tcm4TlvDq8ikWAM", "EXAVITQu4vr4xnSDxMaL", "JBFqnCBsd6RMkjVDRZzb"})

FORMATS = frozenset(
    ["mp3_22050_32", "mp3_24000_48", "mp3_44100_32", "mp3_44100_64", "mp3_44100_96", "mp3_44100_128", "mp3_44100_192"]
    + [f"{kind}_{rate}" for kind in ("pcm", "wav") for rate in (8000, 16000, 22050, 24000, 32000, 44100, 48000)]
    + [f"opus_48000_{kbit}" for kbit in (32, 64, 96, 128, 192)]
    + ["ulaw_8000", "alaw_8000"]
)
"""All of them are known; those of `made` are made."""

made = re.compile(r"mp3_\d+_\d+|(?:pcm|wav)_\d+|opus_48000_\d+").fullmatch


@dataclass(frozen=True)
class Speaker:
    """A model that speaks."""

    name: str
    longest: int
    credits: Decimal = Decimal(1)
    """For a character."""
    stitches: bool = True
    """Takes the words, and the requests, before and after."""
    v4: bool = False


SPEAKERS = {
    "eleven_multilingual_v2": Speaker("Eleven Multilingual v2", 10_000),
    "eleven_v3": Speaker("Eleven v3", 5_000, stitches=False),
    "eleven_v4": Speaker("Eleven v4", 10_000, v4=True),
    "eleven_flash_v2_5": Speaker("Eleven Flash v2.5", 40_000, Decimal("0.5")),
}
SOUND_MODELS = ("eleven_text_to_sound_v2", "eleven_text_to_sound_v3")
CREDITS_A_SECOND = 40
CREDITS_OF_ANY_LENGTH = 200


def models() -> list[dict[str, object]]:
    """Return the answer of GET /v1/models."""
    return [
        {
            "model_id": model_id,
            "name": speaker.name,
            "can_do_text_to_speech": True,
            "can_use_style": not speaker.v4,
            "can_use_speaker_boost": True,
            "token_cost_factor": float(speaker.credits),
            "maximum_text_length_per_request": speaker.longest,
            "languages": [{"language_id": "en", "name": "English"}],
            "model_rates": {"character_cost_multiplier": float(speaker.credits)},
            "concurrency_group": "turbo" if "flash" in model_id else "standard",
        }
        for model_id, speaker in SPEAKERS.items()
    ]
