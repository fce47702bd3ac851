"""The troubles that only this service knows, by name: error documents, and 200s without anything in them."""

from collections.abc import Callable

from tests.fakes.gemini import errors
from tests.fakes.gemini.errors import error
from tests.fakes.wire.server import Answer

DAY = "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
MINUTE = "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"

ERRORS: dict[str, Callable[[str], Answer]] = {
    "key_invalid": lambda _: errors.key_invalid(),
    "key_not_found": lambda _: error(
        "INVALID_ARGUMENT", "API Key not found. Please pass a valid API key.", errors.info("API_KEY_INVALID")
    ),
    "unauthenticated": lambda _: error("UNAUTHENTICATED", "Request had invalid authentication credentials."),
    "region": lambda _: error(
        "FAILED_PRECONDITION", "User location is not supported for the API use without a billing account linked."
    ),
    "invalid_argument": lambda _: error("INVALID_ARGUMENT", "Request contains an invalid argument."),
    "schema_too_complex": lambda _: error(
        "INVALID_ARGUMENT", "The specified schema produces a constraint that has too many states for serving."
    ),
    "key_leaked": lambda _: error(
        "PERMISSION_DENIED", "Your API key was reported as leaked. Please use another API key."
    ),
    "suspended": lambda key: error(
        "PERMISSION_DENIED",
        f"Permission denied: Consumer 'api_key:{key}' has been suspended.",
        errors.info("CONSUMER_SUSPENDED"),
    ),
    "not_found": lambda _: errors.not_found("gemini-2.5-flash-image", "v1beta"),
    "quota_day": lambda _: errors.quota((DAY, "20")),
    "quota_minute": lambda _: errors.quota((MINUTE, "10"), delay="18.432s"),
    "quota_both": lambda _: errors.quota((MINUTE, "10"), (DAY, "20")),
    "quota_zero": lambda _: errors.quota((DAY, "0"), (MINUTE, "0")),
    "quota_bare": lambda _: error("RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
    "credits_depleted": lambda _: error(
        "RESOURCE_EXHAUSTED",
        "Your prepayment credits are depleted. Please go to AI Studio at https://ai.studio/projects to manage your "
        "project and billing.",
    ),
    "credits_402": lambda _: error("RESOURCE_EXHAUSTED", "Your Prepay credit balance is depleted.", code=402),
    "spending_cap": lambda _: error(
        "RESOURCE_EXHAUSTED", "Your project has exceeded its monthly spending cap. See https://ai.studio/spend."
    ),
    "cancelled": lambda _: error("CANCELLED", "The operation was cancelled."),
    "internal": lambda _: error("INTERNAL", "An internal error has occurred. Please retry."),
    "overloaded": lambda _: error("UNAVAILABLE", "The model is overloaded. Please try again later."),
    "deadline": lambda _: error("DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
}
"""Each may come with the option `as_200`: the same document, and HTTP says that all is well."""

BLOCKS = ("SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "JAILBREAK", "MODEL_ARMOR")
FINISHES = (
    "SAFETY",
    "PROHIBITED_CONTENT",
    "BLOCKLIST",
    "SPII",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "MODEL_ARMOR",
    "RECITATION",
    "IMAGE_RECITATION",
    "NO_IMAGE",
    "IMAGE_OTHER",
    "OTHER",
    "MALFORMED_RESPONSE",
    "MAX_TOKENS",
    "CONTINUATION",
    "LANGUAGE",
    "PUP_LIMITED_DISABLED",
)
BLOCKED = {f"block_{reason.lower()}": reason for reason in BLOCKS}
FINISHED = {reason.lower(): reason for reason in FINISHES} | {"stop_with_nothing": "STOP", "no_reason": ""}
MESSAGES = {"IMAGE_SAFETY": "Unable to show the generated image. It may violate the policy on harmful content."}
