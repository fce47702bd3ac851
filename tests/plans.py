"""How the server answers what is asked of it: the plans of every statement that a block sends."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import errors
from psycopg.abc import Query

from vidctl.store import Db


@contextmanager
def plans(db: Db) -> Iterator[list[str]]:
    """Yield a list that fills with plans, for as long as the block lasts.

    The server is told to read no table from end to end where it has any other way: so a plan that does shows a
    question for which there is no index, however few rows a test has.
    """
    found: list[str] = []
    setting: list[Query] = [
        "load 'auto_explain'",
        "set auto_explain.log_min_duration = 0",
        "set auto_explain.log_nested_statements = on",
        "set client_min_messages = log",
        "set enable_seqscan = off",
    ]
    for one in setting:
        db.execute(one)

    def heard(diagnostic: errors.Diagnostic) -> None:
        found.append(diagnostic.message_primary or "")

    db.add_notice_handler(heard)
    try:
        yield found
    finally:
        db.remove_notice_handler(heard)
        db.execute("reset all")
