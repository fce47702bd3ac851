"""People at work in the workspace: what they do goes straight into the state, without any request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from tests.fakes.notion import comments, databases, plain, rich_text, schema, values
from tests.fakes.notion.errors import Json
from tests.fakes.notion.onlooker import Board, Onlooker
from tests.fakes.notion.state import DataSource, Option, Page, Property, User, new_id
from tests.fakes.notion.world import World


class Humans(Onlooker):
    """What people can do with a workspace. Every call takes the lock; any thread may call."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(World(clock))
        self.bot_id = new_id()
        self.world.users[self.bot_id] = User(self.bot_id, "vidctl", is_bot=True)
        self._owner = self.person("Owner", "owner@example.com")

    def person(self, name: str, email: str = "", *, guest: bool = False) -> str:
        """Let somebody join the workspace; return the id."""
        with self.world.lock:
            user = User(new_id(), name, email, is_guest=guest)
            self.world.users[user.id] = user
            return user.id

    def parent_page(self, title: str = "Studio", *, shared: bool = True) -> str:
        """Make a page at the top of the workspace; return its id."""
        with self.world.lock:
            page = self.world.add(Page(id=new_id(), parent="", **self.world.stamps(self._owner)))
            page.properties["title"] = rich_text.of(title)
            self.world.shared[page.id] = shared
            return page.id

    def database(self, parent: str, properties: Json, *, title: str = "Films", shared: bool = True) -> Board:
        """Make a database with one data source; `properties` as `POST /databases` takes them."""
        with self.world.lock:
            columns = schema.create(self.world, properties)
            made = databases.make(self.world, parent, columns, rich_text.of(title), self._owner)
            self.world.shared[made.id] = shared
            return Board(made.id, made.data_sources[0])

    def share(self, object_id: str, shared: bool) -> None:
        """Share a page or a database, and what is in it, with the integration; or take that back."""
        with self.world.lock:
            self.world.shared[object_id] = shared

    def card(self, board: Board | str, *, by: str | None = None, **fields: Any) -> str:
        """Make a row; return the id of its page."""
        with self.world.lock:
            source = self._source(board)
            page = self.world.add(Page(id=new_id(), parent=source.id, **self.world.stamps(by or self._owner)))
            page.properties = values.new_row(source)
            self._write(page, fields)
            return page.id

    def edit(self, page_id: str, *, by: str | None = None, **fields: Any) -> None:
        """Change values of a card. None clears; an option that is not there yet is made."""
        with self._editing(page_id, by) as page:
            self._write(page, fields)

    def trash(self, page_id: str, *, by: str | None = None) -> None:
        """Throw a page away."""
        with self._editing(page_id, by) as page:
            page.in_trash = True

    def restore(self, page_id: str, *, by: str | None = None) -> None:
        """Take a page out of the trash."""
        with self._editing(page_id, by) as page:
            page.in_trash = False

    def archive(self, page_id: str, *, by: str | None = None) -> None:
        """Put a page away without throwing it away."""
        with self._editing(page_id, by) as page:
            page.is_archived = True

    def move(self, page_id: str, to: Board | str, *, by: str | None = None) -> None:
        """Move a card to another database; what that has no property of the same name and type for is lost."""
        with self._editing(page_id, by) as page:
            source, target = self._source(page.parent), self._source(to)
            kept = self._carried(page, source, target)
            del source.rows[page.id]
            target.rows[page.id] = page
            page.parent, page.properties = target.id, values.new_row(target) | kept

    def comment(self, page_id: str, text: str, *, by: str | None = None, in_thread_of: str | None = None) -> None:
        """Say something about a page, in the last thread that begins with some words or a new one; that is no edit."""
        with self.world.lock:
            thread = None
            if in_thread_of is not None:
                thread = [
                    one.discussion
                    for one in self.world.comments
                    if one.parent == page_id and rich_text.plain(one.rich_text).startswith(in_thread_of)
                ][-1]
            comments.say(self.world, self.world.nodes[page_id], by or self._owner, rich_text.of(text), thread)

    def rename_property(self, board: Board | str, old: str, new: str) -> None:
        """Give a property another name; its id stays."""
        with self.world.lock:
            self._column(board, old).name = new

    def remove_property(self, board: Board | str, name: str) -> None:
        """Delete a property, and its values."""
        with self.world.lock:
            del self._source(board).properties[self._column(board, name).id]

    def rename_option(self, board: Board | str, name: str, old: str, new: str) -> None:
        """Give an option another name; its id stays, and so do the cards that have it."""
        with self.world.lock:
            option = self._column(board, name).named(old)
            assert option is not None, f"{name} has no option {old}"
            option.name = new

    def remove_option(self, board: Board | str, name: str, option: str) -> None:
        """Delete an option; the cards that have it have nothing then."""
        with self.world.lock:
            column = self._column(board, name)
            column.options = [one for one in column.options if one.name != option]

    def host(self, url: str, content: bytes) -> None:
        """Put a file on the web, for uploads with the mode external_url."""
        with self.world.lock:
            self.world.hosted[url] = content

    @contextmanager
    def _editing(self, page_id: str, by: str | None) -> Iterator[Page]:
        with self.world.lock:
            page = self._page(page_id)
            with self.world.edit(page, by or self._owner):
                yield page

    def _write(self, page: Page, fields: dict[str, Any]) -> None:
        columns = values.columns_of(self.world, page)
        written = {name: plain.written(values.named(columns, name), value) for name, value in fields.items()}
        values.settle(self.world, page, values.parse(self.world, columns, written))

    def _carried(self, page: Page, source: DataSource, target: DataSource) -> Json:
        """Return the values that a card takes along to another data source, by the ids that they have there."""
        kept: Json = {}
        for column in source.properties.values():
            twin = target.property(column.name)
            if twin is not None and twin.type == column.type and column.id in page.properties:
                kept[twin.id] = _translated(page.properties[column.id], column, twin)
        return kept


def _translated(value: Any, column: Property, twin: Property) -> Any:
    """Return a value with the ids that its options have in another property."""
    if column.type not in schema.WITH_OPTIONS or value is None:
        return value
    ids = [_same(column, twin, one) for one in (value if isinstance(value, list) else [value])]
    return ids if isinstance(value, list) else ids[0]


def _same(column: Property, twin: Property, option_id: str) -> str | None:
    option = column.option(option_id)
    if option is None:
        return None
    known = twin.named(option.name)
    if known is None:
        known = Option(new_id(), option.name, option.color, option.group)
        twin.options.append(known)
    return known.id
