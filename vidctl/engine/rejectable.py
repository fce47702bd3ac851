"""Whether what a person names can be made again: an item that the film has, and that would not be the same again."""

from collections.abc import Collection, Sequence
from pathlib import Path

from vidctl.domain.review import MAX_NOTE, Rejection, spans
from vidctl.domain.work import Artifact, Kind
from vidctl.engine.prepare import channel_of, whole_of, work_of
from vidctl.errors import BadInput
from vidctl.pipeline import STEP_OF_KIND
from vidctl.storage.local import folder
from vidctl.store import Db, artifacts, channels
from vidctl.store.tasks import Task


def require_rejectable(db: Db, task: Task, named: Sequence[Rejection], home: Path | None) -> None:
    """Refuse what the film does not have, or what would come of it in vain.

    With `home` that is what its storyboard there does not have, although it was made for an earlier one.

    Raises:
        BadInput: which item, and what to name instead; nothing was decided.
        Unavailable: the storyboard is there and cannot be read.
    """
    for item in named:
        _require_short(item)
        if item.artifact.kind is Kind.COMPOSITE:
            raise BadInput(
                f"{item.artifact} follows from its images, so made again it would be the same",
                hint="reject its images, or change the scene: vidctl storyboard edit",
            )
    made = artifacts.known(db, task.id)
    kinds = {item.artifact.kind for item in named}
    present = made & _on_paper(db, task, kinds, home) if home and kinds else made
    for artifact in [item.artifact for item in named if item.artifact not in present]:
        any_more = " any more" if artifact in made else ""
        hint = f"nothing was changed; {_instead(artifact.kind, present)}"
        raise BadInput(f"{task.title!r} has no {artifact}{any_more}", hint=hint)


def _require_short(item: Rejection) -> None:
    if len(item.note) > MAX_NOTE:
        raise BadInput(
            f"what is said of {item.artifact} has {len(item.note):,} characters, {MAX_NOTE:,} are the most",
            hint="shorten it; nothing was decided",
        )


def _on_paper(db: Db, task: Task, kinds: Collection[Kind], home: Path) -> set[Artifact]:
    """Return what the film is made of as its storyboard is now, of these kinds; all that was made where it is not here.

    Rows stay when a storyboard has their items no more: they were paid for, and may be put back.
    """
    place, kept = folder(home, task.channel_id, str(task.id)), artifacts.done(db, task.id)
    whole = whole_of(place, {artifact: made for artifact, made in kept.items() if artifact.kind is Kind.STORYBOARD})
    work = work_of(db, task, channel_of(task, channels.get(db, task.channel_id).channel), place, whole)
    if work.storyboard is None:
        return artifacts.known(db, task.id)
    return {job.makes for kind in kinds for job in STEP_OF_KIND[kind].plan(work)}


def _instead(kind: Kind, present: Collection[Artifact]) -> str:
    """Return what a person can name instead, as a person would list it."""
    numbers = spans(artifact.index for artifact in present if artifact.kind is kind)
    return f"name what it has: {kind} {numbers}" if numbers else f"no {kind} is made yet, so name something else"
