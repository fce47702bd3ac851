"""What tests of takes do to films, and what must hold of every film's takes."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.domain.takes import Take, choices
from vidctl.domain.work import Artifact, Kind
from vidctl.engine.bring_back import bring_back
from vidctl.engine.edit import edit_storyboard, path_of
from vidctl.engine.rework import Author, Edited
from vidctl.storage.files import is_whole
from vidctl.store import artifacts, takes

CLIP = Artifact(Kind.CLIP, 1)


PRICE = Decimal("0.42")


def at(studio: Studio, status: Status) -> UUID:
    task_id = studio.film()
    studio.bring(task_id, status)
    return task_id


def again(studio: Studio, notes: str, *, to: Status, task_id: UUID | None = None) -> UUID:
    """Take a film to a gate, have items made again, and take it there once more."""
    task_id = task_id or at(studio, to)
    studio.reject(task_id, notes)
    studio.retry(task_id)
    studio.bring(task_id, to)
    return task_id


def author_on(studio: Studio, machine: str) -> Author:
    """Return who changes films on this host, or on another one."""
    return replace(studio.author, machine=machine or studio.author.machine)


def use(studio: Studio, task_id: UUID, said: str, *, machine: str = "", **more: Any) -> Edited:
    task = studio.task(task_id)
    return bring_back(studio.db, task, choices(said), author_on(studio, machine), **more)


def edit(studio: Studio, task_id: UUID, **scene: str) -> Edited:
    """Change the first scene of a film's storyboard."""
    task = studio.task(task_id)
    board = json.loads(path_of(studio.db, task, studio.home)[0].read_bytes())
    board["scenes"][0].update(scene)
    data = json.dumps(board).encode()
    return edit_storyboard(studio.db, task, data, studio.author)


def of(studio: Studio, task_id: UUID, artifact: Artifact = CLIP) -> list[Take]:
    return [take for take in takes.of_film(studio.db, task_id) if take.artifact == artifact]


def assert_kept(studio: Studio, task_id: UUID, *, tidy: bool = True) -> None:
    """Every take is there: the one in use in its place, as its item's row says, the others in `takes/`."""
    place, done = studio.folder(task_id), artifacts.done(studio.db, task_id)
    for take in takes.of_film(studio.db, task_id):
        assert is_whole(place.path(take.place if take.in_use else take.path), take.file, modified_ns=-1), take
        if take.in_use and take.artifact in done:
            assert done[take.artifact].made.sha256 == take.sha256, take
    left = [*place.root.rglob("*.part"), *place.root.glob(".staging")]
    assert not (tidy and left), left
