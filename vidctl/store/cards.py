"""Cards as they were last seen, what is on its way to them, and who moved them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from vidctl.store import Db, locks

_COLUMNS: Final = """page_id, database_id, url, shown, edited_at, echoes, unconfirmed, unconfirmed_version, wrote_at,
    pushed_at, complaint, used_notes, gone_at, status_at"""

REFUSED_FOR: Final = timedelta(hours=1)
"""How long a card is left alone that Notion did not take."""

_PUT: Final = """
    insert into cards (page_id, database_id, url, shown, edited_at, complaint, used_notes, gone_at, seen_at)
    values (%(page_id)s, %(database_id)s, %(url)s, %(shown)s, %(edited_at)s, %(complaint)s, %(used_notes)s, null,
            %(now)s)
    on conflict (page_id) do update
       set database_id = excluded.database_id, url = excluded.url, shown = excluded.shown,
           edited_at = excluded.edited_at, complaint = excluded.complaint, used_notes = excluded.used_notes,
           gone_at = null, seen_at = excluded.seen_at,
           pushed_at = case when cards.shown = excluded.shown then cards.pushed_at end
"""

# What may have to be written; whether it has to, what the card shows decides.
_DUE: Final = """
    select c.page_id, c.database_id, t.id as task_id
      from cards c
      left join tasks t on t.notion_page_id = c.page_id and t.superseded_at is null
     where c.gone_at is null and c.database_id = any(%(databases)s)
       and (%(page_id)s::text is null or c.page_id = %(page_id)s)
       and (c.refused_at is null or c.refused_at <= %(rested)s)
       and (t.pushed_version < t.version or (t.id is not null and t.updated_at is distinct from c.pushed_at)
            or c.unconfirmed <> '[]'::jsonb
            or exists (select from card_notes n where n.page_id = c.page_id and n.posted_at is null))
     order by t.updated_at nulls first, c.page_id
"""


@dataclass(frozen=True, slots=True)
class CardRow:
    """One card as it was last seen."""

    page_id: str
    database_id: str
    url: str
    shown: dict[str, Any]
    edited_at: datetime | None
    echoes: list[str]
    unconfirmed: list[str]
    unconfirmed_version: int | None
    wrote_at: datetime | None
    pushed_at: datetime | None
    complaint: str
    used_notes: str
    gone_at: datetime | None
    status_at: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """A card that may have to be written, and its film if it has one."""

    page_id: str
    database_id: str
    task_id: UUID | None


def known(db: Db, page_ids: Collection[str]) -> dict[str, CardRow]:
    """Return what is known of these pages."""
    with db.cursor(row_factory=class_row(CardRow)) as cursor:
        rows = cursor.execute(
            f"select {_COLUMNS} from cards where page_id = any(%s)",  # noqa: S608  # constants only
            (list(page_ids),),
        ).fetchall()
    return {row.page_id: row for row in rows}


def locked(db: Db, page_id: str) -> CardRow | None:
    """Return what is known of a page, which nobody else changes until the transaction ends."""
    with db.cursor(row_factory=class_row(CardRow)) as cursor:
        return cursor.execute(
            f"select {_COLUMNS} from cards where page_id = %s for update",  # noqa: S608  # constants only
            (page_id,),
        ).fetchone()


def put(
    db: Db,
    page_id: str,
    *,
    database_id: str,
    url: str,
    shown: Mapping[str, Any],
    edited_at: datetime,
    complaint: str,
    used_notes: str,
    now: datetime,
) -> None:
    """Keep a card as it was just seen."""
    db.execute(
        _PUT,
        {
            "page_id": page_id,
            "database_id": database_id,
            "url": url,
            "shown": Jsonb(dict(shown)),
            "edited_at": edited_at,
            "complaint": complaint,
            "used_notes": used_notes,
            "now": now,
        },
    )


def seen(db: Db, page_ids: Sequence[str], *, now: datetime) -> None:
    """Remember that these pages are still there, and are as they were."""
    db.execute("update cards set seen_at = %s where page_id = any(%s)", (now, list(page_ids)))


def unseen(db: Db, database_id: str, *, since: datetime) -> list[str]:
    """Return the pages of a database that no reading has met since then."""
    rows = db.execute(
        """select page_id from cards
            where database_id = %s and gone_at is null and (seen_at is null or seen_at < %s) order by page_id""",
        (database_id, since),
    )
    return [row[0] for row in rows]


def without_channel(db: Db, database_id: str) -> list[tuple[str, str]]:
    """Return the pages that no film could be made of, and what each says of its channel."""
    rows = db.execute(
        """select page_id, coalesce(shown ->> 'channel', '') from cards c
            where database_id = %s and complaint <> '' and gone_at is null
              and not exists (select from tasks t where t.notion_page_id = c.page_id)
            order by page_id""",
        (database_id,),
    )
    return [(row[0], row[1]) for row in rows]


def gone(db: Db, page_id: str, *, now: datetime) -> None:
    """Remember that a card is in the trash, or out of our sight; nothing is begun for its film meanwhile."""
    with db.transaction():
        db.execute("update cards set gone_at = coalesce(gone_at, %s) where page_id = %s", (now, page_id))
        db.execute(
            """update tasks set paused_at = coalesce(paused_at, %s)
                where notion_page_id = %s and superseded_at is null""",
            (now, page_id),
        )


def shows_since(db: Db, page_id: str, at: datetime) -> None:
    """Remember since when, by Notion's clock, a card shows the status that it shows."""
    db.execute("update cards set status_at = %s where page_id = %s", (at, page_id))


