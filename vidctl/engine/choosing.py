"""Which takes a person means, and whether each can be used: its file is there, and it would not be replaced at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from vidctl.domain.takes import Take
from vidctl.domain.work import Artifact, Job, Made, fingerprint, needs
from vidctl.engine.rework import Before
from vidctl.errors import BadInput, NotFound
from vidctl.pipeline import STEPS
from vidctl.pipeline.changes import out_of_date
from vidctl.storage.files import is_whole
from vidctl.storage.local import Folder
from vidctl.store import Db, takes
from vidctl.store.tasks import Task


@dataclass(frozen=True, slots=True)
class Change:
    """A take that is to be used, in the place where the film looks for it, and what it is to stand for."""

    take: Take
    fingerprint: str

    @property
    def made(self) -> Made:
        """What the film then has."""
        return replace(self.take.file, fingerprint=self.fingerprint)


def changes_to(db: Db, before: Before, chosen: Mapping[Artifact, int]) -> list[Change]:
    """Return what really has to change, in the order in which it is made.

    Raises:
        NotFound, BadInput: one of them cannot be brought back.
    """
    known = takes.of_film(db, before.task.id)
    named = {artifact: named_take(known, before.task, artifact, number) for artifact, number in chosen.items()}
    jobs = {job.makes: job for step in STEPS for job in step.plan(before.work)}
    for artifact in named.keys() - jobs.keys():
        raise BadInput(f"{before.task.title!r} has no {artifact} any more", hint="its storyboard has to name it first")
    whole, changes = dict(before.whole), []
    for job in [job for artifact, job in jobs.items() if artifact in named]:
        change = _change(before, job, named[job.makes], whole)
        if whole.get(job.makes) != change.made:
            changes.append(change)
        whole[job.makes] = change.made
    _require_lasting(before, named, jobs, whole)
    return changes


def _change(before: Before, job: Job, take: Take, whole: Mapping[Artifact, Made]) -> Change:
    file_of(before.place, take)
    if any(need not in whole for need in needs(job)):
        raise _in_vain(take, next(need for need in needs(job) if need not in whole))
    return Change(replace(take, place=job.output), fingerprint(job, whole))


def _require_lasting(
    before: Before, named: Mapping[Artifact, Take], jobs: Mapping[Artifact, Job], whole: Mapping[Artifact, Made]
) -> None:
    """Refuse what would be replaced at once, because what it is made of is to be made again."""
    stale = {artifact for items in out_of_date(before.work, whole).values() for artifact in items}
    for artifact, take in named.items():
        if artifact in stale:
            raise _in_vain(take, next(need for need in needs(jobs[artifact]) if need in stale))


def lies_in_place(place: Folder, take: Take) -> bool:
    """Say whether the film's file is this take already."""
    return is_whole(place.path(take.place), take.file, modified_ns=take.modified_ns)


def file_of(place: Folder, take: Take) -> Path:
    """Return where a take's file is now.

    Raises:
        NotFound: nowhere; or it is not what was recorded any more.
    """
    if lies_in_place(place, take):
        return place.path(take.place)
    if place.has(take):
        return place.path(take.path)
    raise NotFound(
        f"the file of {take} is gone or damaged: {place.path(take.place if take.in_use else take.path)}",
        hint="put it back from a backup, or use another take",
    )


def named_take(known: Iterable[Take], task: Task, artifact: Artifact, number: int) -> Take:
    """Return the take that a person names.

    Raises:
        NotFound: there is none.
    """
    for take in known:
        if (take.artifact, take.number) == (artifact, number):
            return take
    raise NotFound(f"{task.title!r} has no {artifact} take {number}", hint=f"see: vidctl takes {str(task.id)[:8]}")


def _in_vain(take: Take, need: Artifact) -> BadInput:
    return BadInput(
        f"{take} would be replaced at once: {need}, of which it is made, is to be made again",
        hint="wait until it is made, or bring a take of it back too",
    )
