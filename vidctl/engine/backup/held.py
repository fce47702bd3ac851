"""What keeps a film that comes from a backup from being bought or published twice.

Of what happened since the backup its database knows nothing: the old server may have gone on with any film. So none
goes on by itself; a person looks where things are bought and published, and lets each go on.
"""

from dataclasses import dataclass
from datetime import datetime

from vidctl.domain.status import ERRORS, TRANSITIONS, Event, Status
from vidctl.engine.context import ENGINE
from vidctl.pipeline import publish
from vidctl.store import Db, moves, outbox, restored
from vidctl.store.tasks import Task


@dataclass(frozen=True, slots=True)
class Held:
    """One film that was on its way, and where it waits now."""

    film: Task
    now_is: Status


def hold_all(db: Db, *, made_at: datetime, now: datetime) -> list[Held]:
    """Take every film that was begun out of the engine's hands, and say so of each; call it in a transaction.

    A film on its way to YouTube becomes an Upload Error, whose retry asks YouTube first how much it has. Films in
    error, which wait for a person anyway, stay where they are.
    """
    films = restored.unpublished(db)
    held = [_hold(db, film, made_at, now) for film in films if film.status not in {*ERRORS, Status.DRAFT}]
    told = [film.id for film in films if film.status in ERRORS or (film.status is Status.DRAFT and film.fence)]
    restored.say(db, told, _line(made_at, now), now=now)
    if held or told:
        outbox.alert(
            db,
            "restored",
            f"{len(held)} films are on hold since the database was restored from a backup of {_at(made_at)}",
            hint="look at each where things are bought and published, then: vidctl queue TASK",
            now=now,
        )
    return held


def _hold(db: Db, film: Task, made_at: datetime, now: datetime) -> Held:
    event = Event.HOLD if (film.status, Event.HOLD) in TRANSITIONS else Event.FAIL
    seen = moves.move(
        db,
        film.seen,
        event,
        actor=ENGINE,
        now=now,
        reason=f"restored from a backup of {_at(made_at)}",
        failed_step=publish.STEP.name if event is Event.FAIL else "",
        log_line=_line(made_at, now),
    )
    return Held(film, seen.status)


def _line(made_at: datetime, now: datetime) -> str:
    return (
        f"{now:%Y-%m-%dT%H:%MZ} restored from a backup of {_at(made_at)}: what was bought or published since is not "
        "known here; look there before the film goes on"
    )


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
