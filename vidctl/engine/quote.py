"""What it costs to make items again, and with them everything that follows from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from vidctl.domain.review import Rejection
from vidctl.domain.work import Artifact, Step
from vidctl.engine.prepare import channel_of, whole_of, work_of
from vidctl.errors import BadInput
from vidctl.pipeline.changes import out_of_date
from vidctl.storage.local import folder
from vidctl.store import Db, artifacts, channels
from vidctl.store.tasks import Task


@dataclass(frozen=True, slots=True)
class Quote:
    """What would be made again, in words, and for about how much."""

    what: str
    usd: Decimal


def quote(db: Db, task: Task, named: Sequence[Rejection], *, home: Path) -> Quote:
    """Return what it costs to make these items again: as much as their last takes did.

    Raises:
        BadInput: the storyboard is not here as it was recorded, so nobody can tell what follows from what.
    """
    rejected = {item.artifact for item in named}
    follow = _following(db, task, rejected, home)
    prices = artifacts.prices(db, task.id)
    usd = sum((prices.get(artifact, Decimal(0)) for artifact in rejected | follow), Decimal(0))
    names = ", ".join(str(artifact) for artifact in sorted(rejected))
    paid = [artifact for artifact in sorted(follow) if prices.get(artifact)]
    more = f" and {len(paid)} that follow from {'it' if len(rejected) == 1 else 'them'}" if paid else ""
    return Quote(f"{names}{more}", usd)


def _following(db: Db, task: Task, rejected: set[Artifact], home: Path) -> set[Artifact]:
    """Return what was made already and would be made again too: of the rejected items, or because its file is lost."""
    place = folder(home, task.channel_id, str(task.id))
    kept = artifacts.done(db, task.id)
    recorded = {artifact: item.made for artifact, item in kept.items()}
    whole = whole_of(place, kept)
    work = work_of(db, task, channel_of(task, channels.get(db, task.channel_id).channel), place, whole)
    if work.storyboard is None:
        raise BadInput(
            f"the film's storyboard is not as it was recorded: {place.root}",
            hint="put it back from a backup, or let the film go on: then it is written anew",
        )
    left = {artifact: made for artifact, made in whole.items() if artifact not in rejected}
    was, is_now = _all(out_of_date(work, recorded)), _all(out_of_date(work, left))
    return (is_now - was - rejected) & recorded.keys()


def _all(by_step: Mapping[Step, list[Artifact]]) -> set[Artifact]:
    return {artifact for artifacts_ in by_step.values() for artifact in artifacts_}
