"""Change when films become public, for as long as nobody told YouTube."""

from collections.abc import Sequence
from datetime import datetime

from vidctl.domain.status import Status
from vidctl.errors import BadInput
from vidctl.store import Db, marks, tasks
from vidctl.store.tasks import Task


def schedule(db: Db, films: Sequence[Task], at: datetime | None) -> None:
    """Let films become public at a moment, None for whenever they go up with their privacy; all of them, or none.

    Raises:
        BadInput: one of them has a card, which says when; or it is with YouTube.
    """
    with db.transaction():
        for film in sorted(films, key=lambda film: film.id):  # two who change the same films do not deadlock
            if film.notion_page_id is not None:
                raise BadInput(f"{film.title!r} has a card in Notion", hint="set Publish At there: the film follows it")
            if not marks.set_publish_at(db, film.id, at):
                raise _too_late(tasks.get(db, film.id))


def _too_late(film: Task) -> BadInput:
    if film.status is Status.PUBLISHED:
        hint = f"change it in YouTube Studio: {film.youtube_url or 'nobody said where it is'}"
        return BadInput(f"{film.title!r} is published already", hint=hint)
    if film.status is not Status.UPLOADING:
        return BadInput(f"{film.title!r} is on YouTube already, as it was", hint="change it in YouTube Studio")
    return BadInput(
        f"{film.title!r} is being uploaded as it was", hint="if that fails, schedule it and retry; else: YouTube Studio"
    )
