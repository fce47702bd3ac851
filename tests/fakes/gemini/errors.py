"""The error documents of Google's APIs, as the service writes them."""

from typing import Any

from tests.fakes.wire.server import Answer, answer

CODES = {
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "RESOURCE_EXHAUSTED": 429,
    "CANCELLED": 499,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
TYPES = "type.googleapis.com/google.rpc."


def error(status: str, message: str, *details: dict[str, Any], code: int | None = None) -> Answer:
    """Return an error; `code` where it is not the usual one of its status."""
    code = code or CODES[status]
    body: dict[str, Any] = {"code": code, "message": message, "status": status}
    if details:
        body["details"] = list(details)
    return answer({"error": body}, code)


def info(reason: str) -> dict[str, Any]:
    return {
        "@type": f"{TYPES}ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {"service": "generativelanguage.googleapis.com"},
    }


def bad_request(field: str, description: str) -> dict[str, Any]:
    return {"@type": f"{TYPES}BadRequest", "fieldViolations": [{"field": field, "description": description}]}


def unknown_name(name: str, where: str) -> Answer:
    said = (
        f'Invalid JSON payload received. Unknown name "{name}"{f" at {where!r}" if where else ""}: Cannot find field.'
    )
    return error("INVALID_ARGUMENT", said, bad_request(where, said))


def invalid(message: str) -> Answer:
    return error("INVALID_ARGUMENT", message)


def key_invalid() -> Answer:
    message = "API key not valid. Please pass a valid API key."
    localized = {"@type": f"{TYPES}LocalizedMessage", "locale": "en-US", "message": message}
    return error("INVALID_ARGUMENT", message, info("API_KEY_INVALID"), localized)


def no_key() -> Answer:
    return error(
        "PERMISSION_DENIED",
        "Method doesn't allow unregistered callers (callers without established identity). "
        "Please use API Key or other form of API consumer identity to call this API.",
    )


def not_found(model: str, version: str) -> Answer:
    return error(
        "NOT_FOUND",
        f"models/{model} is not found for API version {version}, or is not supported for generateContent. "
        "Call ListModels to see the list of available models and their supported methods.",
    )


def quota(*violations: tuple[str, str], delay: str = "18s", model: str = "gemini-3.8-flash") -> Answer:
    """Return a 429 that names quotas, each with its limit."""
    metric = "generativelanguage.googleapis.com/generate_content_free_tier_requests"
    lines = [f"* Quota exceeded for metric: {metric}, limit: {limit}, model: {model}" for _, limit in violations]
    named = [
        {
            "quotaMetric": metric,
            "quotaId": name,
            "quotaDimensions": {"location": "global", "model": model},
            "quotaValue": limit,
        }
        for name, limit in violations
    ]
    links = [
        {
            "description": "Learn more about Gemini API quotas",
            "url": "https://ai.google.dev/gemini-api/docs/rate-limits",
        }
    ]
    return error(
        "RESOURCE_EXHAUSTED",
        "\n".join(
            [
                "You exceeded your current quota, please check your plan and billing details.",
                *lines,
                f"Please retry in {delay}.",
            ]
        ),
        {"@type": f"{TYPES}Help", "links": links},
        {"@type": f"{TYPES}QuotaFailure", "violations": named},
        {"@type": f"{TYPES}RetryInfo", "retryDelay": delay},
    )
