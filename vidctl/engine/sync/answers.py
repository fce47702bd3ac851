"""What vidctl answered on a card, as its comments show it, and which of the others are about a quote among them."""

from collections.abc import Collection, Sequence
from typing import Final

from vidctl.domain import remarks
from vidctl.engine.sync.obeying import Comment
from vidctl.store import Db, comments
from vidctl.store.comments import Answer
from vidctl.store.tasks import Task

SIGNED: Final = "vidctl: "


def places_of(found: Sequence[Comment], answer: Answer, bots: Collection[str | None]) -> list[int]:
    """Return where, among all comments, an answer of ours stands."""
    return [
        at
        for at, comment in enumerate(found)
        if comment.by in bots
        and comment.text == f"{SIGNED}{answer.answer}"
        and (not answer.discussion_id or comment.discussion_id == answer.discussion_id)
    ]


class Said:
    """What was said on one card, and what of it may be about a quote.

    `go` is a yes wherever it stands: in the thread of a quote to that, elsewhere to the last. Other words are among
    people, but for those in a quote's own thread.
    """

    def __init__(self, db: Db, task: Task | None, found: Sequence[Comment], bots: Collection[str | None]) -> None:
        self._db, self._found, self._bots = db, found, bots
        self._quotes = comments.all_quotes(db, task.id) if task else []
        self._holding = comments.quotes(db, task.seen) if task else []
        self._holding_threads = {quote.discussion_id for quote in self._holding}
        self._threads = {quote.discussion_id for quote in self._quotes}

    def is_yes(self, comment: Comment) -> bool:
        """Tell whether it may be a yes: where nothing was ever quoted it is none."""
        in_thread = comment.discussion_id in self._threads and remarks.agrees(comment.text)
        return bool(self._quotes) and (remarks.says_go(comment.text) or in_thread)

    def is_no(self, comment: Comment) -> bool:
        """Tell whether it is a no to a quote that holds."""
        return comment.discussion_id in self._holding_threads and remarks.declines(comment.text)

    def is_unclear(self, comment: Comment) -> bool:
        """Tell whether it is said in the thread of a quote that holds, and may be meant as an answer to it."""
        return comment.discussion_id in self._holding_threads

    def quote_agreed_to(self, comment: Comment) -> Answer | None:
        """Return the last quote that holds and that whoever said yes could see."""
        there = [quote for quote in self._holding if self._could_see(quote, comment)]
        if comment.discussion_id in self._threads:
            there = [quote for quote in there if quote.discussion_id == comment.discussion_id]
        return there[-1] if there else None

    def _could_see(self, quote: Answer, comment: Comment) -> bool:
        places = places_of(self._found, quote, self._bots)[comments.said_before(self._db, quote) :]
        if places:
            return self._found.index(comment) > places[0]
        logged_at = comments.logged_at(self._db, quote)  # by the minute, rounded down, comments are told
        return logged_at is not None and comment.at > logged_at
