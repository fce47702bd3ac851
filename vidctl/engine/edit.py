"""A person changes a film's storyboard: what it makes out of date is made again, and nothing else."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from vidctl.domain import storyboard
from vidctl.domain.review import EDITED
from vidctl.domain.status import ERRORS, GATES, Event, Status, error_of
from vidctl.domain.storyboard import Storyboard
from vidctl.domain.work import GATE_KINDS, Artifact, Kind, Made, Step, Work
from vidctl.engine.decide import failed_step_of
from vidctl.engine.prepare import channel_of, work_of
from vidctl.errors import BadInput, LostRace, NotFound, Unavailable
from vidctl.pipeline import STEP_OF_KIND, STEPS
from vidctl.pipeline.changes import out_of_date
from vidctl.storage.files import is_whole, stamp_of, write_whole
from vidctl.storage.local import Folder, folder
from vidctl.store import Db, artifacts, audit, channels, locks, renumber, tasks
from vidctl.store.audit import Decision
from vidctl.store.tasks import Seen, Task

EDITABLE: Final = frozenset({Status.DRAFT, *GATES, *ERRORS})
_STORYBOARD: Final = Artifact(Kind.STORYBOARD)


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit did: where the film is now, and what is made again because of it."""

    seen: Seen
    changed: bool
    step: Step | None
    """The step that the film went back to; None where it stays where it is."""
    remade: tuple[Artifact, ...]
    """What the edit puts out of date, or adds; by the numbers that it has from now on."""


@dataclass(frozen=True, slots=True)
class _Before:
    """A film as it was before the edit."""

    task: Task
    place: Folder
    whole: dict[Artifact, Made]
    work: Work


def path_of(db: Db, task: Task, home: Path) -> tuple[Path, Made]:
    """Return where a film's storyboard lies, and what was recorded of it.

    Raises:
        NotFound: none was written yet, or its file is gone.
    """
    kept = artifacts.done(db, task.id).get(_STORYBOARD)
    if kept is not None and (path := folder(home, task.channel_id, str(task.id)).path(kept.made.path)).is_file():
        return path, kept.made
    raise NotFound(
        f"{task.title!r} has no storyboard yet: it is {task.status}", hint="the first step writes it: vidctl queue"
    )


def edit_storyboard(
    db: Db, task: Task, data: bytes, *, actor: str, now: datetime, home: Path, based_on: str | None = None
) -> Edited:
    """Replace a film's storyboard, and send the film back to the first step that it concerns.

    `based_on` is the sha256 of the storyboard that the person saw; any by default.

    Raises:
        BadInput: it is no storyboard (the message names the field), or the film may not be changed now.
        Unavailable: a step is at work on the film.
        LostRace: the film or its storyboard was changed meanwhile.
        CannotWrite: the workspace is read-only or full.
    """
    board = storyboard.parse(data)
    require_editable(task)
    with locks.trying_task(db, task.id) as held:
        if not held:
            raise Unavailable(f"a step is at work on {task.title!r}", hint="it ends soon: try again in a minute")
        if tasks.get(db, task.id).version != task.version:
            raise LostRace(f"{task.title!r} is not {task.status} any more", hint="see: vidctl status")
        old = _made_of(db, task, home, based_on)
        if hashlib.sha256(data).hexdigest() == old.sha256:
            return Edited(task.seen, changed=False, step=None, remade=())
        return _replace(db, task, old, data, board, actor=actor, now=now, home=home)


def require_editable(task: Task) -> None:
    """Refuse a film that moves on by itself, or is out of hand.

    Raises:
        BadInput: which one, and what to do first.
    """
    if task.status is Status.PUBLISHED:
        raise BadInput(f"{task.title!r} is published: its storyboard stays", hint="make a new film: vidctl add")
    if task.status not in EDITABLE:
        raise BadInput(f"{task.title!r} is {task.status}: it moves on by itself", hint=f"vidctl hold {task.id} first")


def _made_of(db: Db, task: Task, home: Path, based_on: str | None) -> Made:
    _, made = path_of(db, task, home)
    if based_on not in (None, made.sha256):
        raise LostRace(
            f"the storyboard of {task.title!r} was changed meanwhile", hint="see: vidctl storyboard show; edit it again"
        )
    return made


