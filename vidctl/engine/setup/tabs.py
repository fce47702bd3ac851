"""The views of a database: which there are, and making those that are missing."""

import time
from collections.abc import Iterable, Iterator, Sequence

from vidctl.board.channels import labels
from vidctl.board.client import Notion
from vidctl.board.errors import NotionRejected, NotionUnclear, NotShared
from vidctl.board.inspect import Finding, Severity
from vidctl.board.schema import Schema
from vidctl.board.views import View, missing, views
from vidctl.domain.channel import Channel
from vidctl.engine.setup.database import LOOK_AGAIN_S, Database, nonsense, text_of


def wanted(schema: Schema, channels: Sequence[Channel]) -> list[View]:
    """Return the views that a database with the cards of these channels should have."""
    return views(schema, list(labels(channels).values()))


def lacking(notion: Notion, database: Database, all_of_them: Sequence[View]) -> list[View]:
    """Return those of these views that a database does not have; Notion lists views by ids, so each one is read."""
    return missing(all_of_them, _names(notion, database))


def make(notion: Notion, database: Database, new: Iterable[View]) -> tuple[list[str], list[Finding]]:
    """Make these views; return the names of those that were made, and what Notion says to the others.

    Raises:
        NotionUnavailable: Notion says neither yes nor no.
    """
    made, refused = [], []
    for view in new:
        try:
            _make(notion, database, view)
            made.append(view.name)
        except NotionRejected as exc:
            cure = f"in Notion add a {view.type} view and call it {view.name!r}"
            refused.append(Finding(Severity.WARNING, view.name, f"there is no view {view.name!r}: {exc}", cure))
    return made, refused


def _make(notion: Notion, database: Database, view: View) -> None:
    """Make a view; where nobody knows whether that was done, look for it, and only then try once more."""
    body = view.body(database.id, database.source_id)
    try:
        notion.write("POST", "views", body=body)
    except NotionUnclear:
        for wait_s in LOOK_AGAIN_S:
            time.sleep(wait_s)
            if not lacking(notion, database, [view]):
                return
        notion.write("POST", "views", body=body)


def _names(notion: Notion, database: Database) -> Iterator[str]:
    """Yield what each view is called.

    Raises:
        NotionUnavailable: an answer is no view: taken for one of another name, it would be made twice.
    """
    for answer in notion.pages("GET", "views", query={"database_id": database.id}):
        for view in answer["results"]:
            try:
                name = text_of(view, "name") or text_of(notion.read("GET", f"views/{text_of(view, 'id')}"), "name")
            except NotShared:  # somebody deleted it meanwhile
                continue
            if not name:
                raise nonsense("view")
            yield name
