"""What ticks log: what they began, and what was wrong. An idle tick logs nothing, and does not import this."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from vidctl import logs
from vidctl.domain.status import Status
from vidctl.engine.tick import Ticked
from vidctl.errors import VidctlError
from vidctl.logs.book import FOLDER, TICKS, Book
from vidctl.pipeline import step_at
from vidctl.settings import Settings, load


def write(ticked: Ticked, settings: Settings) -> None:
    """Log what a tick began, and those of its complaints that are news."""
    with _ticks(settings):
        for pick in ticked.begun:
            step = step_at(Status(pick.status))
            name = step.name if step else None
            film = str(pick.id)
            logs.log("begun", correlation_id=film, channel_id=pick.channel_id, step=name, film=film[:8])
        for what, hint in ticked.complaints:
            if what in ticked.unsaid:
                logs.log(what, level="error", hint=hint)


def broke_off(error: VidctlError) -> None:
    """Log what a tick broke off by."""
    try:
        settings = load()
    except VidctlError:
        return  # that is what it broke off by: nobody knows where the log is
    with _ticks(settings):
        logs.log(str(error), level="error", error_type=type(error).__name__, hint=error.hint)


@contextmanager
def _ticks(settings: Settings) -> Iterator[None]:
    """Let entries go to the log of ticks alone, since cron mails what is printed; those of one tick belong together."""
    logs.know(settings.environment)
    logs.into(Book(settings.home / FOLDER / TICKS), aloud=False)
    try:
        with logs.bound(correlation_id=f"tick-{uuid4().hex[:8]}"):
            yield
    finally:
        logs.into(None, aloud=True)
