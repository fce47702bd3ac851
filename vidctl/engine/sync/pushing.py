"""Write a card, when its film is not what the card shows, and only what is different.

Just before it is written the card is read once more, because a person may have been faster. A write
whose answer is lost is followed by another look, never by the same write.
"""

from datetime import timedelta
from typing import Any, Final

from vidctl.board import pages
from vidctl.board.errors import NotionRejected, NotionUnclear, NotShared
from vidctl.board.fields import Field
from vidctl.board.pages import Card, Value
from vidctl.board.texts import Run, appended
from vidctl.domain.status import Status
from vidctl.engine.sync.desk import Desk, OpenBoard
from vidctl.engine.sync.exhibiting import KINDS
from vidctl.engine.sync.face import wanted_of
from vidctl.engine.sync.reading import read_one, whole
from vidctl.engine.sync.taking import take
from vidctl.errors import VidctlError
from vidctl.store import boards, card_notes, cards, exhibits, planned
from vidctl.store.card_notes import Note
from vidctl.store.cards import CardRow, Due
from vidctl.store.tasks import Task

TRIES: Final = 3


def push(desk: Desk, board: OpenBoard, due: Due) -> bool:
    """Bring a card up to date; False where another process is at it, or it could not be done for now.

    Raises:
        NotionUnavailable: Notion does not answer, or the time is over.
    """
    if _shows_all(desk, board, due):
        return True
    if not cards.try_lock(desk.db, due.page_id):
        return False
    try:
        return _push(desk, board, due.page_id)
    except NotShared:
        cards.gone(desk.db, due.page_id, now=desk.clock())
        boards.read_again(desk.db, due.database_id)  # it may be back before the next hour
        return True
    finally:
        cards.unlock(desk.db, due.page_id)


def _shows_all(desk: Desk, board: OpenBoard, due: Due) -> bool:
    """Tell whether a card needs nothing, as far as is known without asking for it."""
    row = cards.known(desk.db, [due.page_id]).get(due.page_id)
    task = planned.on_page(desk.db, due.page_id)
    if row is None or row.unconfirmed or card_notes.waiting(desk.db, due.page_id):
        return False
    if task is not None and (_wanted(desk, board, task, row, row.shown) or _is_anew_at_its_gate(task)):
        return False
    if not desk.dry_run and task is not None and task.board_seen_status == task.status:
        _remember(desk, due.page_id, task)
    return True


def _is_anew_at_its_gate(task: Task) -> bool:
    """Tell whether a film waits as another than the card showed: what was said of that must not count for this.

    So the card is read before it is taken to show this one, even where no word on it would change.
    """
    return task.at_gate and task.board_seen_status == task.status and task.pushed_version != task.version


def _push(desk: Desk, board: OpenBoard, page_id: str) -> bool:
    for _ in range(TRIES):
        was = planned.on_page(desk.db, page_id)
        card = read_one(desk, board, page_id)
        take(desk, board, card)
        if was is not None and _is_anew_at_its_gate(was):
            # By our clock, as the card told nothing: what was said in the same minute is said of either.
            cards.shows_since(desk.db, page_id, desk.clock() + timedelta(minutes=1))
        row, task = cards.known(desk.db, [page_id])[page_id], planned.on_page(desk.db, page_id)
        if row.gone_at is not None or _is_unsettled(card, task):
            return True
        notes = _notes(desk, card)
        values = _values(desk, board, card, row, task, notes)
        if not values and not notes:
            cards.confirmed(desk.db, page_id)
            if task is not None and task.board_seen_status == task.status:
                _remember(desk, page_id, task)
            return True
        if _write(desk, board, card, row, task, values, notes) and not _moved_on(desk, task):
            return True
    return False


def _notes(desk: Desk, card: Card) -> list[Note]:
    """Return the lines that a card does not show yet; those of a write that arrived unnoticed it does."""
    notes = card_notes.waiting(desk.db, card.page_id)
    there = [note for note in notes if note.line in card.said(Field.ERROR_LOG)]
    card_notes.posted(desk.db, there, now=desk.clock())
    return [note for note in notes if note not in there]


