"""The queries of the fake of Notion find what those of Notion find, part by part."""

from collections.abc import Iterator
from typing import Any

import pytest
from notion_client.helpers import collect_paginated_api

from tests.fakes.notion import Board, FakeNotion
from tests.fakes.notion.sdk import Clock, refused


@pytest.fixture
def notion(clock: Clock) -> Iterator[FakeNotion]:
    with FakeNotion(clock=clock, query_limit=250) as running:
        yield running


def found(client: Any, board: Board, **query: Any) -> list[str]:
    """Return the titles that a query finds."""
    rows = client.data_sources.query(data_source_id=board.data_source_id, **query)["results"]
    return ["".join(part["plain_text"] for part in row["properties"]["Title"]["title"]) for row in rows]


def test_pages_of_a_query_go_on_where_the_cursor_points(notion: FakeNotion, client: Any, board: Board) -> None:
    cards = {notion.card(board, Title=f"film {n}") for n in range(130)}
    first = client.data_sources.query(data_source_id=board.data_source_id)
    assert (len(first["results"]), first["has_more"], first["request_status"]) == (100, True, {"type": "complete"})
    query = {"data_source_id": board.data_source_id, "page_size": 50}
    assert {row["id"] for row in collect_paginated_api(client.data_sources.query, **query)} == cards
    assert "start_cursor" in refused(client.data_sources.query, start_cursor=notion.bot_id, **query)
    refused(client.data_sources.query, data_source_id=board.data_source_id, page_size=101)


def test_a_query_gives_away_no_more_than_its_limit_and_says_so(notion: FakeNotion, client: Any, board: Board) -> None:
    for _ in range(251):
        notion.card(board)
    cursor = None
    for size in (100, 100, 50):
        part = client.data_sources.query(data_source_id=board.data_source_id, start_cursor=cursor)
        assert len(part["results"]) == size
        cursor = part["next_cursor"]
    assert part["request_status"] == {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}
    assert not part["has_more"]


def test_a_poll_by_last_edit_sees_what_happened_since(
    notion: FakeNotion, client: Any, board: Board, clock: Clock
) -> None:
    old, other = notion.card(board, Title="old"), notion.card(board, Title="other")
    clock.later(minutes=10)
    notion.edit(other, Priority=1)
    clock.later(minutes=1)
    notion.card(board, Title="new")
    sort = [{"timestamp": "last_edited_time", "direction": "ascending"}]

    def since(word: str, at: str) -> list[str]:
        limit = {"timestamp": "last_edited_time", "last_edited_time": {word: at}}
        return found(client, board, filter=limit, sorts=sort)

    assert since("on_or_after", "2026-11-22T06:11:00.000Z") == ["other", "new"]
    assert since("after", "2026-11-22T06:11:00.000Z") == ["new"]
    assert since("before", "2026-11-22T06:11:00.000Z") == ["old"]
    assert since("on_or_before", "2026-11-22") == ["old", "other", "new"]
    assert since("equals", notion.edited_at(old).isoformat()) == ["old"]


