"""Where one claim of a film buys: from which service, out of which budgets, and what it bought before."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from vidctl.contract import Balance
from vidctl.domain.budget import Cap, caps
from vidctl.domain.channel import Channel
from vidctl.domain.limits import Limits
from vidctl.domain.work import Artifact, Job
from vidctl.engine import scripts
from vidctl.engine.children import Command, Ended
from vidctl.engine.ear import balances
from vidctl.engine.purchases import Purchase
from vidctl.engine.resuming import Past
from vidctl.engine.scripts import BALANCE, environment, program
from vidctl.engine.slots import Slots
from vidctl.engine.world import Machine, World
from vidctl.store import Db, orders
from vidctl.store.failures import Where
from vidctl.store.orders import Order, Reading
from vidctl.store.tasks import Seen

BALANCE_TIMEOUT_S: Final = 60.0


@dataclass(slots=True)
class Shop:
    """One claim's dealings with the service of its step. `may_order` is asked in the moment of each order."""

    db: Db
    task: Seen
    channel: Channel
    service: str
    limits: Limits
    where: Where
    environment: Mapping[str, str]
    folder: Path
    clock: Callable[[], datetime]
    may_order: Callable[[], bool]
    world: World = field(default_factory=Machine)
    fetched_again: set[Artifact] = field(default_factory=set)
    """What was delivered damaged for the first time: perhaps only its download was bad."""
    _slots: dict[str | None, Slots] = field(default_factory=dict)

    def slots(self, job: Job) -> Slots:
        """Return the slots that a job's script needs one of."""
        service = self._service_of(job)
        if service not in self._slots:
            self._slots[service] = Slots(self.db, service, self.limits.services, self.clock, self.world)
        return self._slots[service]

    def past(self, job: Job, about: str, twins: tuple[int, ...]) -> Past:
        """Return what was bought of a job's artifact. `about` is the subject: what it, and its `twins`, are to be."""
        return Past(self.db, self.task, job.makes, about, self.clock, lambda order: self._look_up(job, order), twins)

    def purchase(self, job: Job, about: str, resumed: Order | None = None) -> Purchase:
        """Return what keeps the books of one run of a job's script; `resumed` is the order that it fetches."""
        service = self._service_of(job) or f"{self.channel.channel_id}:{self.service}"
        return Purchase(
            db=self.db,
            task=self.task,
            channel=self.channel,
            artifact=job.makes,
            subject=about,
            step=self.where.step,
            service=service,
            host=self.where.host,
            caps=lambda: self._caps(service),
            may_order=self.may_order,
            clock=self.clock,
            resumed=resumed,
            since=orders.number(self.db),
        )

    def is_fetched_again(self, artifact: Artifact, about: str, sha256: str) -> bool:
        """Say whether a file that is no good may only be a bad download: its job keeps it, and it is new to us.

        The same bytes once more are what the provider has; asked again about the first ones, it says the same.
        """
        for order in orders.open_of(self.db, self.task.id, artifact):
            if order.subject == about and order.job_id is not None and order.refused_sha256 != sha256:
                orders.refused_file(self.db, order.id, sha256)
                self.fetched_again.add(artifact)
        return artifact in self.fetched_again

    def _look_up(self, job: Job, order: Order) -> Generator[Command, Ended, None]:
        """Read the balance of the account that an order in doubt is of; a channel's own program has none."""
        if job.script in self.channel.scripts:
            return
        heard: list[Balance] = []
        since = orders.number(self.db)
        yield Command(
            argv=[*program(self.channel, BALANCE), f"--service={order.service}"],
            environment=environment(self.channel, BALANCE, self.environment, prices=self.limits.prices),
            folder=self.folder,
            timeout_s=BALANCE_TIMEOUT_S,
            on_line=lambda line: balances(line, heard),
        )
        if heard:
            after = Reading(heard[-1].left_usd, self.clock(), since, orders.number(self.db))
            orders.saw_balance(self.db, order.id, after)

    def _caps(self, service: str) -> list[Cap]:
        return list(caps(self.channel, self.limits, service, now=self.clock()))

    def _service_of(self, job: Job) -> str | None:
        return scripts.service_of(self.channel, self.service, job.script)
