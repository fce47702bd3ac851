"""Leave a service alone for a while, as soon as it says that it is in trouble."""

from datetime import datetime, timedelta
from typing import Final

from vidctl.contract import ErrorClass, Failure
from vidctl.domain.retry import Again, after
from vidctl.store import Db, outbox, services

REFUSED_KEY_PAUSE: Final = timedelta(hours=1)
"""How long a service rests whose key was refused, so that not every film runs into it."""


def begin(db: Db, service: str, failure: Failure, *, now: datetime) -> None:
    """Pause a service because of a failure; a person is told, once for each pause, unless it passes by itself."""
    follows = after(failure, attempt=1, now=now)
    until = follows.at if isinstance(follows, Again) else now + REFUSED_KEY_PAUSE
    is_news = services.pause(db, service, until=until, reason=failure.message)
    if is_news and failure.error_class is not ErrorClass.TRANSIENT:
        said = f"{service}: {failure.message}"
        outbox.alert(db, "service paused", said, hint=failure.hint, now=now, service=service)
