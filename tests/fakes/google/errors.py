"""The error documents of YouTube's Data API, in the forms that it writes them in."""

from typing import Any

from tests.fakes.wire.server import Answer, answer

USED_UP = (
    "The request cannot be completed because you have exceeded your "
    '<a href="/youtube/v3/getting-started#quota">quota</a>.'
)
TOO_MANY_VIDEOS = "The user has exceeded the number of videos they may upload."
STATUSES = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED"}


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(self, refusal: Answer) -> None:
        super().__init__(refusal.content.decode())
        self.answer = refusal


def error(code: int, reason: str, message: str, domain: str = "youtube.video", *, location: str = "") -> Answer:
    """Return an error in the older form: the reason is the first of `errors`."""
    one = {"message": message, "domain": domain, "reason": reason}
    if location:
        one |= {"location": location, "locationType": "header" if location == "Authorization" else "parameter"}
    body: dict[str, Any] = {"code": code, "message": message, "errors": [one]}
    if code in STATUSES and domain == "global":
        body["status"] = STATUSES[code]
    return answer({"error": body}, code)


def refused(code: int, reason: str, message: str, domain: str = "youtube.video", *, location: str = "") -> Refused:
    return Refused(error(code, reason, message, domain, location=location))


def exhausted(metric: str, unit: str, limit: int) -> Answer:
    """Return a 429 in the newer form: which quota it is, is in its details alone."""
    message = (
        f"Quota exceeded for quota metric '{metric}' and limit '{metric} per {'day' if unit == 'd' else 'minute'}' of "
        "service 'youtube.googleapis.com' for consumer 'project_number:123456789012'."
    )
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {
            "service": "youtube.googleapis.com",
            "consumer": "projects/123456789012",
            "quota_metric": f"youtube.googleapis.com/{metric.lower().replace(' ', '_')}",
            "quota_limit": "defaultPerDayPerProject" if unit == "d" else "defaultPerMinutePerProject",
            "quota_limit_value": str(limit),
            "quota_unit": f"1/{unit}/{{project}}",
            "quota_location": "global",
        },
    }
    body = {
        "code": 429,
        "message": message,
        "errors": [{"message": message, "domain": "global", "reason": "rateLimitExceeded"}],
        "status": "RESOURCE_EXHAUSTED",
        "details": [info],
    }
    return answer({"error": body}, 429)


def no_login() -> Refused:
    message = (
        "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other "
        "valid authentication credential."
    )
    return refused(401, "required", message, "global", location="Authorization")


def not_signed_in() -> Refused:
    return refused(401, "authError", "Invalid Credentials", "global", location="Authorization")


def no_scope() -> Refused:
    message = "Request had insufficient authentication scopes."
    body = {
        "code": 403,
        "message": message,
        "errors": [{"message": "Insufficient Permission", "domain": "global", "reason": "insufficientPermissions"}],
        "status": "PERMISSION_DENIED",
        "details": [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                "domain": "googleapis.com",
                "metadata": {"service": "youtube.googleapis.com"},
            }
        ],
    }
    return Refused(answer({"error": body}, 403))


def invalid(message: str) -> Refused:
    """A request that the API cannot even read: an unknown field, or a value of another type."""
    return refused(400, "badRequest", message, "global")


TROUBLES: dict[str, Answer] = {
    "quotaExceeded": error(403, "quotaExceeded", USED_UP, "youtube.quota"),
    "dailyLimitExceeded": error(403, "dailyLimitExceeded", "Daily Limit Exceeded", "usageLimits"),
    "quota_429_day": exhausted("Video Uploads", "d", 100),
    "quota_429_minute": exhausted("Queries", "min", 1_800_000),
    "uploadLimitExceeded": error(400, "uploadLimitExceeded", TOO_MANY_VIDEOS),
    "uploadLimitExceeded_403": error(403, "uploadLimitExceeded", TOO_MANY_VIDEOS),
    "rateLimitExceeded": error(403, "rateLimitExceeded", "Rate Limit Exceeded", "usageLimits"),
    "userRateLimitExceeded": error(403, "userRateLimitExceeded", "User Rate Limit Exceeded", "usageLimits"),
    "uploadRateLimitExceeded": error(
        429,
        "uploadRateLimitExceeded",
        "The channel has uploaded too many thumbnails recently. Please try the request again later.",
        "youtube.thumbnail",
    ),
    "forbidden": error(403, "forbidden", "Forbidden", "youtube.common"),
    "forbiddenPrivacySetting": error(
        403, "forbiddenPrivacySetting", "The request attempts to set an invalid privacy setting for the video."
    ),
    "forbiddenLicenseSetting": error(
        403, "forbiddenLicenseSetting", "The request attempts to set an invalid license for the video."
    ),
    "accessNotConfigured": error(
        403,
        "accessNotConfigured",
        "YouTube Data API v3 has not been used in project 123456789012 before or it is disabled.",
        "usageLimits",
    ),
    "youtubeSignupRequired": error(
        401, "youtubeSignupRequired", "Unauthorized", "youtube.header", location="Authorization"
    ),
    "authenticatedUserAccountSuspended": error(
        403,
        "authenticatedUserAccountSuspended",
        "The YouTube account of the authenticated user is suspended.",
        "youtube.common",
    ),
    "authenticatedUserAccountClosed": error(
        403, "authenticatedUserAccountClosed", "The account of the authenticated user is closed.", "youtube.common"
    ),
    "backendError": error(503, "backendError", "Backend Error", "global"),
    "somethingNew": error(418, "somethingNew", "Nobody wrote this down.", "youtube.common"),
}
"""What any request may meet, whatever it asks for, by the reason's name."""