def look_again(db: Db, page_id: str) -> None:
    """Let a card be compared with its film anew."""
    db.execute("update cards set pushed_at = null where page_id = %s", (page_id,))


def is_back(db: Db, page_id: str) -> None:
    """Let the film of a card go on that is there again, and its page be seen to."""
    db.execute(
        """update tasks set paused_at = null, exhibit_at = null
            where notion_page_id = %s and superseded_at is null and paused_at is not null""",
        (page_id,),
    )


def due(db: Db, databases: Sequence[str], page_id: str | None = None, *, now: datetime) -> list[Due]:
    """Return the cards that may have to be written, those that wait longest first."""
    params = {"databases": list(databases), "page_id": page_id, "rested": now - REFUSED_FOR}
    with db.cursor(row_factory=class_row(Due)) as cursor:
        return cursor.execute(_DUE, params).fetchall()


def refused(db: Db, page_id: str, why: str, *, now: datetime) -> None:
    """Leave a card alone for a while that Notion will not take as it should be."""
    db.execute("update cards set refused = %s, refused_at = %s where page_id = %s", (why, now, page_id))


def resting(db: Db, databases: Sequence[str], *, now: datetime) -> list[str]:
    """Return why Notion did not take the cards that are left alone for that."""
    rows = db.execute(
        """select distinct refused from cards
            where database_id = any(%s) and refused_at > %s and gone_at is null order by refused""",
        (list(databases), now - REFUSED_FOR),
    )
    return [row[0] for row in rows]


def forgive(db: Db, database_id: str, page_id: str | None = None) -> None:
    """Let cards and their pages be written again that Notion did not take: a person says that they can be."""
    db.execute(
        """update tasks t set exhibit_at = null from cards c
            where c.page_id = t.notion_page_id and t.superseded_at is null and t.exhibit_at is not null
              and c.database_id = %s and (%s::text is null or c.page_id = %s)""",
        (database_id, page_id, page_id),
    )
    db.execute(
        """update cards set refused_at = null
            where database_id = %s and (%s::text is null or page_id = %s) and refused_at is not null""",
        (database_id, page_id, page_id),
    )


def writing(
    db: Db, page_id: str, *, before: str | None, status: str | None, version: int | None, now: datetime
) -> None:
    """Remember what is about to be written, before it is: whose status that is must never be in doubt.

    Of which version of the film it is nobody can tell, once the same status of another may have arrived too.
    """
    db.execute(
        """update cards
              set echoes = (select coalesce(jsonb_agg(distinct said), '[]'::jsonb)
                              from (select jsonb_array_elements_text(echoes) as said
                                     where wrote_at > %(now)s::timestamptz - interval '2 minutes'
                                    union select jsonb_array_elements_text(unconfirmed)
                                    union select unnest(array_remove(array[%(before)s, %(status)s]::text[], null))) s),
                  unconfirmed_version = case when %(status)s::text is null then unconfirmed_version
                                             when unconfirmed ? %(status)s::text
                                              and unconfirmed_version is distinct from %(version)s then null
                                             else %(version)s end,
                  unconfirmed = case when %(status)s::text is null then unconfirmed
                                     else (unconfirmed - %(status)s::text) || to_jsonb(%(status)s::text) end,
                  wrote_at = %(now)s
            where page_id = %(page_id)s""",
        {"page_id": page_id, "before": before, "status": status, "version": version, "now": now},
    )


def not_written(db: Db, row: CardRow) -> None:
    """Remember that the last write did nothing; `row` is what was known of the card before it."""
    db.execute(
        "update cards set unconfirmed = %s, unconfirmed_version = %s where page_id = %s",
        (Jsonb(row.unconfirmed), row.unconfirmed_version, row.page_id),
    )


def confirmed(db: Db, page_id: str) -> None:
    """Remember that a card has what it was given, and that nothing of ours is on its way to it any more."""
    db.execute(
        """update cards set unconfirmed = '[]', refused = '', refused_at = null
            where page_id = %s and (unconfirmed <> '[]' or refused <> '')""",
        (page_id,),
    )


def pushed(db: Db, page_id: str, *, task_id: UUID | None, version: int, updated_at: datetime | None) -> None:
    """Remember which version of its film a card shows."""
    with db.transaction():
        db.execute("update cards set pushed_at = %s where page_id = %s", (updated_at, page_id))
        db.execute("update tasks set pushed_version = %s where id = %s", (version, task_id))


def try_lock(db: Db, page_id: str) -> bool:
    """Take a card for this session: only one process at a time writes it."""
    return locks.try_lock(db, locks.card(page_id))


def unlock(db: Db, page_id: str) -> None:
    """Let go of a card."""
    locks.unlock(db, locks.card(page_id))
