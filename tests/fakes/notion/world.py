"""The whole state of a workspace, behind one lock."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from tests.fakes.notion.errors import not_found
from tests.fakes.notion.state import Block, Comment, DataSource, Node, Page, User, new_id, normal_id
from tests.fakes.notion.upload_state import Upload

NodeT = TypeVar("NodeT", bound=Node)


class World:
    """The whole state. Whoever reads or writes it holds `lock`."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.base_url = ""
        self.workspace_id = new_id()
        self.max_upload_bytes = 0
        self.capabilities: set[str] = set()
        self.random = random.Random(0)
        self.users: dict[str, User] = {}
        self.nodes: dict[str, Node] = {}
        self.uploads: dict[str, Upload] = {}
        self.hosted: dict[str, bytes] = {}
        self.comments: list[Comment] = []
        self.shared: dict[str, bool] = {}
        self.revision = 0
        self.query_limit = 10_000

    def minute(self) -> datetime:
        """Return the time as Notion keeps it: rounded down to the minute."""
        return self.clock().astimezone(UTC).replace(second=0, microsecond=0)

    def stamps(self, by: str) -> dict[str, Any]:
        """Return the edit times of something that is made now."""
        at = self.minute()
        return {"created_at": at, "created_by": by, "edited_at": at, "edited_by": by}

    def add(self, node: NodeT) -> NodeT:
        """Put a new node into the world."""
        self.revision += 1
        self.nodes[node.id] = node
        if isinstance(node, Page):
            node.born = self.revision
            if isinstance(source := self.nodes.get(node.parent), DataSource):
                source.rows[node.id] = node
        return node

    @contextmanager
    def edit(self, node: Node, by: str) -> Iterator[None]:
        """Change a node: keeps what a page was before, and stamps who edited it when."""
        before = None
        if isinstance(node, Page):
            before = replace(node, properties=dict(node.properties), children=list(node.children), previous=None)
        yield
        node.edited_at, node.edited_by = self.minute(), by
        self.revision += 1
        if isinstance(node, Page):
            node.previous = before

    def is_shared(self, node_id: str) -> bool:
        """Whether the integration may see a node: the nearest word about it or about what holds it counts."""
        while node_id:
            if node_id in self.shared:
                return self.shared[node_id]
            node_id = self.nodes[node_id].parent
        return False

    def find(self, kind: type[NodeT], what: str, object_id: str) -> NodeT:
        """Return a node that the integration may see.

        Raises:
            ApiError: there is none of this kind, or it is not shared.
        """
        node = self.nodes.get(normal_id(object_id, f"{what}_id"))
        if not isinstance(node, kind) or not self.is_shared(node.id):
            raise not_found(what, object_id)
        return node

    def source_of(self, page: Page) -> DataSource | None:
        """Return the data source of which a page is a row, if it is one."""
        parent = self.nodes.get(page.parent)
        return parent if isinstance(parent, DataSource) else None

    def page_of(self, node: Node) -> Node:
        """Return the page that a block stands on."""
        while isinstance(node, Block):
            node = self.nodes[node.parent]
        return node
