"""What is remembered of a database: which property is which field, so that renaming one loses nothing."""

from vidctl.board.schema import Schema, from_json, schema_of, to_json
from vidctl.engine.setup.database import Database
from vidctl.store import Db, boards


def kept_schema(db: Db, database_id: str) -> Schema:
    """Return how a database was known last; {} where it was never looked at."""
    row = boards.known(db, [database_id]).get(database_id)
    return from_json(row.properties) if row is not None else {}


def remember(db: Db, database_id: str, found: Database, before: Schema, *, bot_id: str) -> None:
    """Keep which property is which field, under the id that channel files name the database with."""
    boards.open_all(db, [database_id])
    boards.describe(
        db,
        database_id,
        data_source_id=found.source_id,
        properties=to_json(schema_of(found.properties, before)),
        bot_id=bot_id or None,
    )
