"""Which pauses of budgets hold, as the channel files have them now."""

from datetime import datetime

from vidctl.domain.budget import standing
from vidctl.engine.channel_files import Loaded
from vidctl.store import Db, channels


def holding(db: Db, files: Loaded, *, now: datetime) -> list[str]:
    """Return the names of the pauses of budgets that hold as these are set now; a broken file's as it was known."""
    known = [*files.channels, *(channels.get(db, one).channel for one in channels.known(db, files.broken))]
    return standing(known, files.limits, now=now)
