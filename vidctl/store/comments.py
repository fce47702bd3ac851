"""What people said on cards: each comment is taken once, and answered once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from psycopg.rows import class_row

from vidctl.domain.status import ERRORS, GATES
from vidctl.store import Db
from vidctl.store.tasks import Seen

# Where a person is asked: at gates, and where a quote waits for a yes. Those read longest ago come first.
_TURN: Final = """
    select c.page_id, c.database_id
      from cards c
      join tasks t on t.notion_page_id = c.page_id and t.superseded_at is null
      join boards b using (database_id)
     where c.gone_at is null and c.database_id = any(%(databases)s)
       and (b.comments_at is null or b.comments_at <= %(now)s)
       and (t.status = any(%(gates)s)
            or t.status = any(%(errors)s)
               and exists (select from card_comments q where q.task_id = t.id and q.yes_to = t.version)
            or exists (select from card_comments q
                        where q.page_id = c.page_id and q.answer <> '' and q.answered_at is null))
     order by c.comments_read_at nulls first, c.page_id
     limit %(most)s
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """A card whose comments are to be read."""

    page_id: str
    database_id: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What has to be said on a card yet."""

    comment_id: str
    page_id: str
    discussion_id: str
    answer: str
    answered_at: datetime | None


def turns(db: Db, databases: Sequence[str], *, now: datetime, most: int) -> list[Turn]:
    """Return the cards whose comments are read next."""
    params = {"databases": list(databases), "gates": list(GATES), "errors": list(ERRORS), "now": now, "most": most}
    with db.cursor(row_factory=class_row(Turn)) as cursor:
        return cursor.execute(_TURN, params).fetchall()


def was_read(db: Db, page_id: str, *, now: datetime) -> None:
    """Remember that a card's comments were read."""
    db.execute("update cards set comments_read_at = %s where page_id = %s", (now, page_id))


def may_not(db: Db, database_id: str, *, now: datetime) -> None:
    """Remember that the integration may not read comments: it is tried again in an hour."""
    db.execute("update boards set comments_at = %s where database_id = %s", (now + timedelta(hours=1), database_id))


def known(db: Db, comment_ids: Sequence[str]) -> set[str]:
    """Return those of some comments that were taken already."""
    rows = db.execute("select comment_id from card_comments where comment_id = any(%s)", (list(comment_ids),))
    return {row[0] for row in rows}


def take(db: Db, comment_id: str, *, page_id: str, discussion_id: str, now: datetime) -> bool:
    """Take a comment, in the transaction of what is done about it; False where that is done already."""
    row = db.execute(
        """insert into card_comments (comment_id, page_id, discussion_id, seen_at) values (%s, %s, %s, %s)
           on conflict do nothing returning comment_id""",
        (comment_id, page_id, discussion_id, now),
    ).fetchone()
    return row is not None


def answer(db: Db, comment_id: str, text: str, *, task_id: UUID, yes_to: int | None = None) -> None:
    """Keep what is to be answered to a comment; `yes_to` is the version of the film that it is a quote for."""
    db.execute(
        "update card_comments set answer = %s, task_id = %s, yes_to = %s where comment_id = %s",
        (text, task_id, yes_to, comment_id),
    )


def quotes(db: Db, task: Seen) -> list[Answer]:
    """Return the answers that are quotes for this film as it is now."""
    with db.cursor(row_factory=class_row(Answer)) as cursor:
        return cursor.execute(
            """select comment_id, page_id, discussion_id, answer, answered_at from card_comments
                where task_id = %s and yes_to = %s order by seen_at, comment_id""",
            (task.id, task.version),
        ).fetchall()


def waits_for_yes(db: Db, task: Seen) -> bool:
    """Say whether a quote for this film, as it is now, waits for a yes; nobody can agree to what was not said yet."""
    return any(quote.answered_at is not None for quote in quotes(db, task))


def unanswered(db: Db, page_id: str) -> list[Answer]:
    """Return what has to be said on a card yet."""
    with db.cursor(row_factory=class_row(Answer)) as cursor:
        return cursor.execute(
            """select comment_id, page_id, discussion_id, answer, answered_at from card_comments
                where page_id = %s and answer <> '' and answered_at is null order by seen_at, comment_id""",
            (page_id,),
        ).fetchall()


def said(db: Db, answer: Answer) -> int:
    """Return how often the same was answered in the same thread before."""
    row = db.execute(
        """select count(*) from card_comments
            where page_id = %s and discussion_id = %s and answer = %s and answered_at is not null""",
        (answer.page_id, answer.discussion_id, answer.answer),
    ).fetchone()
    return int(row[0]) if row else 0


def answered(db: Db, comment_id: str, *, now: datetime) -> None:
    """Remember that an answer is said."""
    db.execute("update card_comments set answered_at = %s where comment_id = %s", (now, comment_id))
