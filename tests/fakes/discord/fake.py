"""The server: one webhook that is executed with JSON, and the messages of its channel."""

import itertools
import re
from typing import Any

from tests.fakes.wire.faults import Fault
from tests.fakes.wire.server import Answer, Call, Fake, answer

EXECUTE = re.compile(r"/api(?:/v\d+)?/webhooks/(\w+)/([\w.-]+)")
LIMITS = {"title": 256, "description": 4_096}
WHOLE = 6_000
CONTENT = 2_000
PINGS = re.compile(r"@(?:everyone|here)|<@[!&]?\d+>")
KINDS = ("limited", "deleted", "unknown_token")


class FakeDiscord(Fake):
    """Discord. `messages` is what people see, in order; `pings` whom it called."""

    service = "discord"

    def __init__(self, **options: Any) -> None:
        self.number, self.token = "1402938475610293847", "tOkEn-of_a.webhook0123456789"
        self.messages: list[dict[str, Any]] = []
        self.pings: list[str] = []
        self._ids = itertools.count(1)
        super().__init__(**options)

    @property
    def webhook(self) -> str:
        return f"{self.url}/api/webhooks/{self.number}/{self.token}"

    def troubles(self) -> tuple[str, ...]:
        return KINDS

    def trouble(self, fault: Fault, call: Call) -> Answer:  # noqa: ARG002  # as others have it
        wait_s = float(fault.options.get("retry_after", 0.65))
        match fault.kind:
            case "limited":
                headers = {"Retry-After": str(int(wait_s) + 1), "X-RateLimit-Scope": "user", **_rate(0, wait_s)}
                body = {"message": "You are being rate limited.", "retry_after": wait_s, "global": False}
                return answer(body, 429, **headers)
            case "deleted":
                return answer({"message": "Unknown Webhook", "code": 10015}, 404)
            case _:
                return answer({"message": "Invalid Webhook Token", "code": 50027}, 401)

    def answer(self, call: Call) -> Answer:
        found = EXECUTE.fullmatch(call.path)
        if call.method != "POST" or not found:
            return answer({"message": "404: Not Found", "code": 0}, 404)
        if found[1] != self.number:
            return answer({"message": "Unknown Webhook", "code": 10015}, 404)
        if found[2] != self.token:
            return answer({"message": "Invalid Webhook Token", "code": 50027}, 401)
        try:
            said = call.json
        except ValueError:
            return answer({"message": "The request body contains invalid JSON.", "code": 50109}, 400)
        if wrong := _wrong(said):
            return answer({"message": "Invalid Form Body", "code": 50035, "errors": wrong}, 400)
        if not said.get("content") and not said.get("embeds"):
            return answer({"message": "Cannot send an empty message", "code": 50006}, 400)
        return self._kept(said, call)

    def _kept(self, said: dict[str, Any], call: Call) -> Answer:
        self.messages.append(said)
        if "allowed_mentions" not in said:
            self.pings += PINGS.findall(said.get("content", ""))
        if call.query.get("wait") != ["true"]:
            return Answer(204)
        return answer({"id": str(next(self._ids)), "type": 0, **said}, 200, **_rate(4, 2))


def _rate(left: int, reset_s: float) -> dict[str, str]:
    return {"X-RateLimit-Limit": "5", "X-RateLimit-Remaining": str(left), "X-RateLimit-Reset-After": str(reset_s)}


def _wrong(said: Any) -> dict[str, Any]:
    """Return what is wrong with a message, field by field."""
    if not isinstance(said, dict):
        return {"_errors": [{"code": "DICT_TYPE_CONVERT", "message": "Only dictionaries may be used in a DictType"}]}
    embeds = said.get("embeds") or []
    wrong = {"content": _too_long(CONTENT)} if len(said.get("content") or "") > CONTENT else {}
    for number, embed in enumerate(embeds):
        for name, longest in LIMITS.items():
            if len(embed.get(name) or "") > longest:
                wrong[f"embeds.{number}.{name}"] = _too_long(longest)
    if sum(len(embed.get(name) or "") for embed in embeds for name in LIMITS) > WHOLE:
        wrong["embeds"] = {"_errors": [{"code": "MAX_EMBED_SIZE_EXCEEDED", "message": f"exceeds {WHOLE}"}]}
    if len(embeds) > 10:
        wrong["embeds"] = {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 10 or fewer in length."}]}
    return wrong


def _too_long(longest: int) -> dict[str, Any]:
    return {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": f"Must be {longest} or fewer in length."}]}
