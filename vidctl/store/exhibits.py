"""What of a film its card's page shows, and what is still on its way there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from psycopg.rows import class_row

from vidctl.domain.work import Artifact, Kind
from vidctl.store import Db, locks

_BEHIND: Final = """
    select a.kind, a.index
      from artifacts a
      left join exhibits e on e.task_id = a.task_id and e.kind = a.kind and e.index = a.index
     where a.task_id = t.id and a.state = 'done' and a.kind = any(%(kinds)s) and e.sha256 is distinct from a.sha256
       and (a.stored is not null or a.kind = 'storyboard'
            or (select config ->> 'storage_strategy' from channels where channel_id = t.channel_id) = 'notion')
"""
"""The items of the film `t` that are made and that its page does not show as they are now.

Where files are kept in the object store, a page shows them from there.
"""

RENEWED_BEFORE: Final = timedelta(days=2)
"""How long before a link runs out it is renewed: a machine may be off for a day."""

_RUNNING_OUT: Final = """
    select a.kind, a.index from artifacts a
      join exhibits e using (task_id, kind, index)
     where a.task_id = t.id and a.state = 'done' and a.stored is not null and t.status <> 'Published'
       and e.sha256 = a.sha256 and e.block_id is not null and e.link_until <= %(soon)s
"""
"""The items of the film `t` that its page shows from an address which will not open for much longer."""

_FILMS: Final = "tasks t join cards c on c.page_id = t.notion_page_id join channels ch using (channel_id)"
_ON_A_PAGE: Final = "t.superseded_at is null and c.gone_at is null"

# `offset 0`: the few films come first, and then the items of each, by their key.
_FILMS_BEHIND: Final = f"""
    select t.id, t.channel_id from (
        select t.id, t.channel_id, t.status, t.status_since from {_FILMS}
         where {_ON_A_PAGE}
           and (t.exhibit_at is null or t.exhibit_at <= %(now)s)
           and (t.status <> 'Published' or t.status_since > %(now)s::timestamptz - interval '2 days')
           and ('x' || left(replace(t.id::text, '-', ''), 16))::bit(64)::bigint not in (
               select (classid::bigint << 32) | objid::bigint from pg_locks
                where locktype = 'advisory' and granted and objsubid = 1
                  and database = (select oid from pg_database where datname = current_database()))
        offset 0
    ) t
    cross join lateral (select from ({_BEHIND} union all {_RUNNING_OUT}) behind limit 1) first
     order by t.status_since, t.id limit %(most)s
"""  # noqa: S608  # constants only

_ON_THEIR_WAY: Final = f"""
    select behind.* from {_FILMS} cross join lateral ({_BEHIND}) behind
     where t.id = %(task)s and {_ON_A_PAGE}
     order by behind.kind, behind.index