def _replace(
    db: Db, task: Task, old: Made, data: bytes, board: Storyboard, *, actor: str, now: datetime, home: Path
) -> Edited:
    """Stage the file, record it with the moves it causes, then put it in place.

    In this order a crash loses nothing: the next claim adopts a staged file that was recorded.
    """
    before = _before(db, task, home)
    made = Made(_STORYBOARD, old.path, hashlib.sha256(data).hexdigest(), len(data), old.fingerprint)
    moved = renumber.moved_images(db, task.id, before.work.storyboard, board)
    step, remade = _consequences(before, moved, made, board)
    staged = before.place.staging(task.version).root / old.path
    try:
        write_whole(staged, data)
        with audit.deciding(db):
            renumber.renumber(db, task.id, moved)
            artifacts.replace(db, task.id, made, modified_ns=stamp_of(staged).modified_ns, now=now)
            seen = _move(db, before, step, actor=actor, now=now)
    except BaseException:
        before.place.staging(task.version).close()
        raise
    before.place.put_in_place(staged, old.path)
    before.place.staging(task.version).close()
    return Edited(seen, changed=True, step=step, remade=remade)


def _before(db: Db, task: Task, home: Path) -> _Before:
    place = folder(home, task.channel_id, str(task.id))
    whole = {
        artifact: kept.made
        for artifact, kept in artifacts.done(db, task.id).items()
        if is_whole(place.path(kept.made.path), kept.made, modified_ns=kept.modified_ns)
    }
    channel = channel_of(task, channels.get(db, task.channel_id).channel)
    return _Before(task, place, whole, work_of(db, task, channel, place, whole))


def _consequences(
    before: _Before, moved: Mapping[Artifact, Artifact], made: Made, board: Storyboard
) -> tuple[Step | None, tuple[Artifact, ...]]:
    """Return the step that the film goes back to, and everything that the edit puts out of date."""
    old = before.work.storyboard
    if board == old:
        return None, ()
    was = out_of_date(before.work, before.whole) if old else {}
    already = {moved.get(artifact, artifact) for artifacts_ in was.values() for artifact in artifacts_}
    work, whole = _renumbered(before, moved)
    after = out_of_date(replace(work, storyboard=board), whole | {_STORYBOARD: made})
    changed = {step: [item for item in items if item not in already] for step, items in after.items()}
    remade = tuple(item for items in changed.values() for item in items)
    return _back_to(before.task, [step for step, items in changed.items() if items]), remade


def _renumbered(before: _Before, moved: Mapping[Artifact, Artifact]) -> tuple[Work, dict[Artifact, Made]]:
    """Return what there was of the film, with what is known of each image under its new number."""
    retakes = {moved.get(artifact, artifact): retake for artifact, retake in before.work.retakes.items()}
    renamed = [replace(made, artifact=moved.get(artifact, artifact)) for artifact, made in before.whole.items()]
    return replace(before.work, retakes=retakes), {made.artifact: made for made in renamed}


def _back_to(task: Task, concerned: list[Step]) -> Step | None:
    """Return the first step that has to work again, of those that a film in this status has behind it."""
    if task.status is Status.DRAFT:
        return None
    last = _last_begun(task)
    first = next((step for step in concerned if STEPS.index(step) <= STEPS.index(last)), None)
    return first or (last if task.status in ERRORS else None)


def _last_begun(task: Task) -> Step:
    """Return the last step before a gate, or the one that failed; never the one that writes the storyboard."""
    if task.status in GATES:
        return max((STEP_OF_KIND[kind] for kind in GATE_KINDS[task.status]), key=STEPS.index)
    return max(STEPS[1], failed_step_of(task), key=STEPS.index)


def _move(db: Db, before: _Before, step: Step | None, *, actor: str, now: datetime) -> Seen:
    """Send the film to a step: from a gate that is a rejection, which the audit names, and a retry."""
    task, seen = before.task, before.task.seen
    if step is None:
        return seen
    if seen.status in GATES:
        content = audit.content_at(task.status, before.whole)
        to = error_of(step.working)
        seen = tasks.move(db, seen, Event.REJECT, to=to, actor=actor, now=now, reason=EDITED, failed_step=step.name)
        audit.append(db, Decision(task.id, task.status, "rejected", actor, EDITED, content, now))
    return tasks.move(db, seen, Event.RETRY, to=step.working, actor=actor, now=now, reason=EDITED)
