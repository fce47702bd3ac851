"""Do what comments ask for: items are made again, at once where that is free, else after a yes to what it costs.

All that was asked for since the last look is one rejection and one quote: the film leaves its gate only once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from vidctl.domain import remarks
from vidctl.domain.review import Rejection
from vidctl.domain.status import ERRORS, GATES
from vidctl.domain.work import Artifact
from vidctl.engine import decide
from vidctl.engine.context import Context
from vidctl.engine.quote import quote
from vidctl.errors import BadInput, LostRace, VidctlError
from vidctl.store import Db, audit, comments, failures, planned
from vidctl.store.tasks import Task


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment, as Notion shows it."""

    id: str
    discussion_id: str
    by: str
    text: str
    at: datetime
    """By Notion's clock, to the minute, rounded down."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What obeying goes by. `who` names the people, by their ids."""

    db: Db
    page_id: str
    context: Context
    who: Mapping[str, str]
    now: datetime


def obey(hearing: Hearing, asked: Sequence[Comment], late: Sequence[Comment]) -> None:
    """Take these comments and keep the answers, all in one: a comment is never obeyed twice.

    `late` are those that were made before the film came where it is, and so are about something else.

    Raises:
        LostRace: the film was moved meanwhile; nothing was taken.
    """
    db = hearing.db
    with audit.deciding(db):
        new = [comment for comment in (*late, *asked) if _take(hearing, comment)]
        task = planned.on_page(db, hearing.page_id)
        if task is None:
            return
        for comment in new:
            if comment in late:
                _answer(hearing, task, comment, _too_early(task))
        _remake(hearing, task, [comment for comment in new if comment not in late])


def agree(hearing: Hearing, comment: Comment) -> None:
    """Take a yes: the quote that the film waits with is agreed to."""
    with audit.deciding(hearing.db):
        task = planned.on_page(hearing.db, hearing.page_id)
        if not _take(hearing, comment) or task is None:
            return
        if task.status in ERRORS and comments.waits_for_yes(hearing.db, task.seen):
            actor = hearing.who[comment.by]
            decide.retry(hearing.db, task, actor=actor, now=hearing.now, reason="the quote was agreed to")
            _answer(hearing, task, comment, "it is being made again.")


def pass_over(hearing: Hearing, comment: Comment) -> None:
    """Take a comment that asks for nothing."""
    _take(hearing, comment)


def _take(hearing: Hearing, comment: Comment) -> bool:
    return comments.take(
        hearing.db, comment.id, page_id=hearing.page_id, discussion_id=comment.discussion_id, now=hearing.now
    )


def _answer(hearing: Hearing, task: Task, comment: Comment, text: str, *, yes_to: int | None = None) -> None:
    comments.answer(hearing.db, comment.id, failures.clean(text), task_id=task.id, yes_to=yes_to)


def _too_early(task: Task) -> str:
    where = f"the film came to {task.status}" if task.status in GATES else f"it is {task.status}"
    return f"not done: that was said before {where}; say it again if it still holds."


def _remake(hearing: Hearing, task: Task, asked: Sequence[Comment]) -> None:
    """Reject what can be rejected of what was asked for, in one; what cannot be is answered for itself."""
    named: dict[str, list[Rejection]] = {}
    for comment in asked:
        try:
            named[comment.id] = _named(hearing, task, comment)
        except LostRace:
            raise
        except VidctlError as refused:
            _answer(hearing, task, comment, f"{refused}: {refused.hint}")
    heard = [comment for comment in asked if comment.id in named]
    if not heard:
        return
    items = _merged([item for comment in heard for item in named[comment.id]])
    text, yes_to = _rejected(hearing, task, items, heard)
    for comment in heard:
        _answer(hearing, task, comment, text, yes_to=yes_to)


def _named(hearing: Hearing, task: Task, comment: Comment) -> list[Rejection]:
    """Return what a comment wants made again.

    Raises:
        VidctlError: it cannot be.
    """
    if task.status not in GATES:
        raise BadInput(f"the film waits at no gate, it is {task.status}", hint="comment again when it waits for you")
    named = remarks.redo(comment.text, task.status)
    assert named is not None, "it is a command"
    with hearing.db.transaction(force_rollback=True):  # to see whether it can be
        decide.reject(hearing.db, task, actor=hearing.who[comment.by], now=hearing.now, notes=_notes(named))
        quote(hearing.db, task, named, home=hearing.context.home)
    return named


def _rejected(
    hearing: Hearing, task: Task, items: Sequence[Rejection], heard: Sequence[Comment]
) -> tuple[str, int | None]:
    """Reject items; return what is to be said, and which version of the film a yes would be for."""
    db, now = hearing.db, hearing.now
    actor = ", ".join(dict.fromkeys(hearing.who[comment.by] for comment in heard))
    price = quote(db, task, items, home=hearing.context.home)
    seen = decide.reject(db, task, actor=actor, now=now, notes=_notes(items))
    if price.usd > 0:
        said = f"making {price.what} again costs about ${price.usd:.2f}. Answer `go`, or set Queued, to have it done."
        return said, seen.version
    rejected = planned.on_page(db, hearing.page_id)
    assert rejected is not None
    decide.retry(db, rejected, actor=actor, now=now, reason="it costs nothing")
    return f"{price.what} will be made again, free of charge.", None


def _merged(named: Sequence[Rejection]) -> list[Rejection]:
    """Return each item once, with everything that was said of it."""
    notes: dict[Artifact, list[str]] = {}
    for item in named:
        notes.setdefault(item.artifact, []).extend(filter(None, [item.note]))
    return [Rejection(artifact, ", ".join(dict.fromkeys(said))) for artifact, said in notes.items()]


def _notes(named: Sequence[Rejection]) -> str:
    return "; ".join(f"{item.artifact}{f': {item.note}' if item.note else ''}" for item in named)
