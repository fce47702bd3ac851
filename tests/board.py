"""A studio whose films are planned as cards in a Notion that is a fake, with one person at work there."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from typing import Any

import psycopg
from notion_client import Client

from tests.fakes.notion import Board, FakeNotion, Request
from tests.studio import Studio
from vidctl.board.client import VERSION
from vidctl.board.fields import PROPERTIES
from vidctl.domain.status import Status
from vidctl.engine.context import Context
from vidctl.engine.sync.run import Synced, Syncing, syncing
from vidctl.store import Db, planned
from vidctl.store.tasks import Task

TURNS_AT_ONCE = """
    create or replace function at_once() returns trigger language plpgsql as
        'begin new.free_at := clock_timestamp(); return new; end';
    create or replace trigger at_once before insert or update on pace for each row
        when (new.free_at < clock_timestamp() + interval '0.5 s') execute function at_once()
"""
"""Lets nobody wait for a turn, in whichever process; a rest that Notion asks for is kept."""
SCHEMA = {one.name: {one.type: dict(one.more)} for one in PROPERTIES.values()}


class Desk:
    """One database with the cards of channel `one`."""

    def __init__(self, studio: Studio, notion: FakeNotion, *, scenes: int = 2, **channel: Any) -> None:
        self.studio, self.notion = studio, notion
        studio.db.execute(TURNS_AT_ONCE)
        self.ana = notion.person("Ana", "ana@example.com")
        self.board = notion.database(notion.parent_page("Studio"), SCHEMA)
        studio.channel("one", board="notion", notion_database_id=self.board.id, scenes=scenes, **channel)

    def second_board(self, channel_id: str) -> Board:
        """Make another database, with the cards of another channel."""
        board = self.notion.database(self.notion.parent_page(channel_id), SCHEMA)
        self.studio.channel(channel_id, board="notion", notion_database_id=board.id)
        return board

    @property
    def environment(self) -> dict[str, str]:
        """What a `vidctl` process needs of Notion."""
        return {"NOTION_TOKEN": self.notion.token, "NOTION_BASE_URL": self.notion.url}

    @property
    def context(self) -> Context:
        here = self.studio.context
        return replace(here, environment={**here.environment, **self.environment})

    def card(self, **fields: Any) -> str:
        return self.notion.card(
            self.board, by=self.ana, **{"Channel": "One", "Title": "A film", "Topic": "Birds"} | fields
        )

    def edit(self, page: str, **fields: Any) -> None:
        """Let Ana change a card, a minute after whatever was before: people are no quicker as a rule."""
        self.studio.later(seconds=60)
        self.edit_at_once(page, **fields)

    def edit_at_once(self, page: str, **fields: Any) -> None:
        """Let Ana change a card in the same moment."""
        self.notion.edit(page, by=self.ana, **fields)

    def client(self) -> Client:
        """Return Notion's own client, for what the integration does besides."""
        return Client(auth=self.notion.token, base_url=self.notion.url, notion_version=VERSION)

    @contextmanager
    def crash_of(self, session: str, at: int) -> Iterator[Callable[[], bool]]:
        """Cut a session of the database when its request number `at` is saved, as if its process had died there."""
        seen = [0]

        def after(_: Request) -> None:
            seen[0] += 1
            if seen[0] == at:
                self.studio.db.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where application_name = %s and datname = current_database()",
                    (session,),
                )

        self.notion.meanwhile(after=after)
        try:
            with suppress(psycopg.OperationalError):
                yield lambda: seen[0] >= at
        finally:
            self.notion.meanwhile(after=lambda _: None)

    def says(self, page: str, text: str) -> None:
        """Let Ana comment on a card, a minute after whatever was before."""
        self.studio.later(seconds=60)
        self.notion.comment(page, by=self.ana, text=text)

    def asks(self, page: str, text: str) -> None:
        """Let Ana comment on a card, and vidctl hear it."""
        self.says(page, text)
        self.sync()

    def replies(self, page: str, text: str, *, to: str = "redo") -> None:
        """Let Ana reply in the thread that began with a comment of hers, a minute after whatever was before."""
        self.studio.later(seconds=60)
        self.notion.comment(page, by=self.ana, text=text, in_thread_of=to)

    def answers(self, page: str) -> list[str]:
        """Return what vidctl said in comments."""
        return [text for by, text in self.notion.comments(page) if by == self.notion.bot_id]

    def shows(self, page: str) -> dict[str, object]:
        return dict(self.notion.show(page))

    def syncing(self, db: Db, budget_s: float) -> AbstractContextManager[Syncing]:
        """Open a sync that waits for no turn, and tries again at once what fails."""
        here, channels = self.context, self.studio.files().channels
        return syncing(db, here, channels, budget_s=budget_s, spacing_s=0.001, waits_s=(0.01, 0.02, 0.04))

    def sync(self, *, full: bool = False, budget_s: float = 60) -> Synced:
        self.studio.later(seconds=1)
        with (
            self.studio.session("sync") as db,
            self.syncing(db, budget_s) as board,
        ):
            until = time.monotonic() + budget_s
            board.read(until=until, full=full)
            board.read_comments(self.context, until=until)
            board.push(until=until)
            return board.done

    def sync_with_a_click(self, page: str, status: str) -> None:
        """Sync, while Ana sets a card's status between its reading and its writing; then let two minutes pass."""
        clicks = [status]

        def click(request: Request) -> None:
            if request.path.endswith("/comments") and clicks:
                self.edit_at_once(page, Status=clicks.pop())

        self.notion.meanwhile(after=click)
        self.sync()
        self.notion.meanwhile(after=lambda _: None)
        assert not clicks, "she had the time to"
        self.studio.later(minutes=2)

    def note(self, page: str) -> str:
        """Return what the card's Error Log says."""
        return str(self.shows(page)["Error Log"] or "")

    def agrees(self, page: str) -> bool:
        return self.shows(page)["Status"] == self.film(page).status

    def film(self, page: str) -> Task:
        found = planned.on_page(self.studio.db, page)
        assert found is not None
        return found

    def at(self, status: Status, **fields: Any) -> str:
        """Return the page of a film that has come to `status`, and whose card shows it."""
        page = self.card(Status="Queued", **fields)
        self.sync()
        self.studio.bring(self.film(page).id, status)
        self.sync()
        assert self.shows(page)["Status"] == status
        return page
