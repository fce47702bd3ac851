"""Do what comments say of orders whose answers were lost: `not bought: clip 7` on the card settles it.

A comment counts for what was in doubt when it was made: an order that came into doubt later waits for its own word.
"""

from collections.abc import Sequence
from datetime import datetime

from vidctl.domain.fates import Fate, Word, said
from vidctl.domain.orders import OrderState
from vidctl.domain.status import ERRORS, Status
from vidctl.engine import settle
from vidctl.engine.sync.obeying import Comment, Hearing
from vidctl.errors import BadInput, LostRace, VidctlError
from vidctl.store import audit, comments, held, orders, planned
from vidctl.store.orders import Order
from vidctl.store.tasks import Task
from vidctl.store.texts import storable


def hear(hearing: Hearing, comment: Comment) -> None:
    """Take a comment about orders and keep the answer, all in one: it settles nothing twice.

    Raises:
        LostRace: somebody else said what became of an order meanwhile; nothing was taken.
    """
    db = hearing.db
    with audit.deciding(db):
        task = planned.on_page(db, hearing.page_id)
        if _take(hearing, comment) and task is not None:
            comments.answer(db, comment.id, storable(_answer(hearing, task, comment)), task_id=task.id)


def _take(hearing: Hearing, comment: Comment) -> bool:
    where = {"page_id": hearing.page_id, "discussion_id": comment.discussion_id}
    return comments.take(hearing.db, comment.id, **where, now=hearing.now)


def _answer(hearing: Hearing, task: Task, comment: Comment) -> str:
    """Settle each order that is named and can be; what cannot be is answered for itself."""
    try:
        words = said(comment.text)
    except BadInput as refused:
        return f"nothing was settled: {refused}; {refused.hint}"
    sentences, settled = list[str](), False
    for word in words:
        try:
            sentences.append(_settled(hearing, task, comment, word))
            settled = True
        except LostRace:
            raise
        except VidctlError as refused:
            sentences.append(f"{refused}: {refused.hint}")
    return ". ".join([*sentences, *(_next(hearing, task) if settled else ())])


def _settled(hearing: Hearing, task: Task, comment: Comment, word: Word) -> str:
    """Settle the order that a word is about, and return what was done.

    Raises:
        BadInput: there is none, or several, or that cannot be said of it.
        LostRace: somebody else did meanwhile.
    """
    order = _meant(orders.in_doubt(hearing.db, task_id=task.id), word, comment.at)
    who, now, db = hearing.who[comment.by], hearing.now, hearing.db
    if word.fate is Fate.NOT_BOUGHT:
        return settle.was_not_bought(db, order, actor=who, now=now)
    if word.job_id is not None:
        return settle.found(db, order, word.job_id, actor=who, now=now)
    if (word.fate is Fate.BUY_AGAIN) is (order.state is OrderState.LOST):
        raise _other_word(order, word)
    return settle.was_bought(db, order, actor=who, now=now)


def _meant(doubted: Sequence[Order], word: Word, at: datetime) -> Order:
    """Return the one order that a word is about: one that is in doubt, or else one whose result was lost."""
    named = [order for order in doubted if word.about in (order.id, order.artifact)]
    named = [order for order in named if order.state is OrderState.IN_DOUBT] or named
    if not named:
        there = ", ".join(f"{order.artifact} (order {order.id})" for order in doubted)
        raise BadInput(f"{word.name} is not in doubt", hint=f"what is: {there}" if there else "nothing on this card is")
    if len(named) > 1:
        each = ", ".join(f"order {one.id} of {one.asked_at:%Y-%m-%d %H:%M} UTC" for one in named)
        raise BadInput(f"{len(named)} orders of {word.name} are in doubt", hint=f"say which one: {each}")
    since = (named[0].answered_at or named[0].asked_at).replace(second=0, microsecond=0)  # as comments tell theirs
    if at < since:
        raise BadInput(
            f"not done for {word.name}", hint="that was said before it was in doubt; say it again if it holds"
        )
    return named[0]


def _other_word(order: Order, word: Word) -> BadInput:
    if word.fate is Fate.BUY_AGAIN:
        hint = f"whether order {order.id} was charged is for the books: `bought: order {order.id}`, or `not bought: …`"
        return BadInput(f"{order.artifact} was bought again already", hint=hint)
    ways = f"`bought: order {order.id}, job ID` has it fetched; where it cannot be, `buy again: order {order.id}`"
    return BadInput(f"{order.artifact} was bought as which job", hint=ways)


def _next(hearing: Hearing, task: Task) -> list[str]:
    """Return what has to be done next on the card of a film that failed."""
    if task.status not in ERRORS:
        return []
    if waits_for := held.orders(hearing.db, task.id):
        return [f"The film waits for your word on order {', '.join(map(str, sorted(waits_for)))} too"]
    return [f"Set the card to {Status.QUEUED} to go on"]
