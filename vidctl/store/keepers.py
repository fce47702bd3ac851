"""Which host has what is nowhere else of a film: files that are not in the object store, answers not yet recorded.

Only there can the film go on without making, or buying, that again; so it is left to that host for as long as it is up.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from vidctl.store import Db

if TYPE_CHECKING:  # a tick asks only which hosts are up
    from vidctl.store.tasks import Seen, Task

AWAY_AFTER: Final = timedelta(minutes=10)
"""A host without a tick for so long is taken to be gone, and its films are anybody's."""

_UP: Final = "select distinct regexp_replace(host, ':[0-9]+$', '') as name from ticks where started_at >"
_SECONDS: Final = f"{AWAY_AFTER.total_seconds():.0f} seconds"
_LAST: Final = f"(select max(started_at) from ticks) - interval '{_SECONDS}'"  # noqa: S608  # constants only
UP: Final = f"{_UP} least(%(up_since)s, {_LAST})"
"""The hosts that are up. Where none had a tick, as while the database was away, all are that were up before: each has
answers that are paid for, and comes with its next tick."""
UP_NOW: Final = f"{_UP} least(now() - interval '{_SECONDS}', {_LAST})"
"""The same by the server's clock, for who only looks."""

HAS_IT_ALONE: Final = """(
    exists (select from artifacts a where a.task_id = t.id and a.state = 'done' and a.stored is null offset 0)
    or exists (select from orders o
                where o.task_id = t.id and (o.state = 'asked' or o.state = 'bought' and not o.by_job) offset 0))
"""
"""Whether anything of the film `t` is with its keeper alone. With an offset it is looked up for each film that asks,
and never read from end to end for all of them."""


def is_with_another(db: Db, task: "Task", machine: str, *, now: datetime) -> bool:
    """Say whether a film has to go on on another host than this one."""
    if task.kept_by in (None, machine):
        return False
    found = db.execute(
        f"select from tasks t where id = %(id)s and kept_by in ({UP}) and {HAS_IT_ALONE}",
        {"id": task.id, "up_since": now - AWAY_AFTER},
    )
    return found.fetchone() is not None


def has_changed(db: Db, task_id: UUID, machine: str) -> None:
    """Note that a person changed a file of a film on this host. Call it in the transaction that records the change."""
    db.execute("update tasks set kept_by = %s where id = %s", (machine, task_id))


def keep(db: Db, task: "Seen", machine: str) -> None:
    """Note that everything there is of a film can be had on this host."""
    db.execute("update tasks set kept_by = %s where id = %s and fence = %s", (machine, task.id, task.version))
