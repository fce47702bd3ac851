"""What the engine needs from the process it runs in."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from vidctl.domain.channel import Channel
from vidctl.domain.limits import Limits
from vidctl.domain.work import Step
from vidctl.engine.world import Machine, World
from vidctl.settings import machine_of

ENGINE: Final = "engine"
"""The actor of every move that no person made."""


@dataclass(frozen=True, slots=True)
class Context:
    """Settings, clock and the wish to stop, handed down from `cli`."""

    home: Path
    limits: Limits
    environment: Mapping[str, str]
    clock: Callable[[], datetime]
    stopping: Callable[[], bool] = lambda: False
    moved: Callable[[], None] = lambda: None
    """Told after each commit that the film's card has to show."""
    world: World = field(default_factory=Machine)

    @property
    def host(self) -> str:
        """Who this is, for people who look at locks and errors."""
        return f"{self.machine}:{os.getpid()}"

    @property
    def machine(self) -> str:
        """Where this is."""
        return machine_of(self.environment)

    def parallel(self, channel: Channel, step: Step) -> int:
        """Return how many scripts one film's step runs at once; what runs here is bound by this machine."""
        here = channel.mode == "preview" or step.service == "local"
        return min(self.limits.items_per_step, self.world.cores) if here else self.limits.items_per_step
