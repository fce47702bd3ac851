"""The fake of Notion fails on demand, in every way that Notion does."""

import json
import time
from typing import Any

import httpx
import pytest
from notion_client.errors import APIResponseError, RequestTimeoutError, UnknownHTTPResponseError

from tests.fakes.notion import Board, FakeNotion
from tests.fakes.notion.sdk import connected


def queue(client: Any, page: str) -> Any:
    """Set the status of a page."""
    return client.pages.update(page_id=page, properties={"Status": {"select": {"name": "Queued"}}})


def until(condition: Any) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.005)


# Errors


def test_too_many_requests_say_how_long_to_wait(notion: FakeNotion, client: Any) -> None:
    notion.fault("429", retry_after=12, reason="public_api_space_request_rate_limit")
    with pytest.raises(APIResponseError) as refused:
        client.users.me()
    assert refused.value.headers["Retry-After"] == "12"
    assert refused.value.additional_data == {
        "rate_limit_reason": "public_api_space_request_rate_limit",
        "retry_after": 12,
    }
    assert client.users.me()["id"] == notion.bot_id


@pytest.mark.parametrize(("kind", "saved"), [("500", False), ("502", False), ("503", False), ("504", False)] + [
    (f"{status}_saved", True) for status in (500, 502, 503, 504)
])  # fmt: skip
def test_a_server_error_tells_not_whether_the_write_was_saved(
    notion: FakeNotion, client: Any, page: str, kind: str, saved: bool
) -> None:
    notion.fault(kind)
    with pytest.raises((APIResponseError, UnknownHTTPResponseError)) as refused:
        queue(client, page)
    assert refused.value.status == int(kind[:3])
    assert notion.show(page)["Status"] == ("Queued" if saved else "Draft")
    assert notion.requests[-1].saved is saved


def test_a_503_after_a_write_names_what_was_saved(notion: FakeNotion, client: Any, board: Board) -> None:
    notion.fault("503_saved", method="POST", path="/pages$")
    with pytest.raises(APIResponseError) as refused:
        client.pages.create(parent={"data_source_id": board.data_source_id}, properties={})
    body, (page,) = json.loads(refused.value.body), notion.pages(board)
    assert body["committed_resource_id"] == body["additional_data"]["committed_resource_id"] == page
    assert "Do not repeat the write" in body["retry_guidance"]


def test_an_overload_is_no_error_that_the_sdk_knows(notion: FakeNotion, client: Any) -> None:
    notion.fault("529", retry_after=3)
    with pytest.raises(UnknownHTTPResponseError) as refused:
        client.users.me()
    assert (refused.value.status, refused.value.headers["Retry-After"]) == (529, "3")


def test_a_full_workspace_and_any_other_error_can_be_had(notion: FakeNotion, client: Any) -> None:
    notion.fault("block_limit")
    notion.fault("error", status=409, code="conflict_error")
    for status in (403, 409):
        with pytest.raises(APIResponseError) as refused:
            client.users.me()
        assert refused.value.status == status


@pytest.mark.parametrize("status", [200, 502])
def test_a_web_page_comes_instead_of_an_answer(notion: FakeNotion, client: Any, status: int) -> None:
    notion.fault("html", status=status)
    with pytest.raises(json.JSONDecodeError if status == 200 else UnknownHTTPResponseError):
        client.users.me()


def test_an_answer_may_be_broken_off_or_of_another_shape(notion: FakeNotion, client: Any) -> None:
    notion.fault("not_json")
    notion.fault("wrong_shape", body=["what?"])
    with pytest.raises(json.JSONDecodeError):
        client.users.me()
    assert client.request(path="users/me", method="GET") == ["what?"]


# Connections


@pytest.mark.parametrize(("kind", "status"), [("drop", "Draft"), ("drop_saved", "Queued")])
def test_a_connection_is_cut_before_or_after_saving(
    notion: FakeNotion, client: Any, page: str, kind: str, status: str
) -> None:
    notion.fault(kind)
    with pytest.raises(httpx.TransportError):
        queue(client, page)
    assert (notion.show(page)["Status"], notion.requests[-1].status) == (status, None)


