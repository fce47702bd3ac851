"""The service: who asks, what is asked, whether it may be, and what it costs."""

import base64
import math
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.fakes.elevenlabs import check, sound
from tests.fakes.elevenlabs.catalogue import CREDITS_A_SECOND, CREDITS_OF_ANY_LENGTH, SOUND_MODELS, VOICES, models
from tests.fakes.elevenlabs.errors import PROBLEMS, Refused, invalid, told
from tests.fakes.elevenlabs.troubles import SPOILED, spoiled
from tests.fakes.wire.faults import Fault
from tests.fakes.wire.ledger import Sale
from tests.fakes.wire.server import Answer, Call, Fake, answer

USD_A_CREDIT = Decimal("0.0001")
_SPEECH = re.compile(r"/v1/text-to-speech/([^/]+)(/with-timestamps)?")


@dataclass
class Order:
    """One thing that is bought."""

    component: str
    model: str
    what: str
    credits: int
    body: dict[str, Any] = field(default_factory=dict)


class FakeElevenLabs(Fake):
    """ElevenLabs. `characters` are the credits of the period, `at_once` how many calls the plan allows at a time.

    A call takes `takes_s` seconds. `older` lets it refuse in the form that errors had before 2026.
    """

    service = "elevenlabs"

    def __init__(
        self,
        *,
        port: int = 0,
        ledger: Path | None = None,
        seed: int = 0,
        key: str = "sk_fake0123456789abcdef",
        characters: int = 1_000_000,
        at_once: int = 5,
        takes_s: float = 0.0,
        older: bool = False,
        resets_in_s: float = 86_400.0,
    ) -> None:
        self.key, self.characters, self.at_once, self.takes_s, self.older = key, characters, at_once, takes_s, older
        self.voices, self.used, self.busy, self.busiest = set(VOICES), 0, 0, 0
        self.resets_at = int(time.time() + resets_in_s)
        self._guard = threading.Lock()
        super().__init__(port=port, ledger=ledger, seed=seed)

    def troubles(self) -> tuple[str, ...]:
        """Each row of the service's table of errors; and good answers in which something is wrong."""
        return (*PROBLEMS, "validation", *SPOILED)

    def trouble(self, fault: Fault, call: Call) -> Answer | None:
        """Option `older`: in the older form. `headers`: more of them."""
        if fault.kind in SPOILED:
            return spoiled(fault.kind, self.answer(call))
        if fault.kind == "validation":
            return invalid(("missing", ("body", "text"), "Field required", {}))
        older = bool(fault.options.get("older", self.older))
        return told(PROBLEMS[fault.kind], older=older, **fault.options.get("headers", {}))

    def answer(self, call: Call) -> Answer:
        """Answer a request as the service would."""
        try:
            return self._answered(call)
        except Refused as refused:
            return refused.told

    def _answered(self, call: Call) -> Answer:
        self._require_key(call)
        speech = _SPEECH.fullmatch(call.path)
        if call.method == "POST" and speech:
            return self._speak(call, speech[1], timed=bool(speech[2]))
        match (call.method, call.path):
            case ("POST", "/v1/sound-generation"):
                return self._make(call)
            case ("GET", "/v1/user/subscription"):
                return answer(self._subscription())
            case ("GET", "/v1/models"):
                return answer(models())
        return answer({"detail": "Not Found"}, 404)

    def _require_key(self, call: Call) -> None:
        given = call.headers.get("xi-api-key", "")
        if not given:
            raise Refused(told(PROBLEMS["bad_key"]._replace(code="missing_api_key", message="Missing API key")))
        if given != self.key:
            raise Refused(self._told("bad_key", f"Invalid API key {given}"))

    def _speak(self, call: Call, voice: str, *, timed: bool) -> Answer:
        body, output_format = check.body_of(call), _format(call)
        speaker, settings = check.speech(body, output_format)
        if voice not in self.voices:
            raise Refused(self._told("voice_not_found"))
        text, speed = body["text"], float(settings.get("speed", 1.0))
        model = body.get("model_id", "eleven_multilingual_v2")
        cost = math.ceil(len(text) * speaker.credits)
        with self._running():
            headers = self._sell(Order("elevenlabs_narration", model, text, cost, {"voice_id": voice, **body}))
        # The seed is a wish: what is left out is drawn.
        mark = repr((voice, model, body.get("seed") or uuid4().hex, sorted(settings.items())))
        audio = sound.spoken(text, speed, mark, output_format)
        if not timed:
            return Answer(200, audio, _media_type(output_format), headers)
        return answer({"audio_base64": base64.b64encode(audio).decode(), **_alignments(text, speed)}, 200, **headers)

    def _make(self, call: Call) -> Answer:
        body, output_format = check.body_of(call), _format(call)
        check.sound(body, output_format)
        seconds = body.get("duration_seconds")
        cost = CREDITS_OF_ANY_LENGTH if seconds is None else math.ceil(seconds * CREDITS_A_SECOND)
        model = body.get("model_id", SOUND_MODELS[0])
        with self._running():
            headers = self._sell(Order("elevenlabs_sfx", model, body["text"], cost, body))
        made = sound.noise(uuid4().hex, 5.0 if seconds is None else float(seconds), output_format)
        return Answer(200, made, _media_type(output_format), headers)

    @contextmanager
    def _running(self) -> Iterator[None]:
        """Turn away what is more than the plan allows at a time."""
        with self._guard:
            if self.busy >= self.at_once:
                raise Refused(self._told("too_many", headers=self._crowd()))
            self.busy += 1
            self.busiest = max(self.busiest, self.busy)
        try:
            self._server.closing.wait(self.takes_s)
            yield
        finally:
            with self._guard:
                self.busy -= 1

    def _sell(self, order: Order) -> dict[str, str]:
        """Charge an order, if there are credits left for it; return the headers that say so."""
        with self._guard:
            left = self.characters - self.used
            if order.credits > left:
                complaint = f"This request exceeds your quota of {self.characters}. You have {left} credits remaining, "
                raise Refused(self._told("quota", f"{complaint}while {order.credits} credits are required."))
            self.used += order.credits
            headers = self._crowd()
        units, usd = Decimal(order.credits), order.credits * USD_A_CREDIT
        self.ledger.sold(Sale(self.service, order.component, order.model, order.what, units, usd, order=order.body))
        return {"request-id": uuid4().hex[:20], "character-cost": str(order.credits), **headers}

    def _crowd(self) -> dict[str, str]:
        return {"current-concurrent-requests": str(self.busy), "maximum-concurrent-requests": str(self.at_once)}

    def _told(self, name: str, message: str = "", headers: dict[str, str] | None = None) -> Answer:
        problem = PROBLEMS[name]
        problem = problem._replace(message=message or problem.message)
        return told(problem, older=self.older, **(headers or {}))

    def _subscription(self) -> dict[str, Any]:
        return {
            "tier": "creator",
            "character_count": self.used,
            "character_limit": self.characters,
            "max_credit_limit_extension": 0,
            "can_extend_character_limit": True,
            "allowed_to_extend_character_limit": False,
            "next_character_count_reset_unix": self.resets_at,
            "voice_slots_used": len(self.voices),
            "professional_voice_slots_used": 0,
            "professional_voice_slots_used_in_workspace": 0,
            "voice_limit": 30,
            "voice_add_edit_counter": 0,
            "professional_voice_limit": 1,
            "can_extend_voice_limit": False,
            "can_use_instant_voice_cloning": True,
            "can_use_professional_voice_cloning": True,
            "currency": "usd",
            "current_overage": {"amount": "0", "currency": "usd"},
            "status": "active",
            "billing_period": "monthly_period",
            "character_refresh_period": "monthly_period",
        }


def _format(call: Call) -> str:
    return call.query.get("output_format", ["mp3_44100_128"])[0]


def _media_type(output_format: str) -> str:
    return {"mp3": "audio/mpeg", "wav": "audio/wav", "opus": "audio/ogg"}.get(
        output_format.partition("_")[0], "application/octet-stream"
    )


def _alignments(text: str, speed: float) -> dict[str, Any]:
    """Return both timings; what the service makes of the text begins with a blank."""
    exact = sound.alignment(text, speed)
    normal = {name: [*times[:1], *times] for name, times in exact.items()}
    normal["characters"][0] = " "
    normal["character_end_times_seconds"][0] = 0.0
    return {"alignment": exact, "normalized_alignment": normal}
