"""What was bought, and what it cost."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Numeric,
    text,
)
from sqlmodel import Field, SQLModel

from vidctl.contract import Basis
from vidctl.domain.orders import OPEN, OrderState
from vidctl.domain.work import Kind
from vidctl.store.tables.columns import moment, money, one_of, row_number, to_task, words


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
