"""Every table, declared once: for Alembic and the drift test, and imported by nothing else.

The functions of this package run SQL through psycopg, so that a tick imports no SQLAlchemy.
Statuses and the like are text with a CHECK, never a native enum: a value can never be dropped
from one. Money is numeric in dollars, time is timestamptz in UTC.
"""

import datetime as dt
import uuid
from decimal import Decimal
from enum import StrEnum
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
    Numeric,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlmodel import Field, SQLModel

from vidctl.contract import Basis, ErrorClass, Scope
from vidctl.domain.channel import Priority
from vidctl.domain.decisions import Action
from vidctl.domain.orders import OPEN, OrderState
from vidctl.domain.status import ENGINE_WAITS, OPTIONAL_GATES, Event, Status
from vidctl.domain.work import Kind, State

NOW = text("now()")


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """Return the CHECK that holds a text column to the values of an enum."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({listed})", name=f"{column}_known")


def moment(*, required: bool = False, now: bool = False) -> Column[dt.datetime]:
    """Return a column for a moment in UTC; `now` fills it in when a row is made."""
    return Column(TIMESTAMP(timezone=True), nullable=not (required or now), server_default=NOW if now else None)


def words(*, required: bool = True, default: str | None = None) -> Column[str]:
    """Return a text column."""
    return Column(Text, nullable=not required, server_default=default)


def whole(default: int = 0) -> Any:
    """Return an integer field that starts at `default`."""
    return Field(default=default, sa_column_kwargs={"server_default": str(default)})


def money() -> Column[Decimal]:
    """Return a column for dollars."""
    return Column(Numeric(12, 6), nullable=False, server_default="0")


def document(default: str = "{}") -> Column[Any]:
    """Return a JSON column."""
    return Column(JSONB, nullable=False, server_default=text(f"'{default}'::jsonb"))


def row_number() -> Column[int]:
    """Return the primary key of a table that only grows."""
    return Column(BigInteger, Identity(always=True), primary_key=True)


def to_task(*, index: bool = True) -> Column[uuid.UUID]:
    """Return a reference to a task; a task with history cannot be deleted."""
    return Column(ForeignKey("tasks.id"), nullable=False, index=index)


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


class Board(SQLModel, table=True):
    """One Notion database, by the id that channel files name, and how far it has been read."""

    __tablename__ = "boards"

    database_id: str = Field(sa_column=Column(Text, primary_key=True))
    data_source_id: str | None = Field(sa_column=words(required=False))
    properties: dict[str, Any] = Field(sa_column=document())
    """By the name of each field of a card: the id of its property, and of its options."""
    bot_id: str | None = Field(sa_column=words(required=False))
    watermark: dt.datetime | None = Field(sa_column=moment())
    """The last edit that was read, by Notion's clock."""
    read_at: dt.datetime | None = Field(sa_column=moment())
    """When the last whole reading of what changed began, by ours."""
    reconciled_at: dt.datetime | None = Field(sa_column=moment())
    reconciling_since: dt.datetime | None = Field(sa_column=moment())
    """When the reading of all cards that is not at its end yet began."""
    cursor: str | None = Field(sa_column=words(required=False))
    """Where it goes on."""
    comments_at: dt.datetime | None = Field(sa_column=moment())
    """Before then nobody tries to read comments, which the integration may not."""
    problem: str = Field(sa_column=words(default=""))
    problem_since: dt.datetime | None = Field(sa_column=moment())


