"""What people said on cards: each comment is taken once, and answered once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from vidctl.domain.review import Rejection
from vidctl.domain.status import GATES
from vidctl.domain.work import Artifact, Kind
from vidctl.store import Db
from vidctl.store.tasks import Seen

# Where a person is asked, or was promised an answer. Those read longest ago come first.
_TURN: Final = """
    select c.page_id, c.database_id
      from cards c
      join tasks t on t.notion_page_id = c.page_id and t.superseded_at is null
      join boards b using (database_id)
     where c.gone_at is null and c.database_id = any(%(databases)s)
       and (b.comments_at is null or b.comments_at <= %(now)s)
       and (t.status = any(%(gates)s) or t.asks is not null
            or t.status <> 'Published'
               and exists (select from orders o where o.task_id = t.id and o.state = 'in doubt')
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
    """What was or has to be said on a card. With `asked` it is a quote: that is made again after a yes."""

    comment_id: str
    page_id: str
    discussion_id: str
    answer: str
    answered_at: datetime | None
    asked: list[Any]

    @property
    def items(self) -> list[Rejection]:
        """What a yes has made again."""
        return [Rejection(Artifact(Kind(kind), index), note) for kind, index, note in self.asked]


_ANSWER: Final = "comment_id, page_id, discussion_id, answer, answered_at, asked"


def turns(db: Db, databases: Sequence[str], *, now: datetime, most: int) -> list[Turn]:
    """Return the cards whose comments are read next."""
    params = {"databases": list(databases), "gates": list(GATES), "now": now, "most": most}
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


def answer(
    db: Db, comment_id: str, text: str, *, task_id: UUID, yes_to: int | None = None, asked: Sequence[Rejection] = ()
) -> None:
    """Keep what is to be answered to a comment; `yes_to` is the version of the film that it is a quote for."""
    items = [[item.artifact.kind.value, item.artifact.index, item.note] for item in asked]
    db.execute(
        "update card_comments set answer = %s, task_id = %s, yes_to = %s, asked = %s where comment_id = %s",
        (text, task_id, yes_to, Jsonb(items), comment_id),
    )


def quotes(db: Db, task: Seen) -> list[Answer]:
    """Return the quotes that hold for this film as it is now, the oldest first."""
    with db.cursor(row_factory=class_row(Answer)) as cursor:
        return cursor.execute(
            f"""select {_ANSWER} from card_comments
                 where task_id = %s and yes_to = %s order by number""",  # noqa: S608  # constants only
            (task.id, task.version),
        ).fetchall()


def all_quotes(db: Db, task_id: UUID) -> list[Answer]:
    """Return every quote that was ever made for a film, whether or not it holds."""
    with db.cursor(row_factory=class_row(Answer)) as cursor:
        return cursor.execute(
            f"""select {_ANSWER} from card_comments
                 where task_id = %s and asked <> '[]' order by number""",  # noqa: S608  # constants only
            (task_id,),
        ).fetchall()


def said_since_quote(db: Db, discussion_id: str, text: str) -> bool:
    """Tell whether a thread got this answer since its last quote."""
    row = db.execute(
        """select 1 from card_comments
            where discussion_id = %(thread)s and answer = %(text)s
              and number > (select max(number) from card_comments where discussion_id = %(thread)s and asked <> '[]')
            limit 1""",
        {"thread": discussion_id, "text": text},
    ).fetchone()
    return row is not None


def void(db: Db, task: Seen) -> None:
    """Let no quote for this film hold any more."""
    db.execute("update card_comments set yes_to = null where task_id = %s and yes_to = %s", (task.id, task.version))


def logged_at(db: Db, answer: Answer) -> datetime | None:
    """Return when a card's Error Log began to show an answer that could not be a comment; None: it does not yet."""
    if answer.answered_at is None:  # an equal line is that of an earlier one
        return None
    row = db.execute(
        "select posted_at from card_notes where page_id = %s and line like %s order by id desc limit 1",
        (answer.page_id, f"%{_literal(answer.answer)}"),
    ).fetchone()
    return row[0] if row else None


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def unanswered(db: Db, page_id: str) -> list[Answer]:
    """Return what has to be said on a card yet."""
    with db.cursor(row_factory=class_row(Answer)) as cursor:
        return cursor.execute(
            f"""select {_ANSWER} from card_comments
                 where page_id = %s and answer <> '' and answered_at is null
                 order by number""",  # noqa: S608  # constants only
            (page_id,),
        ).fetchall()


def said_before(db: Db, answer: Answer) -> int:
    """Return how often the same was answered in the same thread before."""
    row = db.execute(
        """select count(*) from card_comments c, card_comments this
            where this.comment_id = %s and c.page_id = this.page_id and c.discussion_id = this.discussion_id
              and c.answer = this.answer and c.number < this.number""",
        (answer.comment_id,),
    ).fetchone()
    return int(row[0]) if row else 0


def answered(db: Db, comment_id: str, *, now: datetime) -> None:
    """Remember that an answer is said."""
    db.execute("update card_comments set answered_at = %s where comment_id = %s", (now, comment_id))
