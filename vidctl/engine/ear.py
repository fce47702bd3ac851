"""Listens to one script, and journals what it says of money at once: before its result is waited for."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg

from vidctl.contract import Cost, Failure, Message, Progress, Result, Submitted, from_line
from vidctl.domain.work import Artifact
from vidctl.engine import backlog
from vidctl.engine.redact import redacted, redacted_message
from vidctl.errors import BadInput, CannotWrite
from vidctl.storage.staging import Staging
from vidctl.store import Db, artifacts, jobs
from vidctl.store.tasks import Seen

MAX_SHOWN: Final = 200
"""Characters of a line that is no message, for the person who has to mend the script."""


@dataclass(slots=True)
class Ear:
    """What one run of a script said so far."""

    db: Db
    task: Seen
    staging: Staging
    environment: Mapping[str, str]
    clock: Callable[[], datetime]
    artifact: Artifact
    subject: str
    last: Result | Failure | None = None
    complaint: str | None = None
    """What was first wrong with its output."""
    database_lost: psycopg.OperationalError | None = None
    """Since then what it says of money is put off for the next claim of the film."""

    def hear(self, line: str) -> None:
        """Take one line of standard output.

        Raises:
            LostRace: another process has claimed the task.
        """
        try:
            message = redacted_message(from_line(line), self.environment)
        except BadInput as exc:
            shown = redacted(line, self.environment)[:MAX_SHOWN]
            self.complaint = self.complaint or f"{exc}: {shown!r}"
            return
        try:
            self._take(message)
        except psycopg.DataError as exc:
            self.complaint = self.complaint or f"it said what cannot be kept: {exc}"
        except psycopg.OperationalError as exc:
            self.database_lost = exc
            with suppress(CannotWrite):
                backlog.keep(self.staging, self.artifact, self.subject, message, at=self.clock())

    def _take(self, message: Message) -> None:
        match message:
            case Submitted(job_id):
                jobs.submitted(self.db, self.task, self.artifact, job_id)
            case Cost():
                artifacts.charge(self.db, self.task.id, self.artifact, message, now=self.clock())
            case Result() | Failure():
                self.last = message
            case Progress():
                pass
