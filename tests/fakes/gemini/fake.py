"""Gemini's `generateContent` on loopback: what it checks, what it makes, and what it charges."""

import base64
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.fakes.gemini import checks, errors, pictures, stories
from tests.fakes.gemini.counting import PICTURE_TOKENS, PICTURES, REFERENCE_TOKENS, TEXTS, Count, in_text
from tests.fakes.gemini.flaws import FLAWS
from tests.fakes.gemini.troubles import BLOCKED, ERRORS, FINISHED, MESSAGES
from tests.fakes.wire.faults import Fault
from tests.fakes.wire.ledger import Ledger, Sale
from tests.fakes.wire.server import Answer, Call, Fake, answer

PATH = re.compile(r"/(v1|v1beta)/models/([^/:]+):generateContent")
OWN = ("no_usage", "not_a_picture", "thinking_aloud", "prose", "half_a_story", "empty", *FLAWS)
"""Troubles that sell what they spoil."""
OUT_OF_WORDS = ("max_tokens", "continuation")


@dataclass(frozen=True)
class Order:
    """One order that was found right: its texts in one, the pictures that came with it, and its whole body."""

    model: str
    prompt: str
    references: list[bytes]
    body: dict[str, Any]


class FakeGemini(Fake):
    """The service. `mime` is the media type of its pictures; `orders` is what was asked of it, whoever heard of it."""

    service = "gemini"

    def __init__(self, *, key: str = "AIzaSy-a-key-of-the-fake", mime: str = "image/png", **more: Any) -> None:
        self.key, self.mime = key, mime
        self.orders: list[Order] = []
        self._guard = threading.Lock()
        super().__init__(**more)

    def forget(self) -> None:
        """Be as new: no faults, and nothing was asked or sold."""
        self.faults.clear()
        self.ledger, self.orders = Ledger(), []

    def troubles(self) -> tuple[str, ...]:
        return (*ERRORS, *BLOCKED, *FINISHED, *OWN)

    def trouble(self, fault: Fault, call: Call) -> Answer | None:
        if fault.kind in ERRORS:
            refusal = ERRORS[fault.kind](self.key)
            return Answer(200, refusal.content) if fault.options.get("as_200") else refusal
        return self._answered(call, lambda order: self._spoilt(fault.kind, order))

    def answer(self, call: Call) -> Answer:
        return self._answered(call, self._made)

    def _answered(self, call: Call, make: Callable[[Order], dict[str, Any]]) -> Answer:
        """Check a request, and answer it with what is made of it."""
        if call.method == "GET" and re.fullmatch(r"/(v1|v1beta)/models", call.path):
            return self._listed(call)
        found = PATH.fullmatch(call.path)
        if found is None or call.method != "POST":
            return Answer(404, b"<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>", "text/html; charset=UTF-8")
        key = call.headers.get("x-goog-api-key") or "".join(call.query.get("key", []))
        if not key:
            return errors.no_key()
        if key != self.key:
            return errors.key_invalid()
        version, model = found.groups()
        if model not in {**PICTURES, **TEXTS}:
            return errors.not_found(model, version)
        if len(call.content) > checks.MOST_BYTES:
            return errors.invalid(f"Request payload size exceeds the limit: {checks.MOST_BYTES} bytes.")
        try:
            body = checks.camel(call.json)
        except ValueError:
            return errors.invalid("Invalid JSON payload received. Unexpected end of string.")
        if wrong := checks.complaint(model, body):
            return wrong
        order = Order(model, "\n".join(checks.texts(body)), checks.references(body), body)
        with self._guard:
            self.orders.append(order)
        return answer(make(order))

    def _listed(self, call: Call) -> Answer:
        """List the models, for nothing; whoever has no key that is known gets the same refusal as for an order."""
        key = call.headers.get("x-goog-api-key") or "".join(call.query.get("key", []))
        if key != self.key:
            return errors.key_invalid() if key else errors.no_key()
        return answer({"models": [{"name": f"models/{model}"} for model in {**TEXTS, **PICTURES}]})

    def _made(self, order: Order) -> dict[str, Any]:
        return self._picture(order) if order.model in PICTURES else self._text(order, _written(order))

    def _spoilt(self, kind: str, order: Order) -> dict[str, Any]:
        if kind in BLOCKED:
            usage = self._sold(order, Count(_prompt(order)))
            return _whole(order, {"promptFeedback": {"blockReason": BLOCKED[kind]}}, usage)
        if kind in FINISHED:
            return self._finished(kind, order)
        if kind in FLAWS:
            board = _story(order)
            FLAWS[kind](board)
            return self._text(order, json.dumps(board))
        if kind == "prose":
            return self._text(order, "Gladly! Here is a storyboard: a man walks into a harbour.")
        if kind == "half_a_story":
            return self._text(order, _written(order)[:-200])
        if kind == "empty":
            return {}
        made = self._made(order)
        if kind == "no_usage":
            del made["usageMetadata"]
        parts = made["candidates"][0]["content"]["parts"]
        if kind == "not_a_picture":
            parts[-1]["inlineData"]["data"] = base64.b64encode(b"<svg>no picture</svg>").decode()
        if kind == "thinking_aloud":
            sketch = {"inlineData": {"mimeType": "image/png", "data": "c2tldGNo"}, "thought": True}
            parts[:] = [{"text": "Let me think.", "thought": True}, sketch, *parts]
        return made

    def _finished(self, kind: str, order: Order) -> dict[str, Any]:
        """An answer that ended for that reason, with nothing in it."""
        reason = FINISHED[kind]
        content: dict[str, Any] = {}
        count = Count(_prompt(order))
        if kind in OUT_OF_WORDS and order.model in TEXTS:
            half = _written(order)[:300]
            content, count = {"role": "model", "parts": [{"text": half}]}, Count(_prompt(order), in_text(half), 900)
        candidate: dict[str, Any] = {"content": content, "finishReason": reason, "index": 0}
        if reason in MESSAGES:
            candidate["finishMessage"] = MESSAGES[reason]
        if not reason:
            del candidate["finishReason"]
        return _whole(order, {"candidates": [candidate]}, self._sold(order, count))

    def _picture(self, order: Order) -> dict[str, Any]:
        config = order.body.get("generationConfig", {}).get("imageConfig", {})
        size, aspect = config.get("imageSize", "1K"), config.get("aspectRatio", "1:1")
        seed = f"{order.prompt} {len(self.orders)} {[len(one) for one in order.references]}"
        plain = "background" in order.prompt and aspect != "16:9"
        content = pictures.picture(seed, aspect=aspect, size=size, plain=plain, media_type=self.mime)
        thoughts = 300 if order.model == "gemini-3-pro-image" else 0
        usage = self._sold(order, Count(_prompt(order), PICTURE_TOKENS[size], thoughts, size))
        data = {"mimeType": self.mime, "data": base64.b64encode(content).decode()}
        return _candidate(order, [{"inlineData": data, "thoughtSignature": "c2lnbmF0dXJl"}], usage)

    def _text(self, order: Order, written: str) -> dict[str, Any]:
        usage = self._sold(order, Count(_prompt(order), in_text(written), 640))
        return _candidate(order, [{"text": written}], usage)

    def _sold(self, order: Order, count: Count) -> dict[str, Any]:
        """Charge for what was counted, and return the count as the answer shows it."""
        component = "gemini_assets" if order.model in PICTURES else "gemini_story"
        usd = count.usd(order.model)
        if usd:
            kept = {"prompt": order.prompt, "references": len(order.references)}
            total = Decimal(count.total)
            self.ledger.sold(Sale("gemini", component, order.model, order.prompt[:200], total, usd, order=kept))
        return count.usage


def _prompt(order: Order) -> int:
    return in_text(order.prompt) + REFERENCE_TOKENS * len(order.references)


def _written(order: Order) -> str:
    schema = "responseSchema" in order.body.get("generationConfig", {})
    return json.dumps(_story(order)) if schema else "This is what the fake says."


def _story(order: Order) -> dict[str, Any]:
    told, *asked = checks.texts(order.body)
    scenes, assets, words = stories.asked(told)
    brief = "\n".join(asked)
    return stories.storyboard(brief, scenes=scenes, assets=assets, words=words)


def _candidate(order: Order, parts: list[dict[str, Any]], usage: dict[str, Any]) -> dict[str, Any]:
    content = {"role": "model", "parts": parts}
    return _whole(order, {"candidates": [{"content": content, "finishReason": "STOP", "index": 0}]}, usage)


def _whole(order: Order, answered: dict[str, Any], usage: dict[str, Any]) -> dict[str, Any]:
    return {**answered, "usageMetadata": usage, "modelVersion": order.model, "responseId": "fAkE0fGeMiNi"}
