"""Comments on cards that wait for a person: `redo 7: slower` has clip 7 made again, at the price that is answered.

`not bought: clip 7` says what became of an order whose answer was lost.
A comment does not touch its page's edit time, so comments are read by themselves: a few cards a tick, in turn.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from vidctl.board.client import Json
from vidctl.board.errors import MissingCapability, NotionUnclear, NotShared
from vidctl.board.texts import plain, runs_of
from vidctl.domain import fates, remarks
from vidctl.domain.moments import moment_of
from vidctl.engine.context import Context
from vidctl.engine.sync import obeying, settling
from vidctl.engine.sync.answers import SIGNED, Said, places_of
from vidctl.engine.sync.desk import Desk, OpenBoard
from vidctl.engine.sync.guard import InTurn
from vidctl.engine.sync.obeying import Comment, Hearing
from vidctl.engine.sync.people import actor
from vidctl.engine.sync.reading import look_for
from vidctl.errors import BadInput, LostRace
from vidctl.storage.local import folder
from vidctl.store import boards as stored
from vidctl.store import card_notes, cards, comments, planned
from vidctl.store.comments import Answer, Turn
from vidctl.store.tasks import Task

MOST: Final = 10
"""Requests for comments in one sync."""


def read_comments(desk: Desk, boards: Mapping[str, OpenBoard], context: Context, in_turn: InTurn) -> None:
    """Read the comments of the cards whose turn it is, do what they ask for, and answer.

    What goes wrong with single cards is kept in `in_turn`. Their turn is over too, or they would keep those of others
    from ever coming: when it comes again, all that was not done or answered is.

    Raises:
        NotionUnavailable: it goes on from here the next time.
    """
    bots = {board.bot_id for board in boards.values()}
    for turn in comments.turns(desk.db, list(boards), now=desk.clock(), most=MOST):
        with in_turn.card(f"the comments of the card {turn.page_id} could not be read"):
            try:
                _read(desk, turn, boards[turn.database_id], bots, context)
            except MissingCapability:
                comments.may_not(desk.db, turn.database_id, now=desk.clock())
                return
            except LostRace:
                continue  # nothing was taken: the next reading does it
        comments.was_read(desk.db, turn.page_id, now=desk.clock())


def _read(desk: Desk, turn: Turn, board: OpenBoard, bots: Collection[str | None], context: Context) -> None:
    try:
        found = _all(desk, turn.page_id)
    except NotShared:  # in the trash, or out of our sight
        look_for(desk, board, turn.page_id)
        stored.read_again(desk.db, turn.database_id)  # it may be back before the next hour
        return
    _settle(desk, turn.page_id, found, bots)
    taken = comments.known(desk.db, [comment.id for comment in found])
    new = [comment for comment in found if comment.id not in taken and comment.by not in bots]
    if new:
        _hear(desk, turn.page_id, new, found, bots, context)
    for answer in comments.unanswered(desk.db, turn.page_id):
        _say(desk, _as_it_is_now(desk, answer))
        comments.answered(desk.db, answer.comment_id, now=desk.clock())


def _settle(desk: Desk, page_id: str, found: Sequence[Comment], bots: Collection[str | None]) -> None:
    """Remember which answers arrived although nobody confirmed them."""
    for answer in comments.unanswered(desk.db, page_id):
        if len(places_of(found, answer, bots)) > comments.said_before(desk.db, answer):
            comments.answered(desk.db, answer.comment_id, now=desk.clock())


def _hear(
    desk: Desk,
    page_id: str,
    new: Sequence[Comment],
    found: Sequence[Comment],
    bots: Collection[str | None],
    context: Context,
) -> None:
    """Take what was said since the last look."""
    task = planned.on_page(desk.db, page_id)
    said = Said(desk.db, task, found, bots)
    commands = [comment for comment in new if remarks.is_command(comment.text)]
    on_orders = [comment for comment in new if fates.is_word(comment.text)]
    words = [comment for comment in new if comment not in commands and comment not in on_orders]
    yeses = [comment for comment in words if said.is_yes(comment)]
    noes = [comment for comment in words if said.is_no(comment)]
    decided = (*commands, *on_orders, *yeses, *noes)
    who = {by: actor(desk, by, None) for by in dict.fromkeys(comment.by for comment in decided)}
    hearing = Hearing(desk.db, page_id, context, who, desk.clock())
    for comment in on_orders:
        settling.hear(hearing, comment)
    elsewhere = _is_elsewhere(task, context)
    for comment in words:
        if comment in yeses and elsewhere:
            continue  # a machine that has the film's files does what is said yes to
        if comment in yeses:
            obeying.agree(hearing, comment, said.quote_agreed_to(comment))
        elif comment in noes:
            obeying.decline(hearing, comment)
        elif said.is_unclear(comment):
            obeying.ask_again(hearing, comment)
        else:
            obeying.pass_over(hearing, comment)
    task = planned.on_page(desk.db, page_id)
    if commands and not _has_to_wait(task, context):
        since = _since(desk, page_id, task)
        late = [comment for comment in commands if since is not None and comment.at < since]
        obeying.obey(hearing, [comment for comment in commands if comment not in late], late)


def _as_it_is_now(desk: Desk, answer: Answer) -> Answer:
    """Return what is to be said: a quote that could not be given before its film moved on is none any more."""
    task = planned.on_page(desk.db, answer.page_id)
    if not answer.asked or task is None:
        return answer
    if any(one.comment_id == answer.comment_id for one in comments.quotes(desk.db, task.seen)):
        return answer
    text = f"nothing was made again: the film is {task.status} by now."
    comments.answer(desk.db, answer.comment_id, text, task_id=task.id)
    return replace(answer, answer=text, asked=[])


def _since(desk: Desk, page_id: str, task: Task | None) -> datetime | None:
    """Return since when the card shows what the film is, by Notion's clock if it told, which is that of comments."""
    row = cards.known(desk.db, [page_id]).get(page_id)
    at = row.status_at if row is not None and row.status_at is not None else task and task.status_since
    return at.replace(second=0, microsecond=0) if at else None


