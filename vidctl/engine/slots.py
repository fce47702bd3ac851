"""How many calls of a paid service run at once, over all processes and hosts: each holds a slot while it runs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from vidctl.domain.limits import Services
from vidctl.engine.world import Machine, World
from vidctl.store import Db, locks, services

LONGEST_WAIT_S: Final = 120.0
"""After so long without a free slot a step lets go of its film; a later tick goes on."""
_LOOK_S: Final = 0.25
_PATIENCE_S: Final = 0.05


@dataclass(slots=True)
class Slots:
    """The slots that one process holds of one service; without a service there is no limit."""

    db: Db
    service: str | None
    limits: Services
    clock: Callable[[], datetime]
    world: World = field(default_factory=Machine)
    held: set[int] = field(default_factory=set)
    waiting_since: float | None = None
    _look_at: float = 0.0

    @property
    def waited_too_long(self) -> bool:
        """Whether others have had all slots for so long that something else should be done."""
        return self.waiting_since is not None and self.world.seconds() - self.waiting_since > LONGEST_WAIT_S

    def take(self) -> int | None:
        """Return a slot to give back when the call has ended; None as long as there is none, or it is not our turn.

        It may be asked often: it looks now and then.
        """
        if self.service is None or (setting := getattr(self.limits, self.service, None)) is None:
            return -1
        if (now_s := self.world.seconds()) < self._look_at:
            return None
        self._look_at = now_s + _LOOK_S * (0.5 + self.world.chance())
        self.waiting_since = now_s if self.waiting_since is None else self.waiting_since
        limit = services.at_once(self.db, self.service, setting.at_once, now=self.clock())
        slot = locks.take_slot(self.db, locks.SERVICE_SLOTS, locks.number_of(self.service), limit, held=self.held)
        if slot is None:
            return None
        if not self.world.turn(self.db, self.service, 60 / setting.a_minute, _PATIENCE_S):
            self._free(slot)
            return None
        self.held.add(slot)
        self.waiting_since, self._look_at = None, 0.0
        return slot

    def give_back(self, slot: int) -> None:
        """The call has ended."""
        if slot in self.held:
            self.held.discard(slot)
            self._free(slot)

    def _free(self, slot: int) -> None:
        assert self.service is not None
        locks.free_slot(self.db, locks.SERVICE_SLOTS, locks.number_of(self.service), slot)
