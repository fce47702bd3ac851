"""What a client gets to see when a fault strikes."""

import json

from tests.fakes.notion.api import as_json, refused
from tests.fakes.notion.errors import ApiError, Json
from tests.fakes.notion.faults import Fault
from tests.fakes.wire.server import Answer, unreadable

_CODES = {
    "409": ("conflict_error", "Conflict occurred while saving. Please try again."),
    "500": ("internal_server_error", "Unexpected error occurred."),
    "502": ("bad_gateway", "Bad gateway."),
    "503": ("service_unavailable", "Notion is temporarily unavailable."),
    "504": ("gateway_timeout", "The request timed out."),
}


def answer(fault: Fault, good: Answer | None) -> Answer | None:
    """Return what a fault answers with, None for a cut connection. `good` is the answer of a request that was saved."""
    match fault.what:
        case "slow" | "stale":
            return good
        case "drop":
            return None
        case "html" | "not_json":
            return unreadable(fault.what, fault)
        case "wrong_shape":
            return Answer(int(fault.option("status", 200)), as_json(fault.option("body", {"ok": True})))
        case _:
            return _refusal(fault, good)


def _refusal(fault: Fault, good: Answer | None) -> Answer:
    match fault.what:
        case "429":
            return refused(_rate_limited(fault))
        case "529":
            wait = {"retry_after": fault.option("retry_after", 1)} if fault.option("retry_after", 1) is not None else {}
            return refused(ApiError(529, "service_overload", "Notion is overloaded.", **wait))
        case "block_limit":
            limit = {"block_limit": fault.option("limit", 1000)}
            return refused(ApiError(403, "restricted_resource", "The workspace has reached its block limit.", **limit))
        case "error":
            return refused(_chosen(fault))
        case _:
            code, message = _CODES[fault.what]
            return _saved(fault, good, ApiError(int(fault.what), fault.option("code", code), message))


def _rate_limited(fault: Fault) -> ApiError:
    message = "You have been rate limited. Please try again in a few minutes."
    reason = fault.option("reason", "public_api_request_rate_limit")
    wait = fault.option("retry_after", 1)
    return ApiError(429, "rate_limited", message, rate_limit_reason=reason, retry_after=wait)


def _chosen(fault: Fault) -> ApiError:
    code, message = fault.option("code", "validation_error"), fault.option("message", "a fault")
    return ApiError(int(fault.option("status", 400)), code, message, **fault.option("additional_data", {}))


def _saved(fault: Fault, good: Answer | None, refusal: ApiError) -> Answer:
    """Return an error that tells, if it is a 503 after a write, that the write was saved."""
    if fault.what != "503" or good is None or good.status >= 400:
        return refused(refusal)
    guidance: Json = {
        "retry_guidance": ["Read the object again", "Do not repeat the write"],
        "committed_resource_id": _id_in(good),
    }
    # Nobody wrote down whether these stand at the top or in additional_data, so they stand in both.
    told = refused(ApiError(refusal.status, refusal.code, refusal.message, **guidance))
    return Answer(told.status, told.content[:-1] + b"," + as_json(guidance)[1:], told.media_type)


def _id_in(good: Answer) -> str | None:
    body = json.loads(good.content)
    if body.get("object") == "list" and body["results"]:
        return str(body["results"][0]["id"])
    return str(body["id"]) if "id" in body else None
