"""What it costs to make items again, and with them everything that follows from them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from vidctl.domain import channel as channel_settings
from vidctl.domain.review import Rejection
from vidctl.domain.work import BOUGHT, Artifact, Step
from vidctl.engine.prepare import channel_of, whole_of, work_of
from vidctl.errors import BadInput
from vidctl.pipeline import STEP_OF_KIND, STEPS
from vidctl.pipeline.changes import out_of_date
from vidctl.storage.local import folder
from vidctl.store import Db, artifacts, channels, takes
from vidctl.store.tasks import Task

_CENT: Final = Decimal("0.01")
_NAMED: Final = 4
"""Items that follow and are named, at the most."""
_SHOWN: Final = 80
"""Characters of a note that are repeated."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What would be made again, in words, and for about how much; `unknown` where nobody can tell all of it."""

    what: str
    usd: Decimal
    unknown: bool

    @property
    def is_free(self) -> bool:
        """Whether it can be done without asking."""
        return self.usd == 0 and not self.unknown

    @property
    def price(self) -> str:
        """What is said of the price: "costs …"."""
        if self.usd == 0:
            return "may cost money: nobody knows how much, as the channel's scripts are not those it was made with"
        about = f"costs about ${self.usd:.2f}" if self.usd >= _CENT else "costs less than a cent"
        return f"{about}, and more that nobody knows: the channel's scripts were changed" if self.unknown else about


def quote(db: Db, task: Task, named: Sequence[Rejection], *, home: Path) -> Quote:
    """Return what it costs to make these items again: as much as their last takes did.

    What has no price yet is free as long as the channel's scripts are those that it was made with.

    Raises:
        BadInput: the storyboard is not here as it was recorded, so nobody can tell what follows from what.
    """
    rejected = {item.artifact for item in named}
    follow = _following(db, task, rejected, home)
    prices = takes.prices(db, task.id)
    remade = rejected | follow
    usd = sum((prices.get(artifact, Decimal(0)) for artifact in remade), Decimal(0))
    unpriced = any(artifact.kind in BOUGHT and artifact not in prices for artifact in remade)
    return Quote(_what(named, follow, prices), usd, unpriced and _has_other_scripts(db, task))


def _has_other_scripts(db: Db, task: Task) -> bool:
    if task.settings is None:
        return False
    begun, live = channel_settings.from_json(task.settings), channels.get(db, task.channel_id).channel
    return begun.scripts != live.scripts


def _what(named: Sequence[Rejection], follow: Collection[Artifact], prices: Mapping[Artifact, Decimal]) -> str:
    """Return what is made again, with what was said of it, and of what follows that which may be worth money."""
    items = ", ".join(_item(one) for one in sorted(named, key=lambda one: one.artifact))
    more = [artifact for artifact in sorted(follow) if artifact in prices or artifact.kind in BOUGHT]
    if not more:
        return items
    listed = ", ".join(map(str, more)) if len(more) <= _NAMED else f"{len(more)} more"
    return f"{items}, and with {'it' if len(named) == 1 else 'them'} {listed},"


def _item(one: Rejection) -> str:
    if not one.note:
        return str(one.artifact)
    note = one.note if len(one.note) <= _SHOWN else f"{one.note[: _SHOWN - 1]}…"
    return f"{one.artifact} ({note})"


def _following(db: Db, task: Task, rejected: set[Artifact], home: Path) -> set[Artifact]:
    """Return what was made already and would be made again too: of the rejected items, or because its file is lost.

    Or because it would be asked for in other words now: a step that works again makes that again as well.
    """
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
    first = min(STEPS.index(STEP_OF_KIND[artifact.kind]) for artifact in rejected)
    was = {step: made for step, made in out_of_date(work, recorded).items() if STEPS.index(step) < first}
    return (_all(out_of_date(work, left)) - _all(was) - rejected) & recorded.keys()


def _all(by_step: Mapping[Step, list[Artifact]]) -> set[Artifact]:
    return {artifact for artifacts_ in by_step.values() for artifact in artifacts_}
