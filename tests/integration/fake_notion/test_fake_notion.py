"""The fake of Notion lets in, shows and keeps what Notion does: access, users, databases, schemas, views."""

from typing import Any

import httpx
import pytest
from notion_client.errors import APIResponseError

from tests.fakes.notion import FREE_UPLOAD_BYTES, Board, FakeNotion
from tests.fakes.notion.routes import CAPABILITIES
from tests.fakes.notion.sdk import FILMS, connected, text


def refusal(call: Any, **kwargs: Any) -> tuple[int, str, str]:
    """Return status, code and message of a call that must be refused."""
    with pytest.raises(APIResponseError) as refused:
        call(**kwargs)
    assert refused.value.request_id
    return refused.value.status, refused.value.code.value, str(refused.value)


def properties_of(client: Any, board: Board) -> dict[str, Any]:
    return dict(client.data_sources.retrieve(data_source_id=board.data_source_id)["properties"])


# Who is let in


def test_a_request_without_a_version_is_refused(notion: FakeNotion) -> None:
    answer = httpx.get(f"{notion.url}/v1/users/me", headers={"Authorization": f"Bearer {notion.token}"})
    assert (answer.status_code, answer.json()["code"]) == (400, "missing_version")


def test_another_version_is_refused_by_its_name(notion: FakeNotion) -> None:
    with connected(notion, notion_version="2025-09-03") as client:
        assert "2025-09-03" in refusal(client.users.me)[2]


def test_a_wrong_token_is_unauthorized(notion: FakeNotion) -> None:
    with connected(notion, auth="ntn_other") as client:
        assert refusal(client.users.me)[:2] == (401, "unauthorized")


def test_an_unknown_address_is_refused(client: Any) -> None:
    assert refusal(client.request, path="nowhere", method="GET")[:2] == (400, "invalid_request_url")


def test_what_is_no_json_is_refused(notion: FakeNotion) -> None:
    headers = {"Authorization": f"Bearer {notion.token}", "Notion-Version": "2026-03-11"}
    answer = httpx.post(f"{notion.url}/v1/pages", headers=headers, content=b"{")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_json")


def test_a_body_of_more_than_500_kb_is_refused(client: Any, board: Board) -> None:
    body = {"parent": {"data_source_id": board.data_source_id}, "properties": {"x": "y" * 600_000}}
    status, code, message = refusal(client.pages.create, **body)
    assert (status, code) == (400, "validation_error")
    assert "too large" in message


def test_missing_and_not_shared_look_the_same(notion: FakeNotion, client: Any, board: Board) -> None:
    page = notion.card(board)
    notion.share(board.id, shared=False)
    hidden = refusal(client.pages.retrieve, page_id=page)
    missing = refusal(client.pages.retrieve, page_id=notion.bot_id)
    assert hidden[:2] == missing[:2] == (404, "object_not_found")
    assert hidden[2].replace(page, "") == missing[2].replace(notion.bot_id, "")


def test_sharing_a_page_shares_what_is_in_it(notion: FakeNotion, client: Any) -> None:
    parent = notion.parent_page(shared=False)
    board = notion.database(parent, FILMS, shared=False)
    notion.share(board.id, shared=True)
    assert client.pages.retrieve(page_id=notion.card(board))["object"] == "page"
    assert refusal(client.pages.retrieve, page_id=parent)[0] == 404


@pytest.mark.parametrize("missing", sorted(CAPABILITIES - {"read_user_email"}))
def test_what_the_integration_may_not_is_restricted(
    notion: FakeNotion, client: Any, board: Board, missing: str
) -> None:
    page, ana = notion.card(board), notion.person("Ana")
    calls: dict[str, tuple[Any, dict[str, Any]]] = {
        "read_content": (client.pages.retrieve, {"page_id": page}),
        "update_content": (client.pages.update, {"page_id": page, "properties": {}}),
        "insert_content": (client.pages.create, {"parent": {"data_source_id": board.data_source_id}}),
        "read_comments": (client.comments.list, {"block_id": page}),
        "insert_comments": (client.comments.create, {"parent": {"page_id": page}, "rich_text": text("x")}),
        "read_user": (client.users.retrieve, {"user_id": ana}),
    }
    call, kwargs = calls[missing]
    call(**kwargs)
    notion.capabilities.remove(missing)
    assert refusal(call, **kwargs)[:2] == (403, "restricted_resource")


