"""Drive the demo's films to the last gate: real ticks, real steps, and a reviewer called "demo"."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from vidctl.cli.demo.crew import Crew
from vidctl.cli.demo.stage import Stage
from vidctl.domain.status import ENGINE_WAITS, ERRORS, GATES, Status
from vidctl.engine import channel_files, decide
from vidctl.errors import VidctlError
from vidctl.store import Db, channels, details, reports, tasks
from vidctl.store.reports import Film
from vidctl.store.tasks import NewTask

REVIEWER: Final = "demo"
LOOK_S: Final = 0.15


class DemoFailed(VidctlError):
    """A film of the demo met an error that only a person can put right."""


@dataclass(frozen=True, slots=True)
class Moment:
    """How the films stand, and which were let through a gate just now."""

    films: list[Film]
    passed: list[tuple[Film, Status]]


def add_films(db: Db, stage: Stage, new: list[NewTask]) -> list[UUID]:
    """Add and queue the films."""
    channels.put(db, channel_files.load(stage.channels).channels)
    ids = []
    for film in new:
        now = datetime.now(UTC)
        seen = tasks.add(db, film, now=now)
        decide.queue(db, tasks.get(db, seen.id), actor=REVIEWER, now=now)
        ids.append(seen.id)
    return ids


def play(db: Db, crew: Crew, stopping: Callable[[], bool]) -> Iterator[Moment]:
    """Yield how the films stand, again and again, until all wait at the last gate or `stopping` says so.

    Raises:
        DemoFailed, TickFailed: a film cannot go on.
    """
    while not stopping():
        films = reports.films(db, statuses=list(Status))
        yield Moment(films, [_let_through(db, film) for film in films if film.status in GATES[:-1]])
        if all(film.status is Status.FINAL_REVIEW for film in films):
            return
        _require_no_error(db, films)
        if crew.idle and _can_go_on(films):
            crew.tick()
        time.sleep(LOOK_S)


def _let_through(db: Db, film: Film) -> tuple[Film, Status]:
    seen = decide.approve(db, tasks.get(db, film.id), actor=REVIEWER, now=datetime.now(UTC), notes="passed by the demo")
    return film, seen.status


def _can_go_on(films: list[Film]) -> bool:
    return any(film.status in ENGINE_WAITS and not film.running for film in films)


def _require_no_error(db: Db, films: list[Film]) -> None:
    for film in films:
        twice = film.next_attempt_at is not None and film.attempt > 1
        if film.status in ERRORS or twice:
            (last,) = details.errors(db, film.id, last=1)
            failed = f"failed twice at {film.status}" if twice else f"is at {film.status}"
            raise DemoFailed(
                f"{film.title!r} {failed}: {last.message}", hint=f"{last.hint}; then run vidctl demo again"
            )
