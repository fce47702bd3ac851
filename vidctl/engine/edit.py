"""A person changes a film's storyboard: what it makes out of date is made again, and nothing else."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from vidctl.domain import scenes, storyboard
from vidctl.domain.review import EDITED
from vidctl.domain.storyboard import Storyboard
from vidctl.domain.work import Artifact, Kind, Made, Step, Work
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
    require_here,
    send_back,
    settle,
    would_be,
)
from vidctl.errors import LostRace, NotFound, VidctlError
from vidctl.storage.files import stamp_of, write_whole
from vidctl.storage.local import folder
from vidctl.store import Db, artifacts, audit, keepers, renumber, takes
from vidctl.store.tasks import Seen, Task

_STORYBOARD: Final = Artifact(Kind.STORYBOARD)


@dataclass(frozen=True, slots=True)
class _Edit:
    """One change of a storyboard: the document, and what is to be said of it."""

    data: bytes
    board: Storyboard
    notes: str
    dry_run: bool


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
    db: Db,
    task: Task,
    data: bytes,
    author: Author,
    *,
    based_on: str | None = None,
    notes: str = EDITED,
    dry_run: bool = False,
) -> Edited:
    """Replace a film's storyboard, and send the film back to the first step that it concerns.

    `based_on` is the sha256 of the storyboard that the person saw; any by default.

    Raises:
        BadInput: it is no storyboard (the message names the field), or the film may not be changed now.
        Unavailable: a step is at work on the film.
        LostRace: the film or its storyboard was changed meanwhile.
        CannotWrite: the workspace is read-only or full.
    """
    edit = _Edit(data, storyboard.parse(data), notes, dry_run)
    with holding(db, task):
        if not dry_run:
            settle(db, task, author)
        old = _made_of(db, task, author.home, based_on)
        if hashlib.sha256(data).hexdigest() == old.sha256:
            return Edited(task.seen, changed=False, step=None, remade=())
        before = look(db, task, author)
        require_here(db, before)
        return _replace(db, before, old, edit)


def _made_of(db: Db, task: Task, home: Path, based_on: str | None) -> Made:
    _, made = path_of(db, task, home)
    if based_on not in (None, made.sha256):
        raise LostRace(
            f"the storyboard of {task.title!r} was changed meanwhile", hint="see: vidctl storyboard show; edit it again"
        )
    return made


def _replace(db: Db, before: Before, old: Made, edit: _Edit) -> Edited:
    """Stage the file, record it with the moves it causes, then put it in place.

    In this order a crash loses nothing: the next claim adopts a staged file that was recorded.
    """
    task, place = before.task, before.place
    made = Made(_STORYBOARD, old.path, hashlib.sha256(edit.data).hexdigest(), len(edit.data), old.fingerprint)
    moved = renumber.moved_images(db, task.id, before.work.storyboard, edit.board)
    step, remade = _consequences(before, moved, made, edit.board)
    if edit.dry_run:
        return Edited(would_be(task, step), changed=True, step=step, remade=remade)
    staging = place.staging(task.version)
    staged = staging.root / old.path
    try:
        keep_present(db, before, [_STORYBOARD])
        write_whole(staged, edit.data)
        seen = _record(db, before, made, moved, step, edit, modified_ns=stamp_of(staged).modified_ns)
    except VidctlError:  # after any other it may be recorded all the same: the next claim knows
        staging.close()
        raise
    place.put_in_place(staged, old.path)
    staging.close()
    return Edited(seen, changed=True, step=step, remade=remade)


def _record(
    db: Db,
    before: Before,
    made: Made,
    moved: Mapping[Artifact, Artifact],
    step: Step | None,
    edit: _Edit,
    *,
    modified_ns: int,
) -> Seen:
    task_id, author = before.task.id, before.author
    with audit.deciding(db):
        renumber.renumber(db, task_id, moved)
        renumber.retakes_follow(db, task_id, _came_from(before, edit.board))
        artifacts.replace(db, task_id, made, modified_ns=modified_ns, now=author.now)
        takes.made(db, task_id, made, now=author.now, note=f"edited by {author.name}")
        keepers.has_changed(db, task_id, author.machine)
        return send_back(db, before, step, reason=EDITED, notes=edit.notes)


def _consequences(
    before: Before, moved: Mapping[Artifact, Artifact], made: Made, board: Storyboard
) -> tuple[Step | None, tuple[Artifact, ...]]:
    """Return the step that the film goes back to, and everything that the edit puts out of date."""
    if board == before.work.storyboard:
        return None, ()
    work, whole = _renumbered(before, moved, board)
    work, whole = replace(work, storyboard=board), whole | {_STORYBOARD: made}
    changed = put_out_of_date(before, work, whole, moved)
    step = back_to(before.task, changed)
    besides = made_besides(before, work, whole, step, moved)
    return step, (*(item for items in changed.values() for item in items), *besides)


def _came_from(before: Before, board: Storyboard) -> dict[Artifact, Artifact | None]:
    return scenes.came_from(before.work.storyboard, board) if before.work.storyboard else {}


def _renumbered(
    before: Before, moved: Mapping[Artifact, Artifact], board: Storyboard
) -> tuple[Work, dict[Artifact, Made]]:
    """Return what there was of the film, with what is known of each item under its new number."""
    retakes = {moved.get(artifact, artifact): retake for artifact, retake in before.work.retakes.items()}
    retakes = renumber.renumbered_retakes(retakes, _came_from(before, board))
    renamed = [replace(made, artifact=moved.get(artifact, artifact)) for artifact, made in before.whole.items()]
    return replace(before.work, retakes=retakes), {made.artifact: made for made in renamed}
