"""Read what people did on a board: what changed since the last time, and now and then every card.

Times are Notion's: minutes, rounded down, so each reading begins two minutes before the last edit
that is known. A reading may be broken off anywhere; the next one begins where it was.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from vidctl.board import pages
from vidctl.board.channels import Unknown
from vidctl.board.client import Json
from vidctl.board.errors import NotionRejected, NotionUnavailable, NotShared
from vidctl.board.fields import Field
from vidctl.board.pages import Card
from vidctl.domain.status import Status
from vidctl.engine.sync.desk import Desk, OpenBoard
from vidctl.engine.sync.guard import InTurn, one_of_many
from vidctl.engine.sync.taking import is_news, take
from vidctl.errors import VidctlError
from vidctl.store import boards, cards, planned
from vidctl.store.boards import Board
from vidctl.store.tasks import Task

OVERLAP: Final = timedelta(minutes=2)
CLOCKS_APART: Final = timedelta(minutes=5)
"""By how much our clock may be ahead of Notion's before an edit is found by the reading of every card only."""
MOST_WAITING: Final = 10
"""Cards that are taken up in one sync because their channel is known now."""
RECONCILE_AFTER: Final = timedelta(hours=1)

_BY_EDIT: Final = [{"timestamp": "last_edited_time", "direction": "ascending"}]
_BY_BIRTH: Final = [{"timestamp": "created_time", "direction": "ascending"}]


@dataclass(slots=True)
class Read:
    """What one reading of a board met."""

    cards: int = 0
    news: list[str] = field(default_factory=list)
    """The cards that had changed, and how, a line each."""
    odd: list[VidctlError] = field(default_factory=list)
    """What is wrong with cards that could not be taken over; those behind them were."""
    late: list[VidctlError] = field(default_factory=list)
    """What Notion could not do for now with single cards."""

    @property
    def is_whole(self) -> bool:
        """Whether every card that was met is taken over."""
        return not self.odd and not self.late


def read_changes(desk: Desk, board: OpenBoard) -> Read:
    """Take over every card that changed since the last reading.

    The next one does not begin behind a card that could not be taken over, so that it meets that card again. The
    hourly reading of all passes it nevertheless: a card that is odd for good must not have everything read again for
    ever, and is tried once an hour from then on.

    Raises:
        NotionUnavailable: it was broken off; what was read is taken over.
    """
    began = desk.clock()
    read = Read()
    body: Json = {"sorts": _BY_EDIT, "result_type": "page"}
    if (since := _since(board)) is not None:
        at = f"{since:%Y-%m-%dT%H:%M:%S.000Z}"
        body["filter"] = {"timestamp": "last_edited_time", "last_edited_time": {"on_or_after": at}}
    for answer in desk.notion.pages("POST", f"data_sources/{board.data_source_id}/query", body=body):
        found = _cards(board, answer, read)
        take_all(desk, board, found, read)
        if found and read.is_whole and not desk.dry_run:
            boards.advance(desk.db, board.database_id, max(card.edited_at for card in found))
    if read.is_whole and not desk.dry_run:
        boards.read_whole(desk.db, board.database_id, began)
    elif not desk.dry_run:
        boards.read_in_part(desk.db, board.database_id)
    return read


def read_waiting(desk: Desk, board: OpenBoard, read: Read) -> None:
    """Take up some cards whose channel nobody knew when they were read, and that is known by now.

    Raises:
        NotionUnavailable: it was broken off, and goes on the next time.
    """
    waiting = [] if desk.dry_run else cards.without_channel(desk.db, board.database_id)
    known = [page for page, said in waiting if not isinstance(board.channel_of(said), Unknown)]
    turn = InTurn(desk.notion, read.odd, read.late)
    for page_id in known[:MOST_WAITING]:
        with turn.card(f"the card {page_id} could not be taken up"):
            look_for(desk, board, page_id)


def _since(board: OpenBoard) -> datetime | None:
    row = board.row
    known = [at - gap for at, gap in ((row.watermark, OVERLAP), (row.read_at, CLOCKS_APART)) if at is not None]
    return max(known).replace(second=0, microsecond=0) if known else None


def needs_all(row: Board, now: datetime) -> bool:
    """Tell whether it is time to read every card."""
    return row.reconciling_since is not None or row.reconciled_at is None or row.reconciled_at + RECONCILE_AFTER < now


