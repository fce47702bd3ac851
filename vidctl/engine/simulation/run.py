"""A simulation from its first film to its last: ticks, workers, people, and what came of it all."""

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

from vidctl.domain import estimate
from vidctl.domain.channel import Channel
from vidctl.domain.prices import PriceList, price_list
from vidctl.domain.status import ENGINE_WAITS, Status
from vidctl.engine import sealing
from vidctl.engine.channel_files import Loaded
from vidctl.engine.context import Context
from vidctl.engine.run_step import run_step
from vidctl.engine.sealing import Token
from vidctl.engine.simulation.clockwork import Clockwork, Worker
from vidctl.engine.simulation.market import Market
from vidctl.engine.simulation.people import HOUR_S, People
from vidctl.engine.simulation.programs import Call, Programs
from vidctl.engine.simulation.scenario import CALM, Scenario, spread
from vidctl.engine.simulation.world import SimulatedWorld
from vidctl.engine.tick import look
from vidctl.store import Db, accounts, channels, forecast, locks, sessions, tasks
from vidctl.store.connection import connect

START: Final = datetime(2026, 1, 4, tzinfo=UTC)
"""A Sunday: weeks begin there."""
WEEK_S: Final = 7 * 86_400.0
DRAIN_WEEKS: Final = 8
"""How long what was begun is given to end, without new films and without faults."""
MINUTE_S: Final = 60.0


@dataclass(slots=True)
class Figures:
    """What is counted while it goes on, besides what is in the database."""

    ticks: int = 0
    tick_ms: list[float] = field(default_factory=list)
    """Real milliseconds of each tick."""
    steps: int = 0
    killed: int = 0
    planned: int = 0


