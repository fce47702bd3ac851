"""Comments on cards that wait for a person: `redo 7: slower` has clip 7 made again, at the price that is answered.

A comment does not touch its page's edit time, so comments are read by themselves: a few cards a tick, in turn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from vidctl.board.client import Json
from vidctl.board.errors import MissingCapability, NotionUnavailable, NotionUnclear, NotShared
from vidctl.board.pages import moment_of
from vidctl.board.texts import plain, runs_of
from vidctl.domain import remarks
from vidctl.domain.review import Rejection
from vidctl.domain.status import ERRORS, GATES
from vidctl.engine import decide
from vidctl.engine.context import Context
from vidctl.engine.quote import quote
from vidctl.engine.sync.desk import Desk, OpenBoard
from vidctl.engine.sync.people import actor
from vidctl.engine.sync.reading import look_for
from vidctl.errors import BadInput, LostRace, VidctlError
from vidctl.logs import log
from vidctl.store import audit, cards, comments, failures, planned
from vidctl.store.boards import read_again
from vidctl.store.comments import Answer, Turn
from vidctl.store.tasks import Task

MOST: Final = 10
"""Requests for comments in one sync."""
_SIGNED: Final = "vidctl: "


@dataclass(frozen=True, slots=True)
class _Comment:
    """One comment, as Notion shows it."""

    id: str
    discussion_id: str
    by: str
    text: str
    at: datetime


def read_comments(desk: Desk, boards: Mapping[str, OpenBoard], context: Context) -> None:
    """Read the comments of the cards whose turn it is, do what they ask for, and answer.

    Raises:
        NotionUnavailable: it goes on from here the next time.
    """
    bots = [board.bot_id for board in boards.values()]
    for turn in comments.turns(desk.db, list(boards), now=desk.clock(), most=MOST):
        try:
            _read(desk, turn, bots, context)
        except NotionUnavailable:
            raise
        except MissingCapability:
            comments.may_not(desk.db, turn.database_id, now=desk.clock())
            return
        except NotShared:  # in the trash, or out of our sight
            look_for(desk, boards[turn.database_id], turn.page_id)
            read_again(desk.db, turn.database_id)  # it may be back before the next hour
            comments.was_read(desk.db, turn.page_id, now=desk.clock())
        except VidctlError as trouble:  # of this card: those of others must not wait for it
            log("the comments of a card could not be read", page=turn.page_id, error=str(trouble))
            comments.was_read(desk.db, turn.page_id, now=desk.clock())


def _read(desk: Desk, turn: Turn, bots: Sequence[str | None], context: Context) -> None:
    found = [_comment(said) for said in _all(desk, turn.page_id)]
    known = comments.known(desk.db, [comment.id for comment in found])
    for comment in found:
        if comment.id not in known and comment.by not in bots:
            _take(desk, turn.page_id, comment, context)
    for one in comments.unanswered(desk.db, turn.page_id):
        text = f"{_SIGNED}{one.answer}"
        there = [said for said in found if said.by in bots and said.text == text and _is_beside(said, one)]
        if len(there) <= comments.said(desk.db, one):  # or it arrived unnoticed
            _say(desk, turn.page_id, one.discussion_id, text)
        comments.answered(desk.db, one.comment_id, now=desk.clock())
    comments.was_read(desk.db, turn.page_id, now=desk.clock())


def _is_beside(comment: _Comment, answer: Answer) -> bool:
    return not answer.discussion_id or comment.discussion_id == answer.discussion_id


def _all(desk: Desk, page_id: str) -> list[Json]:
    answers = desk.notion.pages("GET", "comments", query={"block_id": page_id})
    return [said for answer in answers for said in answer["results"] if isinstance(said, dict)]


def _comment(said: Json) -> _Comment:
    by = said.get("created_by")
    return _Comment(
        id=str(said.get("id")),
        discussion_id=str(said.get("discussion_id") or ""),
        by=str(by.get("id")) if isinstance(by, dict) else "",
        text=plain(said.get("rich_text") or []),
        at=moment_of(str(said.get("created_time"))),
    )


def _say(desk: Desk, page_id: str, discussion_id: str, text: str) -> None:
    """Answer, in the same thread; where nobody knows whether it arrived, the next reading of the comments does."""
    where: dict[str, Any] = {"discussion_id": discussion_id} if discussion_id else {"parent": {"page_id": page_id}}
    try:
        desk.notion.write("POST", "comments", body={**where, "rich_text": runs_of(text)})
    except MissingCapability:
        now = desk.clock()
        cards.add_note(desk.db, page_id, f"{now:%Y-%m-%dT%H:%MZ} {text}", now=now)
    except NotionUnclear:
        raise
    except BadInput:  # the thread was resolved or removed meanwhile
        now = desk.clock()
        cards.add_note(desk.db, page_id, f"{now:%Y-%m-%dT%H:%MZ} {text}", now=now)


def _take(desk: Desk, page_id: str, comment: _Comment, context: Context) -> None:
    """Do what a comment asks for, and keep the answer, all in one: a comment is never obeyed twice."""
    who = actor(desk, comment.by, None) if _is_for_us(comment) else ""
    with audit.deciding(desk.db):
        task = planned.on_page(desk.db, page_id)
        now = desk.clock()
        if not comments.take(desk.db, comment.id, page_id=page_id, discussion_id=comment.discussion_id, now=now):
            return
        if task is None or not _is_for_us(comment) or _is_older(comment, task):
            return
        try:
            with desk.db.transaction():
                said = _obey(desk, task, comment, who, now, context)
        except LostRace:
            raise
        except VidctlError as refused:
            said = _Said(f"{refused}: {refused.hint}")
        if said is not None:
            text = failures.clean(said.text)
            comments.answer(desk.db, comment.id, text, task_id=task.id, yes_to=said.yes_to)


def _is_for_us(comment: _Comment) -> bool:
    """Tell whether a comment may be a command: most are not, and cost nothing more than being read."""
    return remarks.is_command(comment.text) or remarks.agrees(comment.text)


def _is_older(comment: _Comment, task: Task) -> bool:
    """Tell whether a comment was made before the film came where it is, and so is about something else."""
    return comment.at < task.status_since.replace(second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class _Said:
    """An answer, and for which version of the film it asks for a yes."""

    text: str
    yes_to: int | None = None


def _obey(desk: Desk, task: Task, comment: _Comment, who: str, now: datetime, context: Context) -> _Said | None:
    if task.status in ERRORS and remarks.agrees(comment.text) and comments.waits_for_yes(desk.db, task.seen):
        decide.retry(desk.db, task, actor=who, now=now, reason="the quote was agreed to")
        return _Said("it is being made again.")
    if task.status not in GATES:
        if not remarks.is_command(comment.text):
            return None
        raise BadInput(f"the film waits at no gate, it is {task.status}", hint="comment again when it waits for you")
    named = remarks.redo(comment.text, task.status)
    if named is None:
        return None
    price = quote(desk.db, task, named, home=context.home)
    seen = decide.reject(desk.db, task, actor=who, now=now, notes=_notes(named))
    if price.usd == 0:
        rejected = planned.on_page(desk.db, str(task.notion_page_id))
        assert rejected is not None
        decide.retry(desk.db, rejected, actor=who, now=now, reason="it costs nothing")
        return _Said(f"{price.what} will be made again, free of charge.")
    return _Said(
        f"making {price.what} again costs about ${price.usd:.2f}. Answer `go`, or set Queued, to have it done.",
        yes_to=seen.version,
    )


def _notes(named: Sequence[Rejection]) -> str:
    return "; ".join(f"{item.artifact}{f': {item.note}' if item.note else ''}" for item in named)
