"""The fake of Notion remembers what it was asked, lets people work meanwhile, and starts by hand."""

import json
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from notion_client.errors import APIResponseError

from tests.fakes.notion import Board, FakeNotion, Request
from tests.fakes.notion.sdk import FILMS, Clock, connected, text

QUEUED = {"Status": {"select": {"name": "Queued"}}}


# The record


def test_every_request_is_recorded(notion: FakeNotion, client: Any, page: str) -> None:
    client.pages.retrieve(page_id=page, filter_properties=["Title"])
    client.pages.update(page_id=page, properties=QUEUED)
    read, write = notion.requests
    assert (read.method, read.path, read.body) == ("GET", f"/v1/pages/{page}", None)
    assert read.query == {"filter_properties": ["Title"]}
    assert write.body == {"properties": QUEUED}
    assert (write.status, write.saved) == (200, True)
    assert notion.writes(page) == [write]
    assert notion.counts() == {"GET /v1/pages/{id}": 1, "PATCH /v1/pages/{id}": 1}
    notion.clear_requests()
    assert notion.requests == []


def test_the_busiest_second_is_found(notion: FakeNotion, client: Any) -> None:
    for at in (0.0, 0.5, 0.9, 1.2, 1.4, 1.5, 2.5):
        client.users.me()
        notion.requests[-1].at = at
    assert notion.busiest_second() == 4


# People


def test_people_do_what_no_request_tells_of(notion: FakeNotion, board: Board, page: str) -> None:
    ana, other = notion.person("Ana"), notion.database(notion.parent_page(), FILMS)
    notion.edit(page, by=ana, Status="Assets Approved", Stage="Filming", Priority=3, Title=None)
    notion.move(page, other, by=ana)
    notion.trash(page, by=ana)
    shown = notion.show(page)
    assert (shown["Status"], shown["Stage"]) == ("Assets Approved", "Filming")
    assert (shown["Priority"], shown["Title"]) == (3, None)
    assert (notion.pages(other), notion.pages(board), notion.in_trash(page)) == ([page], [], True)
    notion.restore(page)
    assert (notion.editor(page) != ana, notion.requests) == (True, [])


def test_what_happens_meanwhile_comes_before_a_request_is_served_and_after_it_is_saved(
    notion: FakeNotion, client: Any, page: str
) -> None:
    shown: list[object] = []

    def look(_: Request) -> None:
        shown.append(notion.show(page)["Status"])

    notion.meanwhile(before=look, after=look)
    client.pages.update(page_id=page, properties=QUEUED)
    assert shown == ["Draft", "Queued"]


def test_renaming_changes_no_card(notion: FakeNotion, client: Any, board: Board, page: str, clock: Clock) -> None:
    was = notion.edited_at(page)
    clock.later(minutes=5)
    notion.rename_property(board, "Status", "Phase")
    notion.rename_option(board, "Phase", "Draft", "Idea")
    notion.remove_property(board, "Story")
    shown = client.pages.retrieve(page_id=page)["properties"]
    assert (shown["Phase"]["select"]["name"], "Story" in shown, notion.edited_at(page)) == ("Idea", False, was)
    notion.remove_option(board, "Phase", "Idea")
    assert notion.show(page)["Phase"] is None


def test_many_may_work_at_once(notion: FakeNotion, board: Board, page: str) -> None:
    def work(number: int) -> None:
        with connected(notion) as client:
            for turn in range(10):
                notion.edit(notion.card(board, Title=f"{number}-{turn}"), Priority=turn)
                client.blocks.children.append(block_id=page, children=[{"paragraph": {"rich_text": text("x")}}])
                client.data_sources.query(data_source_id=board.data_source_id)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (len(notion.pages(board)), len(notion.blocks(page))) == (51, 50)


def test_a_query_of_2500_cards_takes_a_few_milliseconds(notion: FakeNotion, client: Any, board: Board) -> None:
    for number in range(2500):
        notion.card(board, Title=f"film {number}", Status="Queued")
    limit = {"timestamp": "last_edited_time", "last_edited_time": {"on_or_after": "2026-11-22"}}
    times = []
    for _ in range(5):
        began = time.perf_counter()
        client.data_sources.query(data_source_id=board.data_source_id, filter=limit)
        times.append(time.perf_counter() - began)
    assert min(times) < 0.1  # about 0.012 with the client's own share; the rest is for a busy machine


# By hand


def test_it_starts_by_hand_with_faults_and_a_ledger(tmp_path: Path) -> None:
    (tmp_path / "faults.json").write_text(json.dumps([{"kind": "500", "times": 1}]))
    files = ["--faults", str(tmp_path / "faults.json"), "--ledger", str(tmp_path / "ledger")]
    command = [sys.executable, "-m", "tests.fakes.notion", "--port", "0", *files]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = dict(process.stdout.readline().rstrip().split("=", 1) for _ in range(3))
        headers = {"Authorization": f"Bearer {said['NOTION_TOKEN']}", "Notion-Version": "2026-03-11"}
        url = f"{said['NOTION_BASE_URL']}/v1/pages/{said['page']}"
        assert [httpx.get(url, headers=headers).status_code for _ in range(2)] == [500, 200]
        process.terminate()
    lines = [json.loads(line) for line in (tmp_path / "ledger").read_text().splitlines()]
    assert [(line["status"], line["fault"]) for line in lines] == [(500, "500"), (200, None)]


# Bugs of its own


def test_a_bug_of_the_fake_is_not_taken_for_a_fault_of_notion(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> datetime:
        raise ZeroDivisionError

    def use() -> None:
        with FakeNotion() as notion, connected(notion) as client:
            page = notion.card(notion.database(notion.parent_page(), FILMS))
            notion.world.clock = broken
            with pytest.raises(APIResponseError):
                client.pages.update(page_id=page, properties={})

    with pytest.raises(AssertionError, match="bug"):
        use()
    assert "ZeroDivisionError" in capsys.readouterr().err