class Simulation:
    """One run of one scenario on an empty database."""

    def __init__(self, scenario: Scenario, files: Loaded, dsn: str, home: Path, key: str) -> None:
        self.scenario = scenario
        self.files = files
        self.dsn = dsn
        self.clock = Clockwork(START)
        self.figures = Figures()
        self._random = Random(scenario.seed)
        self.market = Market(self._random)
        self._prices = price_list(files.limits.prices)
        self._channels = {channel.channel_id: channel for channel in files.channels}
        plays = Programs(self._random, scenario.faults, self.market, self.clock, self._price)
        self._plays = plays
        world = SimulatedWorld(self.clock, plays, scenario.cores, self._begin)
        self.context = Context(home, files.limits, {"FERNET_KEY": key}, self.clock.now, world=world)
        self._stack = ExitStack()
        self._free: list[Db] = []
        self._tick_at_s: float | None = None
        self._asked: set[UUID] = set()
        self._open = 0

    def run(self, told: Callable[[datetime], None] = lambda _: None) -> None:
        """Simulate it all. `told` hears of each simulated day."""
        with self._stack:
            self._db = self._connected()
            self._people = People(self._db, self._random, self.scenario, self.market)
            assert locks.try_lock(self._db, locks.TICK)
            self._authorise()
            self._plan_all()
            self._count_days(told)
            ends_s = self.scenario.weeks * WEEK_S
            self.clock.after(ends_s, self._calm_down)
            while self.clock.elapsed_s < ends_s + DRAIN_WEEKS * WEEK_S and self.clock.next():
                if self._open == 0 and self.clock.elapsed_s > ends_s:
                    break

    def _connected(self) -> Db:
        return self._stack.enter_context(closing(connect(self.dsn, application_name="vidctl simulate")))

    def _authorise(self) -> None:
        channels.put(self._db, self.files.channels)
        for channel in self.files.channels:
            account = f"UC{channel.channel_id}"
            token = sealing.sealed(Token(channel.channel_id, account, "simulated"), self.context.environment)
            accounts.put(
                self._db,
                channel.channel_id,
                token,
                youtube_channel_id=account,
                title=channel.channel_name,
                now=START,
                expires_at=None,
            )

    def _plan_all(self) -> None:
        """Plan every channel's films, evenly, and not all at one moment."""
        films = round(self.scenario.weeks * self.scenario.films_a_week)
        for channel in self.files.channels:
            for number in range(films):
                at_s = (number + self._random.random()) * WEEK_S / self.scenario.films_a_week
                self.clock.after(at_s, lambda channel=channel, number=number: self._plan(channel, number + 1))  # type: ignore[misc]

    def _plan(self, channel: Channel, number: int) -> None:
        self._people.plan(channel, number, now=self.clock.now())
        self.figures.planned += 1
        self._open += 1
        self._tick_soon()

    def _calm_down(self) -> None:
        """Nothing goes wrong any more: whatever does not end now is lost."""
        self._plays.faults = CALM
        self.scenario = replace(self.scenario, faults=CALM, rejects=0.0)
        self._people.scenario = self.scenario

    def _count_days(self, told: Callable[[datetime], None]) -> None:
        told(self.clock.now())
        self.clock.after(86_400.0, lambda: self._count_days(told))

    def _tick_soon(self) -> None:
        self._tick_at((self.clock.elapsed_s // MINUTE_S + 1) * MINUTE_S)

    def _tick_at(self, at_s: float) -> None:
        """Have a tick run in that minute, unless one does before: cron's other ticks would find nothing to do."""
        if self._tick_at_s is not None and self._tick_at_s <= at_s:
            return
        self._tick_at_s = at_s
        self.clock.after(at_s - self.clock.elapsed_s, lambda: self._tick(at_s))

    def _tick(self, planned_s: float) -> None:
        if planned_s != self._tick_at_s:
            return
        self._tick_at_s = None
        began = time.perf_counter()
        ticked = look(self._db, self.dsn, self.files, self.context)
        self.figures.tick_ms.append((time.perf_counter() - began) * 1_000)
        self.figures.ticks += 1
        if ticked.begun:
            self._tick_soon()
        change = forecast.next_change(self._db, ENGINE_WAITS, now=self.clock.now())
        if change is not None:
            due_s = (change - START).total_seconds()
            self._tick_at(-(-due_s // MINUTE_S) * MINUTE_S)
        if self._open:
            self._tick_at(self.clock.elapsed_s + HOUR_S)  # a new day, a new month

    def _begin(self, task_id: UUID, context: Context) -> None:
        """Begin a worker; now and then one is killed."""
        db = self._free.pop() if self._free else self._connected()
        self.figures.steps += 1
        worker = self.clock.spawn(lambda: self._work(db, task_id, context))
        if self._random.random() < self.scenario.faults.killed:
            self.clock.after(spread(self._random, 90.0, 1.0), lambda: self._kill(worker, db))

    def _work(self, db: Db, task_id: UUID, context: Context) -> None:
        run_step(db, task_id, context)
        locks.release_all(db)
        self._free.append(db)
        self._look_at(task_id)
        self._tick_soon()

    def _kill(self, worker: Worker, db: Db) -> None:
        """End a worker as `kill -9` does: its session ends, and nothing else is done."""
        if worker.ended:
            return
        self.clock.kill(worker)
        self.figures.killed += 1
        sessions.end(self._db, db.info.backend_pid)
        self._tick_soon()

    def _look_at(self, task_id: UUID) -> None:
        """See whether a film wants a person, and whether it is done."""
        task = tasks.get(self._db, task_id)
        if task.status is Status.PUBLISHED:
            self._open -= 1
            return
        comes_in_s = self._people.comes_in_s(task)
        if comes_in_s is not None and task_id not in self._asked:
            self._asked.add(task_id)
            self.clock.after(comes_in_s, lambda: self._decide(task_id))

    def _decide(self, task_id: UUID) -> None:
        self._asked.discard(task_id)
        self._people.look(task_id, now=self.clock.now())
        self._look_at(task_id)
        self._tick_soon()

    def _price(self, call: Call) -> Decimal:
        """Return what a program's order costs, by the price list."""
        return price(call, self._prices, self._channels, self.clock.now())


def price(call: Call, prices: PriceList, known: Mapping[str, Channel], now: datetime) -> Decimal:
    """Return what a call costs by the price list, as it does for the real programs."""
    channel = next(known[part] for part in reversed(call.folder.parts) if part in known)
    items: Mapping[str, Callable[[], estimate.Item]] = {
        "generate_story.py": lambda: estimate.story(channel, 200),
        "generate_asset.py": lambda: estimate.image(channel),
        "generate_video.py": lambda: estimate.clip(channel),
        "generate_audio.py": lambda: estimate.narration(channel, len(call.option("text"))),
        "generate_sound_effects.py": lambda: estimate.sound(channel),
    }
    return items[call.name]().usd(prices, now.date()) or Decimal(0)
