"""The fake of Notion keeps the values of pages as Notion does."""

from typing import Any

import pytest
from notion_client.helpers import collect_paginated_api

from tests.fakes.notion import Board, FakeNotion
from tests.fakes.notion.sdk import Clock, refused, text

# Values


def test_what_is_written_is_read(notion: FakeNotion, client: Any, board: Board) -> None:
    ana = notion.person("Ana", "ana@example.com")
    values = {
        "Title": {"title": text("Waves")},
        "Status": {"select": {"name": "Queued"}},
        "Stage": {"status": {"name": "Done"}},
        "Story": {"rich_text": text("slow")},
        "Priority": {"number": 2.5},
        "Publish At": {"date": {"start": "2026-12-01"}},
        "Tags": {"multi_select": [{"name": "sea"}, {"name": "new"}]},
        "Done": {"checkbox": True},
        "Link": {"url": "https://example.com"},
        "Team": {"people": [{"id": ana}]},
    }
    page = client.pages.create(parent={"data_source_id": board.data_source_id}, properties=values)
    assert page["parent"] == {"type": "data_source_id", "data_source_id": board.data_source_id, "database_id": board.id}
    shown = notion.show(page["id"])
    assert [shown[name] for name in values] == [
        *("Waves", "Queued", "Done", "slow", 2.5, "2026-12-01", "sea, new", True, "https://example.com", "Ana"),
    ]
    read = client.pages.retrieve(page_id=page["id"])["properties"]
    assert read["Status"]["select"]["color"] == "blue"
    assert read["Team"]["people"][0]["person"]["email"] == "ana@example.com"
    assert read["Length"]["formula"] == {"type": "string", "string": None}


def test_null_and_empty_lists_clear(notion: FakeNotion, client: Any, board: Board) -> None:
    page = notion.card(board, Title="x", Status="Queued", Priority=8, Link="https://example.com", Tags="sea")
    empty = {"Title": {"title": []}, "Status": {"select": None}, "Priority": {"number": None}, "Link": {"url": None}}
    client.pages.update(page_id=page, properties={**empty, "Tags": {"multi_select": []}})
    assert {name: notion.show(page)[name] for name in (*empty, "Tags")} == dict.fromkeys((*empty, "Tags"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"Nowhere": {"number": 1}},
        {"Priority": {"rich_text": []}},
        {"Priority": {"number": "1"}},
        {"Done": {"checkbox": None}},
        {"Stage": {"status": {"name": "Unheard of"}}},
        {"Status": {"select": {"name": "a, b"}}},
        {"Publish At": {"date": {"start": "tomorrow"}}},
        {"Publish At": {"date": {"start": "2026-02-31"}}},
        {"Link": {"url": "https://example.com/" + "x" * 2000}},
        {"Team": {"people": [{"id": "nobody"}]}},
        {"Edited": {"last_edited_time": "2026-12-01T00:00:00.000Z"}},
        {"Length": {"formula": {"string": "x"}}},
        {"Story": {"rich_text": text("x" * 2001)}},
        {"Story": {"rich_text": text("x") * 101}},
    ],
)
def test_a_wrong_value_is_refused_and_nothing_of_the_request_is_saved(
    notion: FakeNotion, client: Any, board: Board, wrong: dict[str, Any]
) -> None:
    page = notion.card(board, Title="x")
    was = (notion.show(page), notion.schema(board))
    properties = {"Title": {"title": text("changed")}, "Tags": {"multi_select": [{"name": "unseen"}]}, **wrong}
    refused(client.pages.update, page_id=page, properties=properties)
    assert (notion.show(page), notion.schema(board)) == was
    assert not notion.requests[-1].saved


def test_the_message_names_the_place_and_the_length(client: Any, board: Board) -> None:
    parent = {"data_source_id": board.data_source_id}
    said = refused(client.pages.create, parent=parent, properties={"Title": {"title": text("x" * 2301)}})
    assert "body.properties.Title.title[0].text.content.length should be ≤ `2000`, instead was `2301`" in said


def test_a_select_makes_the_option_that_it_names(notion: FakeNotion, client: Any, board: Board) -> None:
    page = notion.card(board)
    client.pages.update(page_id=page, properties={"Status": {"select": {"name": "Approved"}}})
    client.pages.update(page_id=page, properties={"Status": {"select": {"name": "APPROVED"}}})
    assert [one["name"] for one in notion.schema(board)["Status"]["select"]["options"]] == [
        "Draft",
        "Queued",
        "Approved",
    ]
    assert notion.show(page)["Status"] == "Approved"


def test_a_time_of_day_keeps_its_minutes_only(notion: FakeNotion, client: Any, board: Board) -> None:
    page = notion.card(board)
    date = {"start": "2026-12-01T10:05:59+02:00"}
    written = client.pages.update(page_id=page, properties={"Publish At": {"date": date}})
    assert written["properties"]["Publish At"]["date"]["start"] == "2026-12-01T10:05:00.000+02:00"


def test_more_than_25_references_are_cut_and_can_be_listed(notion: FakeNotion, client: Any, board: Board) -> None:
    people = [notion.person(f"Person {n}") for n in range(30)]
    page, mention = notion.card(board), {"type": "mention", "mention": {"user": {"id": people[0]}}}
    written = {"Team": {"people": [{"id": one} for one in people]}, "Story": {"rich_text": [mention] * 30}}
    read = client.pages.update(page_id=page, properties=written)["properties"]
    assert (len(read["Team"]["people"]), len(read["Story"]["rich_text"])) == (25, 25)
    for name, kind in (("Team", "people"), ("Story", "rich_text"), ("Title", "title")):
        item = {"page_id": page, "property_id": read[name]["id"], "page_size": 20}
        items = collect_paginated_api(client.pages.properties.retrieve, **item)
        assert [one["type"] for one in items] == [kind] * (0 if name == "Title" else 30)
    number = client.pages.properties.retrieve(page_id=page, property_id=read["Priority"]["id"])
    assert (number["object"], number["number"]) == ("property_item", None)


# Edits


def test_times_are_rounded_down_to_the_minute_and_the_bot_is_an_editor_too(
    notion: FakeNotion, client: Any, board: Board, clock: Clock
) -> None:
    ana = notion.person("Ana")
    page = notion.card(board, by=ana, Title="x")
    clock.later(minutes=5)
    changed = client.pages.update(page_id=page, properties={})
    assert (changed["created_time"], changed["created_by"]["id"]) == ("2026-11-22T06:01:00.000Z", ana)
    assert (changed["last_edited_time"], changed["last_edited_by"]) == (
        "2026-11-22T06:06:00.000Z",
        {"object": "user", "id": notion.bot_id},
    )
    notion.edit(page, by=ana, Title="y")
    assert client.pages.retrieve(page_id=page)["last_edited_by"]["id"] == ana


def test_a_page_in_the_trash_is_read_but_not_changed(notion: FakeNotion, client: Any, board: Board) -> None:
    page = notion.card(board, Title="x")
    assert client.pages.update(page_id=page, in_trash=True, is_locked=True)["in_trash"]
    assert client.pages.retrieve(page_id=page)["is_locked"]
    refused(client.pages.update, page_id=page, properties={})
    assert client.data_sources.query(data_source_id=board.data_source_id)["results"] == []
    client.pages.update(page_id=page, in_trash=False)
    assert len(client.data_sources.query(data_source_id=board.data_source_id)["results"]) == 1
