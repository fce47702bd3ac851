"""From an animatic to the real film: the same story and texts, and everything else bought of the paid services."""

from dataclasses import replace

import msgspec

from vidctl.domain.channel import Channel
from vidctl.domain.review import PROMOTED
from vidctl.engine.prepare import channel_of, paid
from vidctl.engine.rework import (
    Author,
    Before,
    Edited,
    back_to,
    holding,
    look,
    made_besides,
    put_out_of_date,
    send_back,
    settle,
    would_be,
)
from vidctl.errors import BadInput
from vidctl.store import Db, audit, channels, marks
from vidctl.store.tasks import Task


def promote(db: Db, task: Task, author: Author, *, dry_run: bool = False) -> Edited:
    """Have a film that was made on this machine made again by the paid services, from its storyboard on.

    It keeps its storyboard, what people asked for, and the looks of its channel as they were when it was begun; voice
    and models are those of the channel now. Each gate asks again, since what is to be seen there is another thing. The
    free pictures and sounds stay among the film's takes.

    Raises:
        BadInput: it is made by the paid services already, is published, or has no storyboard to keep.
        Unavailable: a step is at work on it.
        LostRace: it was moved meanwhile.
    """
    live = channels.get(db, task.channel_id).channel
    begun = channel_of(task, live)
    if begun.mode == "production":
        raise BadInput(f"{task.title!r} is made by the paid services already", hint="see: vidctl estimate")
    with holding(db, task):
        if not dry_run:
            settle(db, task, author)
        before = look(db, task, author)
        if task.settings is None or before.work.storyboard is None:
            raise BadInput(
                f"{task.title!r} has no storyboard yet that could be kept",
                hint=f"let it be begun first: vidctl queue; or add it with --mode production: {str(task.id)[:8]}",
            )
        return _promoted(db, before, paid(begun, live), dry_run=dry_run)


def _promoted(db: Db, before: Before, channel: Channel, *, dry_run: bool) -> Edited:
    work = replace(before.work, channel=channel)
    changed = put_out_of_date(before, work, before.whole)
    step = back_to(before.task, changed)
    besides = made_besides(before, work, before.whole, step)
    remade = (*(item for items in changed.values() for item in items), *besides)
    if dry_run:
        return Edited(would_be(before.task, step), changed=True, step=step, remade=remade)
    with audit.deciding(db):
        marks.keep_settings(db, before.task.id, msgspec.json.encode(channel).decode())
        seen = send_back(db, before, step, reason=PROMOTED)
    return Edited(seen, changed=True, step=step, remade=remade)
