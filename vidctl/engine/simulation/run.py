"""A simulation from its first film to its last: ticks, workers, people, and what came of it all."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

from cryptography.fernet import Fernet

from vidctl.domain import keyring
from vidctl.domain.channel import Channel
from vidctl.domain.prices import price_list
from vidctl.domain.status import ENGINE_WAITS, Status
from vidctl.engine import sealing
from vidctl.engine.channel_files import Loaded
from vidctl.engine.context import Context
from vidctl.engine.sealing import Token
from vidctl.engine.simulation import findings
from vidctl.engine.simulation.clockwork import Clockwork
from vidctl.engine.simulation.cron import Cron
from vidctl.engine.simulation.findings import Findings, Peak
from vidctl.engine.simulation.market import Market
from vidctl.engine.simulation.people import People
from vidctl.engine.simulation.programs import Programs
from vidctl.engine.simulation.scenario import CALM, Scenario
from vidctl.engine.simulation.wares import Call, price
from vidctl.engine.simulation.watch import Watch
from vidctl.engine.simulation.workers import Workers
from vidctl.engine.simulation.world import SimulatedWorld
from vidctl.engine.tick import look
from vidctl.storage.local import folder
from vidctl.store import accounts, channels, forecast, locks, tasks

START: Final = datetime(2026, 1, 4, tzinfo=UTC)
"""A Sunday: weeks begin there."""
DAY_S: Final = 86_400.0
WEEK_S: Final = 7 * DAY_S
STANDS_S: Final = 35 * DAY_S
"""After so long in which no film got any further none will: a month's budget is new by then."""
DRAIN_WEEKS: Final = 26
"""How long what was begun is given to end at most, without new films and without faults."""


class Simulation:
    """One run of one scenario on an empty database."""

    def __init__(self, scenario: Scenario, files: Loaded, dsn: str, home: Path, *, stands_s: float = STANDS_S) -> None:
        self.scenario = scenario
        self.files = files
        self.dsn = dsn
        self.clock = Clockwork(START)
        self._random = Random(scenario.seed)  # noqa: S311  # the same seed, the same year
        self.market = Market(self._random)
        self._plays = Programs(self._random, scenario.faults, self.market, self.clock, self._price)
        self.workers = Workers(
            self.clock, self._random, dsn, scenario.faults.killed, self._worker_begins, self._worker_ended
        )
        world = SimulatedWorld(self.clock, self._plays, scenario.cores, self.workers.begin)
        told = {keyring.VARIABLE: Fernet.generate_key().decode()}
        self.context = Context(home, files.limits, told, self.clock.now, world=world)
        self._prices = price_list(files.limits.prices)
        self._channels = {channel.channel_id: channel for channel in files.channels}
        self.cron = Cron(self.clock, self._tick, self._next_change, lambda: bool(self._watch.open))
        self._asked: set[UUID] = set()
        """Films that somebody is on the way to."""
        self._stands_s = stands_s

    def run(
        self, told: Callable[[datetime, int], None] = lambda *_: None, is_stopped: Callable[[], bool] = lambda: False
    ) -> Findings:
        """Simulate it all. `told` hears of each simulated day, and how many films are published by then.

        `is_stopped` is asked when no worker runs: nothing else may end a simulation, whose workers are threads that
        would go on with their sessions.
        """
        try:
            self._db = self.workers.connected()
            self._watch = Watch(self._db, self.clock)
            self._people = People(self._db, self._random, self.scenario, self.market, self._channels)
            assert locks.try_lock(self._db, locks.TICK)
            self._authorise()
            self._plan_all()
            self._count_days(told)
            ends_s = self.scenario.weeks * WEEK_S
            self.clock.after(ends_s, self._calm_down)
            last_s = ends_s + DRAIN_WEEKS * WEEK_S
            while not is_stopped() and self.clock.elapsed_s < last_s and self.clock.next():
                if self.clock.elapsed_s > ends_s and (not self._watch.open or self._watch.stands_s > self._stands_s):
                    break
            return self._found()
        finally:
            self.workers.close()

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
        for channel in self.files.channels:
            for number in range(self.scenario.films):
                at_s = (number + self._random.random()) * WEEK_S / self.scenario.films_a_week
                self._plan_at(at_s, channel, number + 1)

    def _plan_at(self, at_s: float, channel: Channel, number: int) -> None:
        self.clock.after(at_s, lambda: self._plan(channel, number))

    def _plan(self, channel: Channel, number: int) -> None:
        task_id = self._people.plan(channel, number, now=self.clock.now())
        self._watch.begin(task_id, channel.channel_id)
        self.cron.soon()

    def _calm_down(self) -> None:
        """Nothing goes wrong any more: whatever does not end now is lost."""
        self._watch.forgive()
        self._plays.faults = CALM
        self.workers.killed_share = 0.0
        self._people.scenario = replace(self.scenario, faults=CALM, rejects=0.0)

    def _count_days(self, told: Callable[[datetime, int], None]) -> None:
        told(self.clock.now(), self._watch.published)
        self.clock.after(DAY_S, lambda: self._count_days(told))

    def _tick(self) -> bool:
        has_begun = bool(look(self._db, self.dsn, self.files, self.context).begun)
        self._watch.look_where_rests_change()
        return has_begun

    def _next_change(self) -> datetime | None:
        return forecast.next_change(self._db, ENGINE_WAITS, now=self.clock.now())

    def _worker_begins(self, task_id: UUID) -> None:
        self._watch.work(task_id)

    def _worker_ended(self, task_id: UUID) -> None:
        self._look_at(task_id)
        self.cron.soon()

    def _look_at(self, task_id: UUID) -> None:
        """See whether a film wants a person, and whether it is done."""
        task = tasks.get(self._db, task_id)
        self._watch.look(task)
        if task.status is Status.PUBLISHED:
            shutil.rmtree(folder(self.context.home, task.channel_id, str(task_id)).root, ignore_errors=True)
            return
        comes_in_s = self._people.comes_in_s(task)
        if comes_in_s is not None and task_id not in self._asked:
            self._asked.add(task_id)
            self.clock.after(comes_in_s, lambda: self._decide(task_id))

    def _decide(self, task_id: UUID) -> None:
        self._asked.discard(task_id)
        self._people.look(task_id, now=self.clock.now())
        self._look_at(task_id)
        self.cron.soon()

    def _price(self, call: Call) -> Decimal:
        """Return what a program's order costs, by the price list."""
        return price(call, self._prices, self._channels, self.clock.now().date())

    def _found(self) -> Findings:
        twice, in_vain = [later for _, later in self.market.bought_twice], self.market.paid_in_vain()
        return Findings(
            planned=self._watch.planned,
            published=self._watch.published,
            unfinished=self._watch.unfinished(),
            bought_twice=len(twice),
            bought_twice_usd=sum((one.usd for one in twice), Decimal(0)),
            paid_in_vain=len(in_vain),
            paid_in_vain_usd=sum((one.usd for one in in_vain), Decimal(0)),
            charged_usd=self.market.charged_usd(),
            booked_usd=forecast.booked_usd(self._db),
            steps=self.workers.steps,
            killed=self.workers.killed,
            calls=self._call_peaks(),
            budgets=findings.budget_peaks(forecast.spent_by_day(self._db), self.files.channels, self.files.limits),
            times=self._watch.diary.shares(),
            fairness=findings.jain(self._watch.waits_by_channel(self._channels)),
        )

    def _call_peaks(self) -> Sequence[Peak]:
        services = self.files.limits.services
        return [
            Peak(service, most, getattr(services, service).at_once)
            for service, most in sorted(self._plays.most_at_once.items())
        ]
