"""What people have to know, and where they are told."""

import datetime as dt
import uuid

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Text, text
from sqlmodel import Field, SQLModel

from vidctl.store.tables.columns import moment, row_number, whole, words


class Alert(SQLModel, table=True):
    """Something a person has to know; kept until it is delivered."""

    __tablename__ = "alerts"
    __table_args__ = (Index("alerts_due", "created_at", postgresql_where=text("delivered_at is null")),)

    id: int = Field(sa_column=row_number())
    kind: str = Field(sa_column=words())
    task_id: uuid.UUID | None = Field(sa_column=Column(ForeignKey("tasks.id")))
    channel_id: str | None = Field(sa_column=words(required=False))
    service: str | None = Field(sa_column=words(required=False))
    """What rests because of it: films wait that need it."""
    message: str = Field(sa_column=words())
    hint: str = Field(sa_column=words(default=""))
    attempts: int = whole()
    created_at: dt.datetime = Field(sa_column=moment(required=True))
    delivered_at: dt.datetime | None = Field(sa_column=moment())
    """When the last of all destinations that there are got it."""


class AlertDestination(SQLModel, table=True):
    """Where alerts go, and how it is there. `id` is a hash of its address, which is a secret."""

    __tablename__ = "alert_destinations"

    id: str = Field(sa_column=Column(Text, primary_key=True))
    name: str = Field(sa_column=words())
    failures: int = whole()
    """In a row."""
    is_refused: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=text("false")))
    """It is gone, or does not take our key: that is for a person to mend."""
    problem: str = Field(sa_column=words(default=""))
    hint: str = Field(sa_column=words(default=""))
    due_at: dt.datetime | None = Field(sa_column=moment())
    """Nothing is sent before."""
    delivered_at: dt.datetime | None = Field(sa_column=moment())
    """When it got something last."""


class AlertDelivery(SQLModel, table=True):
    """One alert as one destination got it."""

    __tablename__ = "alert_deliveries"
    __table_args__ = (Index("alert_deliveries_at", "destination", "at"),)

    alert_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("alerts.id", ondelete="cascade"), primary_key=True, autoincrement=False)
    )
    destination: str = Field(sa_column=Column(Text, primary_key=True))
    at: dt.datetime = Field(sa_column=moment(required=True))


class AlertSender(SQLModel, table=True):
    """A destination that is set on a machine, whoever sends there: what all of them have is done with."""

    __tablename__ = "alert_senders"

    host: str = Field(sa_column=Column(Text, primary_key=True))
    destination: str = Field(sa_column=Column(Text, primary_key=True))
    seen_at: dt.datetime = Field(sa_column=moment(required=True))
    """When that machine said so last; of one that is silent for long nobody waits for anything."""
