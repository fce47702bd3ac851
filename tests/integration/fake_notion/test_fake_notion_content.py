"""The fake of Notion keeps what stands on pages, the files in them, and what people say about them."""

from typing import Any

import httpx
import pytest
from notion_client.helpers import collect_paginated_api

from tests.fakes.notion import FREE_UPLOAD_BYTES, Board, FakeNotion
from tests.fakes.notion.sdk import Clock, connected, refused, text

MIB = 1024 * 1024
PNG = "image/png"


def paragraph(words: str, *children: dict[str, Any]) -> dict[str, Any]:
    inside = {"children": list(children)} if children else {}
    return {"type": "paragraph", "paragraph": {"rich_text": text(words), **inside}}


def words(notion: FakeNotion, page: str) -> list[str]:
    return [block["text"] for block in notion.blocks(page)]


def uploaded(client: Any, content: bytes = b"pixels", filename: str = "a.png", kind: str = PNG) -> str:
    """Send a file in one part; return the id of the upload."""
    upload = client.file_uploads.create(mode="single_part", filename=filename, content_type=kind)
    sent = client.file_uploads.send(upload["id"], file=(filename, content, kind))
    assert (upload["status"], sent["status"], sent["content_length"]) == ("pending", "uploaded", len(content))
    return str(upload["id"])


def attached(upload: str) -> dict[str, Any]:
    return {"type": "file_upload", "file_upload": {"id": upload}}


# Blocks


def test_blocks_are_appended_where_the_position_says(notion: FakeNotion, client: Any, page: str) -> None:
    append = client.blocks.children.append
    (first,) = append(block_id=page, children=[paragraph("b")])["results"]
    append(block_id=page, children=[paragraph("d")], position={"type": "end"})
    append(block_id=page, children=[paragraph("a")], position={"type": "start"})
    after = {"type": "after_block", "after_block": {"id": first["id"]}}
    append(block_id=page, children=[paragraph("c")], position=after)
    assert words(notion, page) == ["a", "b", "c", "d"]
    refused(append, block_id=page, children=[], after=first["id"])
    refused(append, block_id=page, children=[], position={"type": "after_block", "after_block": {"id": page}})


def test_children_are_listed_part_by_part(notion: FakeNotion, client: Any, page: str) -> None:
    client.blocks.children.append(block_id=page, children=[paragraph(str(n)) for n in range(100)])
    client.blocks.children.append(block_id=page, children=[paragraph("100")])
    assert client.blocks.children.list(block_id=page)["has_more"]
    listed = collect_paginated_api(client.blocks.children.list, block_id=page)
    assert [one["paragraph"]["rich_text"][0]["plain_text"] for one in listed] == words(notion, page)


def test_two_levels_of_nesting_are_taken_and_no_third(notion: FakeNotion, client: Any, page: str) -> None:
    two = paragraph("0", paragraph("1", paragraph("2")))
    (block,) = client.blocks.children.append(block_id=page, children=[two])["results"]
    assert block["has_children"]
    assert notion.blocks(page)[0]["children"][0]["children"][0]["text"] == "2"
    refused(client.blocks.children.append, block_id=page, children=[paragraph("x", two)])


@pytest.mark.parametrize(
    "children",
    [
        [paragraph("x")] * 101,
        [paragraph("x" * 2001)],
        [{"type": "oracle", "oracle": {}}],
        [{"type": "code", "code": {"rich_text": [], "children": [paragraph("x")]}}],
        [{"type": "divider", "divider": {"children": [paragraph("x")]}}],
        [{"type": "embed", "embed": {"url": "https://example.com/" + "x" * 2000}}],
        [paragraph("x", *[paragraph("y")] * 100)] * 10,
    ],
)
def test_what_no_page_can_hold_is_refused(
    notion: FakeNotion, client: Any, page: str, children: list[dict[str, Any]]
) -> None:
    refused(client.blocks.children.append, block_id=page, children=children)
    assert notion.blocks(page) == []


