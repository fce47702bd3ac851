"""What is kept of a request to Notion: also what it brought, and whether it changed anything."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.fakes.wire.ledger import Seen


@dataclass
class Request(Seen):
    """One request. Its `body` is parsed if it is JSON; of a form it has only the fields."""

    body: Any = None
    time: datetime = field(default_factory=lambda: datetime.now(UTC))
    saved: bool = False

    @property
    def shape(self) -> str:
        """Its method and path, ids left out."""
        long_id = 32
        parts = ("{id}" if len(part.replace("-", "")) == long_id else part for part in self.path.split("/"))
        return f"{self.method} {'/'.join(parts)}"