# Users


def test_the_bot_knows_how_large_a_file_may_be() -> None:
    with FakeNotion(max_upload_bytes=FREE_UPLOAD_BYTES) as notion, connected(notion) as client:
        me = client.users.me()
    assert (me["id"], me["type"]) == (notion.bot_id, "bot")
    assert me["bot"]["workspace_limits"]["max_file_upload_size_in_bytes"] == 5242880


def test_guests_are_not_listed_and_addresses_need_a_capability(notion: FakeNotion, client: Any) -> None:
    ana, guest = notion.person("Ana", "ana@example.com"), notion.person("Guest", guest=True)
    listed = [user["id"] for user in client.users.list()["results"]]
    assert ana in listed
    assert guest not in listed
    assert client.users.retrieve(user_id=ana)["person"] == {"email": "ana@example.com"}
    notion.capabilities.remove("read_user_email")
    assert client.users.retrieve(user_id=ana)["person"] == {}


# Databases and data sources


def test_a_new_database_has_one_data_source_and_one_table(notion: FakeNotion, client: Any) -> None:
    parent = {"type": "page_id", "page_id": notion.parent_page()}
    first: dict[str, Any] = {"properties": {"Name": {"title": {}}}}
    made = client.databases.create(parent=parent, title=text("Films"), initial_data_source=first)
    (source,) = client.databases.retrieve(database_id=made["id"])["data_sources"]
    assert "properties" not in made
    assert source["name"] == "Films"
    assert client.data_sources.retrieve(data_source_id=source["id"])["parent"]["database_id"] == made["id"]
    (view,) = notion.views(Board(made["id"], source["id"]))
    assert (view["type"], view["name"]) == ("table", "Default view")


def test_ids_of_databases_and_data_sources_are_not_interchangeable(client: Any, board: Board) -> None:
    assert refusal(client.databases.retrieve, database_id=board.data_source_id)[0] == 404
    assert refusal(client.data_sources.retrieve, data_source_id=board.id)[0] == 404
    assert refusal(client.data_sources.query, data_source_id=board.id)[0] == 404


def test_ids_are_taken_without_dashes_and_nothing_else_is_an_id(client: Any, board: Board) -> None:
    assert client.databases.retrieve(database_id=board.id.replace("-", ""))["id"] == board.id
    assert refusal(client.databases.retrieve, database_id="films")[:2] == (400, "validation_error")


def test_a_database_can_be_renamed_and_thrown_away(client: Any, board: Board) -> None:
    icon = {"type": "emoji", "emoji": "🎬"}
    changed = client.databases.update(database_id=board.id, title=text("Cinema"), icon=icon, in_trash=True)
    assert (changed["title"][0]["plain_text"], changed["icon"], changed["in_trash"]) == ("Cinema", icon, True)
    assert refusal(client.data_sources.query, data_source_id=board.data_source_id)[0] == 404


def test_columns_can_be_added_renamed_and_deleted(notion: FakeNotion, client: Any, board: Board) -> None:
    page = notion.card(board, Story="waves", Link="https://example.com")
    was = properties_of(client, board)
    change = {"Story": {"name": "Direction"}, "Link": None, "Cost": {"number": {"format": "dollar"}}}
    now = client.data_sources.update(data_source_id=board.data_source_id, properties=change)["properties"]
    assert now["Direction"]["id"] == was["Story"]["id"]
    assert now["Cost"]["number"] == {"format": "dollar"}
    assert "Link" not in now
    assert notion.show(page)["Direction"] == "waves"


