"""One film in full: its moves, what went wrong, its files, what people decided, and which hosts worked on it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from psycopg.rows import class_row

from vidctl.contract import ErrorClass, Failure, Scope
from vidctl.domain.status import Event, Status
from vidctl.domain.work import Artifact, Kind
from vidctl.store import Db


@dataclass(frozen=True, slots=True)
class Move:
    """One move of a film."""

    version: int
    at: datetime
    from_status: Status
    event: Event
    to_status: Status
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class Error:
    """One failure, whether or not it was cured by itself."""

    at: datetime
    step: str
    kind: str | None
    index: int | None
    attempt: int
    error_type: str
    error_class: str
    scope: str
    message: str
    hint: str
    host: str
    stderr: str
    """What its script said to people."""

    @property
    def artifact(self) -> Artifact | None:
        """What could not be made; None where it was the whole step."""
        return Artifact(Kind(self.kind), self.index or 1) if self.kind else None

    @property
    def item(self) -> str:
        """What could not be made, as people call it; empty where it was the whole step."""
        return str(self.artifact or "")

    @property
    def failure(self) -> Failure:
        """The failure that it was."""
        return Failure(self.error_type, ErrorClass(self.error_class), Scope(self.scope), self.message, self.hint)


@dataclass(frozen=True, slots=True)
class File:
    """One file of a film; `path` is relative to the film's folder, and empty until it is made."""

    kind: Kind
    index: int
    state: str
    path: str
    size_bytes: int | None
    take: int
    note: str
    cost_usd: Decimal
    url: str | None
    takes: int
    """How many versions of it were made; 0 where none is kept."""
    removed_at: datetime | None
    """When its file was cleaned up."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", Kind(self.kind))

    @property
    def artifact(self) -> Artifact:
        """Its name."""
        return Artifact(self.kind, self.index)


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided at a gate."""

    at: datetime
    gate: str
    action: str
    reviewer_id: str
    notes: str


def moves(db: Db, task_id: UUID) -> list[Move]:
    """Return every move of a film, the first one first."""
    with db.cursor(row_factory=class_row(Move)) as cursor:
        return cursor.execute(
            """select version, at, from_status, event, to_status, actor, reason
                 from task_events where task_id = %s order by version""",
            (task_id,),
        ).fetchall()


def last_move(db: Db, task_id: UUID) -> Move | None:
    """Return how a film came to where it is; None where it never moved."""
    with db.cursor(row_factory=class_row(Move)) as cursor:
        return cursor.execute(
            """select version, at, from_status, event, to_status, actor, reason
                 from task_events where task_id = %s order by version desc limit 1""",
            (task_id,),
        ).fetchone()


def errors(db: Db, task_id: UUID, *, last: int) -> list[Error]:
    """Return the `last` failures of a film, the newest first."""
    with db.cursor(row_factory=class_row(Error)) as cursor:
        return cursor.execute(
            """select at, step, kind, index, attempt, error_type, error_class, scope, message, hint, host, stderr
                 from task_errors where task_id = %s order by id desc limit %s""",
            (task_id, last),
        ).fetchall()


def files(db: Db, task_id: UUID) -> list[File]:
    """Return everything that was made or begun for a film."""
    with db.cursor(row_factory=class_row(File)) as cursor:
        return cursor.execute(
            """select kind, index, state, path, size_bytes, take, note, cost_usd, url,
                      (select count(*) from takes t
                        where t.task_id = a.task_id and t.kind = a.kind and t.index = a.index) as takes, removed_at
                 from artifacts a where task_id = %s order by array_position(%s, kind), index""",
            (task_id, list(Kind)),
        ).fetchall()


def decisions(db: Db, task_id: UUID) -> list[Decided]:
    """Return what people decided about a film at its gates, the first one first."""
    with db.cursor(row_factory=class_row(Decided)) as cursor:
        return cursor.execute(
            "select at, gate, action, reviewer_id, notes from review_audit where task_id = %s order by id", (task_id,)
        ).fetchall()


def hosts(db: Db, task_id: UUID) -> list[str]:
    """Return the hosts that are known to have worked on a film, each with the number of a process."""
    rows = db.execute(
        """select host from task_errors where task_id = %(id)s
           union select host from orders where task_id = %(id)s
           union select claimed_by from tasks where id = %(id)s and claimed_by is not null""",
        {"id": task_id},
    ).fetchall()
    return sorted(host for (host,) in rows if host)
