"""The boards within a tick: read before films are picked, written after, and never for longer than a tick may take.

Work never waits for Notion: what was not read or written in time is left to the next tick.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final
from uuid import UUID

from vidctl.domain.channel import Channel
from vidctl.engine.context import Context
from vidctl.engine.sync.exhibiting import KINDS
from vidctl.engine.sync.guard import one_of_many
from vidctl.engine.sync.run import Syncing, syncing
from vidctl.errors import VidctlError
from vidctl.storage.local import folder
from vidctl.store import Db, exhibits, locks

LOOKED_AT: Final = 100
"""How many pages that are behind a tick looks through for films whose files are on this machine."""
READ_S: Final = 20.0
"""How long films wait for what people did, at the most."""
MOST_PAGES: Final = 2
"""How many pages a tick sees to: they share the pace of requests with everything else."""
WHOLE_S: Final = 45.0
"""How long a tick reads and writes boards, at the most: the next one begins after 60."""


class TickBoards:
    """The boards of one tick; `syncing` is None where another process syncs them now."""

    def __init__(self, syncing: Syncing | None, context: Context) -> None:
        self._syncing, self._context = syncing, context
        self._troubles: list[VidctlError] = []
        self._began = time.monotonic()

    @property
    def troubles(self) -> Sequence[VidctlError]:
        """What a person has to put right, each once."""
        found = [*self._troubles, *(self._syncing.done.troubles if self._syncing else [])]
        return tuple({str(trouble): trouble for trouble in found}.values())

    @property
    def down(self) -> bool:
        """Whether boards could not be read the last time, so that work had better not wait for them."""
        return self._syncing is not None and self._syncing.was_down

    def read(self) -> None:
        """Take over what people did."""
        if self._syncing is not None:
            with one_of_many(self._troubles, "the boards could not be read"):
                self._syncing.read(until=self._began + READ_S)

    def push(self) -> None:
        """Show what vidctl did."""
        if self._syncing is not None:
            with one_of_many(self._troubles, "the comments on cards could not be read"):
                self._syncing.read_comments(self._context, until=self._began + WHOLE_S)
            with one_of_many(self._troubles, "the boards could not be written"):
                self._syncing.push(until=self._began + WHOLE_S)

    def behind(self, db: Db, context: Context) -> Sequence[UUID]:
        """Return films of this machine whose pages lack something, or link for not much longer; nobody is at them."""
        if self._syncing is None or self._syncing.done.broken_off:
            return ()
        behind = exhibits.films_behind(db, KINDS, now=context.clock(), most=LOOKED_AT)
        return [film for film, channel_id in behind if _is_here(context, channel_id, film)][:MOST_PAGES]


def _is_here(context: Context, channel_id: str, film: UUID) -> bool:
    """Tell whether this machine may have a film's files: another one's ticks see to those that it has."""
    return folder(context.home, channel_id, str(film)).root.is_dir()


class _Refused(TickBoards):
    """Boards that nobody can read: all other channels go on."""

    def __init__(self, refused: VidctlError, context: Context) -> None:
        super().__init__(None, context)
        self._troubles.append(refused)


@contextmanager
def boards_of(db: Db, channels: Sequence[Channel], context: Context) -> Iterator[TickBoards]:
    """Yield the boards of these channels, for one tick."""
    if not locks.try_lock(db, locks.SYNC):
        yield TickBoards(None, context)
        return
    try:
        with _connected(db, channels, context) as boards:
            yield boards
    finally:
        locks.unlock(db, locks.SYNC)


@contextmanager
def _connected(db: Db, channels: Sequence[Channel], context: Context) -> Iterator[TickBoards]:
    with ExitStack() as stack:
        try:
            boards = TickBoards(stack.enter_context(syncing(db, context, channels, budget_s=WHOLE_S)), context)
        except VidctlError as refused:
            boards = _Refused(refused, context)
        yield boards