@pytest.mark.parametrize(
    ("condition", "titles"),
    [
        ({"property": "Title", "title": {"contains": "SEA"}}, "a"),
        ({"property": "Title", "title": {"starts_with": "b"}}, "b"),
        ({"property": "Story", "rich_text": {"is_not_empty": True}}, "a"),
        ({"property": "Status", "select": {"equals": "Queued"}}, "a"),
        ({"property": "Status", "select": {"equals": ["Queued", "Draft"]}}, "ab"),
        ({"property": "Status", "select": {"does_not_equal": "Queued"}}, "bc"),
        ({"property": "Status", "select": {"is_empty": True}}, "c"),
        ({"property": "Stage", "status": {"equals": "Done"}}, "b"),
        ({"property": "Priority", "number": {"greater_than_or_equal_to": 2}}, "bc"),
        ({"property": "Priority", "number": {"is_empty": True}}, ""),
        ({"property": "Publish At", "date": {"equals": "2026-11-20"}}, "a"),
        ({"property": "Publish At", "date": {"past_week": {}}}, "a"),
        ({"property": "Publish At", "date": {"past_month": {}}}, "ab"),
        ({"property": "Publish At", "date": {"next_week": {}}}, "c"),
        ({"property": "Publish At", "date": {"this_week": {}}}, "a"),
        ({"property": "Publish At", "date": {"is_empty": True}}, ""),
        ({"property": "Done", "checkbox": {"equals": True}}, "b"),
        ({"property": "Link", "url": {"ends_with": "/c"}}, "c"),
        ({"property": "Tags", "multi_select": {"contains": "sea"}}, "a"),
        ({"property": "Assets", "files": {"is_not_empty": True}}, "b"),
        ({"property": "Made", "created_time": {"on_or_after": "2026-11-22"}}, "abc"),
        ({"and": [{"property": "Done", "checkbox": {"equals": False}},
                  {"or": [{"property": "Priority", "number": {"equals": 1}},
                          {"property": "Priority", "number": {"equals": 3}}]}]}, "ac"),
    ],
)  # fmt: skip
def test_a_filter_finds(notion: FakeNotion, client: Any, board: Board, condition: dict[str, Any], titles: str) -> None:
    a: dict[str, Any] = {"Story": "waves", "Status": "Queued", "Priority": 1, "Publish At": "2026-11-20T10:00Z"}
    b: dict[str, Any] = {"Status": "Draft", "Priority": 2, "Publish At": "2026-11-01", "Stage": "Done", "Done": True}
    notion.card(board, Title="a sea", Tags="sea", **a)
    notion.card(board, Title="b", Assets="https://example.com/b.png", **b)
    notion.card(board, Title="c", Priority=3, Link="https://example.com/c", **{"Publish At": "2026-11-25"})
    sort = [{"property": "Title", "direction": "ascending"}]
    assert "".join(title[0] for title in found(client, board, filter=condition, sorts=sort)) == titles


@pytest.mark.parametrize(
    "condition",
    [
        {"property": "Nowhere", "number": {"equals": 1}},
        {"property": "Status", "status": {"equals": "Queued"}},
        {"property": "Status", "select": {"equals": "Unheard of"}},
        {"property": "Status", "select": {"is": "Queued"}},
        {"property": "Status", "select": {"equals": "Queued", "is_empty": True}},
        {"timestamp": "created_time", "last_edited_time": {"after": "2026-11-22"}},
        {"timestamp": "created_time", "created_time": {"after": "yesterday"}},
        {"and": [{"or": [{"and": [{"property": "Done", "checkbox": {"equals": True}}]}]}]},
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(client: Any, board: Board, condition: dict[str, Any]) -> None:
    refused(client.data_sources.query, data_source_id=board.data_source_id, filter=condition)


def test_rows_are_sorted_by_several_properties_and_empty_cells_come_last(
    notion: FakeNotion, client: Any, board: Board
) -> None:
    for title, priority, status in (("a", 1, "Queued"), ("b", 2, "Draft"), ("c", None, "Draft"), ("d", 2, "Queued")):
        notion.card(board, Title=title, Priority=priority, Status=status)
    by_status = {"property": "Status", "direction": "ascending"}
    sorts = [by_status, {"property": "Priority", "direction": "descending"}]
    assert found(client, board, sorts=sorts) == ["b", "c", "d", "a"]
    refused(client.data_sources.query, data_source_id=board.data_source_id, sorts=[{"property": "Title"}])


def test_the_trash_and_the_archive_are_left_out_unless_asked_for(notion: FakeNotion, client: Any, board: Board) -> None:
    notion.card(board, Title="kept")
    notion.trash(notion.card(board, Title="thrown away"))
    assert found(client, board) == ["kept"]
    assert found(client, board, in_trash=True) == ["thrown away"]
    notion.archive(notion.card(board, Title="archived"))
    assert found(client, board) == ["kept"]
    query = {"path": f"data_sources/{board.data_source_id}/query", "method": "POST", "body": {"is_archived": True}}
    assert len(client.request(**query)["results"]) == 1


def test_only_the_properties_asked_for_are_shown(notion: FakeNotion, client: Any, board: Board) -> None:
    page, ids = notion.card(board, Title="x"), notion.schema(board)
    shown = client.pages.retrieve(page_id=page, filter_properties=[ids["Status"]["id"]])
    assert list(shown["properties"]) == ["Status"]
    path = f"data_sources/{board.data_source_id}/query"
    query = {"filter_properties[]": [ids["Title"]["id"], "Link"]}
    (row,) = client.request(path=path, method="POST", query=query, body={})["results"]
    assert list(row["properties"]) == ["Title", "Link"]
