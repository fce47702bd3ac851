"""What people are told when something needs them, and how much of it in one message. Pure.

A message says what happened, where, since when, what it costs and holds up, and what to do. What is of one kind comes
in one message: the newest in full, the others in a line each, or by name alone where there are many.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from vidctl.domain.status import ERRORS, Status

MAX_BODY: Final = 1_800
"""Characters. Discord takes 2,000, most others more."""
MAX_TITLE: Final = 120
_MAX_SENTENCE: Final = 600
_MAX_LINE: Final = 160
_MAX_NAME: Final = 60
_SHORT_ID: Final = 8
_UNNAMED: Final = re.compile(r"\b(vidctl (?:retry(?! (?:--new-upload )?[0-9a-f]{8})|logs(?= TASK)))(?: TASK)?\b")

SPACING: Final = timedelta(minutes=1)
"""No destination gets two messages of a kind within that."""
REST: Final = timedelta(hours=1)
"""How long a destination is left alone that is gone, or refuses our key."""
TOLD_AFTER: Final = 12
"""After so many failures in a row, about an hour, a person is told elsewhere."""
_LONGEST_WAIT: Final = timedelta(minutes=5)
_EARLY: Final = timedelta(seconds=10)
"""Ticks come each minute: a wait ends before the one that it is meant to end with."""


class Level(StrEnum):
    """How a message is coloured."""

    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    FAILURE = "failure"


_KINDS: Final[Mapping[str, tuple[Level, str, str]]] = {
    "task failed": (Level.FAILURE, "{film} failed", "{n} films failed"),
    "in doubt": (Level.FAILURE, "{film} waits: was it bought?", "{n} films wait: were these bought?"),
    "service paused": (Level.FAILURE, "{service} rests", "{n} times a service rests"),
    "not begun": (Level.FAILURE, "Films are not begun", "{n} troubles keep films from being begun"),
    "no tick": (Level.FAILURE, "There was no tick for a while", "{n} times there was no tick for a while"),
    "disk": (Level.FAILURE, "A disk is nearly full", "{n} disks are nearly full"),
    "backup": (Level.FAILURE, "There is no new backup", "{n} times there was no new backup"),
    "restored": (Level.WARNING, "The database was restored", "The database was restored {n} times"),
    "quota": (Level.WARNING, "YouTube's quota", "YouTube's quota, {n} times"),
    "budget": (Level.WARNING, "A budget is nearly or all spent", "{n} budgets are nearly or all spent"),
    "board": (Level.WARNING, "A board in Notion needs you", "{n} troubles with boards in Notion"),
    "waiting": (Level.WARNING, "{film} waits for you", "{n} films wait for you"),
    "success below target": (Level.WARNING, "Fewer films succeed than should", "Fewer films succeed, {n} weeks"),
    "recovery below target": (
        Level.WARNING,
        "Fewer failures cure themselves",
        "Fewer failures cure themselves, {n} weeks",
    ),
    "cost above budget": (Level.WARNING, "More was spent than a budget has", "More was spent than {n} budgets have"),
    "no address": (Level.WARNING, "{film} is published, but where?", "{n} films are published, but where?"),
    "published": (Level.SUCCESS, "{film} is published", "{n} films are published"),
    "weekly report": (Level.INFO, "How the week was", "How {n} weeks were"),
    "audit head": (Level.INFO, "The record of decisions", "The record of decisions, {n} days"),
}
"""Each kind of alert, the most urgent first: its colour, and its title for one and for several."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that a person has to know, and what is known about it now."""

    id: int
    kind: str
    message: str
    hint: str
    created_at: datetime
    task_id: UUID | None = None
    channel_id: str | None = None
    title: str | None = None
    status: str | None = None
    step: str | None = None
    cost_usd: Decimal = Decimal(0)
    held_up: int = 0
    """How many films wait for the service that it is about."""
    card_url: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent."""

    title: str
    body: str
    url: str
    level: Level


def urgency(kind: str) -> int:
    """Return where a kind stands among all that is to be said: the lower, the sooner."""
    return list(_KINDS).index(kind) if kind in _KINDS else len(_KINDS)


def compose(alerts: Sequence[Alert]) -> Message:
    """Return the one message about some alerts of one kind, the oldest of them first."""
    last, others = alerts[-1], alerts[:-1]
    named = last.kind.capitalize()
    level, one, many = _KINDS.get(last.kind, (Level.WARNING, named, f"{named}, {{n}} times"))
    film, service = line(last.title or "A film"), line(last.message).partition(": ")[0]
    names = {"film": _cut(film, _MAX_NAME), "service": _cut(service, _MAX_NAME)}
    title = many.format(n=len(alerts)) if others else one.format(**names)
    whole = _in_full(last)
    body = [*whole, *_folded(others, MAX_BODY - sum(len(part) + 1 for part in whole))]
    return Message(_cut(title, MAX_TITLE), _cut("\n".join(body), MAX_BODY), last.card_url or "", level)


def wait_after(failures: int, retry_after_s: float | None) -> timedelta:
    """Return how long a destination is left alone after so many failures in a row: a minute, then up to five."""
    wait = min(timedelta(minutes=failures), _LONGEST_WAIT) - _EARLY
    return max(wait, timedelta(seconds=min(retry_after_s or 0, REST.total_seconds())))


def line(text: str) -> str:
    """Return a text in one line, without what a terminal or a service might obey."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def _in_full(one: Alert) -> list[str]:
    """Return what is said of one alert, a line for each thing."""
    has_gone_on = one.kind == "task failed" and one.status is not None and Status(one.status) not in ERRORS
    facts = (
        _cut(line(one.message), _MAX_SENTENCE),
        f"Film: {_where(one)}" if one.task_id else f"Channel: {one.channel_id}" if one.channel_id else "",
        f"By now: {one.status}" if has_gone_on else "",
        f"Since: {one.created_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        f"Spent on it so far: ${one.cost_usd:,.2f}" if one.task_id else "",
        f"Holds up: {one.held_up:,} film{'s' * (one.held_up != 1)}" if one.held_up else "",
        f"To do: {to_do}" if (to_do := _to_do(one)) else "",
    )
    return [fact for fact in facts if fact]


