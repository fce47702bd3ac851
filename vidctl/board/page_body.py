"""Blocks of one page: read back, added once, put in the place of others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vidctl.board.body import MAX_BLOCKS, Block, Found, Section, found_in, heading, is_heading
from vidctl.board.client import Json, Notion
from vidctl.board.errors import NotionRejected, NotionUnavailable, NotionUnclear, NotShared

_HOLDS = ("column_list", "column")


@dataclass(frozen=True, slots=True)
class PageBody:
    """What stands on a page."""

    notion: Notion
    page_id: str

    def heading(self, section: Section, known: str | None = None) -> str:
        """Return the id of a section's heading, which is made at the end of the page where there is none.

        `known` is what it was; people may have given it another name.

        Raises:
            NotionUnclear: it may have been made; the next look finds it.
        """
        if known is not None and self._is_there(known):
            return known
        for block in self._children(self.page_id):
            if is_heading(block, section):
                return str(block["id"])
        return self.append(self.page_id, [heading(section)])[0]

    def found_below(self, block_id: str) -> Iterator[Found]:
        """Yield every block of ours below a heading, in columns too."""
        for block in self._children(block_id):
            if (found := found_in(block)) is not None:
                yield found
            if block.get("type") in _HOLDS:
                yield from self.found_below(str(block["id"]))

    def append(self, parent_id: str, blocks: Sequence[Block], *, after: str | None = None) -> list[str]:
        """Add blocks at the end of a parent, or behind one of its blocks, and return their ids.

        Raises:
            NotionUnclear: nobody knows whether they were added: read before anything else.
        """
        added: list[str] = []
        for at in range(0, len(blocks), MAX_BLOCKS):
            behind = added[-1] if added else after
            position = {"type": "after_block", "after_block": {"id": behind}} if behind else {"type": "end"}
            body: Json = {"children": list(blocks[at : at + MAX_BLOCKS]), "position": position}
            answer = self.notion.write("PATCH", f"blocks/{parent_id}/children", body=body)
            made = [str(block["id"]) for block in answer.get("results", []) if "id" in block]
            if len(made) < len(body["children"]):
                raise NotionUnclear("Notion does not say what it added", hint="the page is read before anything else")
            added += made[-len(body["children"]) :]
        return added

    def replace(self, block_id: str, blocks: Sequence[Block]) -> list[str] | None:
        """Put blocks in the place of one, and return their ids; None where it is not there any more."""
        try:
            old = self.notion.read("GET", f"blocks/{block_id}")
        except NotShared:
            return None
        parent = old.get("parent") or {}
        parent_id = parent.get("block_id") or parent.get("page_id")
        if old.get("in_trash") or not parent_id:
            return None
        added = self.append(str(parent_id), blocks, after=block_id)
        self.remove(block_id)
        return added

    def change(self, block_id: str, block: Block) -> bool:
        """Have a block show something else, in its place; False where it is not there any more."""
        kind = str(block["type"])
        content = {name: value for name, value in block[kind].items() if name != "type"}
        try:
            self.notion.write("PATCH", f"blocks/{block_id}", body={kind: content})
        except NotShared:
            return False
        except NotionRejected:
            if self._is_there(block_id):
                raise
            return False
        return True

    def remove(self, block_id: str) -> None:
        """Take a block off the page; one that is gone already is no trouble, and removing it twice neither."""
        for tries_left in reversed(range(3)):
            try:
                self.notion.write("DELETE", f"blocks/{block_id}")
            except (NotShared, NotionRejected):
                return
            except NotionUnclear:
                if not tries_left:
                    raise
            else:
                return

    def _is_there(self, block_id: str) -> bool:
        try:
            return not self.notion.read("GET", f"blocks/{block_id}").get("in_trash")
        except NotShared:
            return False

    def table_in(self, block_id: str) -> str | None:
        """Return the id of the table in a block."""
        return next((str(block["id"]) for block in self._children(block_id) if block.get("type") == "table"), None)

    def _children(self, block_id: str) -> Iterator[Json]:
        for answer in self.notion.pages("GET", f"blocks/{block_id}/children"):
            for block in answer["results"]:
                if not isinstance(block, dict):
                    raise NotionUnavailable("Notion's answer holds no blocks", hint="a later tick tries again")
                yield block
