"""What the rest of a film will cost: step by step, what it has to buy, and why."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from vidctl.domain import estimate
from vidctl.domain.budget import PAID, Cap, caps
from vidctl.domain.channel import Channel
from vidctl.domain.estimate import Item
from vidctl.domain.limits import Limits
from vidctl.domain.prices import PriceList, price_list
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Job, Kind, Made, Step, Work, fingerprint, needs
from vidctl.engine.prepare import channel_of, paid, whole_of, work_of
from vidctl.pipeline import STEPS, assets, clips, narration, sfx, story
from vidctl.pipeline.changes import out_of_date
from vidctl.storage.local import folder
from vidctl.store import Db, artifacts, channels, orders, spending, takes
from vidctl.store.tasks import Task


@dataclass(frozen=True, slots=True)
class Part:
    """What one step buys: `items` are all alike in kind, and `usd` is None where nobody knows a price."""

    step: str
    items: int
    model: str
    why: str
    usd: Decimal | None


@dataclass(frozen=True, slots=True)
class Room:
    """What a budget has left."""

    cap: Cap
    spent_usd: Decimal

    @property
    def left_usd(self) -> Decimal:
        """How much may still be spent."""
        return max(Decimal(0), self.cap.usd - self.spent_usd)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the rest of a film costs. `free` says that it is made on this machine."""

    parts: Sequence[Part]
    spent_usd: Decimal
    rooms: Sequence[Room]
    free: bool

    @property
    def usd(self) -> Decimal:
        """What is known of the rest."""
        return sum((part.usd for part in self.parts if part.usd is not None), Decimal(0))

    @property
    def unknown(self) -> list[str]:
        """Models whose prices nobody knows."""
        return sorted({part.model for part in self.parts if part.usd is None})

    @property
    def too_much_for(self) -> list[Room]:
        """Budgets that the rest does not fit into."""
        return [room for room in self.rooms if self.usd > room.left_usd]


def of(db: Db, task: Task, limits: Limits, *, home: Path, now: datetime) -> Estimate:
    """Return what the rest of a film costs, as it is now."""
    return _of(db, task, channel_of(task, channels.get(db, task.channel_id).channel), limits, home, now)


def of_promotion(db: Db, task: Task, limits: Limits, *, home: Path, now: datetime) -> Estimate:
    """Return what a film costs that is to be made by the paid services from now on."""
    live = channels.get(db, task.channel_id).channel
    return _of(db, task, paid(channel_of(task, live), live), limits, home, now)


def _of(db: Db, task: Task, channel: Channel, limits: Limits, home: Path, now: datetime) -> Estimate:
    free = channel.mode == "preview"
    prices = price_list(limits.prices)
    parts = (
        ()
        if free or task.status is Status.PUBLISHED
        else tuple(_part(*one, prices, now) for one in _to_buy(db, task, channel, home))
    )
    spent = spending.spent(db, since=None, task_id=task.id)
    return Estimate([part for part in parts if part.items], spent, list(_rooms(db, task, channel, limits, now)), free)


def _to_buy(db: Db, task: Task, channel: Channel, home: Path) -> Iterator[tuple[Step, list[Item]]]:
    """Yield each step that buys something, with what it has to buy."""
    place = folder(home, task.channel_id, str(task.id))
    whole = whole_of(place, artifacts.done(db, task.id))
    work = work_of(db, task, channel, place, whole)
    size = channel.story
    if work.storyboard is None:
        yield story.STEP, [estimate.story(channel, len(task.topic) + len(task.story_direction))]
        yield assets.STEP, [estimate.image(channel)] * size.assets
        yield clips.STEP, [estimate.clip(channel)] * size.scenes
        yield narration.STEP, [estimate.narration(channel)] * size.scenes
        yield sfx.STEP, [estimate.sound(channel)] * size.scenes
        return
    stale = out_of_date(work, whole)
    gone = {makes for items in stale.values() for makes in items}
    there = {artifact: made for artifact, made in whole.items() if artifact not in gone}
    left = takes.to_use(db, task.id) | orders.to_fetch(db, task.id)
    left.subtract((made.artifact.kind, made.fingerprint) for made in there.values())
    for step in STEPS:
        jobs = {job.makes: job for job in step.plan(work)} if step in stale else {}
        bought = [makes for makes in stale.get(step, []) if not _is_paid_for(jobs[makes], there, left)]
        yield step, [item for makes in bought if (item := _item(work, makes, jobs[makes])) is not None]


def _is_paid_for(job: Job, there: Mapping[Artifact, Made], left: Counter[tuple[Kind, str]]) -> bool:
    """Tell whether the film has what a job is to buy, under another number or of before: one less is `left`."""
    if any(need not in there for need in needs(job)):
        return False
    what = (job.makes.kind, fingerprint(job, there))
    left[what] -= 1
    return left[what] >= 0


def _item(work: Work, makes: Artifact, job: Job) -> Item | None:
    channel = work.channel
    match makes.kind:
        case Kind.IMAGE:
            return estimate.image(channel)
        case Kind.CLIP:
            return estimate.clip(channel)
        case Kind.NARRATION:
            return estimate.narration(channel, len(job.args["text"]))
        case Kind.SFX:
            return estimate.sound(channel)
        case _:
            return None


def _part(step: Step, items: list[Item], prices: PriceList, now: datetime) -> Part:
    each = [item.usd(prices, now.date()) for item in items]
    known = [usd for usd in each if usd is not None]
    why = sorted({item.why for item in items})
    return Part(
        step.name,
        len(items),
        items[0].model if items else "",
        why[0] if len(why) == 1 else "",
        sum(known, Decimal(0)) if len(known) == len(each) else None,
    )


def _rooms(db: Db, task: Task, channel: Channel, limits: Limits, now: datetime) -> Iterator[Room]:
    every = {cap.stop: (cap, service) for service in PAID for cap in caps(channel, limits, service, now=now)}
    for cap, service in every.values():
        yield Room(cap, spending.under(db, cap, task_id=task.id, channel=channel.channel_id, service=service))
