"""`vidctl sync`: the boards, now."""

import time
from collections.abc import Callable, Iterator

import pytest

from tests.board import Desk
from tests.fakes.notion import FakeNotion
from tests.place import Ran
from tests.studio import Studio
from tests.traces import changed, traces
from vidctl.domain.status import Status

Run = Callable[..., Ran]


@pytest.fixture
def desk(studio: Studio) -> Iterator[Desk]:
    with FakeNotion() as notion:
        yield Desk(studio, notion)


@pytest.fixture
def sync(vidctl: Run, desk: Desk) -> Run:
    return lambda *arguments, **more: vidctl("sync", *arguments, **(desk.environment | more))


def test_it_says_what_it_did_and_then_that_there_is_nothing(desk: Desk, sync: Run) -> None:
    page = desk.card(Status="Queued", Title="Salt")
    ran = sync("--json")
    assert (ran.status, ran.err) == (0, "")
    assert ran.json == {"read": 1, "news": ["Salt: new → Queued"], "written": 1, "left": 0, "dry_run": False}
    assert desk.film(page).status is Status.QUEUED
    assert sync().out == "1 card read, 0 with news, 0 written.\n"


def test_a_dry_run_names_what_people_did_and_changes_nothing(desk: Desk, sync: Run) -> None:
    page = desk.at(Status.ASSETS_READY, Title="Salt")
    desk.edit(page, Status="Assets Approved")
    desk.notion.clear_requests()
    ran = sync("--dry-run")
    assert "Salt: Assets Ready → Assets Approved" in ran.out
    assert desk.film(page).status is Status.ASSETS_READY
    assert desk.notion.writes(page) == []


def test_a_dry_run_leaves_nothing_of_a_board_that_is_new_nor_of_one_that_cannot_be_seen(
    desk: Desk, quick: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But the turns that its requests took: those were made."""
    for name, value in desk.environment.items():
        monkeypatch.setenv(name, value)
    desk.card(Status="Queued", Title="Salt")
    desk.studio.channel("two", board="notion", notion_database_id="0" * 32)
    before = traces(desk.studio.db, desk.studio.root, but=["pace"])
    ran = quick("sync", "--dry-run")
    assert (ran.status, ran.out) == (66, "Salt: new → Queued\n1 card read, 1 with news, 0 written.\n")
    assert changed(before, traces(desk.studio.db, desk.studio.root, but=["pace"])) == set()


def test_one_card_is_read_by_its_link(desk: Desk, sync: Run) -> None:
    pages = [desk.card(Status="Queued", Title=title) for title in ("Salt", "Sand")]
    ran = sync("--page", f"https://www.notion.so/studio/Salt-{pages[0].replace('-', '')}?pvs=4")
    assert ran.status == 0
    assert desk.studio.db.execute("select title from tasks").fetchall() == [("Salt",)]


@pytest.mark.parametrize(
    ("arguments", "environment", "status", "said"),
    [
        (["--page", "nonsense"], {}, 65, "'nonsense' is no id of Notion's"),
        (["--page", "0" * 32], {}, 66, "shows the integration no such thing"),
        ([], {"NOTION_TOKEN": "ntn_wrong_secret"}, 77, "Notion refuses the token"),
        ([], {"NOTION_TOKEN": "ntn_wrong_secret\nntn_wrong_secret"}, 77, "NOTION_TOKEN is no token"),
        ([], {"NOTION_TOKEN": "ntn_wrong_secret\u00e9"}, 77, "NOTION_TOKEN is no token"),
        ([], {"NOTION_TOKEN": ""}, 77, "NOTION_TOKEN is not set"),
        ([], {"NOTION_BASE_URL": "nonsense"}, 78, "NOTION_BASE_URL is no address"),
        ([], {"NOTION_BASE_URL": "http://[::"}, 78, "NOTION_BASE_URL is no address"),
    ],
)
@pytest.mark.usefixtures("desk")
def test_what_is_wrong_is_two_lines_and_a_status(
    sync: Run, arguments: list[str], environment: dict[str, str], status: int, said: str
) -> None:
    ran = sync(*arguments, **environment)
    assert (ran.status, said in ran.err) == (status, True), ran.err
    assert [line.split(":")[0] for line in ran.err.splitlines()] == ["error", "hint"]
    assert "ntn_wrong_secret" not in ran.err


@pytest.mark.usefixtures("desk")
def test_who_cannot_be_reached_is_asked_again_after_one_two_and_four_seconds(sync: Run) -> None:
    began = time.monotonic()
    ran = sync(NOTION_BASE_URL="http://127.0.0.1:1")
    assert (ran.status, len(ran.err.splitlines())) == (75, 2)
    assert ran.err.startswith("error: Notion cannot be reached: ")
    assert time.monotonic() - began > 7


def test_without_a_board_in_notion_there_is_nothing_to_do(studio: Studio, vidctl: Run) -> None:
    assert studio.files().channels
    ran = vidctl("sync")
    assert (ran.status, ran.err) == (0, "")
