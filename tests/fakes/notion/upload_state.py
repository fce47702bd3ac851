"""A file on its way into the workspace."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

LIFE = timedelta(hours=1)
"""After that, an upload that hangs on nothing is gone."""


@dataclass
class Upload:
    """One file upload, and its bytes."""

    id: str
    mode: str
    by: str
    created_at: datetime
    edited_at: datetime
    filename: str | None = None
    content_type: str | None = None
    number_of_parts: int | None = None
    parts: dict[int, bytes] = field(default_factory=dict)
    content: bytes | None = None
    """None until all of it was sent."""
    attached: bool = False
    failure: str | None = None

    def status(self, now: datetime) -> str:
        """Return pending, uploaded, expired or failed."""
        if not self.attached and now >= self.created_at + LIFE:
            return "expired"
        if self.failure:
            return "failed"
        return "pending" if self.content is None else "uploaded"

    @property
    def sent_bytes(self) -> int:
        return sum(map(len, self.parts.values()))
