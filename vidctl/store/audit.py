"""Who decided what, at gates on exactly which files: append-only and hash-chained. Also who settled which order.

The database refuses to change or delete a row; each row's hash covers the row before it, so that a
change made behind the database's back shows. See `vidctl.domain.chain`; old rows are in `vidctl.store.archives`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from vidctl.domain.chain import FIRST, Entry, content_sha256, sealed
from vidctl.domain.decisions import Action
from vidctl.domain.review import BROUGHT_BACK, EDITED
from vidctl.domain.status import Status, own_error_of
from vidctl.domain.work import GATE_KINDS, Artifact, Made
from vidctl.store import Db, locks

__all__ = [
    "HUNG_S",
    "Decision",
    "append",
    "approved_content",
    "content_at",
    "content_sha256",
    "deciding",
    "is_allowed",
    "last_approval",
    "rows",
    "snapshot",
    "unfounded",
    "unrecorded",
]

HUNG_S: Final = 60.0
"""How long a decision may leave the database alone: in between, files are looked at."""
AT_ONCE: Final = 500
"""How many rows are fetched in one go."""

# By the version of the film, which grows with each move: clocks may stand still or run backwards.
_APPROVED: Final = """
    select a.action = 'approved' and not exists (
               select from task_events back
                where back.task_id = a.task_id and back.event = 'reject' and back.to_status = %(stage)s
                  and back.reason <> all(%(changes)s)
                  and back.version > coalesce((select max(e.version) from task_events e
                                                where e.task_id = a.task_id and e.event = 'approve'
                                                  and e.from_status = a.gate and e.actor = a.reviewer_id
                                                  and e.at = a.at), 0)
           ), a.content_sha256
      from review_audit a
     where a.task_id = %(task)s and a.gate = %(gate)s and a.action in ('approved', 'rejected')
     order by a.id desc limit 1
"""

# A number that is taken and not used leaves a gap. The newest row is never archived.
_NEXT: Final = """
    select nextval(pg_get_serial_sequence('review_audit', 'id')),
           coalesce((select hash from review_audit order by id desc limit 1), %(first)s)
"""
_ADD: Final = """
    insert into review_audit (id, task_id, gate, action, reviewer_id, notes, content, content_sha256, at, video_id,
                              previous_hash, hash)
    overriding system value
    values (%(id)s, %(task_id)s, %(gate)s, %(action)s, %(reviewer_id)s, %(notes)s, %(content)s, %(content_sha256)s,
            %(at)s, %(video_id)s, %(previous_hash)s, %(hash)s)
"""
# Somebody may have written a moment that Python has no word for.
_ROWS: Final = """
    select id, task_id, gate, action, reviewer_id, notes, content, content_sha256, video_id,
           case when at between '0001-01-02' and '9999-12-30' then at end as at, previous_hash, hash
      from review_audit where %(up_to)s::bigint is null or id <= %(up_to)s order by id
"""
_UNRECORDED: Final = """
    select e.task_id, e.from_status, said.action, e.at
      from task_events e,
           lateral (select case e.event when 'approve' then 'approved' else 'rejected' end as action) said
     where e.event in ('approve', 'reject') and e.actor <> 'engine'
       and not exists (select from review_audit a
                        where a.task_id = e.task_id and a.gate = e.from_status and a.at = e.at
                          and a.action = said.action)
     union all
    select e.task_id, e.from_status, 'published', e.at
      from task_events e join uploads u on u.task_id = e.task_id and u.video_id is not null
     where e.event = 'finish' and e.to_status = 'Published'
       and not exists (select from review_audit a
                        where a.task_id = e.task_id and a.action = 'published' and a.video_id = u.video_id)
     order by 4, 1
"""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided. `content` is what was looked at at a gate: (kind, index, sha256).

    Of an order that was settled, `gate` is where its film was; of a film that was published, Final Review.
    """

    task_id: UUID
    gate: Status
    action: Action
    reviewer_id: str
    notes: str
    content: Sequence[tuple[str, int, str]]
    at: datetime
    video_id: str | None = None
    """What YouTube calls the film, once it is there."""


def content_at(gate: Status, made: Mapping[Artifact, Made]) -> list[tuple[str, int, str]]:
    """Return what is looked at in `gate`, of all that is made."""
    return [
        (artifact.kind.value, artifact.index, item.sha256)
        for artifact, item in sorted(made.items())
        if artifact.kind in GATE_KINDS[gate]
    ]


