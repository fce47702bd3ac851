"""A person brings an older take back: its file is in use again, and what was made of the other one is made again.

The film goes back to the step that makes the item, whose gate asks again unless exactly this was approved there
before; at that gate itself it stays, but for a sheet that shows the other take.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from vidctl.domain.review import BROUGHT_BACK
from vidctl.domain.work import GATE_KINDS, Artifact, Kind, Step
from vidctl.engine.choosing import Change, changes_to, file_of, lies_in_place, named_take
from vidctl.engine.edit import edit_storyboard
from vidctl.engine.rework import (
    Author,
    Before,
    Edited,
    back_to,
    holding,
    keep_present,
    look,
    made_besides,
    put_out_of_date,
    require_editable,
    require_here,
    send_back,
    settle,
    would_be,
    write_down,
)
from vidctl.errors import BadInput, VidctlError
from vidctl.pipeline import STEP_OF_KIND
from vidctl.store import Db, artifacts, audit, keepers, takes
from vidctl.store.tasks import Seen, Task

_STORYBOARD: Final = Artifact(Kind.STORYBOARD)


def bring_back(
    db: Db,
    task: Task,
    chosen: Mapping[Artifact, int],
    author: Author,
    *,
    dry_run: bool = False,
) -> Edited:
    """Use these takes, and send the film back to the first step that this concerns.

    Each counts as made as the film asks for it now, so that it is not made again. What it takes the place of is kept.

    Raises:
        NotFound: there is no such take, or its file is gone.
        BadInput: the film may not be changed now, or would make the item again at once.
        Unavailable: a step is at work on the film.
        LostRace: the film was moved meanwhile.
        CannotWrite: the workspace is read-only or full; nothing was changed, or the next step ends it.
    """
    require_editable(task)
    if _STORYBOARD in chosen:
        return _storyboard(db, task, chosen, author, dry_run=dry_run)
    with holding(db, task):
        if not dry_run:
            settle(db, task, author)
        before = look(db, task, author)
        require_here(db, before)
        changes = changes_to(db, before, chosen)
        if not changes:
            return Edited(task.seen, changed=False, step=None, remade=())
        step, remade = _consequences(before, changes)
        if dry_run:
            return Edited(would_be(task, step), changed=True, step=step, remade=remade)
        seen = _swap(db, before, changes, step)
        return Edited(seen, changed=True, step=step, remade=remade)


def _storyboard(
    db: Db,
    task: Task,
    chosen: Mapping[Artifact, int],
    author: Author,
    *,
    dry_run: bool,
) -> Edited:
    """Edit the storyboard: as if the person had typed what the take says."""
    if len(chosen) > 1:
        raise BadInput(
            "a storyboard decides what the other items are", hint="bring the storyboard back first, the others then"
        )
    take = named_take(takes.of_film(db, task.id), task, _STORYBOARD, chosen[_STORYBOARD])
    data = file_of(author.place_of(task), take).read_bytes()
    return edit_storyboard(db, task, data, author, notes=f"{take} brought back", dry_run=dry_run)


def _consequences(before: Before, changes: Sequence[Change]) -> tuple[Step | None, tuple[Artifact, ...]]:
    """Return the step that the film goes back to, and everything that has to be made of what is brought back."""
    whole = before.whole | {change.made.artifact: change.made for change in changes}
    changed = put_out_of_date(before, before.work, whole)
    kinds = {change.made.artifact.kind for change in changes} - {*GATE_KINDS.get(before.task.status, ())}
    step = back_to(before.task, {*changed, *(STEP_OF_KIND[kind] for kind in kinds)})
    besides = made_besides(before, before.work, whole, step)
    return step, (*(item for items in changed.values() for item in items), *besides)


def _swap(db: Db, before: Before, changes: Sequence[Change], step: Step | None) -> Seen:
    """Stage copies of the takes, record them with the moves that this causes, then put them in place.

    In this order a crash loses nothing: both takes are kept, and the next claim adopts a staged file that was recorded.
    """
    place, staging = before.place, before.place.staging(before.task.version)
    try:
        keep_present(db, before, [change.made.artifact for change in changes])
        staged = [
            (place.stage(change.take, staging), change.take.place)
            for change in changes
            if not lies_in_place(place, change.take)
        ]
        seen = _record(db, before, changes, step)
    except VidctlError:  # after any other it may be recorded all the same: the next claim knows
        staging.close()
        raise
    for file, where in staged:
        place.put_in_place(file, where)
    staging.close()
    return seen


def _record(db: Db, before: Before, changes: Sequence[Change], step: Step | None) -> Seen:
    task, author = before.task, before.author
    notes = f"{', '.join(str(change.take) for change in changes)} brought back"
    with audit.deciding(db):
        for change in changes:
            artifacts.bring_back(db, task.id, change.take, change.fingerprint, now=author.now)
            takes.use(db, task.id, change.take, change.fingerprint, now=author.now)
        keepers.has_changed(db, task.id, author.machine)
        seen = send_back(db, before, step, reason=BROUGHT_BACK, notes=notes)
        if step is None and task.at_gate:
            write_down(db, before, notes=notes)
    return seen
