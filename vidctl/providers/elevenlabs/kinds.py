"""Every way in which ElevenLabs refuses an order, by the words and the statuses that it says it with. A table."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from vidctl.contract import ErrorClass, Scope
from vidctl.providers.refusals import Kind

BUSY_S: Final = 30.0
TOO_MANY_S: Final = 5.0
QUOTA_S: Final = 3_600.0

_TRANSIENT, _PERMANENT, _QUOTA = ErrorClass.TRANSIENT, ErrorClass.PERMANENT, ErrorClass.QUOTA
_ITEM, _SERVICE = Scope.ITEM, Scope.SERVICE

KEY: Final = Kind(
    "KeyRefused",
    _PERMANENT,
    _SERVICE,
    "ElevenLabs refused the key",
    "put a valid key with access to text to speech and sound effects into ELEVENLABS_API_KEY",
)
USED_UP: Final = Kind(
    "QuotaExceeded",
    _QUOTA,
    _SERVICE,
    "the credits of the ElevenLabs account are used up",
    "wait for the account's next period, or buy credits at elevenlabs.io",
    QUOTA_S,
)
VOICE: Final = Kind(
    "VoiceNotFound",
    _PERMANENT,
    _ITEM,
    "ElevenLabs does not know this voice",
    "correct voice_id in the channel's file: it must be among the account's own voices",
)
MODEL: Final = Kind(
    "ModelNotFound",
    _PERMANENT,
    _ITEM,
    "ElevenLabs does not have this model, or not with these options",
    "choose another --model",
)
TOO_LONG: Final = Kind(
    "TextTooLong",
    _PERMANENT,
    _ITEM,
    "the text is longer than the model of ElevenLabs takes",
    "shorten the narration of this scene, or make two scenes of it",
)
OPTIONS: Final = Kind(
    "BadRequest", _PERMANENT, _ITEM, "ElevenLabs does not take these options", "correct what it complains about"
)
NOT_ALLOWED: Final = Kind(
    "NotAllowed",
    _PERMANENT,
    _ITEM,
    "the plan of the ElevenLabs account does not allow this",
    "choose a voice, model or output format of this plan, or a larger plan",
)
CONTENT: Final = Kind(
    "ContentRefused",
    _PERMANENT,
    _ITEM,
    "ElevenLabs refused these words for what they say",
    "write the words of this scene differently",
)
UNUSUAL: Final = Kind(
    "UnusualActivity",
    _PERMANENT,
    _SERVICE,
    "ElevenLabs blocked the account for unusual activity (it does so to free plans that are used from servers)",
    "use a paid plan, or ask their support to unblock it",
)
TOO_MANY: Final = Kind(
    "TooManyAtOnce",
    _TRANSIENT,
    _ITEM,
    "ElevenLabs takes no more calls at once",
    "it is tried again; lower items_per_step or max_concurrent_audio if this happens often",
    TOO_MANY_S,
)
LATER: Final = Kind("TooEarly", _TRANSIENT, _ITEM, "ElevenLabs is not ready for this yet", "it is tried again")
BUSY: Final = Kind("Busy", _TRANSIENT, _SERVICE, "ElevenLabs is too busy", "it is tried again", BUSY_S)
BROKEN: Final = Kind("ServiceError", _TRANSIENT, _ITEM, "ElevenLabs failed", "it is tried again")
DOWN: Final = replace(BROKEN, scope=_SERVICE, retry_after_s=BUSY_S)
UNKNOWN: Final = Kind(
    "Refused",
    _PERMANENT,
    _ITEM,
    "ElevenLabs refused the order",
    "correct what it complains about, or ask their support",
)
UNREADABLE: Final = Kind(
    "Unreadable",
    _TRANSIENT,
    _ITEM,
    "something that is no answer of ElevenLabs came back",
    "it is tried again; if it stays so, look at the proxy or at ELEVENLABS_BASE_URL",
)
NO_AUDIO: Final = Kind(
    "NoAudio", _TRANSIENT, _ITEM, "ElevenLabs answered, and charged, but sent nothing that plays", "it is tried again"
)
NOT_SENT: Final = Kind(
    "NotReached",
    _TRANSIENT,
    _ITEM,
    "ElevenLabs cannot be reached",
    "check the network, its proxy and ELEVENLABS_BASE_URL; it is tried again",
)
LOST: Final = Kind(
    "AnswerLost",
    _TRANSIENT,
    _ITEM,
    "the answer of ElevenLabs was lost, so the order may have been charged",
    "look into the history at elevenlabs.io, where what was made can be downloaded",
    in_doubt=True,
)

BY_CODE: Final[Mapping[str, Kind]] = {
    "invalid_api_key": KEY,
    "missing_api_key": KEY,
    "missing_permissions": KEY,
    "detected_unusual_activity": UNUSUAL,
    "quota_exceeded": USED_UP,
    "payment_required": USED_UP,
    "insufficient_credits": USED_UP,
    "paid_plan_required": NOT_ALLOWED,
    "bad_prompt": CONTENT,
    "voice_not_found": VOICE,
    "model_not_found": MODEL,
    "unsupported_model": MODEL,
    "max_character_limit_exceeded": TOO_LONG,
    "text_too_long": TOO_LONG,
    "invalid_parameters": OPTIONS,
    "too_early": LATER,
    "too_many_concurrent_requests": TOO_MANY,
    "concurrent_limit_exceeded": TOO_MANY,
    "rate_limit_exceeded": BUSY,
    "system_busy": BUSY,
}
BY_STATUS: Final[Mapping[int, Kind]] = {
    401: KEY,
    402: USED_UP,
    403: NOT_ALLOWED,
    408: LATER,
    409: LATER,
    422: OPTIONS,
    425: LATER,
    429: BUSY,
}
