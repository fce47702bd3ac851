"""What scripts said of money while the database was away: kept beside their files, and booked by the next claim.

A purchase that was announced in the moment in which a server failed over must not be forgotten.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from vidctl.contract import Cost, Message, Submitted, from_line, to_line
from vidctl.domain.work import Artifact, Kind
from vidctl.errors import BadInput
from vidctl.logs import log
from vidctl.storage.staging import Staging
from vidctl.store import Db, artifacts, jobs
from vidctl.store.tasks import Seen


@dataclass(frozen=True, slots=True)
class _Note:
    """One thing that a script said, of what, and when."""

    artifact: Artifact
    subject: str
    message: Message
    at: datetime


def keep(staging: Staging, artifact: Artifact, subject: str, message: Message, *, at: datetime) -> None:
    """Keep what a script said of an artifact, if it is about money; nothing else is missed.

    Raises:
        CannotWrite: there is no room for it.
    """
    if isinstance(message, Submitted | Cost):
        said = {"kind": artifact.kind, "index": artifact.index, "subject": subject, "at": at.isoformat()}
        staging.put_off(json.dumps({**said, "line": to_line(message)}))


def book(db: Db, task: Seen, staging: Staging) -> None:
    """Write down what earlier claims of the film could not. Doing it twice books nothing twice."""
    for line in staging.put_off_lines():
        note = _read(line)
        if note is None:  # a disk that failed must not keep the film for ever
            log("a word of a script that was put off cannot be read", correlation_id=str(task.id), line=line[:200])
        elif isinstance(note.message, Submitted):
            jobs.submitted_late(db, task, note.artifact, note.message.job_id, subject=note.subject)
        elif isinstance(note.message, Cost):
            artifacts.charge_late(db, task.id, note.artifact, note.message, at=note.at)
    staging.forget_put_off()


def _read(line: str) -> _Note | None:
    try:
        said = json.loads(line)
        artifact = Artifact(Kind(said["kind"]), int(said["index"]))
        return _Note(artifact, str(said["subject"]), from_line(said["line"]), datetime.fromisoformat(said["at"]))
    except (ValueError, KeyError, TypeError, BadInput):
        return None
