"""The service's own words for what it refuses: the form of 2026, the older one, and that of its check of the fields."""

from typing import Any, NamedTuple

from tests.fakes.wire.server import Answer, answer


class Problem(NamedTuple):
    """One row of the table of errors."""

    status: int
    kind: str
    code: str
    message: str
    param: str | None = None
    older_status: int | None = None
    """The status of HTTP that came with the older form, where it was another."""
    older_code: str | None = None
    """What stood for the code before, where it was another word; it is still said as `status`."""


class Refused(Exception):
    """A request is answered with an error."""

    def __init__(self, told: Answer) -> None:
        super().__init__(told.content.decode())
        self.told = told


PROBLEMS: dict[str, Problem] = {
    "bad_key": Problem(401, "authentication_error", "invalid_api_key", "Invalid API key"),
    "no_permission": Problem(
        401,
        "authentication_error",
        "missing_permissions",
        "The API key you used is missing the permission text_to_speech to execute this operation.",
    ),
    "unusual_activity": Problem(
        401, "authentication_error", "detected_unusual_activity", "Unusual activity detected. Free Tier usage disabled."
    ),
    "quota": Problem(
        402,
        "payment_error",
        "quota_exceeded",
        "This request exceeds your quota of 10000. You have 12 credits remaining, while 340 credits are required for "
        "this request.",
        older_status=401,
    ),
    "payment_required": Problem(402, "payment_error", "payment_required", "Insufficient credits."),
    "plan_of_voice": Problem(
        402,
        "payment_required",
        "paid_plan_required",
        "Free users cannot use library voices via the API. Please upgrade your subscription to use this voice.",
        older_code="payment_required",
    ),
    "voice_not_found": Problem(
        404, "not_found", "voice_not_found", "A voice with that voice_id was not found.", "voice_id", older_status=400
    ),
    "model_not_found": Problem(
        404, "not_found", "model_not_found", "A model with that model_id does not exist.", "model_id", older_status=400
    ),
    "unsupported_model": Problem(
        400,
        "validation_error",
        "unsupported_model",
        "Providing previous_text or next_text is not yet supported with the 'eleven_v3' model.",
        "model_id",
    ),
    "too_long": Problem(
        400, "validation_error", "max_character_limit_exceeded", "This request's text has too many characters.", "text"
    ),
    "text_too_long": Problem(400, "validation_error", "text_too_long", "The text is too long.", "text"),
    "invalid_parameters": Problem(
        400, "validation_error", "invalid_parameters", "Invalid value for output_format.", "output_format"
    ),
    "plan": Problem(
        403, "authorization_error", "only_for_creator+", "The output format is only for the Creator tier and above."
    ),
    "content": Problem(
        403, "authorization_error", "content_policy_violation", "The text was blocked by our content moderation."
    ),
    "too_early": Problem(425, "too_early", "too_early", "The resource is still being processed."),
    "too_many": Problem(
        429, "rate_limit_error", "concurrent_limit_exceeded", "You have too many requests running at the same time."
    ),
    "too_many_requests": Problem(
        429,
        "rate_limit_error",
        "too_many_concurrent_requests",
        "Too many concurrent requests. Your current subscription is associated with a maximum of 5 concurrent "
        "requests (running in parallel).",
    ),
    "rate_limit": Problem(429, "rate_limit_error", "rate_limit_exceeded", "Too many requests, slow down."),
    "busy": Problem(
        429, "rate_limit_error", "system_busy", "We are experiencing heavy traffic, please try again later."
    ),
    "internal": Problem(500, "internal_error", "internal_server_error", "Something went wrong on our end."),
    "unavailable": Problem(503, "internal_error", "service_unavailable", "The service is temporarily unavailable."),
}
"""By the names by which tests ask for them. Nobody wrote down the code of a refusal for what a text says."""


def told(problem: Problem, *, older: bool = False, **headers: str) -> Answer:
    """Return a problem as the service tells it; the older form has no code, and a status of its own."""
    word = problem.older_code or problem.code
    if older:
        status = problem.older_status or problem.status
        return answer({"detail": {"status": word, "message": problem.message}}, status, **headers)
    detail = {
        "type": problem.kind,
        "code": problem.code,
        "message": problem.message,
        "status": word,
        "request_id": "3c80f0c7",
        "param": problem.param,
    }
    return answer({"detail": detail}, problem.status, **headers)


def invalid(*complaints: tuple[str, tuple[str, ...], str, Any]) -> Answer:
    """Return what the check of the fields answers: (type, place, message, input) of each complaint."""
    listed = [{"type": kind, "loc": list(loc), "msg": msg, "input": given} for kind, loc, msg, given in complaints]
    return answer({"detail": listed}, 422)
