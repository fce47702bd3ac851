"""What scripts said while the database was away: kept beside their files, and booked by the next claim.

A purchase that was announced in the moment in which a server failed over must not be forgotten.
"""

import json
from datetime import datetime
from typing import Final

from vidctl.contract import Cost, Message, Submitted, from_line, to_line
from vidctl.domain.work import Artifact, Kind
from vidctl.errors import BadInput
from vidctl.logs import log
from vidctl.storage.local import Folder
from vidctl.store import Db, artifacts
from vidctl.store.tasks import Seen

_KEPT: Final = (Submitted, Cost)


def keep(folder: Folder, fence: int, artifact: Artifact, subject: str, message: Message) -> None:
    """Keep what a script said of an artifact, if it is about money; nothing else is missed.

    Raises:
        CannotWrite: there is no room for it.
    """
    if isinstance(message, _KEPT):
        note = {"kind": artifact.kind, "index": artifact.index, "subject": subject, "line": to_line(message)}
        folder.put_off(fence, json.dumps(note))


def book(db: Db, task: Seen, folder: Folder, *, now: datetime) -> None:
    """Write down what earlier claims of the film could not.

    Raises:
        LostRace: another process has claimed the task.
    """
    for text in folder.put_off_notes(task.version):
        try:
            note = json.loads(text)
            artifact, message = Artifact(Kind(note["kind"]), note["index"]), from_line(note["line"])
        except (ValueError, KeyError, TypeError, BadInput):  # a disk that failed must not keep the film for ever
            log("a charge that was put off cannot be read", correlation_id=str(task.id), line=text[:200])
            continue
        if isinstance(message, Submitted):
            artifacts.submitted_late(db, task, artifact, message.job_id, subject=note["subject"])
        elif isinstance(message, Cost):
            artifacts.charge(db, task.id, artifact, message, now=now)
    folder.forget_put_off(task.version)
