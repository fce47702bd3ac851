"""Channels and their films: where each is, what it is made of, and what went wrong."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from vidctl.contract import ErrorClass, Scope
from vidctl.domain.channel import Priority
from vidctl.domain.status import ENGINE_WAITS, OPTIONAL_GATES, Event, Status
from vidctl.domain.work import Kind, State
from vidctl.store.tables.columns import document, moment, money, one_of, row_number, to_task, whole, words


class Channel(SQLModel, table=True):
    """A channel as its file described it last; `number` names its slots among the advisory locks."""

    __tablename__ = "channels"
    __table_args__ = (one_of("priority", Priority),)

    id: uuid.UUID = Field(primary_key=True, sa_column_kwargs={"server_default": text("gen_random_uuid()")})
    number: int = Field(sa_column=Column("number", Integer, Identity(always=True), nullable=False, unique=True))
    channel_id: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    channel_name: str = Field(sa_column=words())
    is_active: bool = Field(sa_column_kwargs={"server_default": text("true")})
    board: str = Field(sa_column=words())
    mode: str = Field(sa_column=words())
    priority: str = Field(sa_column=words(default="normal"))
    max_concurrent: int
    config: dict[str, Any] = Field(sa_column=document())
    last_served_at: dt.datetime | None = Field(sa_column=moment())
    youtube_token_encrypted: bytes | None = Field(sa_column=Column(LargeBinary))
    youtube_channel_id: str | None = Field(sa_column=words(required=False))
    """Whom the token is of, by YouTube's word; and the rest of what it said."""
    youtube_channel_title: str = Field(sa_column=words(default=""))
    youtube_authorized_at: dt.datetime | None = Field(sa_column=moment())
    youtube_expires_at: dt.datetime | None = Field(sa_column=moment())
    """When Google lets the token end, where it said so: after seven days, of a project in testing."""
    youtube_problem: str = Field(sa_column=words(default=""))
    """Why the token is no good any more."""
    created_at: dt.datetime = Field(sa_column=moment(now=True))
    updated_at: dt.datetime = Field(sa_column=moment(now=True))


class Task(SQLModel, table=True):
    """One film on its way. `version` counts its moves; `fence` is the version of the last claim."""

    __tablename__ = "tasks"
    __table_args__ = (
        one_of("status", Status),
        one_of("priority", Priority),
        CheckConstraint("mode in ('preview', 'production')", name="mode_known"),
        CheckConstraint(
            "asks is null or status in ({})".format(", ".join(f"'{gate}'" for gate in OPTIONAL_GATES)),
            name="asks_at_a_gate",
        ),
        Index(
            "tasks_waiting",
            "status",
            "next_attempt_at",
            postgresql_where=text("status in ({})".format(", ".join(f"'{s}'" for s in sorted(ENGINE_WAITS)))),
        ),
        Index("tasks_by_channel", "channel_id", "status"),
        Index("tasks_page", "notion_page_id", unique=True, postgresql_where=text("superseded_at is null")),
    )

    id: uuid.UUID = Field(primary_key=True, sa_column_kwargs={"server_default": text("gen_random_uuid()")})
    channel_id: str = Field(sa_column=Column(ForeignKey("channels.channel_id"), nullable=False))
    notion_page_id: str | None = Field(sa_column=words(required=False))
    title: str = Field(sa_column=words())
    topic: str = Field(sa_column=words())
    story_direction: str = Field(sa_column=words(default=""))
    status: str = Field(sa_column=words(default="Draft"))
    priority: str = Field(sa_column=words(default="normal"))
    privacy: str | None = Field(sa_column=words(required=False))
    publish_at: dt.datetime | None = Field(sa_column=moment())
    error_log: str = Field(sa_column=words(default=""))
    review_notes: str = Field(sa_column=words(default=""))
    youtube_url: str | None = Field(sa_column=words(required=False))
    version: int = whole(1)
    fence: int = whole()
    attempt: int = whole()
    next_attempt_at: dt.datetime | None = Field(sa_column=moment())
    failed_step: str | None = Field(sa_column=words(required=False))
    claimed_at: dt.datetime | None = Field(sa_column=moment())
    claimed_by: str | None = Field(sa_column=words(required=False))
    kept_by: str | None = Field(sa_column=words(required=False))
    """The host that could go on with it last: files that are not in the object store are there."""
    progress_done: int = whole()
    progress_total: int = whole()
    settings: dict[str, Any] | None = Field(sa_column=Column(JSONB))
    mode: str | None = Field(sa_column=words(required=False))
    """How it is made, where that is not as its channel says; `settings` say it once the film is begun."""
    asks: str | None = Field(sa_column=words(required=False))
    """What a person is asked at a gate that only some channels have; null: nobody is, and the film goes on."""
    board_seen_status: str | None = Field(sa_column=words(required=False))
    pushed_version: int = whole()
    superseded_at: dt.datetime | None = Field(sa_column=moment())
    paused_at: dt.datetime | None = Field(sa_column=moment())
    """Since when its card is in the trash: nothing is begun for it until the card is back."""
    exhibit_at: dt.datetime | None = Field(sa_column=moment())
    """Before then nobody tries to show more on its page."""
    queued_at: dt.datetime | None = Field(sa_column=moment())
    status_since: dt.datetime = Field(sa_column=moment(now=True))
    created_at: dt.datetime = Field(sa_column=moment(now=True))
    updated_at: dt.datetime = Field(sa_column=moment(now=True))


