"""What is known of films besides the decisions about them: for whoever has to show that people reviewed them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, LiteralString
from uuid import UUID

from psycopg.rows import class_row

from vidctl.errors import BadInput, NotFound
from vidctl.store import Db
from vidctl.store.details import Move

_FILMS: Final = """
    select t.id, t.title, t.channel_id, c.channel_name, t.status, t.youtube_url, t.created_at, u.film_sha256,
           u.published_at, coalesce(u.video_id, receipt.facts ->> 'video_id') as video_id,
           coalesce(nullif(u.account, ''), receipt.facts ->> 'account') as account,
           receipt.facts -> 'synthetic_media' = 'true' as synthetic_said,
           c.config #> '{youtube,synthetic_media}' = 'true' as synthetic_by_file
      from tasks t join channels c using (channel_id)
           left join uploads u on u.task_id = t.id
           left join artifacts receipt on receipt.task_id = t.id and receipt.kind = 'receipt'
     where t.id = any(%s)
     order by coalesce(u.published_at, t.created_at), t.id
"""
_OF_VIDEO: Final[LiteralString] = """
    select task_id from uploads where video_id = %(name)s
     union select task_id from review_audit where video_id = %(name)s
     union select task_id from artifacts where kind = 'receipt' and facts ->> 'video_id' = %(name)s
     union select id from tasks where youtube_url = %(name)s
"""
_BEGIN_WITH: Final[LiteralString] = "select id from tasks where starts_with(id::text, lower(%(name)s)) limit 2"


@dataclass(frozen=True, slots=True)
class Film:
    """One film; what is None is not known."""

    id: UUID
    title: str
    channel_id: str
    channel_name: str
    status: str
    youtube_url: str | None
    created_at: datetime
    film_sha256: str | None
    """Of the file that was published."""
    published_at: datetime | None
    video_id: str | None
    account: str | None
    """The YouTube channel that it is on, or on its way to, where that was recorded."""
    synthetic_said: bool | None
    """Whether YouTube was told of generated scenes or voices."""
    synthetic_by_file: bool | None
    """The same by the channel's file as it is now."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that shows a film at a glance; `path` is relative to the film's folder."""

    task_id: UUID
    kind: str
    path: str
    sha256: str


def films(db: Db, ids: Collection[UUID]) -> list[Film]:
    """Return films in the order in which they were published, or added."""
    with db.cursor(row_factory=class_row(Film)) as cursor:
        return cursor.execute(_FILMS, (list(ids),)).fetchall()


def of_video(db: Db, video: str) -> set[UUID]:
    """Return the films that are meant by a video's id at YouTube, or by the first characters of a film's id.

    A film's id may begin like a video's, and a video's id is known exactly.

    Raises:
        NotFound: there is none.
        BadInput: the ids of several films begin so.
    """
    name = video.strip()
    found = (_ids(db, _OF_VIDEO, name) or _that_begins_with(db, name)) if name else set()
    if not found:
        raise NotFound(f"there is no film or video {video!r}", hint="see: vidctl status")
    return found


def _that_begins_with(db: Db, name: str) -> set[UUID]:
    found = _ids(db, _BEGIN_WITH, name)
    if len(found) > 1:
        raise BadInput(f"several films begin with {name}", hint="give more characters of the id")
    return found


def _ids(db: Db, query: LiteralString, name: str) -> set[UUID]:
    return {row[0] for row in db.execute(query, {"name": name})}


def of_channel(db: Db, channel_id: str) -> set[UUID]:
    """Return the films of a channel.

    Raises:
        NotFound: there is no such channel.
    """
    if not db.execute("select from channels where channel_id = %s", (channel_id,)).rowcount:
        raise NotFound(f"there is no channel {channel_id!r}", hint="see: vidctl channel list")
    return {row[0] for row in db.execute("select id from tasks where channel_id = %s", (channel_id,))}


def published_since(db: Db, since: datetime | None) -> set[UUID]:
    """Return the films that were published, since then if that is said."""
    query = "select task_id from uploads where published_at >= coalesce(%s::timestamptz, '-infinity')"
    return {row[0] for row in db.execute(query, (since,))}


def moves_by_people(db: Db, ids: Collection[UUID]) -> dict[UUID, list[Move]]:
    """Return what people had films do, besides what they decided at gates; the first move first."""
    rows = db.execute(
        """select task_id, version, at, from_status, event, to_status, actor, reason from task_events
            where task_id = any(%s) and actor <> 'engine' and event not in ('approve', 'reject')
            order by task_id, version""",
        (list(ids),),
    )
    found: dict[UUID, list[Move]] = {}
    for task_id, *move in rows:
        found.setdefault(task_id, []).append(Move(*move))
    return found


def pictures(db: Db, ids: Collection[UUID]) -> list[Picture]:
    """Return what shows each film best: its thumbnail, else the sheet with all its images."""
    with db.cursor(row_factory=class_row(Picture)) as cursor:
        return cursor.execute(
            """select distinct on (task_id) task_id, kind, path, sha256 from artifacts
                where task_id = any(%s) and state = 'done' and kind in ('thumbnail', 'contact_sheet')
                order by task_id, kind = 'thumbnail' desc""",
            (list(ids),),
        ).fetchall()


def names(db: Db) -> dict[str, str]:
    """Return whom Notion knows by each id: "Ana Lima <ana@example.com>"."""
    rows = db.execute("select user_id, name, email from people where name <> '' or email <> ''")
    return {user_id: " ".join(filter(None, [name, email and f"<{email}>"])) for user_id, name, email in rows}
