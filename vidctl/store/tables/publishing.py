"""What went to YouTube, and the record of who decided that."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Text,
)
from sqlmodel import Field, SQLModel

from vidctl.domain.decisions import Action
from vidctl.store.tables.columns import document, moment, one_of, row_number, to_task, whole, words


class ReviewAudit(SQLModel, table=True):
    """One decision of a person. Append-only, each row chained to the one before by its hash."""

    __tablename__ = "review_audit"
    __table_args__ = (one_of("action", Action),)

    id: int = Field(sa_column=row_number())
    task_id: uuid.UUID = Field(sa_column=to_task())
    gate: str = Field(sa_column=words())
    action: str = Field(sa_column=words())
    reviewer_id: str = Field(sa_column=words())
    notes: str = Field(sa_column=words(default=""))
    content: list[Any] = Field(sa_column=document("[]"))
    content_sha256: str = Field(sa_column=words())
    video_id: str | None = Field(sa_column=words(required=False))
    at: dt.datetime = Field(sa_column=moment(required=True))
    previous_hash: str = Field(sa_column=words())
    hash: str = Field(sa_column=Column(Text, nullable=False, unique=True))


class AuditArchive(SQLModel, table=True):
    """One file with the rows that came first in `review_audit` and are in the table no more. Append-only."""

    __tablename__ = "audit_archives"

    from_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    to_id: int = Field(sa_column=Column(BigInteger, nullable=False, unique=True))
    rows: int = Field(sa_column=Column(BigInteger, nullable=False))
    first_hash: str = Field(sa_column=words())
    last_hash: str = Field(sa_column=words())
    last_at: dt.datetime = Field(sa_column=moment(required=True))
    """The latest moment in it."""
    sha256: str = Field(sa_column=words())
    """Of the file."""
    path: str = Field(sa_column=words())
    """Where it was written."""
    host: str = Field(sa_column=words())
    at: dt.datetime = Field(sa_column=moment(required=True))


class AuditHead(SQLModel, table=True):
    """The last row of `review_audit` as it was posted on one day, for others to keep. Append-only."""

    __tablename__ = "audit_heads"

    day: dt.date = Field(primary_key=True)
    row_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    hash: str = Field(sa_column=words())
    rows: int = Field(sa_column=Column(BigInteger, nullable=False))
    """How many there were, with those that are archived."""
    at: dt.datetime = Field(sa_column=moment(required=True))


class Upload(SQLModel, table=True):
    """One film on its way to YouTube, from the moment it was let go there; and by what others are compared with it."""

    __tablename__ = "uploads"
    __table_args__ = (Index("uploads_of_channel", "channel_id", "begun_at"),)

    task_id: uuid.UUID = Field(sa_column=Column(ForeignKey("tasks.id"), primary_key=True))
    channel_id: str = Field(sa_column=words())
    film_sha256: str = Field(sa_column=words())
    frames: list[Any] = Field(sa_column=document("[]"))
    """Perceptual hashes of its frames, 64 bits each in hexadecimal, in their order."""
    spoken: list[Any] = Field(sa_column=document("[]"))
    """A MinHash of what is spoken in it."""
    account: str = Field(sa_column=words(default=""))
    """Whom YouTube knows the channel as."""
    video_id: str | None = Field(sa_column=words(required=False))
    begun_at: dt.datetime = Field(sa_column=moment(required=True))
    """When it took its place in the day's line."""
    published_at: dt.datetime | None = Field(sa_column=moment())


class YoutubeQuotaUsage(SQLModel, table=True):
    """What one Google project used of one quota bucket on one day of California."""

    __tablename__ = "youtube_quota_usage"

    project: str = Field(sa_column=Column(Text, primary_key=True))
    bucket: str = Field(sa_column=Column(Text, primary_key=True))
    day: dt.date = Field(primary_key=True)
    units_used: int = whole()
