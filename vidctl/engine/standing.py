"""How one claim of a film stands: what is there, what went wrong, and what keeps it from beginning more."""

from dataclasses import dataclass, field
from datetime import datetime

import psycopg

from vidctl.contract import Failure, Scope
from vidctl.domain.work import Artifact, Made
from vidctl.engine.clearance import Wait
from vidctl.engine.purchases import Overdrawn


@dataclass(slots=True)
class Standing:
    """What came of one claim's work on one step so far."""

    made: dict[Artifact, Made] = field(default_factory=dict)
    failed: list[tuple[Artifact, Failure]] = field(default_factory=list)
    dead: list[Artifact] = field(default_factory=list)
    """Whose job was bought and will give nothing good: a person's retry must not resume it for ever."""
    held: bool = False
    """A person took the film back while it was being worked on."""
    shelved: bool = False
    """Its card was put in the trash while it was being worked on."""
    database_lost: psycopg.Error | None = None
    """Nothing can be recorded any more; what runs is let end, since it is paid for."""
    unchecked: bool = False
    """The check itself failed: what was delivered waits for the next run, and nothing more is bought meanwhile."""
    paused_until: datetime | None = None
    """The service was paused by somebody while the step was at work."""
    overdrawn: Overdrawn | None = None
    """A budget has no room for what would have to be bought next."""
    waits: Wait | None = None
    """The film may not go to the public yet."""
    crowded: bool = False
    """Others have had all slots of the service, or ordered, for a long time."""
    got_on: bool = False
    """A long job is further than before, though it may not have ended."""
    unmoved: bool = False
    """Something recorded could not be moved into place: it is still in staging, and only there."""

    @property
    def blocked(self) -> bool:
        """Whether nothing new may be begun: held, nobody to check it, or the whole service is in trouble."""
        stopped = self.held or self.shelved or self.unchecked or self.crowded
        stopped = stopped or self.paused_until is not None or self.database_lost is not None
        return stopped or any(failure.scope is not Scope.ITEM for _, failure in self.failed)
