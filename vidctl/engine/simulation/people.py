"""The people of a simulation: they plan films, look at them, and say what became of orders; each in her own time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from vidctl.domain import layout
from vidctl.domain.channel import Channel
from vidctl.domain.orders import OrderState
from vidctl.domain.status import ERRORS, Status
from vidctl.domain.work import Kind
from vidctl.engine import decide, settle
from vidctl.engine.simulation.cron import HOUR_S
from vidctl.engine.simulation.market import Market, Sale
from vidctl.engine.simulation.scenario import Scenario, spread
from vidctl.store import Db, orders, tasks
from vidctl.store.orders import Order
from vidctl.store.tasks import NewTask, Task

WHO: Final = "reviewer"
MINUTE: Final = timedelta(minutes=1)
_WORD: Final = {Kind.IMAGE: "image", Kind.CLIP: "clip", Kind.NARRATION: "narration"}
_LOOKED_AT: Final = {
    Status.ASSETS_READY: Kind.IMAGE,
    Status.VIDEO_READY: Kind.CLIP,
    Status.AUDIO_READY: Kind.NARRATION,
    Status.FINAL_REVIEW: Kind.CLIP,
}


def is_asked(task: Task) -> bool:
    """Say whether a film waits for somebody."""
    return task.at_gate or task.status in ERRORS


@dataclass(slots=True)
class People:
    """Whoever plans and decides."""

    db: Db
    random: Random
    scenario: Scenario
    market: Market
    channels: Mapping[str, Channel]

    def plan(self, channel: Channel, number: int, *, now: datetime) -> UUID:
        """Add the channel's film of this number, and have it made."""
        about = f"Film {number} of {channel.channel_name}"
        new = NewTask(channel.channel_id, about, f"what {about} is about", id=UUID(int=self.random.getrandbits(128)))
        seen = tasks.add(self.db, new, now=now)
        decide.queue(self.db, tasks.get(self.db, seen.id), actor=WHO, now=now)
        return seen.id

    def comes_in_s(self, task: Task) -> float | None:
        """Return after how many seconds somebody looks at a film; None where it asks for nobody."""
        if is_asked(task):
            return spread(self.random, self.scenario.review_hours * HOUR_S, 0.7)
        return None

    def look(self, task_id: UUID, *, now: datetime) -> None:
        """Decide what a film waits for."""
        task = tasks.get(self.db, task_id)
        if task.status in ERRORS:
            self._settle(task, now=now)
            decide.retry(self.db, task, actor=WHO, now=now)
        elif task.at_gate and self._is_good(task):
            decide.approve(self.db, task, actor=WHO, now=now)
        elif task.at_gate:
            decide.reject(self.db, task, actor=WHO, notes=self._notes(task), now=now)

    def _is_good(self, task: Task) -> bool:
        return task.status not in _LOOKED_AT or self.random.random() >= self.scenario.rejects

    def _notes(self, task: Task) -> str:
        """Name one item that is to be made again."""
        kind, size = _LOOKED_AT[task.status], self.channels[task.channel_id].story
        items = size.assets if kind is Kind.IMAGE else size.scenes
        return f"{_WORD[kind]} {1 + self.random.randrange(items)}: another one"

    def _settle(self, task: Task, *, now: datetime) -> None:
        """Say what became of orders whose answers were lost, after a look at the provider."""
        for order in orders.in_doubt(self.db, task_id=task.id):
            if order.state is not OrderState.IN_DOUBT:
                continue  # nobody can fetch it: only the books want to know
            found = [one for one in self.market.lost_jobs(str(task.id)) if _is(one, order)]
            if not found:
                settle.was_not_bought(self.db, order, actor=WHO, now=now)
                continue
            found[-1].answer_lost = False
            settle.found(self.db, order, found[-1].job_id, actor=WHO, now=now)


def _is(sale: Sale, order: Order) -> bool:
    """Say whether an order is this sale, as a person sees it in the provider's list: by the clip and the minute."""
    return sale.item == layout.clip(order.artifact.index) and abs(sale.sold_at - order.asked_at) < MINUTE