def read_all(desk: Desk, board: OpenBoard, *, afresh: bool = False) -> Read:
    """Take over every card of a board, and see after those that are not there any more.

    Raises:
        NotionUnavailable: it was broken off, and goes on from here the next time.
    """
    read, row = Read(), board.row
    began, cursor = row.reconciling_since, row.cursor
    if began is None or afresh:
        began, cursor = desk.clock(), None
        if not desk.dry_run:
            boards.reconcile_from(desk.db, board.database_id, began)
    for answer in _whole_list(desk, board, cursor):
        found = _cards(board, answer, read)
        take_all(desk, board, found, read)
        if not desk.dry_run:
            there = [str(page["id"]) for page in answer["results"] if isinstance(page, dict) and "id" in page]
            cards.seen(desk.db, there, now=desk.clock())
            boards.reconcile_on(desk.db, board.database_id, answer.get("next_cursor"))
            if found:
                boards.advance(desk.db, board.database_id, max(card.edited_at for card in found))
    if not desk.dry_run:
        turn = InTurn(desk.notion, read.odd, read.late)
        for page_id in cards.unseen(desk.db, board.database_id, since=began):
            with turn.card(f"the card {page_id} could not be looked for"):
                look_for(desk, board, page_id)
        boards.reconciled(desk.db, board.database_id)
    return read


def _whole_list(desk: Desk, board: OpenBoard, cursor: str | None) -> Iterator[Json]:
    """Yield every card, the oldest first; beyond Notion's 10,000 of one query the next one begins at the last card."""
    path = f"data_sources/{board.data_source_id}/query"
    body: Json = {"sorts": _BY_BIRTH, "result_type": "page"}
    if cursor is not None:
        try:
            first = desk.notion.read("POST", path, body={**body, "page_size": 100, "start_cursor": cursor})
        except NotionRejected:
            cursor = None  # it is forgotten by now
        else:
            yield first
            if not first.get("has_more"):
                return
    while True:
        answer: Json = {}
        for answer in desk.notion.pages("POST", path, body=body):
            yield answer
        status = answer.get("request_status")
        last = (answer.get("results") or [{}])[-1].get("created_time")
        if not isinstance(status, dict) or status.get("type") != "incomplete" or not last:
            return
        newer = {"timestamp": "created_time", "created_time": {"on_or_after": last}}
        if body.get("filter") == newer:
            return  # 10,000 cards of one minute: what is beyond them nobody can list
        body["filter"] = newer


def _cards(board: OpenBoard, answer: Json, read: Read) -> list[Card]:
    """Return the cards of a list.

    Raises:
        NotionUnavailable: there are things in it that are nothing at all, so it is the list that is broken.
    """
    found: list[Card] = []
    for page in answer["results"]:
        if not isinstance(page, dict) or "id" not in page:
            raise NotionUnavailable("Notion's answer is no list of cards", hint="the next sync tries again")
        if page.get("object") == "page":
            with one_of_many(read.odd, f"the card {page['id']} could not be read"):
                found.append(pages.read(page, board.schema))
    return found


def take_all(desk: Desk, board: OpenBoard, found: Sequence[Card], read: Read) -> None:
    """Take over those of some cards that say anything new, and note them in `read`."""
    ids = [card.page_id for card in found]
    known, films = cards.known(desk.db, ids), planned.on_pages(desk.db, ids)
    turn = InTurn(desk.notion, read.odd, read.late)
    for card in found:
        read.cards += 1
        if is_news(card, known.get(card.page_id), films.get(card.page_id)):
            with turn.card(f"the card {card.url} could not be taken over"):
                if not desk.dry_run:
                    take(desk, board, whole(desk, board, card))
                read.news.append(_news(card, films.get(card.page_id)))


def _news(card: Card, film: Task | None) -> str:
    was, is_ = film.board_seen_status if film else "new", card.status or Status.DRAFT
    return f"{card.said(Field.TITLE) or 'a card without a title'}: {f'{was} → {is_}' if was != is_ else is_}"


def whole(desk: Desk, board: OpenBoard, card: Card) -> Card:
    """Return a card with every text to its end, where Notion cuts it off for its many mentions."""
    texts = {name: _runs(desk, card, board.schema[name].id) for name in pages.truncated(card)}
    return pages.with_texts(card, texts) if texts else card


def _runs(desk: Desk, card: Card, property_id: str) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = []
    for answer in desk.notion.pages("GET", f"pages/{card.page_id}/properties/{property_id}"):
        runs += [item[item["type"]] for item in answer["results"] if item.get("type") in item]
    return runs


def read_one(desk: Desk, board: OpenBoard, page_id: str) -> Card:
    """Return a card as it is now.

    Raises:
        NotShared: it is out of our sight.
        NotionUnavailable: Notion does not answer.
    """
    return whole(desk, board, pages.read(desk.notion.read("GET", f"pages/{page_id}"), board.schema))


def look_for(desk: Desk, board: OpenBoard, page_id: str) -> None:
    """See what became of a card that is not on its board any more: in the trash, on another board, or out of sight."""
    try:
        page = desk.notion.read("GET", f"pages/{page_id}")
    except NotShared:
        cards.gone(desk.db, page_id, now=desk.clock())
        return
    card = pages.read(page, board.schema)
    if card.in_trash or card.data_source_id != board.data_source_id:
        cards.gone(desk.db, page_id, now=desk.clock())
    else:
        take(desk, board, card)