"""  # noqa: S608  # constants only


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item of a film: its file, and what of it the page shows."""

    kind: Kind
    index: int
    path: str
    sha256: str
    size_bytes: int
    modified_ns: int
    take: int
    """The number of the take in use; 1 for what no takes are kept of."""
    shown_sha256: str | None
    block_id: str | None
    upload_id: str | None
    uploaded_sha256: str | None
    uploaded_at: datetime | None
    remark: str
    url: str | None
    """Where anybody can see it, if it is in an object store that is public."""
    key: str | None
    """Its name in the object store."""
    link_until: datetime | None
    """How long the address opens that the page shows, where that has an end."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", Kind(self.kind))

    @property
    def artifact(self) -> Artifact:
        """Its name."""
        return Artifact(self.kind, self.index)

    @property
    def is_shown(self) -> bool:
        """Whether the page shows it as it is now."""
        return self.shown_sha256 == self.sha256 and self.block_id is not None


def of_film(db: Db, task_id: UUID, kinds: Sequence[Kind]) -> list[Wanted]:
    """Return every item of a film that its page shows or has to show."""
    with db.cursor(row_factory=class_row(Wanted)) as cursor:
        return cursor.execute(
            """select a.kind, a.index, a.path, a.sha256, a.size_bytes, a.modified_ns,
                      coalesce(t.number, 1) as take,
                      e.sha256 as shown_sha256, e.block_id, e.upload_id, e.uploaded_sha256, e.uploaded_at,
                      coalesce(e.remark, '') as remark, a.url, a.stored -> 0 ->> 'key' as key, e.link_until
                 from artifacts a
                 left join exhibits e using (task_id, kind, index)
                 left join takes t on (t.task_id, t.kind, t.index, t.sha256) = (a.task_id, a.kind, a.index, a.sha256)
                where a.task_id = %s and a.state = 'done' and a.kind = any(%s)
                order by array_position(%s, a.kind), a.index""",
            (task_id, list(kinds), list(kinds)),
        ).fetchall()


def on_their_way(db: Db, task_id: UUID, kinds: Sequence[Kind]) -> list[Artifact]:
    """Return the items of a film that are made, and that its page does not show yet."""
    rows = db.execute(_ON_THEIR_WAY, {"kinds": list(kinds), "task": task_id})
    return [Artifact(Kind(kind), index) for kind, index in rows]


def films_behind(db: Db, kinds: Sequence[Kind], *, now: datetime, most: int) -> list[tuple[UUID, str]]:
    """Return films, each with its channel, with something to show, or a link to renew, that nobody is at work on.

    Those that are to be left alone for a while are not among them. Of films that are published for days nobody
    looks at the parts any more: a tick need not look through them all.
    """
    rows = db.execute(_FILMS_BEHIND, {"kinds": list(kinds), "now": now, "soon": now + RENEWED_BEFORE, "most": most})
    return [(row[0], row[1]) for row in rows]


def uploaded(db: Db, task_id: UUID, item: Wanted, upload_id: str, remark: str, *, now: datetime) -> None:
    """Remember an upload that nothing is attached to yet: it can be used for an hour."""
    db.execute(
        """insert into exhibits (task_id, kind, index, upload_id, uploaded_sha256, uploaded_at, remark)
           values (%s, %s, %s, %s, %s, %s, %s)
           on conflict (task_id, kind, index) do update
              set upload_id = excluded.upload_id, uploaded_sha256 = excluded.uploaded_sha256,
                  uploaded_at = excluded.uploaded_at, remark = excluded.remark""",
        (task_id, item.kind, item.index, upload_id, item.sha256, now, remark),
    )


def shows(
    db: Db,
    task_id: UUID,
    artifact: Artifact,
    *,
    sha256: str,
    block_id: str,
    url: str,
    link_until: datetime | None = None,
) -> None:
    """Remember the block that shows an item as it is now, where people find it, and how long what it links to opens.

    What lies in an object store keeps the address that it has there.
    """
    with db.transaction():
        db.execute(
            """insert into exhibits (task_id, kind, index, sha256, block_id, url, link_until)
               values (%s, %s, %s, %s, %s, %s, %s)
               on conflict (task_id, kind, index) do update
                  set sha256 = excluded.sha256, block_id = excluded.block_id, url = excluded.url,
                      link_until = excluded.link_until""",
            (task_id, artifact.kind, artifact.index, sha256, block_id, url, link_until),
        )
        db.execute(
            """update artifacts set url = %s
                where task_id = %s and kind = %s and index = %s and sha256 = %s and stored is null""",
            (url, task_id, artifact.kind, artifact.index, sha256),
        )


def links(db: Db, task_id: UUID, artifact: Artifact, until: datetime | None) -> None:
    """Remember how long the address opens that an item is shown from; None: for ever, or nobody looks any more."""
    db.execute(
        "update exhibits set link_until = %s where task_id = %s and kind = %s and index = %s",
        (until, task_id, artifact.kind, artifact.index),
    )


def stands(db: Db, task_id: UUID, artifact: Artifact, block_id: str | None) -> None:
    """Remember a block that shows another take of an item: it is to be replaced; None: there is none."""
    db.execute(
        """insert into exhibits (task_id, kind, index, block_id) values (%s, %s, %s, %s)
           on conflict (task_id, kind, index) do update set sha256 = null, block_id = excluded.block_id""",
        (task_id, artifact.kind, artifact.index, block_id),
    )


def retire(db: Db, task_id: UUID, item: Wanted) -> None:
    """Remember that a page need not show an item that the film has no place for any more."""
    db.execute(
        """insert into exhibits (task_id, kind, index, sha256) values (%s, %s, %s, %s)
           on conflict (task_id, kind, index) do update
              set sha256 = excluded.sha256, block_id = null, url = null""",
        (task_id, item.kind, item.index, item.sha256),
    )


def heading_of(db: Db, task_id: UUID, section: str) -> tuple[str | None, bool]:
    """Return a section's heading on the page, and whether what stands below it is known."""
    row = db.execute(
        "select heading_id, is_clean from exhibit_sections where task_id = %s and section = %s", (task_id, section)
    ).fetchone()
    return (row[0], row[1]) if row else (None, False)


def keep_heading(db: Db, task_id: UUID, section: str, heading_id: str | None, *, is_clean: bool) -> None:
    """Remember a section's heading, and whether what stands below it is known."""
    db.execute(
        """insert into exhibit_sections (task_id, section, heading_id, is_clean) values (%s, %s, %s, %s)
           on conflict (task_id, section) do update
              set heading_id = excluded.heading_id, is_clean = excluded.is_clean""",
        (task_id, section, heading_id, is_clean),
    )


def rest(db: Db, task_id: UUID, until: datetime | None) -> None:
    """Leave a film's page alone until then."""
    db.execute("update tasks set exhibit_at = %s where id = %s", (until, task_id))


def try_lock(db: Db, task_id: UUID) -> bool:
    """Take a film's page for this session."""
    return locks.try_lock(db, locks.page_of(task_id))


def unlock(db: Db, task_id: UUID) -> None:
    """Let go of a film's page."""
    locks.unlock(db, locks.page_of(task_id))
