"""What scripts said of money while the database was away: kept beside their files, and booked by the next claim.

A purchase that was announced in the moment in which a server failed over must not be forgotten.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from vidctl.contract import Cost, Failure, Message, Ordering, Submitted, from_line, to_line
from vidctl.domain.work import Artifact, Kind
from vidctl.engine.context import ENGINE
from vidctl.engine.purchases import Purchase
from vidctl.errors import BadInput, Misconfigured
from vidctl.storage.staging import Staging
from vidctl.store import Db, artifacts, jobs, orders
from vidctl.store.tasks import Seen


@dataclass(frozen=True, slots=True)
class _Note:
    """One thing that a script said, of what, and when."""

    artifact: Artifact
    subject: str
    message: Message
    at: datetime
    order_id: int | None
    word_id: UUID


def keep(staging: Staging, purchase: Purchase, message: Message, *, at: datetime, word_id: UUID | None = None) -> None:
    """Keep what a script said of what it bought, if it is about money: its refusal too; nothing else is missed.

    `word_id` is under which it may be in the books already: the database took it, and could not say so.

    Raises:
        CannotWrite: there is no room for it.
    """
    if isinstance(message, Submitted | Cost) or purchase.was_refused(message):
        artifact = purchase.artifact
        said = {"kind": artifact.kind, "index": artifact.index, "subject": purchase.subject, "at": at.isoformat()}
        note = {"id": str(word_id or uuid4()), **said, "order": purchase.current, "line": to_line(message)}
        staging.put_off(json.dumps(note))


def book(db: Db, task: Seen, staging: Staging) -> None:
    """Write down what earlier claims of the film could not. Doing it twice books nothing twice.

    Raises:
        Misconfigured: what was put off is damaged. It says what was bought, so nothing is bought without it.
    """
    for line in staging.put_off_lines():
        note = _read(line)
        if note is None:
            raise Misconfigured(
                f"a note of what was bought is damaged: {staging.put_off_file}",
                hint="read it, book what it says (vidctl settle), and remove the damaged line; then vidctl retry",
            )
        if isinstance(note.message, Submitted):
            if note.order_id is not None:
                orders.bought(db, note.order_id, job_id=note.message.job_id, now=note.at)
            jobs.submitted_late(db, task, note.artifact, note.message.job_id, subject=note.subject)
        elif isinstance(note.message, Cost):
            _charge(db, task, note, note.message)
        elif isinstance(note.message, Failure | Ordering) and note.order_id is not None:
            orders.refused(db, note.order_id, by=ENGINE, now=note.at)
    staging.forget_put_off()


def _charge(db: Db, task: Seen, note: _Note, cost: Cost) -> None:
    """Book a charge, unless its order was charged since: by who fetched the same job elsewhere, or by a person."""
    if note.order_id is None or not orders.is_charged_since(db, note.order_id, note.at):
        artifacts.charge(db, task.id, note.artifact, cost, now=note.at, order_id=note.order_id, word_id=note.word_id)


def _read(line: str) -> _Note | None:
    try:
        said = json.loads(line)
        artifact = Artifact(Kind(said["kind"]), int(said["index"]))
        at, order = datetime.fromisoformat(said["at"]), said.get("order")
        message = from_line(said["line"])
        # Earlier versions gave a note no id: what it says is its own.
        word_id = UUID(said["id"]) if "id" in said else uuid5(NAMESPACE_OID, line)
        return _Note(artifact, str(said["subject"]), message, at, None if order is None else int(order), word_id)
    except (ValueError, KeyError, TypeError, BadInput):
        return None
