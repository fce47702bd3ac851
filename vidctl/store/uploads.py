"""Films on their way to YouTube, or there: which place in a channel's day they take, and what they are compared by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from vidctl.domain.work import SEALED
from vidctl.store import Db

# Neither one that was let go and came to nothing, nor one of which somebody said that it is not out there.
_LIVE: Final = """(u.published_at is not null or t.status = 'Uploading'
                   or exists (select from artifacts a where a.task_id = u.task_id and a.kind = 'receipt'
                                 and a.state in ('submitted', 'done')))"""


@dataclass(frozen=True, slots=True)
class Upload:
    """One film that was let go to YouTube."""

    task_id: UUID
    channel_id: str
    title: str
    film_sha256: str
    frames: Sequence[str]
    """Perceptual hashes of its frames, as `fingerprint_film.py` said them."""
    spoken: Sequence[int]
    """What `vidctl.domain.likeness.signature` made of its words."""
    begun_at: datetime
    url: str | None


def others(db: Db, task_id: UUID, known: Sequence[Upload] = ()) -> list[Upload]:
    """Return every other film that is on YouTube or on its way there, on whichever channel; the first come first.

    Not those that are `known` already.
    """
    with db.cursor(row_factory=class_row(Upload)) as cursor:
        return cursor.execute(
            f"""select u.task_id, u.channel_id, t.title, u.film_sha256, u.frames, u.spoken, u.begun_at,
                       t.youtube_url as url
                  from uploads u join tasks t on t.id = u.task_id
                 where u.task_id <> %s and {_LIVE}
                   and not exists (select from unnest(%s::uuid[], %s::text[]) as known (task_id, sha256)
                                    where known.task_id = u.task_id and known.sha256 = u.film_sha256)
                 order by u.begun_at""",  # noqa: S608  # constants only
            (task_id, [one.task_id for one in known], [one.film_sha256 for one in known]),
        ).fetchall()


def begun_since(db: Db, channel_id: str, since: datetime, *, but: UUID) -> list[datetime]:
    """Return when a channel's other films took their places, from a moment on."""
    rows = db.execute(
        f"""select u.begun_at from uploads u join tasks t on t.id = u.task_id
             where u.channel_id = %s and u.begun_at >= %s and u.task_id <> %s and {_LIVE}
             order by u.begun_at""",  # noqa: S608  # constants only
        (channel_id, since, but),
    )
    return [at for (at,) in rows]


def put_off(db: Db, channel_id: str, *, since: datetime | None, but: UUID) -> list[datetime]:
    """Return for when a channel's other approved films were put off; those from a moment on, or all.

    Of those that had begun with their upload's step, these are the ones that have no place in any day yet.
    """
    rows = db.execute(
        """select t.next_attempt_at from tasks t
            where t.channel_id = %s and t.next_attempt_at >= coalesce(%s::timestamptz, '-infinity')
              and t.id <> %s and t.superseded_at is null and t.paused_at is null
              and (t.status = 'Approved'
                   or (t.status = 'Uploading' and not exists (select from uploads u where u.task_id = t.id)))""",
        (channel_id, since, but),
    )
    return [at for (at,) in rows]


def on_their_way(db: Db, *, but: UUID) -> int:
    """Return how many other films were let go and are not there yet: each takes of the quota what it needs.

    What is there as a video, and only waits for YouTube to process it, has taken its share. What nobody takes up needs
    none: a film that a person paused, or one of a channel that rests, or that has to be authorised; nor does one of a
    channel with a program of its own.
    """
    row = db.execute(
        """select count(*) from uploads u join tasks t on t.id = u.task_id
             join channels c on c.channel_id = t.channel_id
            where u.task_id <> %s and u.published_at is null and t.status = 'Uploading'
              and t.superseded_at is null and t.paused_at is null and c.is_active
              and c.youtube_token_encrypted is not null and c.youtube_problem = ''
              and c.config #> '{scripts,upload_video.py}' is null
              and not exists (select from artifacts a where a.task_id = u.task_id and a.kind = 'receipt'
                                 and a.state = 'submitted' and not starts_with(a.job_id, %s))""",
        (but, SEALED),
    ).fetchone()
    return row[0] if row else 0


def account_of(db: Db, task_id: UUID) -> str:
    """Return the YouTube channel that a film was let go to; "" where nobody said which."""
    row = db.execute("select account from uploads where task_id = %s", (task_id,)).fetchone()
    return row[0] if row else ""


def begin(
    db: Db,
    task_id: UUID,
    film_sha256: str,
    *,
    frames: Sequence[str],
    spoken: Sequence[int],
    account: str,
    now: datetime,
) -> None:
    """Let a film go: from now on it has its place in the day, and others are compared with it."""
    db.execute(
        """insert into uploads as old (task_id, channel_id, film_sha256, frames, spoken, account, begun_at)
           select id, channel_id, %(sha256)s, %(frames)s, %(spoken)s, %(account)s, %(now)s
             from tasks where id = %(task)s
           on conflict (task_id) do update
              set film_sha256 = excluded.film_sha256, frames = excluded.frames, spoken = excluded.spoken,
                  account = excluded.account, begun_at = excluded.begun_at, video_id = null, published_at = null""",
        {
            "task": task_id,
            "sha256": film_sha256,
            "frames": Jsonb(list(frames)),
            "spoken": Jsonb(list(spoken)),
            "account": account,
            "now": now,
        },
    )


def withdraw(db: Db, task_id: UUID) -> None:
    """Let a film that was let go once, and came to nothing, have no place any more."""
    db.execute("delete from uploads where task_id = %s and published_at is null", (task_id,))


def arrived(
    db: Db, task_id: UUID, film_sha256: str, *, video_id: str | None, account: str | None, now: datetime
) -> None:
    """Keep that a film is with the public, under which id, and on whose channel; whoever let it go."""
    db.execute(
        """insert into uploads as old (task_id, channel_id, film_sha256, video_id, account, begun_at, published_at)
           select id, channel_id, %(sha256)s, %(video)s, coalesce(%(account)s, ''), %(now)s, %(now)s
             from tasks where id = %(task)s
           on conflict (task_id) do update
              set video_id = excluded.video_id, account = coalesce(%(account)s, old.account),
                  published_at = excluded.published_at""",
        {"task": task_id, "sha256": film_sha256, "video": video_id, "account": account, "now": now},
    )
