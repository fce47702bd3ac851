"""What columns of tables are made of, so that the same is said everywhere in the same way."""

import datetime as dt
import uuid
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Numeric,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlmodel import Field

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
