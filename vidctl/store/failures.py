"""What went wrong in each attempt, whether or not it cured itself."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vidctl.contract import Failure
from vidctl.domain.work import Artifact
from vidctl.store import Db
from vidctl.store.texts import storable

STDERR_CHARACTERS = 4_000


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
            storable(failure.message),
            storable(failure.hint),
            storable(stderr[-STDERR_CHARACTERS:]),
            where.host,
            now,
        ),
    )
