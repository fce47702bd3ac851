"""The YouTube account of each channel: its sealed token, whom it is of, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, LiteralString
from uuid import UUID

from psycopg.rows import class_row

from vidctl.domain.work import SEALED
from vidctl.errors import NotFound
from vidctl.store import Db

_SELECT: Final[LiteralString] = """
    select channel_id, channel_name, is_active, youtube_token_encrypted as token, youtube_channel_id,
           youtube_channel_title as title, youtube_authorized_at as authorized_at,
           youtube_expires_at as expires_at, youtube_problem as problem
      from channels
"""


@dataclass(frozen=True, slots=True)
class Account:
    """What a channel uploads with, if it was authorised."""

    channel_id: str
    channel_name: str
    is_active: bool
    token: bytes | None = field(repr=False)
    """See `vidctl.engine.sealing`."""
    youtube_channel_id: str | None
    title: str
    authorized_at: datetime | None
    expires_at: datetime | None
    """When Google lets the token end, where it said so."""
    problem: str


@dataclass(frozen=True, slots=True)
class Session:
    """An upload that is on its way: where it goes on, sealed, is its job id."""

    task_id: UUID
    sealed: bytes = field(repr=False)


def get(db: Db, channel_id: str) -> Account:
    """Return a channel's account.

    Raises:
        NotFound: no channel file ever described the channel.
    """
    with db.cursor(row_factory=class_row(Account)) as cursor:
        account = cursor.execute(_SELECT + "where channel_id = %s", (channel_id,)).fetchone()
    if account is None:
        raise NotFound(f"there is no channel {channel_id!r}", hint="see: vidctl channel list")
    return account


def all_of(db: Db) -> list[Account]:
    """Return the account of every channel that is active or still has a token."""
    with db.cursor(row_factory=class_row(Account)) as cursor:
        query = _SELECT + "where is_active or youtube_token_encrypted is not null order by channel_id"
        return cursor.execute(query).fetchall()


def channels_with(db: Db, youtube_channel_id: str, *, but: str) -> list[str]:
    """Return the other channels that have a token of this YouTube channel."""
    rows = db.execute(
        """select channel_id from channels
            where youtube_channel_id = %s and channel_id <> %s and youtube_token_encrypted is not null
            order by channel_id""",
        (youtube_channel_id, but),
    )
    return [channel_id for (channel_id,) in rows]


def reserve(db: Db, *, patience_s: float) -> None:
    """Let nobody else give a channel an account before this transaction ends.

    Raises:
        psycopg.errors.LockNotAvailable: somebody else is at it for longer than `patience_s`.
    """
    db.execute("select set_config('lock_timeout', %s, true)", (f"{patience_s * 1000:.0f}",))
    db.execute("lock table channels in share row exclusive mode")


def put(
    db: Db,
    channel_id: str,
    token: bytes,
    *,
    youtube_channel_id: str,
    title: str,
    now: datetime,
    expires_at: datetime | None,
) -> None:
    """Keep what a channel was authorised with, in place of what it had."""
    db.execute(
        """update channels
              set youtube_token_encrypted = %s, youtube_channel_id = %s, youtube_channel_title = %s,
                  youtube_authorized_at = %s, youtube_expires_at = %s, youtube_problem = '', updated_at = now()
            where channel_id = %s""",
        (token, youtube_channel_id, title, now, expires_at, channel_id),
    )


def note(db: Db, account: Account, problem: str) -> None:
    """Keep why a channel's token is no good any more, or that it is ("") again; not of one that came since."""
    db.execute(
        """update channels set youtube_problem = %(problem)s, updated_at = now()
            where channel_id = %(id)s and youtube_token_encrypted = %(token)s and youtube_problem <> %(problem)s""",
        {"problem": problem, "id": account.channel_id, "token": account.token},
    )


def forget(db: Db, channel_id: str) -> None:
    """Let a channel have no account."""
    db.execute(
        """update channels
              set youtube_token_encrypted = null, youtube_channel_id = null, youtube_channel_title = '',
                  youtube_authorized_at = null, youtube_expires_at = null, youtube_problem = '', updated_at = now()
            where channel_id = %s""",
        (channel_id,),
    )


def tokens(db: Db) -> dict[str, bytes]:
    """Return every token by its channel; none of them changes before the transaction ends."""
    rows = db.execute(
        """select channel_id, youtube_token_encrypted from channels
            where youtube_token_encrypted is not null order by channel_id for update"""
    )
    return dict(rows.fetchall())


def sessions(db: Db) -> list[Session]:
    """Return every upload that is on its way; none of them gets further before the transaction ends."""
    with db.cursor(row_factory=class_row(Session)) as cursor:
        return cursor.execute(
            """select task_id, convert_to(job_id, 'utf8') as sealed from artifacts
                where kind = 'receipt' and state = 'submitted' and starts_with(job_id, %s)
                order by task_id for update""",
            (SEALED,),
        ).fetchall()


def replace_tokens(db: Db, renewed: Mapping[str, bytes]) -> None:
    """Keep tokens that were sealed anew."""
    with db.cursor() as cursor:
        cursor.executemany(
            "update channels set youtube_token_encrypted = %(token)s where channel_id = %(id)s",
            [{"id": channel_id, "token": token} for channel_id, token in renewed.items()],
        )


def replace_sessions(db: Db, renewed: Sequence[Session]) -> None:
    """Keep sessions that were sealed anew."""
    with db.cursor() as cursor:
        cursor.executemany(
            "update artifacts set job_id = %(job_id)s where task_id = %(task)s and kind = 'receipt'",
            [{"task": one.task_id, "job_id": one.sealed.decode()} for one in renewed],
        )
