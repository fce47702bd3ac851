"""What it means that there is no answer, or an error instead of one.

Google charges nothing for a request that ends in an error of its API (400s and 500s: its billing page), so such
an error leaves no doubt. A web page or a half document is somebody else's word: after a 5xx, or a 200, the order
may have been taken.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

from vidctl.contract import ErrorClass, Scope, ScriptError
from vidctl.providers.gemini.problem import Problem, problem_in
from vidctl.providers.gemini.quota import exceeded
from vidctl.providers.http import AnswerLost, NotSent, Reply

_KEY: Final = re.compile(r"api key (?:not valid|not found|expired)|valid api key", re.IGNORECASE)
_COMPLEX: Final = re.compile(r"too many states", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Case:
    error_type: str
    error_class: ErrorClass
    scope: Scope
    hint: str


_AGAIN: Final = "nothing was charged; it is tried again by itself"
_KEY_REFUSED: Final = _Case(
    "KeyRefused",
    ErrorClass.PERMANENT,
    Scope.SERVICE,
    "make a new key at https://aistudio.google.com/apikey and set GEMINI_API_KEY",
)
_PRECONDITION: Final = _Case(
    "NotAvailable",
    ErrorClass.PERMANENT,
    Scope.SERVICE,
    "switch billing on for the key's project in Google AI Studio; without it not every country is served",
)
_SCHEMA: Final = _Case(
    "SchemaTooComplex",
    ErrorClass.PERMANENT,
    Scope.ITEM,
    "name another --model: this one does not take the form in which the document is asked for",
)
_REFUSED: Final = _Case(
    "InvalidRequest", ErrorClass.PERMANENT, Scope.ITEM, "the same request is refused again: change what is asked for"
)
_UNKNOWN: Final = _Case("UnknownError", ErrorClass.TRANSIENT, Scope.ITEM, "it is tried again by itself")
_BY_CODE: Final = {
    HTTPStatus.BAD_REQUEST: _REFUSED,
    HTTPStatus.UNAUTHORIZED: _KEY_REFUSED,
    HTTPStatus.FORBIDDEN: _Case(
        "PermissionDenied",
        ErrorClass.PERMANENT,
        Scope.SERVICE,
        "the key is blocked, or may not use this model: look at it in Google AI Studio, make a new one if it leaked",
    ),
    HTTPStatus.NOT_FOUND: _Case(
        "ModelNotFound",
        ErrorClass.PERMANENT,
        Scope.SERVICE,
        "the model was withdrawn, or never had this name: name another --model",
    ),
    HTTPStatus.REQUEST_TIMEOUT: _Case("Cancelled", ErrorClass.TRANSIENT, Scope.ITEM, _AGAIN),
    499: _Case("Cancelled", ErrorClass.TRANSIENT, Scope.ITEM, _AGAIN),
    HTTPStatus.INTERNAL_SERVER_ERROR: _Case("ServerError", ErrorClass.TRANSIENT, Scope.ITEM, _AGAIN),
    HTTPStatus.SERVICE_UNAVAILABLE: _Case("Overloaded", ErrorClass.TRANSIENT, Scope.SERVICE, _AGAIN),
    HTTPStatus.GATEWAY_TIMEOUT: _Case("DeadlineExceeded", ErrorClass.TRANSIENT, Scope.ITEM, _AGAIN),
}


def not_sent(error: NotSent, about: str) -> ScriptError:
    """Return the error for an order that never left."""
    return ScriptError(
        f"Gemini could not be reached for {about}: {error}",
        hint="nothing was ordered; check the network (HTTPS_PROXY, GEMINI_BASE_URL) if this goes on",
        error_type="NotSent",
        error_class=ErrorClass.TRANSIENT,
    )


def answer_lost(error: AnswerLost, about: str) -> ScriptError:
    """Return the error for an order of which nobody knows what became."""
    return ScriptError(
        f"Gemini was asked for {about}, and its answer was lost: {error}",
        hint="it may have been made and charged: see the usage page of Google AI Studio; its result cannot be fetched",
        error_type="AnswerLost",
        error_class=ErrorClass.TRANSIENT,
        in_doubt=True,
    )


def refusal(reply: Reply, about: str, *, now: datetime) -> ScriptError | None:
    """Return the error for an answer that is none; None for a 200 with a document that holds no error."""
    problem = problem_in(reply)
    if problem is not None:
        return _of_problem(problem, about, now)
    document = reply.json
    if reply.status == HTTPStatus.OK and document is not None:
        return None
    return _strange(reply, about) if document is None else _undocumented(reply, about)


def _of_problem(problem: Problem, about: str, now: datetime) -> ScriptError:
    exhausted = problem.code in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.PAYMENT_REQUIRED}
    if exhausted or problem.status == "RESOURCE_EXHAUSTED":
        return exceeded(problem, about, now=now)
    return _error(_case_of(problem), f"Gemini refused {about}: {problem.shown}", problem.retry_after_s)


def _case_of(problem: Problem) -> _Case:
    if problem.reasons & {"API_KEY_INVALID", "API_KEY_EXPIRED"} or _KEY.search(problem.message):
        return _KEY_REFUSED
    if problem.status == "FAILED_PRECONDITION":
        return _PRECONDITION
    if _COMPLEX.search(problem.message):
        return _SCHEMA
    return _by_code(problem.code)


def _by_code(code: int) -> _Case:
    refused = HTTPStatus.BAD_REQUEST <= code < HTTPStatus.INTERNAL_SERVER_ERROR
    return _BY_CODE.get(code, _REFUSED if refused else _UNKNOWN)


def _strange(reply: Reply, about: str) -> ScriptError:
    """A web page, half a document, nothing at all: whoever answered, it was not the API."""
    in_doubt = reply.status == HTTPStatus.OK or reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return ScriptError(
        f"what came back for {about} is no answer of Gemini (HTTP {reply.status}): {reply.shown or 'nothing'}",
        hint=(
            "it may have been made and charged: see the usage page of Google AI Studio"
            if in_doubt
            else "nothing was ordered; something between here and Gemini answers in its place"
        ),
        error_type="NoAnswer",
        error_class=ErrorClass.TRANSIENT,
        in_doubt=in_doubt,
    )


def _undocumented(reply: Reply, about: str) -> ScriptError:
    """A document without an error in it, under a status that says that there is one."""
    error = _error(_by_code(reply.status), f"Gemini refused {about} (HTTP {reply.status}): {reply.shown}", None)
    if reply.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return error
    return _error(_UNKNOWN, str(error), reply.retry_after_s, in_doubt=True)


def _error(case: _Case, message: str, retry_after_s: float | None, *, in_doubt: bool = False) -> ScriptError:
    return ScriptError(
        message,
        hint=case.hint,
        error_type=case.error_type,
        error_class=case.error_class,
        scope=case.scope,
        retry_after_s=retry_after_s if case.error_class is ErrorClass.TRANSIENT else None,
        in_doubt=in_doubt,
    )
