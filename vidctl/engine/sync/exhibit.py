"""One process's work on the page of one film: show what is missing, list it in Assets, say what goes wrong."""

import hashlib
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from vidctl.board.client import Notion, connected
from vidctl.board.errors import NotionRejected, NotionUnavailable, NotShared
from vidctl.board.fields import Field
from vidctl.board.schema import from_json
from vidctl.domain.channel import Channel
from vidctl.domain.work import Artifact, Kind
from vidctl.engine.context import Context
from vidctl.engine.prepare import channel_of, read_storyboard
from vidctl.engine.sync.desk import Desk
from vidctl.engine.sync.exhibiting import KINDS, Exhibition, stage_files
from vidctl.engine.sync.guard import DATABASE_GONE, as_error
from vidctl.engine.sync.links import links_of
from vidctl.engine.sync.messenger import push_pages
from vidctl.errors import ExitCode, NotFound, VidctlError
from vidctl.logs import bound, log
from vidctl.storage.files import is_whole
from vidctl.storage.local import Folder, folder
from vidctl.store import Db, artifacts, boards, card_notes, cards, channels, exhibits, tasks
from vidctl.store.connection import connect
from vidctl.store.pace import SPACING_S, SharedPace
from vidctl.store.tasks import Task
from vidctl.store.texts import storable

BUDGET_S: Final = 1_800.0
SOON: Final = timedelta(minutes=2)
LATER: Final = timedelta(hours=1)
_FREE_PLAN: Final = 5 * 1024 * 1024
"""Bytes that the smallest plan takes; also where Notion does not say."""
_MOST_ASSETS: Final = 100
_ASSETS: Final = "Assets"
_PROBLEM: Final = "problem"
_AGAIN: Final = "it is tried again within the hour, or at once after vidctl sync --full"


class _Elsewhere(NotFound):
    """The files of a film are not on this machine."""


def exhibit(dsn: str, task_id: UUID, context: Context, *, spacing_s: float = SPACING_S) -> int:
    """Bring the page of a film's card up to date; what cannot be done for now a later tick tries again.

    Returns 0, whatever came of it: that is written where people look.
    """
    with closing(connect(dsn, application_name="vidctl: page")) as db:
        task = tasks.get(db, task_id)
        if task.notion_page_id is None or not exhibits.try_lock(db, task_id):
            return ExitCode.OK
        with bound(correlation_id=str(task_id), channel_id=task.channel_id, step="page"):
            try:
                _bring(db, task, context, spacing_s)
            finally:
                exhibits.unlock(db, task_id)
            cards.look_again(db, task.notion_page_id)
            push_pages(db, context, [task.notion_page_id], budget_s=SOON.total_seconds())
    return ExitCode.OK


def _bring(db: Db, task: Task, context: Context, spacing_s: float) -> None:
    """Bring a page up to date; where that fails it rests, or it would be tried each minute before all others."""
    try:
        channel = channel_of(task, channels.get(db, task.channel_id).channel)
        with connected(context.environment, SharedPace(db, spacing_s=spacing_s), budget_s=BUDGET_S) as notion:
            _show(db, notion, task, channel, context)
        exhibits.rest(db, task.id, None)
        exhibits.keep_heading(db, task.id, _PROBLEM, None, is_clean=True)  # if it comes back, it is news
    except NotionUnavailable as trouble:
        exhibits.rest(db, task.id, context.clock() + SOON)
        log("a page could not be brought up to date for now", level="warning", error_message=str(trouble))
    except _Elsewhere as trouble:  # the ticks of the machine that has its files see to it
        exhibits.rest(db, task.id, context.clock() + SOON)
        log("a page is left to another machine", error_message=str(trouble))
    except (VidctlError, OSError) as trouble:
        exhibits.rest(db, task.id, context.clock() + LATER)
        cure = (
            _AGAIN
            if isinstance(trouble, NotionRejected)
            else getattr(trouble, "hint", "free space, or mend the folder")
        )
        _complain(db, task, str(trouble), cure, context)
    except DATABASE_GONE:
        raise
    except Exception as bug:  # noqa: BLE001  # whatever it is
        exhibits.rest(db, task.id, context.clock() + LATER)
        told = as_error(bug, "it could not be brought up to date")
        log("a page is left alone for a while", level="error", exc_info=True, error_message=str(told), hint=told.hint)
        _complain(db, task, str(told), f"report it with what this says: vidctl logs {task.id} --step page", context)