@pytest.mark.parametrize(
    "columns",
    [
        {"Title": None},
        {"Second": {"title": {}}},
        {"Title": {"name": "Status"}},
        {"Nowhere": None},
        {"Odd": {"oracle": {}}},
        {"Status": {"select": {"options": [{"name": "a, b"}]}}},
        {"Status": {"select": {"options": [{"name": "a"}, {"name": "A"}]}}},
        {"Status": {"select": {"options": [{"name": "new", "color": "ultraviolet"}]}}},
        {"Status": {"select": {"options": [{"name": "Draft", "color": "red"}]}}},
        {"Status": {"select": {"options": [{"name": f"o{n}"} for n in range(101)]}}},
    ],
)
def test_a_schema_that_cannot_be_is_refused_and_changes_nothing(
    notion: FakeNotion, client: Any, board: Board, columns: dict[str, Any]
) -> None:
    was = notion.schema(board)
    call = client.data_sources.update
    assert refusal(call, data_source_id=board.data_source_id, properties=columns)[:2] == (400, "validation_error")
    assert notion.schema(board) == was


def test_an_option_keeps_its_id_when_renamed_and_is_gone_when_left_out(
    notion: FakeNotion, client: Any, board: Board
) -> None:
    draft, queued = notion.card(board, Status="Draft"), notion.card(board, Status="Queued")
    old = notion.schema(board)["Status"]["select"]["options"]
    options = [{"id": old[1]["id"], "name": "Waiting"}, {"name": "New", "color": "red"}]
    client.data_sources.update(
        data_source_id=board.data_source_id, properties={"Status": {"select": {"options": options}}}
    )
    assert [one["name"] for one in notion.schema(board)["Status"]["select"]["options"]] == ["Waiting", "New"]
    assert (notion.show(queued)["Status"], notion.show(draft)["Status"]) == ("Waiting", None)


def test_a_status_begins_with_three_options_in_three_groups(notion: FakeNotion, board: Board) -> None:
    status = notion.schema(board)["Stage"]["status"]
    assert [one["name"] for one in status["options"]] == ["Not started", "In progress", "Done"]
    assert [one["name"] for one in status["groups"]] == ["To-do", "In progress", "Complete"]
    assert [len(one["option_ids"]) for one in status["groups"]] == [1, 1, 1]


def test_a_typing_error_in_a_body_is_refused(client: Any, board: Board) -> None:
    path = f"data_sources/{board.data_source_id}"
    assert "propertys" in refusal(client.request, path=path, method="PATCH", body={"propertys": {}})[2]


# Views


def test_a_board_view_is_grouped_by_a_property(notion: FakeNotion, client: Any, board: Board) -> None:
    ids = {"database_id": board.id, "data_source_id": board.data_source_id}
    group = {"type": "select", "property_id": notion.schema(board)["Status"]["id"], "sort": {"type": "manual"}}
    shape = {"type": "board", "configuration": {"type": "board", "group_by": group}}
    made = client.views.create(**ids, name="Pipeline", position={"type": "start"}, **shape)
    assert client.views.retrieve(view_id=made["id"])["configuration"]["group_by"] == group
    listed = client.views.list(database_id=board.id)["results"]
    assert listed[0] == {"object": "view", "id": made["id"]}
    assert client.views.update(view_id=made["id"], name="Films")["name"] == "Films"
    client.views.delete(view_id=made["id"])
    (left,) = client.views.list(data_source_id=board.data_source_id)["results"]
    assert refusal(client.views.delete, view_id=left["id"])[0] == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "kanban"},
        {"name": ""},
        {"sorts": [{"property": "Nowhere", "direction": "ascending"}]},
        {"configuration": {"type": "board", "group_by": {"type": "select", "property_id": "nope"}}},
        {"configuration": {"type": "board", "group_by": {"type": "status", "property_id": "Stage"}}},
    ],
)
def test_a_view_that_cannot_be_is_refused(client: Any, board: Board, wrong: dict[str, Any]) -> None:
    ids = {"database_id": board.id, "data_source_id": board.data_source_id}
    view = {"name": "Pipeline", "type": "board", **ids} | wrong
    assert refusal(client.views.create, **view)[:2] == (400, "validation_error")
