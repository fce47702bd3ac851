"""What it means that a quota is exceeded: for a minute, for the day, for good, or until somebody pays."""

import re
from datetime import datetime
from http import HTTPStatus
from typing import Final

from vidctl.contract import ErrorClass, Scope, ScriptError
from vidctl.domain.pacific import next_midnight
from vidctl.providers.gemini.problem import Problem
from vidctl.providers.untrusted import text

MINUTE_S: Final = 60.0
TOP_UP_PAUSE_S: Final = 3_600.0
RESET_MARGIN_S: Final = 120.0
"""Clocks differ: who comes a second too early is told to wait for another day."""

_CREDITS: Final = re.compile(r"prepayment credits|prepay credit|credits are depleted", re.IGNORECASE)
_SPENDING: Final = re.compile(r"spend(?:ing)? (?:cap|limit)", re.IGNORECASE)
_NONE_AT_ALL: Final = re.compile(r"\blimit: 0\b")


def exceeded(problem: Problem, about: str, *, now: datetime) -> ScriptError:
    """Return the error for a quota that is used up."""
    message = f"Gemini did not take {about}: {problem.shown}"
    if problem.code == HTTPStatus.PAYMENT_REQUIRED or _CREDITS.search(problem.message):
        hint = "add credits to the billing account at https://ai.studio/projects; it is tried again every hour"
        return _paused(message, "CreditsDepleted", hint, TOP_UP_PAUSE_S)
    if _SPENDING.search(problem.message):
        hint = "raise the project's spend cap at https://ai.studio/spend; it is tried again every hour"
        return _paused(message, "SpendingLimit", hint, TOP_UP_PAUSE_S)
    violations = list(problem.violations())
    if any(str(one.get("quotaValue")) == "0" for one in violations) or _NONE_AT_ALL.search(problem.message):
        return ScriptError(
            message,
            hint="this model has no quota on the key's tier: switch billing on for its project, or use another model",
            error_type="NotOnThisTier",
            error_class=ErrorClass.PERMANENT,
            scope=Scope.SERVICE,
        )
    if any("PerDay" in text(one.get("quotaId")) for one in violations):
        wait_s = (next_midnight(now) - now).total_seconds() + RESET_MARGIN_S  # whatever retryDelay says
        return _paused(
            message, "DailyQuota", "it is reset at midnight in California; a higher tier has a larger one", wait_s
        )
    return ScriptError(
        message,
        hint="it is tried again by itself; lower the concurrency limits in _defaults.yaml if this comes often",
        error_type="RateLimit",
        error_class=ErrorClass.TRANSIENT,
        scope=Scope.SERVICE,
        retry_after_s=MINUTE_S if problem.retry_after_s is None else problem.retry_after_s,
    )


def _paused(message: str, error_type: str, hint: str, wait_s: float) -> ScriptError:
    return ScriptError(
        message,
        hint=hint,
        error_type=error_type,
        error_class=ErrorClass.QUOTA,
        scope=Scope.SERVICE,
        retry_after_s=round(wait_s, 1),
    )
