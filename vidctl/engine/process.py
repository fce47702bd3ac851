"""A process of its own for one step: signals, the connection that holds the locks, the end of all children."""

import signal
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import replace
from types import FrameType
from uuid import UUID

from vidctl import logs
from vidctl.engine import children
from vidctl.engine.context import Context
from vidctl.engine.run_step import run_step
from vidctl.errors import ExitCode
from vidctl.logs.book import book_of
from vidctl.store import Db, planned
from vidctl.store.connection import connect


class _Wish:
    """Whether somebody asked this process to stop."""

    def __init__(self) -> None:
        self.stop = False

    def __call__(self, _signum: int, _frame: FrameType | None) -> None:
        self.stop = True


def run(dsn: str, task_id: UUID, context: Context) -> ExitCode:
    """Do one step in this process, which should do nothing else.

    On SIGTERM or SIGINT children are ended, what is whole is kept, locks are released; the status
    is then TRY_AGAIN.
    """
    wish = _Wish()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, wish)
    children.adopt_orphans()
    with logs.bound(correlation_id=str(task_id)):
        if logs.book is not None:
            return _step(dsn, task_id, context, wish)
        logs.know(context.environment)
        logs.into(book_of(context.home, task_id, "step"), aloud=True)
        try:
            return _step(dsn, task_id, context, wish)
        finally:
            logs.into(None, aloud=True)


def _step(dsn: str, task_id: UUID, context: Context, wish: _Wish) -> ExitCode:
    """Do the step, and show on the film's card what came of it."""
    with ExitStack() as stack:
        with closing(connect(dsn, application_name=_name(task_id, context))) as db:
            moved = _card_of(stack, db, dsn, task_id, context)
            try:
                status = run_step(db, task_id, replace(context, stopping=lambda: wish.stop, moved=moved))
            finally:
                children.end_orphans()  # while the locks are held: the next step must not meet them
        moved()
    if moved is not _nobody:
        from vidctl.engine.sync.exhibit import exhibit

        exhibit(dsn, task_id, context)
    return status


def _nobody() -> None:
    """A film without a card: nobody has to be told."""


def _card_of(stack: ExitStack, db: Db, dsn: str, task_id: UUID, context: Context) -> Callable[[], None]:
    """Return what to call when the film's card has something to show; it does nothing for a film without a card."""
    pages = planned.pages_of(db, [task_id])
    if not pages or not context.environment.get("NOTION_TOKEN"):
        return _nobody
    from vidctl.engine.sync.messenger import Messenger

    return stack.enter_context(Messenger(dsn, context, pages)).tell


def _name(task_id: UUID, context: Context) -> str:
    """Return what `pg_stat_activity` shows: the pid first, since PostgreSQL cuts names at 63 characters."""
    host, pid = context.host.rsplit(":", 1)
    return f"vidctl run-step {pid} {str(task_id)[:8]} {host}"
