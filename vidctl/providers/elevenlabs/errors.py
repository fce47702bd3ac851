"""What ElevenLabs says when it refuses, and what that means for the next try.

Its errors come as `{"detail": {"code": …, "status": …, "message": …}}`, in an older form without the code, and
from the check of its fields as a list. What counts is the code, or the status where that is the word that is
known; then the status of HTTP; its texts are only repeated.
"""

import re
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from vidctl.contract import ErrorClass, ScriptError
from vidctl.providers import refusals
from vidctl.providers.elevenlabs.kinds import (
    BROKEN,
    BY_CODE,
    BY_STATUS,
    CONTENT,
    DOWN,
    LOST,
    NOT_ALLOWED,
    TOO_MANY,
    UNKNOWN,
    UNREADABLE,
    USED_UP,
)
from vidctl.providers.http import Reply
from vidctl.providers.refusals import Kind

LONGEST_WAIT_S: Final = 7 * 86_400.0
FAR_OFF_S: Final = 400 * 86_400.0
"""A later date is none that an account's period could end on."""
_WORDS: Final = 300
_MAY_BE_TAKEN: Final = replace(UNREADABLE, hint=LOST.hint, in_doubt=True)
_CONTENT_WORDS: Final = re.compile(r"polic(y|ies)|moderat|safety|prohibited|violat|harmful|blocked_content|terms_of")
"""Unverified: nobody wrote down the code of a refusal for what a text says."""


_PLAN_WORDS: Final = re.compile(r"free users|library voices|upgrade your (subscription|plan)")
"""`payment_required` was said of voices that the plan has not, before that had a code of its own."""


def refusal(reply: Reply, *, wait_s: float | None = None) -> ScriptError:
    """Return the error that an answer without success stands for.

    `wait_s` is what is known from elsewhere of how long to wait; else the answer says it, or its kind.
    """
    kind = _kind(reply)
    said = next((known for known in (wait_s, reply.retry_after_s, kind.retry_after_s) if known is not None), None)
    wait_s = None if said is None or kind.error_class is ErrorClass.PERMANENT else min(said, LONGEST_WAIT_S)
    return refusals.of(replace(kind, retry_after_s=wait_s), _said(reply))


def is_success(reply: Reply) -> bool:
    """Say whether an order was taken."""
    return HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES


def is_too_many(reply: Reply) -> bool:
    """Say whether an order was turned away only because too many others are being worked on."""
    return not is_success(reply) and _kind(reply) is TOO_MANY


def is_used_up(reply: Reply) -> bool:
    """Say whether an order was turned away because the account has no credits left for it."""
    return not is_success(reply) and _kind(reply) is USED_UP


def unreadable(reply: Reply) -> ScriptError:
    """Return the error for an answer of success that is none, and does not say what it cost."""
    return refusals.of(_MAY_BE_TAKEN, f"HTTP {reply.status}: {reply.shown}")


def _kind(reply: Reply) -> Kind:
    detail = _detail(reply)
    codes = _codes(detail)
    known = next((BY_CODE[code] for code in codes if code in BY_CODE), None)
    if known is USED_UP and "quota_exceeded" not in codes and _PLAN_WORDS.search(_said(reply).lower()):
        return NOT_ALLOWED
    if known is not None:
        return known
    if any(code.startswith("only_for_") for code in codes):  # only_for_creator+ and the like
        return NOT_ALLOWED
    if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        own = DOWN if reply.status == HTTPStatus.SERVICE_UNAVAILABLE else BROKEN
        return own if detail is not None else _MAY_BE_TAKEN  # a gateway's words say nothing of what is behind it
    if not isinstance(reply.json, dict) or reply.status < HTTPStatus.BAD_REQUEST:
        return UNREADABLE
    return CONTENT if _is_of_content(reply, codes) else BY_STATUS.get(reply.status, UNKNOWN)


def _is_of_content(reply: Reply, codes: list[str]) -> bool:
    if any(_CONTENT_WORDS.search(code) for code in codes):
        return True
    return reply.status == HTTPStatus.FORBIDDEN and _CONTENT_WORDS.search(_said(reply).lower()) is not None


def _detail(reply: Reply) -> Any:
    document = reply.json
    return document.get("detail") if isinstance(document, dict) else None


def _codes(detail: Any) -> list[str]:
    """Return the words that name the case, the newer one first."""
    if isinstance(detail, str):
        return [detail]
    if not isinstance(detail, dict):
        return []
    return [code for code in (detail.get("code"), detail.get("status")) if isinstance(code, str)]


def _said(reply: Reply) -> str:
    """Return the service's own words, shortened; the beginning of the answer where there are none."""
    detail = _detail(reply)
    words = reply.shown
    if isinstance(detail, str):
        words = detail
    elif isinstance(detail, list):
        words = "; ".join(_complaint(one) for one in detail[:5])
    elif isinstance(detail, dict) and isinstance(detail.get("message"), str):
        words = f"{detail['message']} ({', '.join(dict.fromkeys(_codes(detail)))})"
    line = " ".join("".join(one if one.isprintable() else " " for one in words[: 4 * _WORDS]).split())
    return f"HTTP {reply.status}: {line[:_WORDS]}"


def _complaint(one: Any) -> str:
    """Return one entry of the list that the check of the fields makes."""
    if not isinstance(one, dict):
        return str(one)
    places = one.get("loc")
    where = ".".join(map(str, places)) if isinstance(places, list) else "?"
    return f"{where}: {one.get('msg')}"
