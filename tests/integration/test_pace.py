"""All processes on all hosts together send Notion no more than three requests in any second."""

import threading
import time

import pytest

from tests.fakes.notion import FakeNotion
from tests.long import long
from tests.processes import vidctl
from tests.studio import Studio
from vidctl.store.connection import connect
from vidctl.store.pace import SPACING_S, SharedPace


@pytest.mark.parametrize("seconds", [6, long(30)])
def test_five_processes_that_sync_send_no_more_than_three_requests_in_any_second(studio: Studio, seconds: int) -> None:
    with FakeNotion() as notion:
        board = notion.database(notion.parent_page(), {"Title": {"title": {}}, "Status": {"select": {}}})
        studio.channel("one", board="notion", notion_database_id=board.id)
        environment = studio.environment | {"NOTION_TOKEN": notion.token, "NOTION_BASE_URL": notion.url}
        pages = [notion.card(board, Title=f"Film {number}") for number in range(5)]
        ended = time.monotonic() + seconds

        def sync_on(page: str) -> None:
            while time.monotonic() < ended:
                vidctl("sync", "--page", page, environment=environment).communicate(timeout=60)

        workers = [threading.Thread(target=sync_on, args=(page,)) for page in pages]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert len(notion.requests) > seconds
        assert notion.busiest_second() <= 3


def test_a_turn_is_taken_once_by_whoever_comes(studio: Studio) -> None:
    turns: list[float] = []

    def take() -> None:
        with connect(studio.dsn, application_name="pace") as db:
            pace = SharedPace(db, spacing_s=0.05)
            for _ in range(4):
                assert pace.wait(30)
                turns.append(time.monotonic())

    workers = [threading.Thread(target=take) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(turns) == 16
    assert max(turns) - min(turns) >= 14 * 0.05


def test_who_would_wait_longer_than_it_can_is_told_at_once(studio: Studio) -> None:
    pace = SharedPace(studio.db)
    assert pace.wait(1)
    pace.rest(30)
    began = time.monotonic()
    assert not pace.wait(10)
    assert time.monotonic() - began < 5
    assert not pace.wait(0)
    assert SPACING_S > 1 / 3


def test_a_rest_is_never_shortened(studio: Studio) -> None:
    pace = SharedPace(studio.db)
    pace.rest(30)
    pace.rest(1)
    assert not pace.wait(20)
