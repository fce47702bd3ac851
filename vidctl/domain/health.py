"""Whether an installation does its work: judged by what one look at it finds. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from vidctl.domain.moments import clock
from vidctl.domain.room import LEAST_FREE_BYTES, gigabytes

LATE: Final = timedelta(minutes=5)
"""After so long without a tick nothing moves on; and after so long an alert should have been delivered."""
_MOST_SHOWN: Final = 3


class State(StrEnum):
    """How an installation is, the worst last."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    """Some of its work waits for a person, or for a while."""
    UNHEALTHY = "unhealthy"
    """None of it can be done."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is wrong, how bad it is, and what to do."""

    state: State
    what: str
    cure: str


@dataclass(frozen=True, slots=True)
class Rest:
    """A service that is left alone, until when, and why; `cure` is what people were told to do about it."""

    service: str
    until: datetime
    why: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What keeps ticks of a machine from beginning films, and the cure."""

    what: str
    cure: str


@dataclass(frozen=True, slots=True)
class Vitals:
    """What one look at the database finds."""

    schema: str
    last_tick_at: datetime | None
    last_tick_by: str | None
    """`HOST:PID`."""
    channels: int
    """Those that are active."""
    running: int
    waiting: int
    """Films whose next move is the engine's, and on which nobody works."""
    oldest_waiting_since: datetime | None
    undelivered: int
    oldest_undelivered_at: datetime | None
    rests: Sequence[Rest] = ()
    hindrances: Sequence[Hindrance] = ()
    """What the last tick of any machine met of them."""
    last_backup_at: datetime | None = None
    backs_up: bool = False
    """Whether backups are made again and again."""
    backup_after_days: int = 0
    """So long after the last one the next is missed; 0: never."""


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that is judged, seen at `now`. `trouble` is why there are no vitals: what is wrong, and the cure."""

    now: datetime
    vitals: Vitals | None
    trouble: tuple[str, str] | None = None
    is_let_in: bool = False
    """Whether the database is there and lets us in, whatever kept it from answering."""
    took_s: float | None = None
    """How long its answer took."""
    can_alert: bool = False
    """Whether alerts have anywhere to go."""
    free_bytes: int | None = None
    """What is left of the disk that VIDCTL_HOME is on."""


def judge(look: Look) -> tuple[State, list[Reason]]:
    """Return how an installation is, and why: the worst reason first. One with nothing to do is healthy."""
    reasons = sorted(_reasons(look), key=lambda reason: -list(State).index(reason.state))
    return (reasons[0].state if reasons else State.HEALTHY), reasons


def _reasons(look: Look) -> Iterator[Reason]:
    if look.vitals is None:
        what, cure = look.trouble or ("nothing is known of the database", "vidctl doctor")
        yield Reason(State.DEGRADED if look.is_let_in else State.UNHEALTHY, what, cure)
    else:
        yield from _of_hindrances(look.vitals) if look.vitals.hindrances else _of_ticks(look.vitals, look.now)
        yield from _of_rests(look.vitals, look.now)
        yield from _of_alerts(look.vitals, look)
        yield from _of_backups(look.vitals, look.now)
    if look.free_bytes is not None and look.free_bytes < LEAST_FREE_BYTES:
        left = gigabytes(look.free_bytes)
        yield Reason(State.DEGRADED, f"the disk of VIDCTL_HOME has {left} left", "free disk space there")


def _of_hindrances(vitals: Vitals) -> Iterator[Reason]:
    """Yield why films are not begun; whoever said so is a tick, so that cron is not what has to be looked at."""
    for one in vitals.hindrances[:_MOST_SHOWN]:
        yield Reason(State.DEGRADED, f"films are not begun: {one.what}", one.cure or "vidctl doctor says more")
    more = vitals.hindrances[_MOST_SHOWN:]
    if more:
        yield Reason(State.DEGRADED, f"{len(more)} more keep films from being begun", "vidctl doctor shows them")


def _of_ticks(vitals: Vitals, now: datetime) -> Iterator[Reason]:
    """Yield that no tick runs; where no channel is, nobody needs one."""
    if vitals.last_tick_at is None:
        if vitals.channels:
            yield Reason(State.DEGRADED, "no tick has run yet", "have cron run vidctl tick: vidctl doctor says more")
    elif now - vitals.last_tick_at > LATE and (vitals.channels or vitals.waiting):
        last = clock(vitals.last_tick_at, now)
        what = f"no tick has come to its end since {last}, then on {machine_of(vitals.last_tick_by)}"
        yield Reason(State.DEGRADED, what, "vidctl doctor says whether cron runs, and what else may hold ticks up")


def _of_rests(vitals: Vitals, now: datetime) -> Iterator[Reason]:
    for rest in vitals.rests[:_MOST_SHOWN]:
        what = f"{rest.service} rests until {clock(rest.until, now)}: {rest.why}"
        resume = f"vidctl services --resume {rest.service}"
        told = f"{rest.cure}; then, at once: {resume}" if rest.cure else f"it goes on by itself then; at once: {resume}"
        yield Reason(State.DEGRADED, what, told)
    more = vitals.rests[_MOST_SHOWN:]
    if more:
        yield Reason(State.DEGRADED, f"{len(more)} more rest", "vidctl services shows all of them")


def _of_alerts(vitals: Vitals, look: Look) -> Iterator[Reason]:
    oldest = vitals.oldest_undelivered_at
    if look.can_alert and oldest is not None and look.now - oldest > LATE:
        alerts = "1 alert is" if vitals.undelivered == 1 else f"{vitals.undelivered} alerts are"
        what = f"{alerts} not delivered, the first one since {clock(oldest, look.now)}"
        yield Reason(State.DEGRADED, what, "vidctl doctor says where they should go")


def _of_backups(vitals: Vitals, now: datetime) -> Iterator[Reason]:
    """Yield that backups come no more; who makes none by habit is left alone."""
    last, days = vitals.last_backup_at, vitals.backup_after_days
    if vitals.backs_up and last is not None and days and now - last > timedelta(days=days):
        cure = "vidctl doctor says what is missing; at once: vidctl backup FOLDER --keep 14"
        yield Reason(State.DEGRADED, f"the last backup is of {clock(last, now)}", cure)


def machine_of(host: str | None) -> str:
    """Return the machine of a process that is noted as `HOST:PID`."""
    return (host or "").rpartition(":")[0] or host or "an unknown host"
