"""What hosts wrote down of a film's failures, and which hosts worked on it: for who reads its log on one of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from vidctl.contract import ErrorClass, Failure, Scope
from vidctl.domain.work import Artifact, Kind
from vidctl.store import Db
from vidctl.store.failures import Where


@dataclass(frozen=True, slots=True)
class Written:
    """One failure as it was written down, with what its script said to people."""

    at: datetime
    step: str
    kind: str | None
    index: int | None
    attempt: int
    error_type: str
    error_class: str
    message: str
    hint: str
    stderr: str
    host: str

    @property
    def artifact(self) -> Artifact | None:
        """What was not made; None where it was the whole step."""
        return Artifact(Kind(self.kind), self.index or 1) if self.kind else None

    @property
    def failure(self) -> Failure:
        """The failure."""
        return Failure(self.error_type, ErrorClass(self.error_class), Scope.ITEM, self.message, self.hint)

    def where(self, task_id: UUID) -> Where:
        """Return the attempt that it belongs to."""
        return Where(task_id, self.step, self.attempt, self.host)


def failures_of(db: Db, task_id: UUID, *, last: int = 200) -> list[Written]:
    """Return the `last` failures of a film, the first one first."""
    with db.cursor(row_factory=class_row(Written)) as cursor:
        newest = cursor.execute(
            """select at, step, kind, index, attempt, error_type, error_class, message, hint, stderr, host
                 from task_errors where task_id = %s order by id desc limit %s""",
            (task_id, last),
        ).fetchall()
    return newest[::-1]


def hosts_of(db: Db, task_id: UUID) -> list[str]:
    """Return the hosts that are known to have worked on a film, each with the number of a process."""
    rows = db.execute(
        """select host from task_errors where task_id = %(id)s
           union select host from orders where task_id = %(id)s
           union select claimed_by from tasks where id = %(id)s and claimed_by is not null""",
        {"id": task_id},
    ).fetchall()
    return sorted(host for (host,) in rows if host)