@contextmanager
def deciding(db: Db) -> Iterator[None]:
    """Open the transaction of a decision, or a part of it: the chain is locked until all of it ends.

    Whoever moves a film and then appends what was decided does both in here. The chain comes before
    any film's row: who had a row first would wait for the chain while its holder, who decides about
    several films at once, waits for that row. A process that hangs in there keeps others waiting for `HUNG_S`.
    """
    with db.transaction():
        locks.end_if_hung(db, after_s=HUNG_S)
        db.execute("select pg_advisory_xact_lock(%s, %s)", (locks.AUDIT.group, locks.AUDIT.number))
        yield


def append(db: Db, decision: Decision) -> None:
    """Add a decision to the chain, in the `deciding` block that moves the task."""
    with deciding(db):
        entry = _next(db, decision)
        db.execute(_ADD, msgspec.structs.asdict(entry) | {"content": Jsonb(entry.content)})


def _next(db: Db, decision: Decision) -> Entry:
    number, previous = _one(db.execute(_NEXT, {"first": FIRST}))
    return sealed(
        Entry(
            id=number,
            task_id=decision.task_id,
            gate=decision.gate,
            action=decision.action,
            reviewer_id=decision.reviewer_id,
            notes=decision.notes,
            content=[list(item) for item in decision.content],
            content_sha256="",
            video_id=decision.video_id,
            at=decision.at,
            previous_hash=previous,
            hash="",
        )
    )


def approved_content(db: Db, task_id: UUID, gate: Status) -> str | None:
    """Return the hash of what was approved at the gate, unless it was rejected since.

    At the gate itself, or at a later one by sending the film back to this gate's stage: who finds
    everything wrong names nothing, so that the items alone would not show it. What an edit or another take
    changes they do show.
    """
    asked = {"task": task_id, "gate": gate, "stage": own_error_of(gate), "changes": [EDITED, BROUGHT_BACK]}
    row = db.execute(_APPROVED, asked).fetchone()
    return row[1] if row and row[0] else None


def is_allowed(db: Db, task_id: UUID, film_sha256: str) -> bool:
    """Say whether a person said that this very film may be published although it is like another one."""
    row = db.execute(
        """select exists (select from review_audit where task_id = %s and action = 'allowed'
                             and content @> jsonb_build_array(jsonb_build_array('film', 1, %s::text)))""",
        (task_id, film_sha256),
    ).fetchone()
    return bool(row and row[0])


def last_approval(db: Db, task_id: UUID, gate: Status) -> tuple[str, datetime] | None:
    """Return who approved a film at a gate last, and when."""
    return db.execute(
        """select reviewer_id, at from review_audit
            where task_id = %s and gate = %s and action = 'approved' order by id desc limit 1""",
        (task_id, gate),
    ).fetchone()


@contextmanager
def snapshot(db: Db) -> Iterator[None]:
    """See all tables as they are at one moment during the block, and change nothing."""
    with db.transaction():
        db.execute("set transaction isolation level repeatable read, read only")
        yield


def rows(db: Db, *, up_to: int | None = None) -> Iterator[Entry]:
    """Yield the rows of the table in the order of the chain; call it in a transaction."""
    with db.cursor("chain", row_factory=class_row(Entry)) as cursor:
        cursor.itersize = AT_ONCE
        yield from cursor.execute(_ROWS, {"up_to": up_to})


def unrecorded(db: Db) -> list[tuple[UUID, str, str, datetime]]:
    """Return what films followed and what has no row in the table: (task, gate, action, when).

    The chain alone does not show that its end was cut off. What was archived has none here either.
    """
    return db.execute(_UNRECORDED).fetchall()


def unfounded(db: Db) -> list[tuple[int, str]]:
    """Return the approvals that no film followed: (row, gate). Whoever adds one with a hash that fits forgets that."""
    return db.execute(
        """select a.id, a.gate from review_audit a
            where a.action = 'approved'
              and not exists (select from task_events e
                               where e.task_id = a.task_id and e.from_status = a.gate and e.event = 'approve'
                                 and e.actor = a.reviewer_id and e.at = a.at)
            order by a.id"""
    ).fetchall()


def _one(found: Cursor[Any]) -> Any:
    row = found.fetchone()
    assert row is not None
    return row
