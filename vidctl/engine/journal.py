"""What a step logs of the scripts that it runs, and of what fails: in its log, and in the database where that is known.

One entry for each script that ends, one for each line that it said to people, one for each failure.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeAlias

from vidctl.contract import ErrorClass, Failure
from vidctl.domain.work import Artifact
from vidctl.logs import log
from vidctl.store import Db, failures
from vidctl.store.failures import Where

Told: TypeAlias = tuple[str, str, dict[str, Any]]
"""An entry: its message, its level, its fields."""


def failed(
    db: Db,
    where: Where,
    artifact: Artifact | None,
    failure: Failure,
    *,
    now: datetime,
    stderr: str = "",
    script: str = "",
) -> None:
    """Keep a failure in the database, and log it; `stderr` is what its script said to people."""
    for message, level, fields in entries_of(where, artifact, failure, stderr, script=script):
        log(message, level=level, **fields)
    failures.note(db, where, artifact, failure, stderr=stderr, now=now)


def entries_of(
    where: Where, artifact: Artifact | None, failure: Failure, stderr: str, *, script: str = ""
) -> Iterator[Told]:
    """Yield the entries of one failure: what its script said to people, then what that means."""
    is_permanent = failure.error_class is ErrorClass.PERMANENT
    level = "error" if is_permanent else "warning"
    yield from _lines(script, artifact, stderr, level)
    fields = {
        **about(script, artifact),
        "task_id": str(where.task_id),
        "error_message": failure.message,
        "error_type": failure.error_type,
        "error_class": failure.error_class.value,
        "is_transient": not is_permanent,
        "retry_attempt": where.attempt,
        "hint": failure.hint,
    }
    yield (f"{artifact} was not made" if artifact else "the step failed"), level, fields


def said(script: str, artifact: Artifact | None, stderr: str, *, level: str = "info") -> None:
    """Log each line that a script said to people."""
    for message, _, fields in _lines(script, artifact, stderr, level):
        log(message, level=level, **fields)


def _lines(script: str, artifact: Artifact | None, stderr: str, level: str) -> Iterator[Told]:
    for line in stderr.splitlines():
        if line.strip():
            yield line, level, {**about(script, artifact), "stream": "stderr"}


def about(script: str, artifact: Artifact | None) -> dict[str, Any]:
    """Return the fields of an entry that tell which script it is about, and what that makes."""
    return {name: str(value) for name, value in (("item", artifact), ("script", script)) if value}
