"""What a person decides about a film: queue, approve, reject, retry, hold.

The board, the command line and the demo all come through here, so a decision means the same
wherever it was made.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from vidctl.domain.decisions import Action
from vidctl.domain.review import Rejection, rejections
from vidctl.domain.status import ERRORS, TRANSITIONS, WORKING, Event, Status, error_of, next_status, own_error_of
from vidctl.domain.work import GATE_KINDS, Step
from vidctl.engine.context import ENGINE
from vidctl.engine.rejectable import require_rejectable
from vidctl.errors import BadInput, InvalidStateTransitionError
from vidctl.pipeline import STEP_OF_KIND, STEPS, publish, step_named
from vidctl.store import Db, artifacts, audit, jobs, moves, takes
from vidctl.store.audit import Decision
from vidctl.store.tasks import Seen, Task
from vidctl.store.texts import storable


def queue(db: Db, task: Task, *, actor: str, now: datetime) -> Seen:
    """Send a Draft to be made.

    Raises:
        BadInput: it has no title or no topic yet, or `actor` is no text.
    """
    _require_text(name=actor)
    if missing := [field for field in ("title", "topic") if not getattr(task, field).strip()]:
        raise BadInput(
            f"the film has no {' and no '.join(missing)} yet, so it stays in Draft",
            hint=f"fill in the {' and the '.join(missing)} first",
        )
    return moves.move(db, task.seen, Event.QUEUE, actor=actor, now=now)


def approve(db: Db, task: Task, *, actor: str, now: datetime, notes: str = "") -> Seen:
    """Let a film pass the gate it waits at; the approval is bound to the bytes that wait there.

    Raises:
        InvalidStateTransitionError: it does not wait at a gate.
        BadInput: `actor` or `notes` is no text.
    """
    _require_text(name=actor, notes=notes)
    _require_gate(task, Event.APPROVE)
    with audit.deciding(db):
        moved = moves.move(db, task.seen, Event.APPROVE, actor=actor, now=now, reason=notes)
        audit.append(db, Decision(task.id, task.status, Action.APPROVED, actor, notes, _looked_at(db, task), now))
    return moved


def reject(
    db: Db,
    task: Task,
    *,
    actor: str,
    notes: str,
    now: datetime,
    to: Status | None = None,
    named: Sequence[Rejection] | None = None,
    home: Path | None = None,
) -> Seen:
    """Send a film back from the gate it waits at; only what the notes name is thrown away.

    `named` are the items where they are known already: then the notes are only written down. `to` is the error status
    that the person chose; by default that of the earliest item named. With `home`, what the film's storyboard there
    does not have is refused, although it was made for an earlier one.

    Raises:
        InvalidStateTransitionError: it does not wait at a gate, or `to` is no earlier stage's error.
        BadInput: what is named is not the film's, or too much is said of it, or the notes are no text.
        Unavailable: the storyboard is there and cannot be read.
    """
    _require_text(name=actor, notes=notes)
    _require_gate(task, Event.REJECT)
    if to is not None:
        next_status(task.status, Event.REJECT, to)
    named = rejections(notes) if named is None else named
    for item in named:
        _require_text(notes=item.note)
    require_rejectable(db, task, named, home)
    step = _first_step(task.status, named, to)
    to = to or (error_of(step.working) if named else own_error_of(task.status))
    if step.working not in TRANSITIONS.get((to, Event.RETRY), ()):
        raise BadInput(
            f"what the notes name is made after the stage of {to}", hint="leave --to out, or name items of that stage"
        )
    with audit.deciding(db):
        decision = Decision(task.id, task.status, Action.REJECTED, actor, notes, _looked_at(db, task), now)
        moved = moves.move(
            db,
            task.seen,
            Event.REJECT,
            to=to,
            actor=actor,
            now=now,
            reason=notes,
            failed_step=step.name,
            log_line=f"{now:%Y-%m-%dT%H:%MZ} rejected by {actor}" + (f": {notes}" if notes else ""),
        )
        artifacts.reject(db, task.id, named, now=now)
        audit.append(db, decision)
    return moved


def retry(db: Db, task: Task, *, actor: str, now: datetime, reason: str = "", buys_again: bool = True) -> Seen:
    """Send a failed or rejected film back to the step it failed in; one that waits for its next try tries at once.

    Where it stopped because a file that was paid for is gone, this is the word to buy that again, unless it is back;
    but not for whoever retries films without having seen what each of them says: `buys_again` is false then.

    Raises:
        InvalidStateTransitionError: it has not failed.
        BadInput: `actor` or `reason` is no text.
    """
    _require_text(name=actor, reason=reason)
    if task.status in WORKING and task.next_attempt_at is not None:
        why = reason or "tried again at once"
        return moves.move(db, task.seen, Event.DEFER, actor=actor, now=now, reason=why, attempt=task.attempt)
    if task.status not in ERRORS:
        raise InvalidStateTransitionError(
            f"{task.title!r} has not failed: it is {task.status}", hint="see: vidctl status"
        )
    to = failed_step_of(task).working
    with db.transaction():
        if buys_again:
            takes.let_go(db, task.id, now=now)
        return moves.move(db, task.seen, Event.RETRY, to=to, actor=actor, now=now, reason=reason)


def upload_anew(db: Db, task: Task, *, actor: str, now: datetime) -> Seen:
    """Send a film back to its upload, and begin that from nothing: a person looked, and the film is not out there.

    Raises:
        InvalidStateTransitionError: it did not fail in its upload.
        BadInput: `actor` is no text.
    """
    if task.status is not Status.UPLOAD_ERROR or failed_step_of(task) is not publish.STEP:
        raise InvalidStateTransitionError(
            f"{task.title!r} did not fail in its upload: it is {task.status}", hint="leave --new-upload out"
        )
    with db.transaction():
        jobs.forget_upload(db, task.id)
        return retry(db, task, actor=actor, now=now, reason="upload it anew: an earlier one is not on the channel")


def allow_likeness(db: Db, task: Task, *, actor: str, now: datetime, notes: str) -> None:
    """Let a film be published although another one is like it: this very film, and no later cut of it.

    `notes` say which one that is, and how much it is like it.

    Raises:
        BadInput: there is no film yet, or `actor` or `notes` is no text.
    """
    _require_text(name=actor, notes=notes)
    made = {artifact: kept.made for artifact, kept in artifacts.done(db, task.id).items()}
    content = audit.content_at(Status.FINAL_REVIEW, made)
    if not content:
        raise BadInput("there is no film yet that could be allowed", hint="see: vidctl status")
    with audit.deciding(db):
        audit.append(db, Decision(task.id, Status.FINAL_REVIEW, Action.ALLOWED, actor, notes, content, now))


def hold(db: Db, task: Task, *, actor: str, now: datetime, reason: str = "") -> Seen:
    """Take a film back to Draft; a step at work stops after the items in flight.

    Raises:
        InvalidStateTransitionError: it cannot be held as it is now.
        BadInput: `actor` or `reason` is no text.
    """
    _require_text(name=actor, reason=reason)
    return moves.move(db, task.seen, Event.HOLD, actor=actor, now=now, reason=reason)


def _require_text(**said: str) -> None:
    """Refuse what a person said where it is no text: what is kept of a decision is what was said, or nothing."""
    for what, words in said.items():
        if storable(words) != words:
            raise BadInput(
                f"the {what} cannot be kept: {words[:80]!r} holds a NUL or bytes that are not UTF-8",
                hint="write it in UTF-8; nothing was decided",
            )
    if said.get("name", "").strip().casefold() == ENGINE:
        raise BadInput(f"nobody decides as {ENGINE!r}: that is vidctl itself", hint="say who you are: --reviewer NAME")


def _looked_at(db: Db, task: Task) -> list[tuple[str, int, str]]:
    made = {artifact: kept.made for artifact, kept in artifacts.done(db, task.id).items()}
    return audit.content_at(task.status, made)


def _require_gate(task: Task, event: Event) -> None:
    if not task.at_gate:
        raise InvalidStateTransitionError(
            f"{task.title!r} waits at no gate: it is {task.status}, so nobody can {event} it now",
            hint="vidctl inbox shows what waits for you",
        )


def _first_step(gate: Status, named: Sequence[Rejection], to: Status | None) -> Step:
    """Return the earliest step that has to work again; where nothing is named, the first of the stage `to`."""
    if named:
        return min((STEP_OF_KIND[item.artifact.kind] for item in named), key=STEPS.index)
    stage = to or own_error_of(gate)
    kinds = [kind for kinds in (GATE_KINDS[gate], *GATE_KINDS.values()) for kind in kinds]
    return next(step for kind in kinds if error_of((step := STEP_OF_KIND[kind]).working) is stage)


def failed_step_of(task: Task) -> Step:
    """Return the step at which a film in an error status is resumed."""
    if task.failed_step:
        return step_named(task.failed_step)
    return [step for step in STEPS if error_of(step.working) is task.status][-1]
