"""Which orders in doubt keep their films waiting: those of what is to be made now, not those of an earlier prompt."""

from typing import Final
from uuid import UUID

from vidctl.store import Db

HOLDS: Final = """
    o.state = 'in doubt'
    and exists (select from artifacts a
                 where (a.task_id, a.kind, a.index, a.subject) = (o.task_id, o.kind, o.index, o.subject)
                   and a.state <> 'done')
"""
"""Whether the order `o` does."""


def orders(db: Db, task_id: UUID | None = None) -> set[int]:
    """Return the numbers of these orders: all of them, or those of one film."""
    rows = db.execute(
        f"""select o.id from orders o join tasks t on t.id = o.task_id and t.superseded_at is null
             where {HOLDS} and (%(task)s::uuid is null or o.task_id = %(task)s)""",  # noqa: S608  # constants only
        {"task": task_id},
    )
    return {row[0] for row in rows}