def _to_do(one: Alert) -> str:
    """Return what a person does; for a film that stands failed also what makes it go on, where the hint does not."""
    hint = _cut(named(line(one.hint), one.task_id), _MAX_SENTENCE)
    is_open = one.kind == "task failed" and one.status is not None and Status(one.status) in ERRORS
    if not is_open or "retry" in hint or "settle" in hint:
        return hint
    return "; then: ".join([*([hint] if hint else []), named("vidctl retry", one.task_id)])


def named(hint: str, task_id: UUID | None) -> str:
    """Return a hint with the film's id in its commands that name none: who reads it can run them as they are."""
    return _UNNAMED.sub(rf"\1 {str(task_id)[:_SHORT_ID]}", hint) if task_id else hint


def _where(one: Alert) -> str:
    step = f", step {one.step}" if one.step else ""
    return f"{_name(one)} of {one.channel_id}{step}"


def _name(one: Alert) -> str:
    return f"{_cut(line(one.title or ''), _MAX_NAME)} ({str(one.task_id)[:_SHORT_ID]})"


def _folded(others: Sequence[Alert], room: int) -> list[str]:
    """Return the other alerts in at most `room` characters: in a line each, or by their names, or some of these."""
    if not others:
        return []
    first, last = (f"{one.created_at.astimezone(UTC):%Y-%m-%d %H:%M}" for one in (others[0], others[-1]))
    since = first if first == last else f"{first} to {last}"
    head = f"And {len(others):,} more like it ({since} UTC):"
    lines = [head, *(f"- {_short(one)}" for one in others)]
    if sum(len(part) + 1 for part in lines) <= room:
        return lines
    return [head, _listed([_name(one) if one.task_id else _short(one) for one in others], room - len(head) - 1)]


def _short(one: Alert) -> str:
    return _cut(": ".join([*([_name(one)] if one.task_id else []), line(one.message)]), _MAX_LINE)


def _listed(names: Sequence[str], room: int) -> str:
    """Return as many names as have room, and how many more there are."""
    more = f" and {len(names):,} more: vidctl alerts"
    shown, length = list[str](), 0
    for name in names:
        length += len(name) + 2
        if length + len(more) > room:
            return ", ".join(shown) + more.replace(f"{len(names):,}", f"{len(names) - len(shown):,}")
        shown.append(name)
    return ", ".join(shown)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