def test_when_notion_is_down_every_connection_is_cut(notion: FakeNotion, client: Any) -> None:
    client.users.me()
    notion.down = True
    for _ in range(3):
        with pytest.raises(httpx.TransportError):
            client.users.me()
    notion.down = False
    assert client.users.me()["id"] == notion.bot_id


# Time


@pytest.mark.parametrize(("kind", "status"), [("slow", "Draft"), ("slow_saved", "Queued")])
def test_a_client_that_does_not_wait_knows_nothing_about_its_write(
    notion: FakeNotion, page: str, kind: str, status: str
) -> None:
    notion.fault(kind, delay_s=0.4)
    with connected(notion, timeout_s=0.2) as client, pytest.raises(RequestTimeoutError):
        queue(client, page)
    assert notion.show(page)["Status"] == status
    until(lambda: notion.show(page)["Status"] == "Queued")


def test_a_write_may_land_after_its_error(notion: FakeNotion, client: Any, page: str) -> None:
    notion.fault("504_late", delay_s=0.1)
    with pytest.raises(APIResponseError):
        queue(client, page)
    assert notion.show(page)["Status"] == "Draft"
    until(lambda: notion.show(page)["Status"] == "Queued")


def test_closing_does_not_wait_for_slow_answers(board: Board) -> None:
    began = time.monotonic()
    with FakeNotion() as notion, connected(notion, timeout_s=0.05) as client:
        notion.fault("slow", delay_s=30)
        with pytest.raises(RequestTimeoutError):
            client.users.me()
    assert time.monotonic() - began < 5


def test_a_stale_read_shows_a_page_as_it_was_before_its_last_change(
    notion: FakeNotion, client: Any, board: Board, page: str
) -> None:
    notion.edit(page, Status="Queued", Title="y")
    notion.fault("stale", times=2)
    read = client.pages.retrieve(page_id=page)["properties"]["Status"]["select"]["name"]
    queued = {"property": "Status", "select": {"equals": "Queued"}}
    query = {"data_source_id": board.data_source_id, "filter": queued}
    assert (read, client.data_sources.query(**query)["results"]) == ("Draft", [])
    assert [row["id"] for row in client.data_sources.query(**query)["results"]] == [page]


def test_a_stale_read_may_not_know_a_new_page_yet(notion: FakeNotion, client: Any, board: Board, page: str) -> None:
    notion.fault("stale", hide_new=True)
    new = notion.card(board)
    query = {"data_source_id": board.data_source_id}
    assert [row["id"] for row in client.data_sources.query(**query)["results"]] == [page]
    assert {row["id"] for row in client.data_sources.query(**query)["results"]} == {page, new}


# Rules


def test_a_rule_strikes_what_it_names_as_often_as_it_says(notion: FakeNotion, client: Any, page: str) -> None:
    rule = notion.fault("500", method="PATCH", path=r"/pages/", times=2, after=1)
    answers = []
    for _ in range(5):
        client.pages.retrieve(page_id=page)
        try:
            queue(client, page)
            answers.append(200)
        except APIResponseError as refused:
            answers.append(refused.status)
    assert (answers, rule.struck) == ([200, 500, 500, 200, 200], 2)


def test_chance_is_the_same_for_the_same_seed() -> None:
    def luck(seed: int) -> list[int | None]:
        with FakeNotion(seed=seed) as notion, connected(notion, retry=False) as client:
            notion.fault("wrong_shape", times=None, probability=0.5, status=202)
            for _ in range(20):
                client.users.me()
            notion.clear_faults()
            return [request.status for request in notion.requests]

    assert luck(1) == luck(1)
    assert set(luck(1)) == {200, 202}


def test_a_fault_that_nobody_knows_is_a_mistake_of_the_test(notion: FakeNotion) -> None:
    with pytest.raises(ValueError, match="teapot"):
        notion.fault("teapot")


def test_more_requests_a_minute_than_allowed_are_turned_away() -> None:
    with FakeNotion(requests_per_minute=3) as notion, connected(notion) as client:
        for _ in range(3):
            client.users.me()
        with pytest.raises(APIResponseError) as refused:
            client.users.me()
    assert refused.value.status == 429
