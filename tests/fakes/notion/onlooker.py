"""What a test sees when it looks into the workspace: no requests, straight from the state."""

from dataclasses import dataclass
from datetime import datetime

from tests.fakes.notion import files, plain, rich_text, schema, values, views
from tests.fakes.notion.errors import Json
from tests.fakes.notion.state import Block, Database, DataSource, Node, Page, Property
from tests.fakes.notion.world import World

Plain = str | float | bool | None
"""A value as a test writes and reads it."""


@dataclass(frozen=True)
class Board:
    """The two ids of a database with one data source."""

    id: str
    data_source_id: str


class Onlooker:
    """Looks at a workspace. Every call takes the lock; any thread may call."""

    def __init__(self, world: World) -> None:
        self.world = world

    def comments(self, page_id: str) -> list[tuple[str, str]]:
        """Return who said what about a page."""
        with self.world.lock:
            said = [one for one in self.world.comments if one.parent == page_id]
            return [(one.by, rich_text.plain(one.rich_text)) for one in said]

    def show(self, page_id: str) -> dict[str, Plain]:
        """Return the values of all properties of a page."""
        with self.world.lock:
            page = self._page(page_id)
            columns = values.columns_of(self.world, page).values()
            return {column.name: plain.shown(self.world, page, column) for column in columns}

    def editor(self, page_id: str) -> str:
        """Return who edited a page last."""
        with self.world.lock:
            return self._page(page_id).edited_by

    def edited_at(self, page_id: str) -> datetime:
        """Return the minute of a page's last edit."""
        with self.world.lock:
            return self._page(page_id).edited_at

    def in_trash(self, page_id: str) -> bool:
        """Whether somebody threw a page away."""
        with self.world.lock:
            return self._page(page_id).in_trash

    def pages(self, board: Board | str) -> list[str]:
        """Return the ids of all rows, those in the trash too, the oldest first."""
        with self.world.lock:
            return list(self._source(board).rows)

    def blocks(self, page_id: str) -> list[Json]:
        """Return what stands on a page: type, text, children, and the id of the file upload where there is one."""
        with self.world.lock:
            return self._described(self.world.nodes[page_id])

    def schema(self, board: Board | str) -> Json:
        """Return the properties of a data source as the API shows them."""
        with self.world.lock:
            return schema.read(self._source(board).properties)

    def views(self, board: Board) -> list[Json]:
        """Return the views of a database as the API shows them."""
        with self.world.lock:
            database = self.world.nodes[board.id]
            assert isinstance(database, Database)
            return [views.read(self.world, view) for view in database.views.values()]

    def file(self, upload: str) -> bytes:
        """Return the bytes of an upload: of its id, or of a URL under which it was shown."""
        with self.world.lock:
            found = self.world.uploads[files.upload_id_in(upload) if "://" in upload else upload]
            assert found.content is not None, "not all of it was sent"
            return bytes(found.content)

    def _page(self, page_id: str) -> Page:
        page = self.world.nodes[page_id]
        assert isinstance(page, Page), f"no page: {page_id}"
        return page

    def _source(self, board: Board | str) -> DataSource:
        node: Node = self.world.nodes[board.data_source_id if isinstance(board, Board) else board]
        if isinstance(node, Database):
            node = self.world.nodes[node.data_sources[0]]
        assert isinstance(node, DataSource), f"no data source: {board}"
        return node

    def _column(self, board: Board | str, name: str) -> Property:
        column = self._source(board).property(name)
        assert column is not None, f"no property: {name}"
        return column

    def _described(self, node: Node) -> list[Json]:
        inside = node.children if isinstance(node, Page | Block) else []
        found = [self.world.nodes[one] for one in inside]
        return [self._description(block) for block in found if isinstance(block, Block) and not block.in_trash]

    def _description(self, block: Block) -> Json:
        content = block.content
        words = content.get("rich_text") or content.get("caption") or []
        described: Json = {"type": block.type, "text": rich_text.plain(words), "children": self._described(block)}
        where = {"file_upload": content.get("upload"), "url": content.get("url")}
        return described | where | {"id": block.id}
