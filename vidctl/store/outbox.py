"""What people have to be told: kept here at once, and sent by a later tick, however often it has to be tried."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from vidctl.store import Db
from vidctl.store.texts import storable

_IS_SAID: Final = """
    (created_at > %(said)s
     or delivered_at is null and not exists (select from alert_deliveries where alert_id = a.id))
"""
"""Whether alert `a` need not be said once more: it was said lately, or waits until anybody gets it."""


def alert(
    db: Db,
    kind: str,
    message: str,
    *,
    hint: str,
    now: datetime,
    task_id: UUID | None = None,
    service: str | None = None,
    quiet: timedelta = timedelta(),
) -> None:
    """Keep something that a person has to know, for a later tick to deliver: once until then, and for `quiet`.

    `service` is the name of the pause that began with it, if one did: films wait for that.
    """
    db.execute(
        f"""insert into alerts (kind, task_id, channel_id, service, message, hint, created_at)
           select %(kind)s, %(task)s, (select channel_id from tasks where id = %(task)s), %(service)s, %(message)s,
                  %(hint)s, %(now)s
            where not exists (select from alerts a where kind = %(kind)s and message = %(message)s
                                 and task_id is not distinct from %(task)s and {_IS_SAID})""",  # noqa: S608
        {
            "kind": kind,
            "task": task_id,
            "service": service,
            "message": storable(message),
            "hint": storable(hint),
            "now": now,
            "said": now - quiet,
        },
    )


def alert_of_each(
    db: Db, kind: str, films: Sequence[tuple[UUID, str, str]], *, now: datetime, quiet: timedelta
) -> None:
    """Keep a message and a hint about each of many films, by one statement; of each once, and for `quiet`."""
    ids, messages, hints = zip(*films, strict=True) if films else ((), (), ())
    db.execute(
        f"""insert into alerts (kind, task_id, channel_id, message, hint, created_at)
           select %(kind)s, id, channel_id, message, hint, %(now)s
             from unnest(%(ids)s::uuid[], %(messages)s::text[], %(hints)s::text[]) as film (id, message, hint)
             join tasks using (id)
            where not exists (select from alerts a
                               where kind = %(kind)s and task_id = tasks.id and {_IS_SAID})""",  # noqa: S608
        {
            "kind": kind,
            "ids": list(ids),
            "messages": list(messages),
            "hints": list(hints),
            "now": now,
            "said": now - quiet,
        },
    )


def withdraw(db: Db, kind: str, message: str) -> None:
    """Take back what is not so any more, where nobody was told of it."""
    db.execute(
        """delete from alerts a where delivered_at is null and kind = %s and message = %s
              and not exists (select from alert_deliveries where alert_id = a.id)""",
        (kind, storable(message)),
    )
