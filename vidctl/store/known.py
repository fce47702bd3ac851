"""The names of vidctl's tables, for what handles all of them alike. Imports SQLAlchemy, so no tick imports it."""

from sqlmodel import SQLModel

import vidctl.store.tables  # noqa: F401  # fills the metadata


def tables() -> list[str]:
    """Return every table of this version's schema, each behind those that it refers to."""
    return [table.name for table in SQLModel.metadata.sorted_tables]
