"""What stands on a page: read, appended, changed, removed."""

from dataclasses import dataclass
from typing import Any

from tests.fakes.notion import block_types, files, pages, render, rich_text
from tests.fakes.notion.call import Call, listed
from tests.fakes.notion.errors import Json, invalid, invalid_body, limited, not_found, only
from tests.fakes.notion.state import Block, Database, DataSource, Node, Page, new_id, normal_id
from tests.fakes.notion.world import World

_DEEPEST = 2
"""Levels of nesting below the blocks that a request appends."""
_MOST_BLOCKS = 1000


@dataclass
class Draft:
    """A block of a request, checked, that nobody has made yet."""

    type: str
    content: Json
    children: list["Draft"]

    def count(self) -> int:
        return 1 + sum(child.count() for child in self.children)


def parse_children(world: World, given: Any, where: str, depth: int = 0) -> list[Draft]:
    """Return the blocks of a request, all of them checked."""
    if depth > _DEEPEST and given:
        raise invalid_body(where, "not present", given)
    drafts = [_draft(world, one, f"{where}[{at}]", depth) for at, one in enumerate(limited(given, where))]
    if sum(draft.count() for draft in drafts) > _MOST_BLOCKS:
        raise invalid(f"body failed validation: a request may bring at most {_MOST_BLOCKS} blocks.")
    return drafts


def place(world: World, above: Page | Block, drafts: list[Draft], by: str, at: int | None = None) -> list[Block]:
    """Make the blocks, at a place among the children of `above` or at the end of them."""
    made = []
    for draft in drafts:
        stamps = world.stamps(by)
        block = world.add(Block(id=new_id(), parent=above.id, type=draft.type, content=draft.content, **stamps))
        files.attach(world, draft.content)
        place(world, block, draft.children, by)
        made.append(block)
    start = len(above.children) if at is None else at
    above.children[start:start] = [block.id for block in made]
    return made


def read(world: World, node: Node) -> Json:
    """Return a block object; pages and databases are blocks of their parent too."""
    kind, content = _content(world, node)
    return {
        "object": "block",
        "id": node.id,
        "parent": render.parent(world, node),
        **render.stamps(node),
        "has_children": bool(_children(world, node)),
        "in_trash": node.in_trash,
        "type": kind,
        kind: content,
    }


def retrieve(call: Call, block_id: str) -> Json:
    """GET /blocks/{id}."""
    return read(call.world, _find(call, block_id))


def children(call: Call, block_id: str) -> Json:
    """GET /blocks/{id}/children."""
    inside = _children(call.world, _find(call, block_id))
    return listed(call.query, [read(call.world, node) for node in inside], "block")


def append(call: Call, block_id: str) -> Json:
    """PATCH /blocks/{id}/children."""
    world, body = call.world, call.body
    only(body, "children", "position")
    above = _find(call, block_id)
    if not isinstance(above, Page | Block):
        raise invalid("Only pages and blocks can have children.")
    if _is_in_trash(world, above):
        raise invalid("Can't edit block that is in the trash. You must restore the block before editing.")
    if isinstance(above, Block) and above.type.startswith("heading_") and not above.content.get("is_toggleable"):
        raise invalid("Block does not support children.")
    drafts = parse_children(world, body.get("children"), "body.children")
    at = _position(above, body.get("position") or {"type": "end"})
    with world.edit(world.page_of(above), call.by):
        made = place(world, above, drafts, call.by, at)
    shown = [read(world, block) for block in made]
    return {
        "object": "list",
        "results": shown,
        "next_cursor": None,
        "has_more": False,
        "type": "block",
        "block": {},
    }


def _is_in_trash(world: World, node: Page | Block) -> bool:
    """Tell whether a page or a block is in the trash, or something that it stands in."""
    above = world.nodes.get(node.parent) if isinstance(node, Block) else None
    return node.in_trash or (isinstance(above, Page | Block) and _is_in_trash(world, above))


def update(call: Call, block_id: str) -> Json:
    """PATCH /blocks/{id}."""
    world = call.world
    block = world.find(Block, "block", block_id)
    only(call.body, "type", "in_trash", block.type)
    trashed = render.flag(call.body.get("in_trash", block.in_trash), "body.in_trash")
    if block.in_trash and trashed:
        raise invalid("Can't edit block that is in the trash. You must restore the block before editing.")
    content = block.content
    if block.type in call.body:
        content = block_types.update(world, block.type, content, call.body[block.type], f"body.{block.type}")
    _touch(call, block)
    files.attach(world, content)
    block.content, block.in_trash = content, trashed
    return read(world, block)


def delete(call: Call, block_id: str) -> Json:
    """DELETE /blocks/{id}: it goes into the trash."""
    node = _find(call, block_id)
    if node.in_trash:
        raise invalid("Can't edit block that is in the trash. You must restore the block before editing.")
    if isinstance(node, Block):
        _touch(call, node)
        node.in_trash = True
    else:
        with call.world.edit(node, call.by):
            node.in_trash = True
    return read(call.world, node)


def _touch(call: Call, block: Block) -> None:
    """Note an edit of a block, which is one of its page too."""
    for node in (block, call.world.page_of(block)):
        with call.world.edit(node, call.by):
            pass


def _find(call: Call, block_id: str) -> Node:
    node = call.world.find(Node, "block", block_id)
    if not isinstance(node, Block | Page | Database):
        raise not_found("block", block_id)
    return node


def _draft(world: World, given: Any, where: str, depth: int) -> Draft:
    kind = block_types.type_of(given, where)
    content = block_types.parse(world, kind, given[kind], f"{where}.{kind}")
    inside = block_types.children_of(kind, given[kind], where)
    return Draft(kind, content, parse_children(world, inside, f"{where}.{kind}.children", depth + 1))


def _children(world: World, node: Node) -> list[Node]:
    inside = node.children if isinstance(node, Page | Block) else []
    return [world.nodes[one] for one in inside if not world.nodes[one].in_trash]


def _content(world: World, node: Node) -> tuple[str, Json]:
    match node:
        case Block():
            return node.type, block_types.read(world, node.type, node.content)
        case Page():
            return "child_page", {"title": pages.title(world, node)}
        case Database() | DataSource():
            return "child_database", {"title": rich_text.plain(node.title)}
        case _:
            raise TypeError(node)


def _position(above: Page | Block, position: Any) -> int:
    where = "body.position"
    if not isinstance(position, dict):
        raise invalid_body(where, "an object", position)
    match position.get("type"):
        case "start":
            return 0
        case "end":
            return len(above.children)
        case "after_block" if isinstance(position.get("after_block"), dict):
            after = normal_id(position["after_block"].get("id"), "after_block")
            if after not in above.children:
                raise invalid(f"Block {after} is not a child of {above.id}.")
            return above.children.index(after) + 1
        case kind:
            raise invalid_body(f"{where}.type", '"after_block", "start" or "end"', kind)
