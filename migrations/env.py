"""Alembic's entry: the schema of `vidctl.store.tables`, on the connection that vidctl hands over."""

from alembic import context
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

import vidctl.store.tables  # noqa: F401  # fills the metadata
from vidctl.store.migrate import connect_for_alembic


def run() -> None:
    if (lent := context.config.attributes.get("connection")) is not None:
        migrate(lent)  # in the transaction of whoever lent it
        return
    engine = create_engine("postgresql+psycopg://", creator=connect_for_alembic(context.config), poolclass=NullPool)
    with engine.connect() as connection:
        migrate(connection)


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=SQLModel.metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


run()
