"""What went wrong, and what a person has to be told about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from vidctl.contract import Failure
from vidctl.domain.work import Artifact
from vidctl.store import Db

STDERR_CHARACTERS = 4_000

_IS_SAID: Final = """
    (created_at > %(said)s
     or delivered_at is null and not exists (select from alert_deliveries where alert_id = a.id))
"""
"""Whether alert `a` need not be said once more: it was said lately, or waits until anybody gets it."""


@dataclass(frozen=True, slots=True)
class Where:
    """The attempt that a failure belongs to."""

    task_id: UUID
    step: str
    attempt: int
    host: str


def note(db: Db, where: Where, artifact: Artifact | None, failure: Failure, *, stderr: str, now: datetime) -> None:
    """Keep one failure, whether or not it will cure itself."""
    db.execute(
        """insert into task_errors (task_id, step, kind, index, attempt, error_type, error_class, scope, message, hint,
                                    stderr, host, at)
           values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            where.task_id,
            where.step,
            artifact and artifact.kind,
            artifact and artifact.index,
            where.attempt,
            failure.error_type,
            failure.error_class,
            failure.scope,
            clean(failure.message),
            clean(failure.hint),
            clean(stderr[-STDERR_CHARACTERS:]),
            where.host,
            now,
        ),
    )


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
            "message": clean(message),
            "hint": clean(hint),
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
        (kind, clean(message)),
    )


def clean(text: str) -> str:
    """Return text that PostgreSQL can hold: it has no NUL, and no half of a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
