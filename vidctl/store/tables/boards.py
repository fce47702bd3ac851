"""The boards in Notion: their cards, what these show, and who moves them."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Identity,
    Index,
    Text,
    text,
)
from sqlmodel import Field, SQLModel

from vidctl.domain.work import Kind
from vidctl.store.tables.columns import document, moment, one_of, row_number, words


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
