"""A studio whose films are planned as cards in a Notion that is a fake, with one person at work there."""

import time
from dataclasses import replace
from typing import Any

from tests.fakes.notion import Board, FakeNotion
from tests.studio import Studio
from vidctl.board.fields import PROPERTIES
from vidctl.domain.status import Status
from vidctl.engine.context import Context
from vidctl.engine.sync.run import Synced, syncing
from vidctl.store import planned
from vidctl.store.tasks import Task

SCHEMA = {one.name: {one.type: dict(one.more)} for one in PROPERTIES.values()}


class Desk:
    """One database with the cards of channel `one`."""

    def __init__(self, studio: Studio, notion: FakeNotion, *, scenes: int = 2, **channel: Any) -> None:
        self.studio, self.notion = studio, notion
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

    def shows(self, page: str) -> dict[str, object]:
        return dict(self.notion.show(page))

    def sync(self, *, full: bool = False, budget_s: float = 60) -> Synced:
        self.studio.later(seconds=1)
        with (
            self.studio.session("sync") as db,
            syncing(db, self.context, self.studio.files().channels, budget_s=budget_s, spacing_s=0.001) as board,
        ):
            until = time.monotonic() + budget_s
            board.read(until=until, full=full)
            board.push(until=until)
            return board.done

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
        self.studio.advance(self.film(page).id, status)
        self.sync()
        assert self.shows(page)["Status"] == status
        return page
