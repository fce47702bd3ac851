"""A person changes what a film is made from: what depends on it is made again, and nothing else.

What an edit of the storyboard and a take that is brought back have in common: which films may be changed, where
a film goes back to, and what is written down about it.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from vidctl.domain.decisions import Action
from vidctl.domain.status import ERRORS, GATES, Event, Status, error_of
from vidctl.domain.work import GATE_KINDS, SHEETS, Artifact, Kind, Made, Step, Work
from vidctl.engine.decide import failed_step_of
from vidctl.engine.prepare import channel_of, whole_of, work_of
from vidctl.errors import BadInput, LostRace, Unavailable
from vidctl.pipeline import STEP_OF_KIND, STEPS
from vidctl.pipeline.changes import out_of_date
from vidctl.storage.local import Folder, folder
from vidctl.store import Db, artifacts, audit, channels, keepers, locks, moves, takes, tasks
from vidctl.store.audit import Decision
from vidctl.store.tasks import Seen, Task

EDITABLE: Final = frozenset({Status.DRAFT, *GATES, *ERRORS})
"""Where every film may be changed; and wherever one asks for an approval."""


@dataclass(frozen=True, slots=True)
class Edited:
    """What a change did, or would do: where the film is then, and what is made again because of it."""

    seen: Seen
    changed: bool
    step: Step | None
    """The step that the film went back to; None where it stays where it is."""
    remade: tuple[Artifact, ...]
    """What the change puts out of date, or adds; by the numbers that it has from now on."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes a film, when, and on which machine."""

    name: str
    now: datetime
    home: Path
    machine: str
    """The host of `home`: the film goes on where its changed files are."""

    def place_of(self, task: Task) -> Folder:
        """Return where a film's files lie here."""
        return folder(self.home, task.channel_id, str(task.id))


@dataclass(frozen=True, slots=True)
class Before:
    """A film as it was before somebody changes it."""

    task: Task
    author: Author
    place: Folder
    whole: dict[Artifact, Made]
    work: Work


def require_editable(task: Task) -> None:
    """Refuse a film that moves on by itself, or is out of hand.

    Raises:
        BadInput: which one, and what to do first.
    """
    if task.status is Status.PUBLISHED:
        raise BadInput(f"{task.title!r} is published: it stays as it is", hint="make a new film: vidctl add")
    if not (task.status in EDITABLE or task.at_gate):
        raise BadInput(f"{task.title!r} is {task.status}: it moves on by itself", hint=f"vidctl hold {task.id} first")


@contextmanager
def holding(db: Db, task: Task) -> Iterator[None]:
    """Hold a film during the block, which is as it was read, and may be changed.

    Raises:
        BadInput: it may not be changed now.
        Unavailable: a step is at work on it.
        LostRace: it was moved meanwhile.
    """
    require_editable(task)
    with locks.trying_task(db, task.id) as held:
        if not held:
            raise Unavailable(f"a step is at work on {task.title!r}", hint="it ends soon: try again in a minute")
        if tasks.get(db, task.id).version != task.version:
            raise LostRace(f"{task.title!r} is not {task.status} any more", hint="see: vidctl status")
        yield


def settle(db: Db, task: Task, author: Author) -> None:
    """End what a change that was broken off has begun, as the next step would; call it while `holding` the film.

    Raises:
        CannotWrite: the workspace is read-only or full.
    """
    recorded = [kept.made for kept in artifacts.done(db, task.id).values()]
    author.place_of(task).settle(task.version, recorded, takes.of_film(db, task.id))


def look(db: Db, task: Task, author: Author) -> Before:
    """Return a film as it is."""
    place = author.place_of(task)
    whole = whole_of(place, artifacts.done(db, task.id))
    channel = channel_of(task, channels.get(db, task.channel_id).channel)
    return Before(task, author, place, whole, work_of(db, task, channel, place, whole))


def require_here(db: Db, before: Before) -> None:
    """Refuse to change a film's files on a host while another one has some that are nowhere else.

    Each would have what the other lacks, and whichever went on would make that again.

    Raises:
        BadInput: which host has them.
    """
    if len(before.whole) == len(artifacts.done(db, before.task.id)):
        return
    if keepers.is_with_another(db, before.task, before.author.machine, now=before.author.now):
        raise BadInput(
            f"{before.task.title!r} has files that are only on {before.task.kept_by}", hint="change it on that host"
        )


