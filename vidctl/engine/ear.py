"""Listens to one script, and journals what it says of money at once: before its result is waited for.

It answers one thing: whether an order may be sent.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

import psycopg

from vidctl.contract import (
    GO,
    AtOnce,
    Balance,
    Cost,
    Failure,
    Message,
    Ordering,
    Progress,
    Quota,
    Result,
    Submitted,
    from_line,
)
from vidctl.engine import backlog
from vidctl.engine.purchases import NO, Purchase
from vidctl.engine.quotas import Meter
from vidctl.engine.redact import redacted, redacted_message
from vidctl.errors import BadInput, CannotWrite
from vidctl.storage.staging import Staging
from vidctl.store import Db, services

MAX_SHOWN: Final = 200
"""Characters of a line that is no message, for the person who has to mend the script."""


@dataclass(slots=True)
class Ear:
    """What one run of a script said so far."""

    db: Db
    staging: Staging
    environment: Mapping[str, str]
    clock: Callable[[], datetime]
    purchase: Purchase
    meter: Meter
    is_far: Callable[[Progress], None] = lambda _: None
    """Hears how far the script is, where people are told that."""
    last: Result | Failure | None = None
    complaint: str | None = None
    """What was first wrong with its output."""
    database_lost: psycopg.Error | None = None
    """Since then what it says of money is put off for the next claim of the film."""

    def hear(self, line: str) -> str | None:
        """Take one line of standard output, and return the answer to it, if it wants one.

        Raises:
            LostRace: another process has claimed the task.
        """
        try:
            message = redacted_message(from_line(line), self.environment)
        except BadInput as exc:
            if self.complaint is None:  # of megabytes of them the first is enough
                self.complaint = f"{exc}: {redacted(line, self.environment)[:MAX_SHOWN]!r}"
            return None
        at, word_id = self.clock(), uuid4()
        try:
            return self._take(message, at, word_id)
        except psycopg.DataError as exc:
            self.complaint = self.complaint or f"it said what cannot be kept: {exc}"
        except psycopg.IntegrityError as exc:
            self.complaint = self.complaint or f"it ordered what is ordered already: {exc.diag.message_primary}"
        except psycopg.Error as exc:  # gone, or there and of no use: a standby that only reads, a newer schema
            self.database_lost = exc
            with suppress(CannotWrite):
                backlog.keep(self.staging, self.purchase, message, at=at, word_id=word_id)
        waits = isinstance(message, Ordering) or (isinstance(message, Submitted) and message.waits)
        return NO if waits else None

    def _take(self, message: Message, at: datetime, word_id: UUID) -> str | None:
        match message:
            case Ordering() if self.purchase.job_id is not None:
                self.complaint = self.complaint or f"it wants to order although job {self.purchase.job_id} is bought"
                return NO
            case Ordering():
                self.last = None  # what it said before is not about this
                return self.purchase.ordering(message)
            case Submitted(job_id, waits):
                self.purchase.submitted(job_id)
                return GO if waits else None
            case Quota():
                self.meter.count(message, now=at)
            case Cost():
                self.purchase.charged(message, at=at, word_id=word_id)
            case Balance(left_usd):
                self.purchase.saw_balance(left_usd)
            case AtOnce(calls):
                services.takes_at_once(self.db, self.purchase.service, calls, now=self.clock())
            case Result() | Failure():
                self.last = message
            case Progress():
                self.is_far(message)
        return None


def balances(line: str, heard: list[Balance]) -> None:
    """Take one line of a program that tells an account's balance."""
    with suppress(BadInput):
        message = from_line(line)
        if isinstance(message, Balance):
            heard.append(message)