class Card(SQLModel, table=True):
    """One page of a board as it was last seen. The film that it stands for names it, not the other way round."""

    __tablename__ = "cards"
    __table_args__ = (Index("cards_without_channel", "database_id", postgresql_where=text("complaint <> ''")),)

    page_id: str = Field(sa_column=Column(Text, primary_key=True))
    database_id: str = Field(sa_column=Column(ForeignKey("boards.database_id"), nullable=False, index=True))
    url: str = Field(sa_column=words(default=""))
    shown: dict[str, Any] = Field(sa_column=document())
    """What the card showed when it was last read or written: the base of every merge."""
    edited_at: dt.datetime | None = Field(sa_column=moment())
    echoes: list[Any] = Field(sa_column=document("[]"))
    """The statuses that the card had before our last writes, and those that these wrote."""
    unconfirmed: list[Any] = Field(sa_column=document("[]"))
    """The statuses whose write is not known to have arrived."""
    unconfirmed_version: int | None
    """Which version of its film the last of these writes was of."""
    wrote_at: dt.datetime | None = Field(sa_column=moment())
    pushed_at: dt.datetime | None = Field(sa_column=moment())
    """The `updated_at` of the film that the card shows."""
    complaint: str = Field(sa_column=words(default=""))
    """What is wrong with a card that no film could be made of; said on it once."""
    used_notes: str = Field(sa_column=words(default=""))
    """The Review Notes that a rejection was made of: they are taken off the card."""
    gone_at: dt.datetime | None = Field(sa_column=moment())
    """Since when it is in the trash, or out of our sight."""
    seen_at: dt.datetime | None = Field(sa_column=moment())
    comments_read_at: dt.datetime | None = Field(sa_column=moment())
    status_at: dt.datetime | None = Field(sa_column=moment())
    """Since when it shows its status, by Notion's clock."""
    refused: str = Field(sa_column=words(default=""))
    """Why Notion did not take what was written to it last."""
    refused_at: dt.datetime | None = Field(sa_column=moment())
    """Since when it is left alone for that."""


class CardComment(SQLModel, table=True):
    """One comment on a card that was read, and what is to be answered. `number` grows as they are taken."""

    __tablename__ = "card_comments"

    comment_id: str = Field(sa_column=Column(Text, primary_key=True))
    number: int = Field(sa_column=Column("number", BigInteger, Identity(always=True), nullable=False))
    page_id: str = Field(sa_column=Column(Text, nullable=False, index=True))
    discussion_id: str = Field(sa_column=words(default=""))
    task_id: uuid.UUID | None = Field(sa_column=Column(ForeignKey("tasks.id")))
    answer: str = Field(sa_column=words(default=""))
    yes_to: int | None
    """The answer is a quote: a yes holds for this version of the film, and for no other."""
    asked: list[Any] = Field(sa_column=document("[]"))
    """What a yes to it has made again: `[kind, index, note]` each."""
    seen_at: dt.datetime = Field(sa_column=moment(required=True))
    answered_at: dt.datetime | None = Field(sa_column=moment())


class CardNote(SQLModel, table=True):
    """One line on its way to a card's Error Log."""

    __tablename__ = "card_notes"
    __table_args__ = (Index("card_notes_due", "page_id", postgresql_where=text("posted_at is null")),)

    id: int = Field(sa_column=row_number())
    page_id: str = Field(sa_column=words())
    line: str = Field(sa_column=words())
    at: dt.datetime = Field(sa_column=moment(required=True))
    posted_at: dt.datetime | None = Field(sa_column=moment())


class Exhibit(SQLModel, table=True):
    """One item of a film as the page of its card shows it."""

    __tablename__ = "exhibits"
    __table_args__ = (one_of("kind", Kind),)

    task_id: uuid.UUID = Field(sa_column=Column(ForeignKey("tasks.id"), primary_key=True))
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    index: int = Field(primary_key=True)
    sha256: str | None = Field(sa_column=words(required=False))
    """What the block shows; another than the artifact's as long as the page is behind."""
    block_id: str | None = Field(sa_column=words(required=False))
    url: str | None = Field(sa_column=words(required=False))
    upload_id: str | None = Field(sa_column=words(required=False))
    uploaded_sha256: str | None = Field(sa_column=words(required=False))
    uploaded_at: dt.datetime | None = Field(sa_column=moment())
    remark: str = Field(sa_column=words(default=""))
    """What there is to know of what is shown, such as that it is a smaller proxy."""
    link_until: dt.datetime | None = Field(sa_column=moment())
    """How long the address that is shown opens, where that has an end."""


class ExhibitSection(SQLModel, table=True):
    """One heading on the page of a film's card. Not clean: something below it may have been written unnoticed."""

    __tablename__ = "exhibit_sections"

    task_id: uuid.UUID = Field(sa_column=Column(ForeignKey("tasks.id"), primary_key=True))
    section: str = Field(sa_column=Column(Text, primary_key=True))
    heading_id: str | None = Field(sa_column=words(required=False))
    is_clean: bool = Field(sa_column_kwargs={"server_default": text("false")})


