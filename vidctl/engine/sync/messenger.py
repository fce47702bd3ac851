"""Shows on its card what a process does to a film, while it does it: within seconds of each commit.

A thread with a connection of its own, so that work never waits for Notion. Whatever it cannot do, the
next tick does.
"""

import threading
import time
from collections.abc import Sequence
from contextlib import closing
from contextvars import copy_context
from types import TracebackType
from typing import Final, Self

from vidctl.engine.context import Context
from vidctl.engine.sync.run import syncing
from vidctl.errors import VidctlError
from vidctl.logs import log
from vidctl.store import Db, channels
from vidctl.store.connection import connect

APART_S: Final = 4.0
"""Between two writings of a card: what happens meanwhile is written at once."""
BUDGET_S: Final = 20.0
LAST_S: Final = 15.0
"""How long a process that is done waits for its last word to arrive."""


class Messenger:
    """Writes some cards whenever it is told to; a context manager, at whose end the last word is out or given up."""

    def __init__(self, dsn: str, context: Context, pages: Sequence[str]) -> None:
        self._dsn, self._context, self._pages = dsn, context, pages
        self._wanted = threading.Event()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._wanted.set()
        if self._thread is not None:
            self._thread.join(LAST_S)

    def tell(self) -> None:
        """Say that there is something to show. The thread begins with the first of it, and logs as whoever says so."""
        self._wanted.set()
        if self._thread is None:
            run = copy_context().run
            self._thread = threading.Thread(target=run, args=(self._run,), name="card", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        try:
            with closing(connect(self._dsn, application_name="vidctl: card")) as db:
                while not self._ended.is_set():
                    self._wanted.wait()
                    self._wanted.clear()
                    push_pages(db, self._context, self._pages, budget_s=BUDGET_S)
                    self._ended.wait(APART_S)
                if self._wanted.is_set():
                    push_pages(db, self._context, self._pages, budget_s=LAST_S)
        except Exception as error:  # noqa: BLE001  # whatever it is, the step is not its business, and a tick writes the card
            log("a card could not be written", level="error", error_message=f"{type(error).__name__}: {error}")


def push_pages(db: Db, context: Context, pages: Sequence[str], *, budget_s: float) -> None:
    """Bring some cards up to date; what cannot be done for now is left to the next tick."""
    until = time.monotonic() + budget_s
    try:
        with syncing(db, context, channels.on_boards(db), budget_s=budget_s) as board:
            for page_id in pages:
                board.push(until=until, page_id=page_id)
    except VidctlError as error:
        log("a card could not be written for now", level="warning", error_message=str(error))