def _is_unsettled(card: Card, task: Task | None) -> bool:
    """Tell whether a card's status may be a person's decision yet: then nothing is written, which would hide whose."""
    return task is not None and task.board_seen_status != (card.status or Status.DRAFT)


def _wanted(desk: Desk, board: OpenBoard, task: Task, row: CardRow, shown: Any) -> dict[Field, Value]:
    by_name = {Field(name): value for name, value in shown.items() if name in set(Field)}
    way = exhibits.on_their_way(desk.db, task.id, KINDS) if task.at_gate else []
    return wanted_of(task, planned.spent(desk.db, task.id), board, by_name, row, desk.clock(), way)


def _values(
    desk: Desk, board: OpenBoard, card: Card, row: CardRow, task: Task | None, notes: list[Note]
) -> dict[Field, Value | list[Run]]:
    """Return every field that has to be written, with what."""
    values: dict[Field, Value | list[Run]] = {}
    if task is not None:
        values |= _wanted(desk, board, task, row, card.shown)
    if notes and Field.ERROR_LOG in board.schema:
        values[Field.ERROR_LOG] = appended(card.texts.get(Field.ERROR_LOG, ()), [note.line for note in notes])
    return values


def _write(
    desk: Desk,
    board: OpenBoard,
    card: Card,
    row: CardRow,
    task: Task | None,
    values: dict[Field, Value | list[Run]],
    notes: list[Note],
) -> bool:
    """Write, and remember that; False when nobody knows whether it arrived."""
    status = values.get(Field.STATUS)
    body: dict[str, Any] = {"properties": pages.properties(board.schema, values)}
    looks = _looks(board, task) if task is not None and not card.icon and task.pushed_version == 0 else {}
    # What leaves the status alone leaves no echo of it: a stale card would show the same.
    before = (card.status or Status.DRAFT) if status else None
    cards.writing(
        desk.db,
        card.page_id,
        before=before,
        status=str(status) if status else None,
        version=task.version if task else None,
        now=desk.clock(),
    )
    try:
        answer = _sent(desk, card.page_id, body, looks)
    except NotionUnclear:
        return False
    except VidctlError:  # it was not saved: what the card says from now on is no write of ours
        cards.not_written(desk.db, row)
        raise
    after = whole(desk, board, pages.read(answer, board.schema))
    if task is not None and status:
        planned.seen_on_board(desk.db, task.id, str(status))
        if task.pushed_version != task.version:  # else it is only put back
            cards.shows_since(desk.db, card.page_id, after.edited_at)
    take(desk, board, after)
    with desk.db.transaction():
        card_notes.posted(desk.db, notes, now=desk.clock())
        cards.confirmed(desk.db, card.page_id)
        if task is not None and (status or task.board_seen_status == task.status):
            _remember(desk, card.page_id, task)
    return True


def _sent(desk: Desk, page_id: str, body: dict[str, Any], looks: dict[str, Any]) -> dict[str, Any]:
    """Send a write; where need be without the card's looks: an emoji that is none must not hold up a status."""
    try:
        return desk.notion.write("PATCH", f"pages/{page_id}", body=body | looks)
    except NotionRejected:
        if not looks:
            raise
        return desk.notion.write("PATCH", f"pages/{page_id}", body=body)


def _looks(board: OpenBoard, task: Task) -> dict[str, Any]:
    """Return the icon and the cover of a channel's cards, for a card without an icon of its own."""
    channel = board.channels.get(task.channel_id)
    looks: dict[str, Any] = {}
    if channel is not None and channel.emoji:
        looks["icon"] = {"type": "emoji", "emoji": channel.emoji}
    if channel is not None and channel.banner_url:
        looks["cover"] = {"type": "external", "external": {"url": channel.banner_url}}
    return looks


def _remember(desk: Desk, page_id: str, task: Task) -> None:
    cards.pushed(desk.db, page_id, task_id=task.id, version=task.version, updated_at=task.updated_at)


def _moved_on(desk: Desk, task: Task | None) -> bool:
    """Tell whether a film moved while its card was written: then it is written again at once."""
    if task is None:
        return False
    now_is = planned.on_page(desk.db, str(task.notion_page_id))
    return now_is is not None and now_is.version != task.version
