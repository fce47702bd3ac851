"""What a shell is offered to complete: few rows, quickly, of a database that may not be there."""

from collections.abc import Collection
from typing import Final

import psycopg

from vidctl.domain.status import Status
from vidctl.store import Db

MOST: Final = 50
"""How many films are offered: who sees more types a character."""
PATIENCE_S: Final = 2
"""How long a server may take to let us in: the shortest that libpq knows."""

# The ends of the range are ids, so that the index of ids answers it.
_FILMS: Final = """
    with found as (
        select id, title, status, left(id::text, 8) as short, status = 'Published' as done, updated_at
          from tasks
         where superseded_at is null and id::text like %(prefix)s || '%%' and status = any(%(statuses)s)
         order by done, updated_at desc limit %(most)s
    )
    select case when length(%(prefix)s) > 8 or exists (
                    select from tasks other
                     where other.superseded_at is null and other.id <> found.id
                       and other.id between (short || '-0000-0000-0000-000000000000')::uuid
                                        and (short || '-ffff-ffff-ffff-ffffffffffff')::uuid)
                then id::text else short end, title, status
      from found order by done, updated_at desc
"""


def connect(dsn: str) -> Db:
    """Return a connection for one look.

    Raises:
        psycopg.Error: there is no such server, or it takes too long.
    """
    db = psycopg.connect(dsn, autocommit=True, connect_timeout=PATIENCE_S, application_name="vidctl completion")
    db.execute(
        "select set_config('statement_timeout', '500ms', false), set_config('transaction_read_only', 'on', false)"
    )
    return db


def films(db: Db, prefix: str, statuses: Collection[Status]) -> list[tuple[str, str, str]]:
    """Return films whose ids begin so: as much of the id as no other film has, title, status; the latest first."""
    params = {"prefix": prefix, "statuses": list(statuses), "most": MOST}
    return db.execute(_FILMS, params).fetchall()


def pauses(db: Db) -> list[tuple[str, str]]:
    """Return the services that are paused now, and why."""
    return db.execute("select service, reason from service_state where paused_until > now() order by 1").fetchall()


def orders(db: Db) -> list[tuple[int, str, str]]:
    """Return the orders that are in doubt, by number: what each was for, and of whom."""
    query = "select id, kind || ' ' || index, service from orders where state = 'in doubt' order by 1 limit %s"
    return db.execute(query, (MOST,)).fetchall()
