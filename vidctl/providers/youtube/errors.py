"""What YouTube's error documents say, in both their forms, and what that means for the next try."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from vidctl.contract import ErrorClass, ScriptError
from vidctl.domain.pacific import next_midnight
from vidctl.providers import refusals
from vidctl.providers.http import Reply
from vidctl.providers.refusals import Kind
from vidctl.providers.untrusted import mapping, mappings, short, text
from vidctl.providers.youtube.kinds import (
    BROKEN,
    BY_REASON,
    BY_STATUS,
    UNKNOWN,
    UNREADABLE,
    USED_UP,
    for_channel,
)

RESET_MARGIN_S: Final = 120.0
"""Clocks differ: who comes a second too early is told to wait for another day."""
LONGEST_WAIT_S: Final = 7 * 86_400.0
_TAG: Final = re.compile(r"</?(?:a|code|b|i|em|strong)(?: [^<>]*)?>")
_DAILY: Final = ("PerDay", "1/d/")


@dataclass(frozen=True, slots=True)
class Problem:
    """An error document: what it names as reasons, the newer form's last, and its words."""

    reasons: tuple[str, ...]
    message: str
    is_daily: bool
    """It speaks of a quota for a day, though its reason is that of any."""

    @property
    def shown(self) -> str:
        """Its words, and the reason by its name."""
        return " ".join(filter(None, (self.message, f"({self.reasons[0]})" if self.reasons else "")))


def problem_in(reply: Reply) -> Problem | None:
    """Return the problem that an answer holds; None where it holds none."""
    document = reply.json
    error = mapping(document[0] if isinstance(document, list) and document else document).get("error")
    if isinstance(error, str):  # as OAuth writes it
        return Problem((error,), text(mapping(document).get("error_description")), is_daily=False)
    if not isinstance(error, dict):
        return None
    details = mappings(error.get("details"))
    reasons = [text(one.get("reason")) for one in (*mappings(error.get("errors")), *details)]
    return Problem(tuple(filter(None, reasons)), _plain(text(error.get("message"))), any(map(_is_daily, details)))


def _plain(message: str) -> str:
    """Return a message without the tags that Google writes into some: people read it on a card."""
    return _TAG.sub("", message)


def refusal(reply: Reply, about: str, *, now: datetime, channel: str = "") -> ScriptError:
    """Return the error that an answer without success stands for; `about` is what was asked for, in words."""
    problem = problem_in(reply)
    kind = _kind(reply, problem)
    words = problem.shown if problem else ""
    said = f"{about}: HTTP {reply.status}: {short(words) or reply.shown}"
    return refusals.of(for_channel(_timed(kind, reply, now), channel), said)


def reasons_of(reply: Reply) -> tuple[str, ...]:
    """Return the reasons that an answer names."""
    problem = problem_in(reply)
    return problem.reasons if problem else ()


def _kind(reply: Reply, problem: Problem | None) -> Kind:
    if problem is not None and problem.is_daily:
        return USED_UP
    known = next(_known(problem.reasons), None) if problem else None
    if known is not None:
        return known
    if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return BROKEN
    return UNREADABLE if problem is None else BY_STATUS.get(reply.status, UNKNOWN)


def _known(reasons: tuple[str, ...]) -> Iterator[Kind]:
    yield from (BY_REASON[one] for one in reasons if one in BY_REASON)


def _timed(kind: Kind, reply: Reply, now: datetime) -> Kind:
    """Return a kind with how long to wait: what the answer says, but never less than it takes."""
    if kind.error_class is ErrorClass.PERMANENT:
        return kind
    if kind is USED_UP:
        return replace(kind, retry_after_s=round((next_midnight(now) - now).total_seconds() + RESET_MARGIN_S, 1))
    wait_s = max(filter(None, (kind.retry_after_s, reply.retry_after_s)), default=None)
    return replace(kind, retry_after_s=None if wait_s is None else min(wait_s, LONGEST_WAIT_S))


def _is_daily(detail: Mapping[str, Any]) -> bool:
    about = mapping(detail.get("metadata"))
    said = f"{text(about.get('quota_limit'))} {text(about.get('quota_unit'))}"
    return any(word in said for word in _DAILY)
