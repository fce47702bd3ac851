"""What KIE's refusals mean: by code first, by words where one code stands for two things."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from vidctl.contract import ErrorClass, Scope, ScriptError
from vidctl.providers.kie.answers import Answer

LOGS: Final = "kie.ai/logs"
MAINTENANCE_S: Final = 300.0
PROMPT_SHOWN: Final = 120

_OUT_OF_CREDITS: Final = re.compile(r"insufficient|top.?up|not enough (credit|balance)|out of credits", re.IGNORECASE)
_POLICY: Final = re.compile(
    r"content.?polic|sensitive|flagged|moderat|nsfw|prohibited|inappropriate|violat|safety", re.IGNORECASE
)
_FETCH: Final = re.compile(
    r"(fetch|download|retriev|access|reach|load)\w*\W.{0,40}(image|picture|file|url)"
    r"|(image|picture|file|url)\w*\W.{0,40}(fetch|download|retriev|access|reach|load)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Row:
    """What one code means, whatever was asked; `{said}` in a sentence is KIE's own words."""

    error_type: str
    message: str
    hint: str
    error_class: ErrorClass = ErrorClass.PERMANENT
    scope: Scope = Scope.SERVICE
    retry_after_s: float | None = None


NO_CREDITS: Final = Row(
    "NoCredits",
    "KIE has no credits left for this: {said}",
    "top up at kie.ai, then: vidctl services --resume kie",
    ErrorClass.QUOTA,
)
GATEWAY: Final = Row(
    "ClientRefused",
    "KIE's gateway refuses this client: {said}",
    "take away what changes the User-Agent on the way (a proxy?), or ask KIE to let this address in",
)

ROWS: Final = {
    401: Row("KeyRefused", "KIE does not accept the key: {said}", "put a valid key from kie.ai/api-key in KIE_API_KEY"),
    402: NO_CREDITS,
    403: Row("KeyRefused", "KIE does not let this key do that: {said}", "look at its limits at kie.ai/api-key"),
    433: Row("KeyLimit", "KIE has a limit on this key: {said}", "raise the key's limits at kie.ai/api-key"),
    455: Row(
        "Maintenance",
        "KIE is being maintained: {said}",
        "nothing: it is tried again later",
        ErrorClass.TRANSIENT,
        retry_after_s=MAINTENANCE_S,
    ),
    505: Row("FeatureDisabled", "KIE has switched this off: {said}", "look at kie.ai whether the model is still sold"),
}
"""The codes that mean the same for an order, a look at a job, and an upload."""


def of_account(answer: Answer) -> ScriptError | None:
    """Return the error for an answer that is about the key, the account or the whole service; None for others."""
    if says_no_credits(answer):
        return raised_by(NO_CREDITS, answer.said)
    if "error code: 1010" in answer.reply.shown.lower() and answer.reply.status == HTTPStatus.FORBIDDEN:
        return raised_by(GATEWAY, answer.said)
    row = ROWS.get(answer.code)
    return raised_by(row, answer.said) if row and is_of_kie(answer) else None


def says_no_credits(answer: Answer) -> bool:
    """Say whether the account is empty: 402, or 429 with the words of 402."""
    if answer.code == HTTPStatus.TOO_MANY_REQUESTS:
        return is_of_kie(answer) and bool(_OUT_OF_CREDITS.search(answer.said))
    return answer.code == HTTPStatus.PAYMENT_REQUIRED and is_of_kie(answer)


def means_policy(said: str) -> bool:
    """Say whether words are about what may not be shown."""
    return bool(_POLICY.search(said))


def means_picture_not_fetched(said: str) -> bool:
    """Say whether words are about a picture that could not be had."""
    return bool(_FETCH.search(said)) and not means_policy(said)


def is_of_kie(answer: Answer) -> bool:
    """Say whether KIE answered, and not a gateway on the way: those answer with web pages."""
    page = "html" in answer.reply.headers.get("content-type", "") or answer.reply.content.lstrip()[:1] == b"<"
    return answer.spoken or not page


def raised_by(row: Row, said: str) -> ScriptError:
    """Return a row as the error that it is."""
    return ScriptError(
        row.message.format(said=said),
        hint=row.hint,
        error_class=row.error_class,
        scope=row.scope,
        error_type=row.error_type,
        retry_after_s=row.retry_after_s,
    )


def prompt_refused(said: str, prompt: str, *, job_over: bool = False) -> ScriptError:
    """Return the error for a motion prompt (or its picture) that KIE does not film."""
    start = prompt if len(prompt) <= PROMPT_SHOWN else f"{prompt[: PROMPT_SHOWN - 1]}…"
    return ScriptError(
        f"KIE does not film this: {said} (motion prompt: {start!r})",
        hint="word the scene's motion otherwise; if it is the picture that is refused, make another",
        error_type="PromptRefused",
        job_over=job_over,
    )


def picture_not_fetched(said: str, *, job_over: bool = False) -> ScriptError:
    """Return the error for a picture that KIE could not fetch from where it was put."""
    return ScriptError(
        f"KIE could not fetch the picture: {said}",
        hint="nothing: the picture is put elsewhere the next time; if it happens again, use another --image-host",
        error_class=ErrorClass.TRANSIENT,
        error_type="ImageNotFetched",
        job_over=job_over,
    )


def in_doubt(said: str) -> ScriptError:
    """Return the error for an order of which nobody knows whether it was taken."""
    return ScriptError(
        f"KIE was sent an order, and whether it took it is not known: {said}",
        hint=f"look at {LOGS} whether a job began at that time: it may have been charged",
        error_class=ErrorClass.TRANSIENT,
        error_type="OrderInDoubt",
        in_doubt=True,
    )