def test_a_block_is_changed_and_thrown_away(notion: FakeNotion, client: Any, page: str, clock: Clock) -> None:
    task = {"to_do": {"rich_text": text("look"), "checked": False}}
    (block,) = client.blocks.children.append(block_id=page, children=[task])["results"]
    clock.later(minutes=1)
    changed = client.blocks.update(block_id=block["id"], to_do={"checked": True})
    assert (changed["to_do"]["checked"], words(notion, page)) == (True, ["look"])
    assert notion.edited_at(page) == clock().replace(second=0)
    assert client.blocks.delete(block_id=block["id"])["in_trash"]
    assert client.blocks.children.list(block_id=page)["results"] == []
    assert client.blocks.retrieve(block_id=block["id"])["in_trash"]


def test_a_page_is_made_with_its_content_and_is_a_block_itself(notion: FakeNotion, client: Any, board: Board) -> None:
    parent = {"data_source_id": board.data_source_id}
    made = client.pages.create(parent=parent, properties={"Title": {"title": text("Waves")}}, children=[paragraph("a")])
    assert words(notion, made["id"]) == ["a"]
    block = client.blocks.retrieve(block_id=made["id"])
    assert (block["type"], block["child_page"], block["has_children"]) == ("child_page", {"title": "Waves"}, True)


# Files


def test_a_file_in_a_block_is_read_by_a_new_url_each_time(
    notion: FakeNotion, client: Any, page: str, clock: Clock
) -> None:
    upload = uploaded(client, b"pixels")
    (block,) = client.blocks.children.append(block_id=page, children=[{"image": attached(upload)}])["results"]
    urls = [client.blocks.retrieve(block_id=block["id"])["image"]["file"]["url"] for _ in range(2)]
    assert urls[0] != urls[1]
    for url in urls:
        answer = httpx.get(url)
        assert (answer.content, answer.headers["Content-Type"], notion.file(url)) == (b"pixels", PNG, b"pixels")
    assert notion.blocks(page)[0]["file_upload"] == upload
    assert httpx.get(urls[0].replace("nonce=", "nonce=0")).status_code == 403
    clock.later(minutes=61)
    assert httpx.get(urls[0]).status_code == 403


def test_writing_files_replaces_the_whole_list(notion: FakeNotion, client: Any, page: str) -> None:
    def write(*files: dict[str, Any]) -> list[dict[str, Any]]:
        changed = client.pages.update(page_id=page, properties={"Assets": {"files": list(files)}})
        return list(changed["properties"]["Assets"]["files"])

    external = {"name": "far", "external": {"url": "https://example.com/far.png"}}
    shown = write({**attached(uploaded(client)), "name": "near"}, external)
    assert [(one["name"], one["type"]) for one in shown] == [("near", "file"), ("far", "external")]
    assert [one["name"] for one in write({"name": "kept", "type": "file", "file": shown[0]["file"]})] == ["kept"]
    assert write() == []


def test_an_upload_that_hangs_on_nothing_expires(client: Any, page: str, clock: Clock) -> None:
    lost, kept = uploaded(client), uploaded(client)
    client.pages.update(page_id=page, properties={"Assets": {"files": [attached(kept)]}})
    clock.later(minutes=60)
    status = {one: client.file_uploads.retrieve(one)["status"] for one in (lost, kept)}
    assert status == {lost: "expired", kept: "uploaded"}
    assert client.file_uploads.retrieve(kept)["expiry_time"] is None
    refused(client.pages.update, page_id=page, properties={"Assets": {"files": [attached(lost)]}})
    client.pages.update(page_id=page, cover=attached(kept))  # once attached, it can be attached again


def test_an_upload_is_attached_only_when_all_of_it_was_sent(client: Any, page: str) -> None:
    pending = client.file_uploads.create(filename="a.png")["id"]
    assert "pending" in refused(client.blocks.children.append, block_id=page, children=[{"image": attached(pending)}])