class Person(SQLModel, table=True):
    """Whoever moved a card, as Notion knows them; name and e-mail where it lets us see them."""

    __tablename__ = "people"

    user_id: str = Field(sa_column=Column(Text, primary_key=True))
    name: str = Field(sa_column=words(default=""))
    email: str = Field(sa_column=words(default=""))
    read_at: dt.datetime = Field(sa_column=moment(required=True))


class Pace(SQLModel, table=True):
    """When the next request to a service may be sent, by whichever process on whichever host."""

    __tablename__ = "pace"

    service: str = Field(sa_column=Column(Text, primary_key=True))
    free_at: dt.datetime = Field(sa_column=moment(required=True))


class TaskEvent(SQLModel, table=True):
    """One move of a task. Append-only."""

    __tablename__ = "task_events"
    __table_args__ = (
        one_of("from_status", Status),
        one_of("to_status", Status),
        one_of("event", Event),
        UniqueConstraint("task_id", "version", name="task_events_one_a_version"),
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
    __table_args__ = (one_of("kind", Kind), one_of("state", State))

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
    __table_args__ = (one_of("error_class", ErrorClass), one_of("scope", Scope))

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


class Order(SQLModel, table=True):
    """One purchase of a paid service, from the intent on. See `vidctl.domain.orders` for its states.

    Balances are of the provider's account, in dollars; `before` the order was sent and `after` it.
    """

    __tablename__ = "orders"
    __table_args__ = (
        one_of("kind", Kind),
        one_of("state", OrderState),
        Index("orders_of_channel", "channel_id", "asked_at"),
        Index("orders_of_service", "service", "asked_at"),
        Index("orders_asked", "asked_at"),
        Index(
            "orders_open_once",
            *("task_id", "kind", "index", "subject"),
            unique=True,
            postgresql_where=text(f"state in ({', '.join(repr(str(state)) for state in OPEN)})"),
        ),
    )

    id: int = Field(sa_column=row_number())
    task_id: uuid.UUID = Field(sa_column=to_task())
    channel_id: str = Field(sa_column=words())
    kind: str = Field(sa_column=words())
    index: int
    step: str = Field(sa_column=words())
    service: str = Field(sa_column=words())
    component: str = Field(sa_column=words(default=""))
    subject: str = Field(sa_column=words())
    """What is bought: prompt, model, settings, bytes of the inputs and take, as one sha256."""
    state: str = Field(sa_column=words())
    by_job: bool
    reserved_usd: Decimal = Field(sa_column=money())
    charged_usd: Decimal | None = Field(sa_column=Column(Numeric(12, 6)))
    """None as long as no charge is known: then the reserved price counts."""
    job_id: str | None = Field(sa_column=words(required=False))
    before_usd: Decimal | None = Field(sa_column=Column(Numeric(14, 6)))
    before_at: dt.datetime | None = Field(sa_column=moment())
    after_usd: Decimal | None = Field(sa_column=Column(Numeric(14, 6)))
    after_at: dt.datetime | None = Field(sa_column=moment())
    refused_sha256: str | None = Field(sa_column=words(required=False))
    """What was delivered last and was no good: the same once more is the provider's fault."""
    asked_at: dt.datetime = Field(sa_column=moment(required=True))
    answered_at: dt.datetime | None = Field(sa_column=moment())
    settled_at: dt.datetime | None = Field(sa_column=moment())
    rejected_at: dt.datetime | None = Field(sa_column=moment())
    """When a person rejected its file: that is not fetched again by itself."""
    asked_no: int = Field(sa_column=Column(BigInteger, nullable=False, server_default=text("nextval('ledger')")))
    """When that was, by numbers that the database gives one after the other: hosts' clocks differ."""
    answered_no: int | None = Field(sa_column=Column(BigInteger))
    settled_no: int | None = Field(sa_column=Column(BigInteger))
    before_since_no: int | None = Field(sa_column=Column(BigInteger))
    """Before the balance was read; `before_no` was given when it was heard."""
    before_no: int | None = Field(sa_column=Column(BigInteger))
    after_since_no: int | None = Field(sa_column=Column(BigInteger))
    after_no: int | None = Field(sa_column=Column(BigInteger))
    settled_by: str = Field(sa_column=words(default=""))
    """The engine, or who said what became of it."""
    host: str = Field(sa_column=words(default=""))


class VideoCost(SQLModel, table=True):
    """One charge, for what succeeded and for what did not."""

    __tablename__ = "video_costs"
    __table_args__ = (
        one_of("basis", Basis),
        Index("video_costs_at", "at"),
        Index("video_costs_word", "word_id", unique=True),
    )

    id: int = Field(sa_column=row_number())
    task_id: uuid.UUID = Field(sa_column=to_task())
    kind: str | None = Field(sa_column=words(required=False))
    index: int | None
    component: str = Field(sa_column=words())
    units_used: Decimal = Field(sa_column=Column(Numeric(18, 6), nullable=False))
    cost_usd: Decimal = Field(sa_column=money())
    basis: str = Field(sa_column=words(default="list price"))
    """Whether the provider said what it counted."""
    order_id: int | None = Field(sa_column=Column(BigInteger, ForeignKey("orders.id"), index=True))
    word_id: uuid.UUID | None
    """Which word of a script it is: what was put off and is booked later is booked once."""
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


class ServiceState(SQLModel, table=True):
    """A service that is left alone for a while, and why."""

    __tablename__ = "service_state"

    service: str = Field(sa_column=Column(Text, primary_key=True))
    paused_until: dt.datetime = Field(sa_column=moment(required=True))
    reason: str = Field(sa_column=words())
    updated_at: dt.datetime = Field(sa_column=moment(now=True))


class ServiceLimit(SQLModel, table=True):
    """How many calls at once a service takes, as it said itself."""

    __tablename__ = "service_limits"

    service: str = Field(sa_column=Column(Text, primary_key=True))
    at_once: int
    until: dt.datetime = Field(sa_column=moment(required=True))


class Alert(SQLModel, table=True):
    """Something a person has to know; kept until it is delivered."""

    __tablename__ = "alerts"
    __table_args__ = (Index("alerts_due", "created_at", postgresql_where=text("delivered_at is null")),)

    id: int = Field(sa_column=row_number())
    kind: str = Field(sa_column=words())
    task_id: uuid.UUID | None = Field(sa_column=Column(ForeignKey("tasks.id")))
    channel_id: str | None = Field(sa_column=words(required=False))
    message: str = Field(sa_column=words())
    hint: str = Field(sa_column=words(default=""))
    attempts: int = whole()
    created_at: dt.datetime = Field(sa_column=moment(required=True))
    delivered_at: dt.datetime | None = Field(sa_column=moment())


class Notice(SQLModel, table=True):
    """Something that is wrong, and when cron was told so last."""

    __tablename__ = "notices"

    host: str = Field(sa_column=Column(Text, primary_key=True))
    """Whose cron: each mails for itself."""
    sentence: str = Field(sa_column=Column(Text, primary_key=True))
    said_at: dt.datetime = Field(sa_column=moment(required=True))
    seen_at: dt.datetime = Field(sa_column=moment(now=True))
    """When it was wrong last, as far as anybody looked."""


class Tick(SQLModel, table=True):
    """One run of `vidctl tick`."""

    __tablename__ = "ticks"

    id: int = Field(sa_column=row_number())
    host: str = Field(sa_column=words())
    started_at: dt.datetime = Field(sa_column=Column(TIMESTAMP(timezone=True), nullable=False, index=True))
    ended_at: dt.datetime = Field(sa_column=moment(required=True))
    dispatched: int = whole()


class WeeklyMetrics(SQLModel, table=True):
    """The numbers of one week, from Sunday midnight UTC."""

    __tablename__ = "weekly_metrics"

    week: dt.date = Field(primary_key=True)
    metrics: dict[str, Any] = Field(sa_column=document())
    created_at: dt.datetime = Field(sa_column=moment(now=True))