class TaskEvent(SQLModel, table=True):
    """One move of a task. Append-only."""

    __tablename__ = "task_events"
    __table_args__ = (
        one_of("from_status", Status),
        one_of("to_status", Status),
        one_of("event", Event),
        UniqueConstraint("task_id", "version", name="task_events_one_a_version"),
        Index("task_events_ends", "at", postgresql_where=text("event in ('finish', 'fail')")),
    )

    id: int = Field(sa_column=row_number())
    task_id: uuid.UUID = Field(sa_column=to_task(index=False))
    version: int
    from_status: str = Field(sa_column=words())
    event: str = Field(sa_column=words())
    to_status: str = Field(sa_column=words())
    actor: str = Field(sa_column=words())
    reason: str = Field(sa_column=words(default=""))
    at: dt.datetime = Field(sa_column=moment(required=True))


class ArtifactRow(SQLModel, table=True):
    """One file of a film, and the job that makes it."""

    __tablename__ = "artifacts"
    __table_args__ = (
        one_of("kind", Kind),
        one_of("state", State),
        Index("artifacts_submitted", "task_id", postgresql_where=text("state = 'submitted'")),
    )

    task_id: uuid.UUID = Field(sa_column=Column(ForeignKey("tasks.id"), primary_key=True))
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    index: int = Field(primary_key=True)
    state: str = Field(sa_column=words())
    path: str = Field(sa_column=words(default=""))
    sha256: str | None = Field(sa_column=words(required=False))
    size_bytes: int | None = Field(sa_column=Column(BigInteger))
    modified_ns: int | None = Field(sa_column=Column(BigInteger))
    url: str | None = Field(sa_column=words(required=False))
    prompt: str = Field(sa_column=words(default=""))
    fingerprint: str | None = Field(sa_column=words(required=False))
    subject: str | None = Field(sa_column=words(required=False))
    """What the job was submitted for: it is resumed for the same and for nothing else."""
    job_id: str | None = Field(sa_column=words(required=False))
    attempts: int = whole()
    take: int = whole(1)
    note: str = Field(sa_column=words(default=""))
    cost_usd: Decimal = Field(sa_column=money())
    facts: dict[str, Any] = Field(sa_column=document())
    stored: list[Any] | None = Field(sa_column=Column(JSONB))
    """Where its file and what lies beside it are in the object store: `{path, key, sha256}` each, the file first."""
    made_at: dt.datetime | None = Field(sa_column=moment())
    removed_at: dt.datetime | None = Field(sa_column=moment())
    """When its file was cleaned up from a machine, long after the film was published; it may be elsewhere still."""
    updated_at: dt.datetime = Field(sa_column=moment(now=True))


class Take(SQLModel, table=True):
    """One version of an item of which takes are kept: the one in use, or one that another replaced."""

    __tablename__ = "takes"
    __table_args__ = (
        one_of("kind", Kind),
        UniqueConstraint("task_id", "kind", "index", "sha256", name="takes_kept_once"),
    )

    task_id: uuid.UUID = Field(sa_column=Column(ForeignKey("tasks.id"), primary_key=True))
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    index: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    """From 1, in the order in which they were made."""
    place: str = Field(sa_column=words())
    """Where its file lies while it is in use."""
    path: str = Field(sa_column=words())
    """Where its file is kept when it is not."""
    sha256: str = Field(sa_column=words())
    size_bytes: int = Field(sa_column=Column(BigInteger, nullable=False))
    modified_ns: int = Field(sa_column=Column(BigInteger, nullable=False))
    prompt: str = Field(sa_column=words(default=""))
    note: str = Field(sa_column=words(default=""))
    cost_usd: Decimal = Field(sa_column=money())
    """What was spent on the item since the take before it, whatever became of it."""
    facts: dict[str, Any] = Field(sa_column=document())
    fingerprint: str | None = Field(sa_column=words(required=False))
    """What it stands for: it is used again for the same. None where that is not known, or it was rejected."""
    made_for: str | None = Field(sa_column=words(required=False))
    """What it was made for, which is something else where a person brought it back; it is used again for that too."""
    made_at: dt.datetime = Field(sa_column=moment(required=True))
    replaced_at: dt.datetime | None = Field(sa_column=moment())
    """None: it is the one in use."""
    let_go_at: dt.datetime | None = Field(sa_column=moment())
    """When somebody who was told that its file is gone said that it may be bought again."""


class TaskError(SQLModel, table=True):
    """One failure, whether or not it was cured by itself."""

    __tablename__ = "task_errors"
    __table_args__ = (one_of("error_class", ErrorClass), one_of("scope", Scope), Index("task_errors_at", "at"))

    id: int = Field(sa_column=row_number())
    task_id: uuid.UUID = Field(sa_column=to_task())
    step: str = Field(sa_column=words())
    kind: str | None = Field(sa_column=words(required=False))
    index: int | None
    attempt: int
    error_type: str = Field(sa_column=words())
    error_class: str = Field(sa_column=words())
    scope: str = Field(sa_column=words())
    is_transient: bool = Field(
        sa_column=Column(Boolean, Computed("error_class <> 'permanent'", persisted=True)),
    )
    message: str = Field(sa_column=words())
    hint: str = Field(sa_column=words(default=""))
    stderr: str = Field(sa_column=words(default=""))
    host: str = Field(sa_column=words())
    at: dt.datetime = Field(sa_column=moment(required=True))