def _has_to_wait(task: Task | None, context: Context) -> bool:
    """Tell whether nobody can say yet what commands are about, or here what they cost.

    Where the card does not show the film as it is, it will soon; where the film's files are not here, another machine
    has them.
    """
    if task is None or not task.at_gate:
        return False
    shown = task.board_seen_status == task.status and task.pushed_version == task.version
    return not shown or _is_elsewhere(task, context)


def _is_elsewhere(task: Task | None, context: Context) -> bool:
    """Tell whether a film waits at a gate, and its files are not on this machine."""
    if task is None or not task.at_gate:
        return False
    return not folder(context.home, task.channel_id, str(task.id)).root.is_dir()


def _all(desk: Desk, page_id: str) -> list[Comment]:
    """Return every comment that can be read, the oldest first; one that makes no sense keeps no other from being."""
    found: list[Comment] = []
    for answer in desk.notion.pages("GET", "comments", query={"block_id": page_id}):
        for said in answer["results"]:
            with suppress(KeyError, TypeError, ValueError, AttributeError):
                found.append(_comment(said))
    return found


def _comment(said: Json) -> Comment:
    return Comment(
        id=str(said["id"]),
        discussion_id=str(said.get("discussion_id") or ""),
        by=str(said["created_by"]["id"]),
        text=plain(said["rich_text"]),
        at=moment_of(said["created_time"]),
    )


def _say(desk: Desk, answer: Answer) -> None:
    """Answer, in the same thread; where nobody knows whether it arrived, the next reading of the comments does."""
    text = f"{SIGNED}{answer.answer}"
    parent = {"parent": {"page_id": answer.page_id}}
    where: dict[str, Any] = {"discussion_id": answer.discussion_id} if answer.discussion_id else parent
    try:
        desk.notion.write("POST", "comments", body={**where, "rich_text": runs_of(text)})
    except NotionUnclear:
        raise
    except (MissingCapability, NotShared, BadInput):  # or the thread was resolved or removed meanwhile
        now = desk.clock()
        card_notes.add(desk.db, answer.page_id, f"{now:%Y-%m-%dT%H:%MZ} {text}", now=now)