def keep_present(db: Db, before: Before, changed: Iterable[Artifact]) -> None:
    """Keep the takes that are in use of what is about to change, so that a full disk is met before anything is changed.

    Raises:
        CannotWrite: the workspace is read-only or full.
    """
    changed = set(changed)
    for take in takes.of_film(db, before.task.id):
        if take.in_use and take.artifact in changed:
            before.place.keep(take)


def put_out_of_date(
    before: Before,
    work: Work,
    whole: Mapping[Artifact, Made],
    moved: Mapping[Artifact, Artifact] = MappingProxyType({}),
) -> dict[Step, list[Artifact]]:
    """Return, for each step, what is out of date in `work` and was not before; `moved` are new numbers.

    Where a clip is, so is the animatic that is to show it, also if it was before.
    """
    was = out_of_date(before.work, before.whole) if before.work.storyboard else {}
    already = {moved.get(artifact, artifact) for items in was.values() for artifact in items}
    stale = out_of_date(work, whole)
    if any(item.kind is Kind.CLIP and item not in already for items in stale.values() for item in items):
        already.discard(Artifact(Kind.ANIMATIC))
    after = {step: [item for item in items if item not in already] for step, items in stale.items()}
    return {step: items for step, items in after.items() if items}


def made_besides(
    before: Before,
    work: Work,
    whole: Mapping[Artifact, Made],
    step: Step | None,
    moved: Mapping[Artifact, Artifact] = MappingProxyType({}),
) -> tuple[Artifact, ...]:
    """Return what a film that leaves its error makes besides what a change puts out of date: what was rejected."""
    if step is None or before.task.status not in ERRORS:
        return ()
    changed = {item for items in put_out_of_date(before, work, whole, moved).values() for item in items}
    behind = STEPS[: STEPS.index(_last_begun(before.task)) + 1]
    stale = out_of_date(work, whole)
    missing = (item for each in behind for item in stale.get(each, ()) if item.kind not in SHEETS)
    return tuple(item for item in missing if item not in changed)


def back_to(task: Task, concerned: Iterable[Step]) -> Step | None:
    """Return the first step that has to work again, of those that a film in this status has behind it."""
    if task.status is Status.DRAFT:
        return None
    last = _last_begun(task)
    behind = [step for step in concerned if STEPS.index(step) <= STEPS.index(last)]
    return min(behind, key=STEPS.index, default=last if task.status in ERRORS else None)


def _last_begun(task: Task) -> Step:
    """Return the last step before a gate, or the one that failed; never the one that writes the storyboard."""
    if task.at_gate:
        return max((STEP_OF_KIND[kind] for kind in GATE_KINDS[task.status]), key=STEPS.index)
    return max(STEPS[1], failed_step_of(task), key=STEPS.index)


def would_be(task: Task, step: Step | None) -> Seen:
    """Return what a film would be that was sent back to a step."""
    return Seen(task.id, step.working if step else task.status, task.version)


def send_back(db: Db, before: Before, step: Step | None, *, reason: str, notes: str = "") -> Seen:
    """Send the film to a step: from a gate that is a rejection, which the audit names, and a retry.

    Where it stays where it is, it is another film all the same to who saw it before. `reason` is one that approvals
    of what does not change survive; `notes` say more.

    Raises:
        LostRace: somebody else moved it meanwhile.
    """
    seen, actor, now = before.task.seen, before.author.name, before.author.now
    if step is None:
        return moves.changed(db, seen, now=now)
    if before.task.at_gate:
        to = error_of(step.working)
        seen = moves.move(db, seen, Event.REJECT, to=to, actor=actor, now=now, reason=reason, failed_step=step.name)
        write_down(db, before, notes=notes or reason)
    return moves.move(db, seen, Event.RETRY, to=step.working, actor=actor, now=now, reason=notes or reason)


def write_down(db: Db, before: Before, *, notes: str) -> None:
    """Write down that what waited at the gate is not what it was: an approval of it is not one of this."""
    task, author = before.task, before.author
    content = audit.content_at(task.status, before.whole)
    audit.append(db, Decision(task.id, task.status, Action.REJECTED, author.name, notes, content, author.now))
