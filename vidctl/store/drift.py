"""Whether a database has exactly the tables that `tables` declares.

By hand: python -m vidctl.store.drift postgresql://…
"""

import re
import sys
from collections.abc import Iterator
from typing import Any, Final

import psycopg
from sqlalchemy import CheckConstraint, Connection, Engine, create_engine
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

import vidctl.store.tables  # noqa: F401  # fills the metadata

_CHECKS: Final = """
    select c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid)
      from pg_constraint c join pg_namespace n on n.oid = c.connamespace
     where c.contype = 'c' and n.nspname = current_schema()
"""
_CONDITIONS: Final = """
    select tablename, indexname, indexdef
      from pg_indexes
     where schemaname = current_schema() and position(' WHERE ' in indexdef) > 0
"""


def differences(dsn: str) -> list[str]:
    """Return every difference between a database and the declared tables."""
    with _engine(dsn).connect() as connection:
        return [*_structure(connection), *_checks(connection), *_index_conditions(connection)]


def _engine(dsn: str) -> Engine:
    return create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(dsn), poolclass=NullPool)


def _structure(connection: Connection) -> Iterator[str]:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    for difference in compare_metadata(context, SQLModel.metadata):
        yield str(difference)


def _checks(connection: Connection) -> Iterator[str]:
    """Compare CHECKs, which Alembic does not: by the values that they name."""
    there = {(table, name): _values(text) for table, name, text in connection.exec_driver_sql(_CHECKS)}
    declared = {
        (table.name, str(check.name)): _values(str(check.sqltext))
        for table in SQLModel.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }
    yield from _unequal("check", there, declared)


def _index_conditions(connection: Connection) -> Iterator[str]:
    """Compare the conditions of partial indexes, which Alembic does not either."""
    there = {
        (table, name): _values(text.partition(" WHERE ")[2])
        for table, name, text in connection.exec_driver_sql(_CONDITIONS)
    }
    declared = {
        (table.name, str(index.name)): _values(str(condition))
        for table in SQLModel.metadata.tables.values()
        for index in table.indexes
        if (condition := index.dialect_options["postgresql"]["where"]) is not None
    }
    yield from _unequal("condition of the index", there, declared)


def _values(text: str) -> frozenset[str]:
    """Return the texts that an expression names; PostgreSQL writes the rest of it in words of its own."""
    return frozenset(re.findall(r"'([^']*)'", text))


def _unequal(what: str, there: dict[Any, frozenset[str]], declared: dict[Any, frozenset[str]]) -> Iterator[str]:
    for key in sorted(there.keys() | declared.keys()):
        if there.get(key) != declared.get(key):
            odd = sorted((there.get(key) or frozenset()) ^ (declared.get(key) or frozenset()))
            yield f"the {what} {key[1]} of {key[0]} differs: {', '.join(odd) or 'it is on one side only'}"


if __name__ == "__main__":
    found = differences(sys.argv[1])
    print("\n".join(found) or "no difference")
    sys.exit(bool(found))