def test_a_large_file_is_sent_in_parts_and_completed(notion: FakeNotion, client: Any) -> None:
    parts = [b"a" * 5 * MIB, b"b" * 3]
    created = client.file_uploads.create(mode="multi_part", filename="a.mp4", number_of_parts=2)
    upload = created["id"]
    for size in (1, 20 * MIB + 1):
        wrong = ("a.mp4", bytes(size), "video/mp4")
        refused(client.file_uploads.send, file_upload_id=upload, file=wrong, part_number="1")
    for number in (2, 1):
        refused(client.file_uploads.complete, file_upload_id=upload)
        part = ("a.mp4", parts[number - 1], "video/mp4")
        sent = client.file_uploads.send(upload, file=part, part_number=str(number))
        assert sent["status"] == "pending"
    done = client.file_uploads.complete(upload)
    assert (done["status"], done["content_length"], notion.file(upload)) == ("uploaded", 5 * MIB + 3, b"".join(parts))


@pytest.mark.parametrize(
    "wrong",
    [
        {"filename": "a.srt"},
        {"filename": "a"},
        {"filename": "a" * 900 + ".png"},
        {"filename": "a.png", "content_type": "video/mp4"},
        {"mode": "carrier_pigeon"},
        {"mode": "multi_part", "filename": "a.png"},
        {"mode": "multi_part", "number_of_parts": 2},
        {"mode": "external_url"},
    ],
)
def test_a_file_upload_that_cannot_be_is_refused(client: Any, wrong: dict[str, Any]) -> None:
    refused(client.file_uploads.create, **wrong)


def test_no_file_is_larger_than_the_workspace_allows() -> None:
    with FakeNotion(max_upload_bytes=FREE_UPLOAD_BYTES) as notion, connected(notion) as client:
        upload = client.file_uploads.create(filename="a.mp4")["id"]
        content = b"x" * (FREE_UPLOAD_BYTES + 1)
        refused(client.file_uploads.send, file_upload_id=upload, file=("a.mp4", content, "video/mp4"))
        assert client.file_uploads.retrieve(upload)["status"] == "pending"


def test_a_single_part_is_not_larger_than_20_mb(client: Any) -> None:
    upload = client.file_uploads.create(filename="a.mp4")["id"]
    content = bytes(20 * MIB + 1)
    assert "20971520" in refused(client.file_uploads.send, file_upload_id=upload, file=("a.mp4", content, "video/mp4"))


def test_a_file_on_the_web_is_imported_or_fails(notion: FakeNotion, client: Any) -> None:
    notion.host("https://example.com/a.png", b"pixels")
    there = client.file_uploads.create(mode="external_url", external_url="https://example.com/a.png")
    gone = client.file_uploads.create(mode="external_url", external_url="https://example.com/b.png")
    assert (there["status"], notion.file(there["id"]), gone["status"]) == ("uploaded", b"pixels", "failed")


# Comments


def test_a_comment_edits_nothing(notion: FakeNotion, client: Any, page: str, clock: Clock) -> None:
    ana, was = notion.person("Ana"), notion.edited_at(page)
    clock.later(minutes=5)
    notion.comment(page, by=ana, text="redo 7: slower")
    answer = client.comments.create(parent={"page_id": page}, rich_text=text("done"))
    assert answer["parent"] == {"type": "page_id", "page_id": page}
    assert notion.comments(page) == [(ana, "redo 7: slower"), (notion.bot_id, "done")]
    assert notion.edited_at(page) == was
    reply = client.comments.create(discussion_id=answer["discussion_id"], rich_text=text("indeed"))
    assert reply["discussion_id"] == answer["discussion_id"]


def test_comments_are_listed_part_by_part(notion: FakeNotion, client: Any, page: str) -> None:
    for number in range(3):
        notion.comment(page, text=str(number))
    first = client.comments.list(block_id=page, page_size=2)
    assert (len(first["results"]), first["has_more"]) == (2, True)
    rest = client.comments.list(block_id=page, start_cursor=first["next_cursor"])
    assert [one["rich_text"][0]["plain_text"] for one in rest["results"]] == ["2"]
    refused(client.comments.list)
