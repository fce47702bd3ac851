"""The service's own words: HTTP is mostly 200, and the code is in the body."""

from typing import Any

from tests.fakes.wire.server import Answer, answer

TROUBLES: dict[str, tuple[int, str]] = {
    "bad_parameters": (400, "Invalid request parameters"),
    "key_refused": (401, "You do not have access permissions"),
    "no_credits": (402, "The current credits are insufficient. Please top up."),
    "no_credits_429": (429, "The current credits are insufficient. Please top up."),
    "not_found": (404, "Not found"),
    "upstream_timeout": (408, "Upstream service timed out: no result for more than 10 minutes"),
    "validation": (422, "This field is required"),
    "content_policy": (422, "CONTENT_POLICY_BLOCKED: the input was flagged as sensitive."),
    "image_not_fetched": (422, "Failed to fetch the image from image_url"),
    "record_null": (422, "recordInfo is null"),
    "rate_limited": (429, "Your call frequency is too high. Please try again later."),
    "key_limit": (433, "The request exceeds the limit of this sub-key"),
    "maintenance": (455, "The service is currently under maintenance. Please try again later."),
    "server_error": (500, "Server exception, please try again later or contact customer service"),
    "generation_failed": (501, "Generation failed"),
    "feature_disabled": (505, "The feature is disabled"),
}
"""Each row of the service's table of codes, by name. With `done` the request is served before it is answered so."""


class Refused(Exception):
    """A request that the service does not serve."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(said)
        self.code, self.said = code, said


def refused(name: str) -> Refused:
    return Refused(*TROUBLES[name])


def good(data: Any) -> Answer:
    return answer({"code": 200, "msg": "success", "data": data})


def refusal(code: int, said: str, *, by_http: bool = False) -> Answer:
    """Return a refusal; `by_http` says it in the status too, which nobody has ruled out."""
    return answer({"code": code, "msg": said, "data": None}, code if by_http else 200)


def upload_refusal(code: int, said: str) -> Answer:
    return answer({"success": False, "code": code, "msg": said}, code)


def blocked() -> Answer:
    """Return what the gateway says to clients whose User-Agent it does not like."""
    return Answer(403, b"error code: 1010", "text/plain; charset=UTF-8")
