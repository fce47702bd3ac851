"""Sync every board: read what people did, then bring stale cards up to date. One dead board stops only itself."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from vidctl.board import pages
from vidctl.board.client import connected
from vidctl.board.errors import NoTimeLeft, NotionRejected, NotionUnavailable
from vidctl.domain.channel import Channel
from vidctl.engine.context import Context
from vidctl.engine.sync import boards as open_boards
from vidctl.engine.sync.boards import on_notion
from vidctl.engine.sync.desk import Desk, OpenBoard
from vidctl.engine.sync.guard import InTurn
from vidctl.engine.sync.pushing import push
from vidctl.engine.sync.reading import Read, needs_all, read_all, read_changes, read_waiting, take_all
from vidctl.engine.sync.remarking import read_comments
from vidctl.errors import BadInput, LostRace, NotFound, Unavailable, VidctlError
from vidctl.store import Db, boards, cards, channels, outbox
from vidctl.store.boards import Board
from vidctl.store.cards import Due
from vidctl.store.pace import SPACING_S, SharedPace

DOWN_AFTER: Final = timedelta(minutes=10)
"""How long a board may not answer before a person is told."""
QUIET: Final = timedelta(days=1)
"""How long nothing is said of the same trouble again."""
PROBE_S: Final = 5.0
"""How long a board is waited for that did not answer the last time."""


@dataclass(slots=True)
class Synced:
    """What one sync did."""

    read: int = 0
    news: int = 0
    pushed: int = 0
    left: int = 0
    """Cards that are still to be written."""
    troubles: list[VidctlError] = field(default_factory=list)
    """What keeps boards from being read, other than that Notion does not answer now."""
    seen: list[str] = field(default_factory=list)
    """What people did, a line each."""
    waits: list[VidctlError] = field(default_factory=list)
    """Which boards or cards could not be read or written for now; the next sync goes on."""
    broken_off: bool = False
    """Whether Notion is away, or the time is over; not where single cards could not be read or written."""


class Syncing:
    """One sync of all boards, in two halves: what people did, and what they are shown."""

    def __init__(self, desk: Desk, wanted: Sequence[Channel]) -> None:
        self._desk = desk
        self._open: dict[str, OpenBoard] = {}
        self._looked_at: set[str] = set()
        self.done = Synced()
        self._channels = _by_board(wanted, self.done.troubles)
        names = {channel.channel_id for channel in wanted}
        resting = [channel for channel in channels.on_boards(desk.db) if channel.channel_id not in names]
        self._resting = _by_board(resting, [])

    @property
    def was_down(self) -> bool:
        """Whether a board could not be read the last time."""
        return any(row.problem for row in self._rows())

    def _rows(self) -> list[Board]:
        return self._boards(list(self._channels))

    def _boards(self, database_ids: Sequence[str]) -> list[Board]:
        find = boards.looked_at if self._desk.dry_run else boards.open_all
        return find(self._desk.db, database_ids)

    def read(self, *, until: float, full: bool = False) -> None:
        """Take over what people did on every board, for as long as `until` (of `time.monotonic`)."""
        notion = self._desk.notion
        for row in self._rows():
            notion.patient = not row.problem and not self.done.broken_off
            notion.until = until if notion.patient else min(until, time.monotonic() + PROBE_S)
            with self._watched(row.database_id):
                all_of_it = full or needs_all(row, self._desk.clock())
                anew = full or (all_of_it and row.reconciling_since is None)
                board = self._opened(row, anew=anew)
                if row.read_at is not None:
                    self._count(read_changes(self._desk, board))
                    read_waiting(self._desk, board, taken := Read())
                    self._count(taken)
                if full and not self._desk.dry_run:
                    cards.forgive(self._desk.db, row.database_id)
                if all_of_it:
                    self._count(read_all(self._desk, board, afresh=full))

    def one(self, page_id: str) -> None:
        """Take over what people did on one card.

        Raises:
            NotFound: it is on none of these boards, or out of our sight.
            NotionUnavailable: Notion does not answer.
        """
        page = self._desk.notion.read("GET", f"pages/{page_id}")
        source = str((page.get("parent") or {}).get("data_source_id"))
        for database_id in list(self._channels):
            board = self.open_one(database_id)
            if board is not None and board.data_source_id == source:
                if not self._desk.dry_run:
                    cards.forgive(self._desk.db, database_id, page_id)
                read = Read()
                take_all(self._desk, board, [pages.read(page, board.schema)], read)
                self._count(read)
                return
        raise NotFound(f"the page {page_id} is on no board of these channels", hint="see: vidctl channel list")

    def open_one(self, database_id: str) -> OpenBoard | None:
        """Return a board without reading it; None where it cannot be opened."""
        if database_id not in self._open and database_id in self._channels:
            (row,) = self._boards([database_id])
            with self._watched(database_id):
                self._opened(row)
        return self._open.get(database_id)

    def _opened(self, row: Board, *, anew: bool = False) -> OpenBoard:
        here, resting = self._channels[row.database_id], self._resting.get(row.database_id, ())
        board = self._open[row.database_id] = open_boards.opened(self._desk, row, here, resting, anew=anew)
        return board

    def read_comments(self, context: Context, *, until: float) -> None:
        """Do what people ask for in comments on cards that wait for them: a few cards each time, in turn."""
        in_turn = self._in_turn(until)
        try:
            read_comments(self._desk, self._open, context, in_turn)
        except NotionUnavailable as trouble:
            self._break_off(trouble)
        except VidctlError as trouble:
            self.done.troubles.append(trouble)

    def push(self, *, until: float, page_id: str | None = None) -> None:
        """Bring stale cards up to date, those that wait longest first, for as long as `until`."""
        desk, in_turn = self._desk, self._in_turn(until)
        due = cards.due(desk.db, list(self._channels), page_id, now=desk.clock())
        if page_id is None:  # what lasts is said each time: whoever listens knows what is new
            self.done.troubles += map(_unwritable, cards.resting(desk.db, list(self._channels), now=desk.clock()))
        self.done.left += len(due)
        try:
            for one in () if desk.dry_run else due:
                with in_turn.card(f"the card {one.page_id} could not be written"):
                    self._write(one)
                    self.done.left -= 1
        except NotionUnavailable as trouble:
            self._break_off(trouble)

    def _in_turn(self, until: float) -> InTurn:
        self._desk.notion.until, self._desk.notion.patient = until, not self.done.broken_off
        return InTurn(self._desk.notion, self.done.troubles, self.done.waits)

    def _break_off(self, trouble: VidctlError) -> None:
        self.done.broken_off = True
        self.done.waits.append(trouble)

    def _write(self, one: Due) -> None:
        board = self.open_one(one.database_id)
        if board is None:
            return
        try:
            self.done.pushed += self._push(board, one)
        except NotionRejected as refusal:
            self._refused(one, refusal)
        except LostRace:
            return  # its film moves all the time: the next sync writes it
        except NotionUnavailable:
            raise
        except VidctlError as trouble:
            self._open.pop(one.database_id, None)
            self._channels.pop(one.database_id, None)  # nothing more can be written there now
            self._note(one.database_id, trouble)

    def _push(self, board: OpenBoard, due: Due) -> bool:
        """Write a card; where Notion does not take it, somebody may have changed the database: that is looked at once.

        Raises:
            NotionRejected: the database is as it was known, and the card cannot be written.
        """
        try:
            return push(self._desk, board, due)
        except NotionRejected:
            if due.database_id in self._looked_at:
                raise
        self._looked_at.add(due.database_id)
        return push(self._desk, self._opened(board.row, anew=True), due)

    def _refused(self, due: Due, refusal: NotionRejected) -> None:
        """Leave a card alone for a while: its film goes on, and whoever can mend the board is told."""
        db, now = self._desk.db, self._desk.clock()
        trouble = _unwritable(str(refusal))
        cards.refused(db, due.page_id, str(refusal), now=now)
        self.done.troubles.append(trouble)
        outbox.alert(db, "board", str(trouble), hint=trouble.hint, now=now, quiet=QUIET)

    @contextmanager
    def _watched(self, database_id: str) -> Iterator[None]:
        """Note what goes wrong with one board, and go on with the others."""
        try:
            yield
        except NoTimeLeft as late:  # nothing is wrong with the board
            self._break_off(late)
        except VidctlError as trouble:
            self._open.pop(database_id, None)
            if not isinstance(trouble, Unavailable):
                self._channels.pop(database_id, None)  # nothing can be written there either
            self._note(database_id, trouble)

    def _note(self, database_id: str, trouble: VidctlError) -> None:
        if isinstance(trouble, Unavailable):
            self._break_off(trouble)
        else:
            self.done.troubles.append(trouble)
        if not self._desk.dry_run:
            self._keep(database_id, trouble)

    def _keep(self, database_id: str, trouble: VidctlError) -> None:
        """Remember what goes wrong with a board, and have people told of what does not end by itself."""
        now = self._desk.clock()
        boards.troubled(self._desk.db, database_id, str(trouble), now=now)
        if not isinstance(trouble, Unavailable):
            said = f"board {database_id}: {trouble}"
            outbox.alert(self._desk.db, "board", said, hint=trouble.hint, now=now, quiet=QUIET)
            return
        (row,) = self._boards([database_id])
        if row.problem_since is not None and row.problem_since + DOWN_AFTER <= now:
            outbox.alert(
                self._desk.db,
                "board",
                f"Notion has not answered for board {database_id} since {row.problem_since:%Y-%m-%d %H:%M} UTC",
                hint="films go on up to their gates; decide there with vidctl review, or wait",
                now=now,
                quiet=QUIET,
            )

    def _count(self, read: Read) -> None:
        self.done.read += read.cards
        self.done.news += len(read.news)
        self.done.seen += read.news
        self.done.troubles += read.odd
        self.done.waits += read.late


def _unwritable(why: str) -> NotionRejected:
    return NotionRejected(
        f"a card cannot be written: {why}",
        hint="vidctl notion check says what is wrong with its database; when it is mended: vidctl sync --full",
    )


def _by_board(some: Sequence[Channel], troubles: list[VidctlError]) -> dict[str, list[Channel]]:
    found: dict[str, list[Channel]] = {}
    for channel in some:
        try:
            for database_id, here in on_notion([channel]).items():
                found.setdefault(database_id, []).extend(here)
        except BadInput as error:
            troubles.append(error)
    return found


@contextmanager
def syncing(
    db: Db,
    context: Context,
    wanted: Sequence[Channel],
    *,
    budget_s: float,
    dry_run: bool = False,
    spacing_s: float = SPACING_S,
    waits_s: Sequence[float] | None = None,
) -> Iterator[Syncing]:
    """Yield a sync of the boards of these channels, connected to Notion.

    Raises:
        KeyRefused: NOTION_TOKEN is not set.
    """
    pace = SharedPace(db, spacing_s=spacing_s)
    with connected(context.environment, pace, budget_s=budget_s, waits_s=waits_s) as notion:
        yield Syncing(Desk(db, notion, wanted, context.clock, context.home, dry_run), wanted)
