"""What a film wants its card to show."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from vidctl.board.channels import labels
from vidctl.board.fields import Field, label
from vidctl.board.pages import Shown, Value, differing, moment
from vidctl.domain.moments import attempt
from vidctl.domain.status import WORKING, Status
from vidctl.domain.work import Artifact
from vidctl.engine.sync.desk import OpenBoard
from vidctl.pipeline import publish, step_at
from vidctl.store.cards import CardRow
from vidctl.store.planned import Spent
from vidctl.store.tasks import Task

_MAKES: Final = {
    "plan": "storyboard",
    "assets": "images",
    "composites": "composites",
    "clips": "clips",
    "narration": "narrations",
    "sfx": "sounds",
    "assembly": "film",
    "publish": "upload",
}
"""What a step counts, as a card says it."""
_DUE: Final = (*WORKING, Status.APPROVED)
"""Where a film may wait for a moment: also for its turn to go to YouTube."""
PERCENT: Final = 100
MOST_NAMED: Final = 6


def face(task: Task, spent: Spent, now: datetime, on_their_way: Sequence[Artifact] = ()) -> dict[Field, Value]:
    """Return what the card of a film shows whatever it showed before."""
    if task.status is Status.DRAFT and task.version == 1:
        return {Field.STATUS: task.status}  # nothing has happened yet that a card could show
    wanted: dict[Field, Value] = {
        Field.STATUS: task.status,
        Field.PROGRESS: progress(task) or " · ".join(filter(None, [task.asks, way(on_their_way)])),
        Field.RETRY: attempt(task.attempt, task.next_attempt_at, now) if task.status in _DUE else "",
        Field.COST: float(spent.cost_usd),
        Field.STATUS_SINCE: moment(task.status_since),
    }
    if task.youtube_url:
        wanted[Field.YOUTUBE_URL] = task.youtube_url
    return wanted


def way(on_their_way: Sequence[Artifact]) -> str:
    """Return which items are made and not on the page yet, "" where all are."""
    if not on_their_way:
        return ""
    more = f" and {len(on_their_way) - MOST_NAMED} more" if len(on_their_way) > MOST_NAMED else ""
    return f"on their way to this page: {', '.join(map(str, on_their_way[:MOST_NAMED]))}{more}"


def progress(task: Task) -> str:
    """Return "11/18 clips" while a step is at work, else ""."""
    step = step_at(task.status)
    if step is None or task.status not in WORKING or not task.progress_total:
        return ""
    if task.progress_total == PERCENT and step.name == publish.STEP.name:
        return f"{task.progress_done}% uploaded"
    return f"{task.progress_done}/{task.progress_total} {_MAKES[step.name]}"


def wanted_of(
    task: Task,
    spent: Spent,
    board: OpenBoard,
    shown: Shown | Mapping[str, Any],
    row: CardRow,
    now: datetime,
    on_their_way: Sequence[Artifact] = (),
) -> dict[Field, Value]:
    """Return the fields that a card has to be given, of those that its board has; {} where it shows all of them."""
    channel = board.channels.get(task.channel_id) or board.resting.get(task.channel_id)
    wanted = face(task, spent, now, on_their_way) if channel else dict[Field, Value]({Field.STATUS: task.status})
    if channel is not None:
        if not shown.get(Field.CHANNEL):
            wanted[Field.CHANNEL] = labels([*board.resting.values(), *board.channels.values()])[channel.channel_id]
        if task.priority != (str(shown.get(Field.PRIORITY) or "") or channel.priority).lower():
            wanted[Field.PRIORITY] = label(task.priority)
    if row.used_notes and shown.get(Field.REVIEW_NOTES) == row.used_notes:
        wanted[Field.REVIEW_NOTES] = ""
    different = {name: value for name, value in differing(wanted, shown).items() if name in board.schema}  # type: ignore[arg-type]
    return different | ({Field.UPDATED: moment(task.updated_at)} if different else {})
