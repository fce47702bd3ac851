"""After a command moved films: their cards show it at once, not only with the next tick."""

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from vidctl.cli.session import Session

BUDGET_S = 5.0


def show_on_cards(opened: "Session", films: Collection[UUID]) -> None:
    """Write the cards of those films that have one; what Notion does not take now, the next tick writes."""
    from vidctl.store import planned

    pages = planned.pages_of(opened.db, films)
    if not pages or not opened.settings.environment.get("NOTION_TOKEN"):
        return
    from vidctl.cli.session import context_of
    from vidctl.engine.sync.messenger import push_pages

    push_pages(opened.db, context_of(opened.settings), pages, budget_s=BUDGET_S)
