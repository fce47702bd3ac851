"""Leave a service alone for a while, as soon as it says that it is in trouble; and which pauses of budgets hold."""

from datetime import datetime, timedelta
from typing import Final

from vidctl.contract import ErrorClass, Failure
from vidctl.domain.budget import standing
from vidctl.domain.retry import Again, after
from vidctl.engine.channel_files import Loaded
from vidctl.store import Db, channels, failures, services

REFUSED_KEY_PAUSE: Final = timedelta(hours=1)
"""How long a service rests whose key was refused, so that not every film runs into it."""


def begin(db: Db, service: str, failure: Failure, *, now: datetime) -> None:
    """Pause a service because of a failure; a person is told, once for each pause, unless it passes by itself."""
    follows = after(failure, attempt=1, now=now)
    until = follows.at if isinstance(follows, Again) else now + REFUSED_KEY_PAUSE
    is_news = services.pause(db, service, until=until, reason=failure.message)
    if is_news and failure.error_class is not ErrorClass.TRANSIENT:
        said = f"{service}: {failure.message}"
        failures.alert(db, "service paused", said, hint=failure.hint, now=now, service=service)


def holding(db: Db, files: Loaded, *, now: datetime) -> list[str]:
    """Return the names of the pauses of budgets that hold as these are set now; a broken file's as it was known."""
    known = [*files.channels, *(channels.get(db, one).channel for one in channels.known(db, files.broken))]
    return standing(known, files.limits, now=now)
