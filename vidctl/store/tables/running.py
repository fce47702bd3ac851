"""The machinery: services at rest, paces, ticks, backups, and what cron is told."""

import datetime as dt
from typing import Any

from sqlalchemy import Boolean, Column, Text, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlmodel import Field, SQLModel

from vidctl.store.tables.columns import document, moment, row_number, whole, words


class Pace(SQLModel, table=True):
    """When the next request to a service may be sent, by whichever process on whichever host."""

    __tablename__ = "pace"

    service: str = Field(sa_column=Column(Text, primary_key=True))
    free_at: dt.datetime = Field(sa_column=moment(required=True))


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


class Backup(SQLModel, table=True):
    """The last whole backup that a machine made."""

    __tablename__ = "backups"

    host: str = Field(sa_column=Column(Text, primary_key=True))
    made_at: dt.datetime = Field(sa_column=moment(required=True))
    is_regular: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=text("false")))
    """Whether it ever made one with --keep: more are to follow, and are missed."""
