"""Many statements of one kind in one round trip."""

from collections.abc import Iterator, Sequence
from typing import Any, LiteralString

from vidctl.store import Db


def rows_of_many(db: Db, query: LiteralString, params: Sequence[dict[str, Any]]) -> Iterator[Any]:
    """Run a statement once for each set of parameters, sent together, and yield the one row of each."""
    if not params:
        return
    with db.cursor() as cursor:
        cursor.executemany(query, params, returning=True)
        for _ in cursor.results():
            yield cursor.fetchone()
