"""Comments on pages and blocks. Saying something edits nothing: no page's last_edited_time moves."""

from tests.fakes.notion import rich_text, times
from tests.fakes.notion.call import Call, listed
from tests.fakes.notion.errors import Json, invalid, invalid_body, not_found, only
from tests.fakes.notion.state import Block, Comment, Node, Page, new_id
from tests.fakes.notion.world import World


def read(world: World, comment: Comment) -> Json:
    """Return a comment object."""
    node = world.nodes[comment.parent]
    kind = "block_id" if isinstance(node, Block) else "page_id"
    author = world.users[comment.by]
    shown = {"type": "integration" if author.is_bot else "user", "resolved_name": author.name}
    at = times.stamp(comment.at)
    return {
        "object": "comment",
        "id": comment.id,
        "parent": {"type": kind, kind: node.id},
        "discussion_id": comment.discussion,
        "created_time": at,
        "last_edited_time": at,
        "created_by": {"object": "user", "id": comment.by},
        "rich_text": comment.rich_text,
        "display_name": shown,
        "attachments": [],
    }


def say(world: World, node: Node, by: str, words: list[Json], discussion: str | None = None) -> Comment:
    """Add a comment."""
    comment = Comment(new_id(), node.id, discussion or new_id(), by, world.minute(), words)
    world.comments.append(comment)
    world.revision += 1
    return comment


def create(call: Call) -> Json:
    """POST /comments."""
    world, body = call.world, call.body
    only(body, "parent", "discussion_id", "rich_text")
    words = rich_text.parse(body.get("rich_text"), "body.rich_text")
    if not words:
        raise invalid_body("body.rich_text", "not empty", "[]")
    if "discussion_id" in body:
        first = next((one for one in world.comments if one.discussion == body["discussion_id"]), None)
        if first is None or not world.is_shared(first.parent):
            raise not_found("discussion", str(body["discussion_id"]))
        return read(world, say(world, world.nodes[first.parent], call.by, words, first.discussion))
    return read(world, say(world, _parent(call), call.by, words))


def every(call: Call) -> Json:
    """GET /comments?block_id=, the oldest first."""
    wanted = call.query.get("block_id", [None])[0]
    if wanted is None:
        raise invalid("query failed validation: query.block_id should be defined, instead was `undefined`.")
    node = call.world.find(Node, "block", wanted)
    said = [read(call.world, one) for one in call.world.comments if one.parent == node.id]
    return listed(call.query, said, "comment")


def _parent(call: Call) -> Node:
    above = call.body.get("parent")
    if isinstance(above, dict) and "page_id" in above:
        return call.world.find(Page, "page", above["page_id"])
    if isinstance(above, dict) and "block_id" in above:
        return call.world.find(Block, "block", above["block_id"])
    raise invalid_body("body.parent", "an object with page_id or block_id", above)
