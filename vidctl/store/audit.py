"""Who decided what, at gates on exactly which files: append-only and hash-chained. Also who settled which order.

The database refuses to change or delete a row; each row's hash covers the row before it, so that a
change made behind the database's back shows.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from vidctl.domain.decisions import Action
from vidctl.domain.review import BROUGHT_BACK, EDITED
from vidctl.domain.status import Status, own_error_of
from vidctl.domain.work import GATE_KINDS, Artifact, Made
from vidctl.store import Db, locks

HUNG_S: Final = 60.0
"""How long a decision may leave the database alone: in between, files are looked at."""
FIRST: Final = "0" * 64
"""What stands for "the row before" in the first row."""

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


def content_sha256(content: Sequence[tuple[str, int, str]]) -> str:
    """Return the one hash that stands for everything looked at."""
    return hashlib.sha256(json.dumps([list(item) for item in content]).encode()).hexdigest()


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
        last = db.execute("select hash from review_audit order by id desc limit 1").fetchone()
        previous = last[0] if last else FIRST
        db.execute(
            """insert into review_audit (task_id, gate, action, reviewer_id, notes, content, content_sha256, at,
                                         video_id, previous_hash, hash)
               values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            (
                decision.task_id,
                decision.gate,
                decision.action,
                decision.reviewer_id,
                decision.notes,
                Jsonb([list(item) for item in decision.content]),
                content_sha256(decision.content),
                decision.at,
                decision.video_id,
                previous,
                _hash(decision, previous),
            ),
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


def broken_rows(db: Db) -> Iterator[tuple[int, str]]:
    """Yield the number of each row that is not as it was written, with what is wrong."""
    previous = FIRST
    with db.cursor(row_factory=dict_row) as cursor:
        for row in cursor.execute("select * from review_audit order by id"):
            decision = _decision(row)
            if row["previous_hash"] != previous:
                yield row["id"], "a row before it was removed, inserted or changed"
            elif row["hash"] != _hash(decision, previous) or row["content_sha256"] != content_sha256(decision.content):
                yield row["id"], "it was changed after it was written"
            previous = row["hash"]


def unrecorded(db: Db) -> list[tuple[UUID, str, datetime]]:
    """Return the decisions that films followed and that have no row: (task, gate, when).

    The chain alone does not show that its end was cut off.
    """
    return db.execute(
        """select e.task_id, e.from_status, e.at from task_events e
            where e.event in ('approve', 'reject') and e.actor <> 'engine'
              and not exists (select from review_audit a
                               where a.task_id = e.task_id and a.gate = e.from_status and a.at = e.at
                                 and a.action = case e.event when 'approve' then 'approved' else 'rejected' end)
            order by e.id"""
    ).fetchall()


def count(db: Db) -> int:
    """Return how many decisions there are."""
    row = db.execute("select count(*) from review_audit").fetchone()
    assert row is not None
    return int(row[0])


def _decision(row: Mapping[str, Any]) -> Decision:
    return Decision(
        row["task_id"],
        Status(row["gate"]),
        Action(row["action"]),
        row["reviewer_id"],
        row["notes"],
        [(kind, index, sha256) for kind, index, sha256 in row["content"]],
        row["at"],
        row["video_id"],
    )


def _hash(decision: Decision, previous: str) -> str:
    fields = [
        previous,
        str(decision.task_id),
        decision.gate,
        decision.action,
        decision.reviewer_id,
        decision.notes,
        [list(item) for item in decision.content],
        decision.at.astimezone(UTC).isoformat(timespec="microseconds"),
        *([decision.video_id] if decision.video_id is not None else []),  # rows of before had none
    ]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=True).encode()).hexdigest()
