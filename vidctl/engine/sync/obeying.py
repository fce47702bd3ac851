"""Do what comments ask for: items are made again, at once where that is free, else after a yes to what it costs.

All that was asked for since the last look, and all that waits for a yes, is one rejection and one quote. Until the yes
the film stays at its gate as it is: whoever does not want to pay says no, or approves it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vidctl.domain import remarks
from vidctl.domain.review import Rejection, latest
from vidctl.domain.work import Artifact
from vidctl.engine import decide
from vidctl.engine.context import Context
from vidctl.engine.quote import Quote, quote
from vidctl.errors import BadInput, LostRace, Unavailable, VidctlError
from vidctl.store import Db, audit, comments, planned
from vidctl.store.comments import Answer
from vidctl.store.tasks import Task
from vidctl.store.texts import storable

_NOTHING_WAITS: Final = "no quote waits for a yes: the film is not what it was then. Comment `redo …` again."
_UNCLEAR: Final = "is that a yes? Nothing is made again yet: answer `go` to have it done, or `no`."


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
        Unavailable: its files cannot be read now; nothing was taken.
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


def agree(hearing: Hearing, comment: Comment, quoted: Answer | None) -> None:
    """Take a yes to a quote; None: there is none that it could be to.

    Raises:
        LostRace, Unavailable: as with `obey`.
    """
    with audit.deciding(hearing.db):
        task = planned.on_page(hearing.db, hearing.page_id)
        if not _take(hearing, comment) or task is None:
            return
        holds = {one.comment_id for one in comments.quotes(hearing.db, task.seen)} if task.at_gate else set()
        if quoted is None or quoted.comment_id not in holds:
            _answer(hearing, task, comment, _NOTHING_WAITS)
            return
        try:
            text, asked = _agreed(hearing, task, comment, quoted)
        except (LostRace, Unavailable):
            raise
        except VidctlError as refused:
            text, asked = f"{refused}: {refused.hint}", ()
        _answer(hearing, task, comment, text, asked=asked)


def decline(hearing: Hearing, comment: Comment) -> None:
    """Take a no: what waits for a yes is off."""
    with audit.deciding(hearing.db):
        task = planned.on_page(hearing.db, hearing.page_id)
        if not _take(hearing, comment) or task is None:
            return
        if comments.quotes(hearing.db, task.seen):
            comments.void(hearing.db, task.seen)
            _answer(hearing, task, comment, "nothing is made again; the film waits as it is.")


def ask_again(hearing: Hearing, comment: Comment) -> None:
    """Take words in a quote's own thread that are no answer to it; whoever means one must not wait for nothing.

    Once for each quote: people may talk there.
    """
    with audit.deciding(hearing.db):
        task = planned.on_page(hearing.db, hearing.page_id)
        if not _take(hearing, comment) or task is None:
            return
        thread, quotes = comment.discussion_id, comments.quotes(hearing.db, task.seen)
        asked = any(one.discussion_id == thread for one in quotes)
        if asked and not comments.said_since_quote(hearing.db, thread, _UNCLEAR):
            _answer(hearing, task, comment, _UNCLEAR)


def pass_over(hearing: Hearing, comment: Comment) -> None:
    """Take a comment that asks for nothing."""
    _take(hearing, comment)


def _take(hearing: Hearing, comment: Comment) -> bool:
    return comments.take(
        hearing.db, comment.id, page_id=hearing.page_id, discussion_id=comment.discussion_id, now=hearing.now
    )


def _answer(hearing: Hearing, task: Task, comment: Comment, text: str, *, asked: Sequence[Rejection] = ()) -> None:
    yes_to = task.version if asked else None
    comments.answer(hearing.db, comment.id, storable(text), task_id=task.id, yes_to=yes_to, asked=asked)


def _too_early(task: Task) -> str:
    where = f"the film came to {task.status}" if task.at_gate else f"it is {task.status}"
    return f"not done: that was said before {where}; say it again if it still holds."


def _remake(hearing: Hearing, task: Task, asked: Sequence[Comment]) -> None:
    """Reject what can be rejected of what was asked for, in one; what cannot be is answered for itself."""
    named: dict[str, list[Rejection]] = {}
    for comment in asked:
        try:
            named[comment.id] = _named(hearing, task, comment)
        except (LostRace, Unavailable):
            raise
        except VidctlError as refused:
            _answer(hearing, task, comment, f"{refused}: {refused.hint}")
    heard = [comment for comment in asked if comment.id in named]
    if heard:
        waiting = [item for one in comments.quotes(hearing.db, task.seen)[-1:] for item in one.items]  # has all before
        items = _merged([*waiting, *(item for comment in heard for item in named[comment.id])])
        text, left = _rejected(hearing, task, items, heard)
        for comment in heard:
            _answer(hearing, task, comment, text, asked=left)


def _named(hearing: Hearing, task: Task, comment: Comment) -> list[Rejection]:
    """Return what a comment wants made again.

    Raises:
        VidctlError: it cannot be.
    """
    if not task.at_gate:
        raise BadInput(f"the film waits at no gate, it is {task.status}", hint="comment again when it waits for you")
    named = remarks.redo(comment.text, task.status)
    assert named is not None, "it is a command"
    with hearing.db.transaction(force_rollback=True):  # to see whether it can be
        _reject(hearing, task, named, hearing.who[comment.by])
        quote(hearing.db, task, named, home=hearing.context.home)
    return named


def _rejected(
    hearing: Hearing, task: Task, items: Sequence[Rejection], heard: Sequence[Comment]
) -> tuple[str, Sequence[Rejection]]:
    """Have items made again where that is free; return what is to be said, and what waits for a yes."""
    price = quote(hearing.db, task, items, home=hearing.context.home)
    if not price.is_free:
        return _quoted(price), items
    _remade(hearing, task, items, ", ".join(dict.fromkeys(hearing.who[one.by] for one in heard)), "it costs nothing")
    return f"{_plainly(price)} will be made again, free of charge.", ()


def _agreed(hearing: Hearing, task: Task, comment: Comment, quoted: Answer) -> tuple[str, Sequence[Rejection]]:
    """Have made again what was quoted, where that is still what it costs; else quote anew."""
    items = quoted.items
    price = quote(hearing.db, task, items, home=hearing.context.home)
    if not price.is_free and not quoted.answer.endswith(storable(_quoted(price))):
        return f"that has changed. Now {_quoted(price)}", items
    _remade(hearing, task, items, hearing.who[comment.by], "the quote was agreed to")
    return f"{_plainly(price)} will be made again.", ()


def _remade(hearing: Hearing, task: Task, items: Sequence[Rejection], actor: str, reason: str) -> None:
    _reject(hearing, task, items, actor)
    rejected = planned.on_page(hearing.db, hearing.page_id)
    assert rejected is not None
    decide.retry(hearing.db, rejected, actor=actor, now=hearing.now, reason=reason)


def _reject(hearing: Hearing, task: Task, items: Sequence[Rejection], actor: str) -> None:
    home = hearing.context.home
    decide.reject(hearing.db, task, actor=actor, now=hearing.now, notes=_notes(items), named=items, home=home)


def _quoted(price: Quote) -> str:
    return f"making {price.what} again {price.price}. Answer `go` to have it done, or `no`."


def _plainly(price: Quote) -> str:
    return price.what.rstrip(",")


def _merged(named: Sequence[Rejection]) -> list[Rejection]:
    """Return each item once, with everything that was said of it."""
    notes: dict[Artifact, list[str]] = {}
    for item in named:
        notes.setdefault(item.artifact, []).extend(filter(None, [item.note]))
    return [Rejection(artifact, latest(dict.fromkeys(said))) for artifact, said in notes.items()]


def _notes(named: Sequence[Rejection]) -> str:
    return "; ".join(f"{item.artifact}{f': {item.note}' if item.note else ''}" for item in named)