def _show(db: Db, notion: Notion, task: Task, channel: Channel, context: Context) -> None:
    place = folder(context.home, task.channel_id, str(task.id))
    board = _storyboard(db, task, place)
    desk = Desk(db, notion, [channel], context.clock, context.home)
    links = links_of(exhibits.of_film(db, task.id, KINDS), channel, context.environment)
    exhibition = Exhibition(desk, task, channel, place, board, context.environment, _max_bytes(notion), links)
    try:
        exhibition.show()
        _list_assets(desk, task, exhibition)
    except (NotShared, NotionRejected):
        if not _is_gone(notion, task):
            raise
        cards.gone(db, str(task.notion_page_id), now=context.clock())


def _is_gone(notion: Notion, task: Task) -> bool:
    """Tell whether a film's card is in the trash, or out of our sight: its page is seen to when it is back."""
    try:
        return bool(notion.read("GET", f"pages/{task.notion_page_id}").get("in_trash"))
    except NotShared:
        return True


def _storyboard(db: Db, task: Task, place: Folder) -> Any:
    """Return the film's storyboard, from this machine's folder.

    Raises:
        _Elsewhere: it is not there.
    """
    kept = artifacts.done(db, task.id).get(Artifact(Kind.STORYBOARD))
    whole = kept is not None and is_whole(place.path(kept.made.path), kept.made, modified_ns=kept.modified_ns)
    board = read_storyboard(place, {kept.made.artifact: kept.made}) if kept is not None and whole else None
    if board is None:
        raise _Elsewhere(f"the files of {task.title!r} are not on this machine", hint=f"look in {place.root}")
    return board


def _max_bytes(notion: Notion) -> int:
    """Return how large a file may be in this workspace."""
    bot = notion.read("GET", "users/me").get("bot")
    limits = bot.get("workspace_limits") if isinstance(bot, Mapping) else None
    said = limits.get("max_file_upload_size_in_bytes") if isinstance(limits, Mapping) else None
    return int(said) if isinstance(said, int) and said > 0 else _FREE_PLAN


def _list_assets(desk: Desk, task: Task, exhibition: Exhibition) -> None:
    """List in the card's Assets what its stage needs; what Notion does not attach again stands on the page anyway."""
    (row,) = [*boards.of_page(desk.db, str(task.notion_page_id))]
    kept = from_json(row.properties).get(Field.ASSETS)
    status = tasks.get(desk.db, task.id).status  # uploading took a while
    items = list(stage_files(exhibits.of_film(desk.db, task.id, KINDS), status))[:_MOST_ASSETS]
    if kept is None or not items:
        return
    files = [{**exhibition.file_of(item), "name": exhibition.name_of(item)} for item in items]
    # Of what is linked not the addresses: those that are signed are new each time, but how long the page's hold.
    linked = [
        (item.sha256, exhibition.name_of(item), *([item.link_until.timestamp()] if item.link_until else ()))
        for item in items
    ]
    told = linked if exhibition.links else files
    mark = hashlib.sha256(repr(told).encode()).hexdigest()
    if exhibits.heading_of(desk.db, task.id, _ASSETS)[0] == mark:
        return
    try:
        desk.notion.write("PATCH", f"pages/{task.notion_page_id}", body={"properties": {kept.id: {"files": files}}})
    except NotionRejected as refused:
        log("Notion does not list the files of a film", level="warning", error_message=str(refused))
    exhibits.keep_heading(desk.db, task.id, _ASSETS, mark, is_clean=True)


def _complain(db: Db, task: Task, message: str, hint: str, context: Context) -> None:
    """Say on the card, once, why its page does not show everything."""
    line = f"the page does not show everything: {message} ({hint})"
    now = context.clock()
    if exhibits.heading_of(db, task.id, _PROBLEM)[0] != line:
        exhibits.keep_heading(db, task.id, _PROBLEM, line, is_clean=True)
        card_notes.add(db, str(task.notion_page_id), storable(f"{now:%Y-%m-%dT%H:%MZ} {line}"), now=now)
