"""Ticks and steps as real processes, with a board in Notion: read first, shown within seconds, never waited for."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.board import Desk
from tests.fakes.notion import FakeNotion
from tests.long import long
from tests.processes import processes_of, until, vidctl
from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.errors import ExitCode


@pytest.fixture
def ago() -> list[timedelta]:
    """How far back it is in Notion: nothing, unless a test makes cards of the past."""
    return [timedelta(0)]


@pytest.fixture
def desk(studio: Studio, ago: list[timedelta]) -> Iterator[Desk]:
    with FakeNotion(clock=lambda: datetime.now(UTC) - ago[0]) as notion:
        yield Desk(studio, notion)
        until(lambda: not processes_of((str(studio.root),)), what="the end of all steps")


def ticked(desk: Desk) -> tuple[int, list[UUID], str]:
    """Return a tick's exit status, the films that it began, and what it complained of."""
    ran = vidctl("tick", "--json", environment=desk.studio.environment | desk.environment)
    out, said = ran.communicate(timeout=60)
    return ran.returncode, [UUID(begun["id"]) for begun in json.loads(out)["begun"]], said


def test_a_card_that_is_queued_is_begun_by_the_very_next_tick(desk: Desk) -> None:
    page = desk.card(Status="Queued")
    status, begun, said = ticked(desk)
    assert (status, begun, said) == (0, [desk.film(page).id], "")


def test_a_step_shows_its_moves_on_the_card_within_five_seconds_and_without_another_tick(desk: Desk) -> None:
    desk.studio.faults({"script": "generate_story.py", "fault": "sleep", "seconds": 4})
    page = desk.card(Status="Queued")
    ticked(desk)
    for status in (Status.CLAIMED, Status.GENERATING_ASSETS):
        until(lambda status=status: desk.film(page).status is status, what=str(status))  # type: ignore[misc]
        moved = time.monotonic()
        until(lambda status=status: desk.shows(page)["Status"] == status, what=f"{status} on the card")  # type: ignore[misc]
        assert time.monotonic() - moved < 5


def test_progress_is_shown_while_a_step_is_at_work(desk: Desk) -> None:
    page = desk.card(Status="Queued")
    desk.sync()
    desk.studio.bring(desk.film(page).id, Status.GENERATING_ASSETS)
    desk.studio.limit(items_per_step=1)
    desk.studio.faults(*({"script": "generate_asset.py", "fault": "sleep", "seconds": 3} for _ in range(2)))
    ticked(desk)
    until(lambda: desk.shows(page)["Progress"] == "1/2 images", what="progress on the card")
    until(lambda: desk.shows(page)["Status"] == "Assets Ready", what="the gate on the card")
    until(lambda: not desk.shows(page)["Progress"], what="the end of all that was on its way")


def test_a_try_that_failed_is_shown_with_the_time_of_the_next(desk: Desk) -> None:
    page = desk.card(Status="Queued")
    desk.studio.faults({"script": "generate_story.py", "fault": "signal"})
    ticked(desk)
    until(
        lambda: str(desk.shows(page)["Retry"] or "").startswith("Attempt 2/5 · next at "), what="the retry on the card"
    )
    assert desk.shows(page)["Status"] == "Claimed"


def test_a_command_shows_its_decision_at_once(desk: Desk) -> None:
    page = desk.at(Status.ASSETS_READY)
    ran = vidctl("review", "approve", str(desk.film(page).id), environment=desk.studio.environment | desk.environment)
    ran.communicate(timeout=30)
    assert desk.shows(page)["Status"] == "Assets Approved"


def test_films_go_on_while_notion_is_away(desk: Desk) -> None:
    page = desk.card(Status="Queued")
    desk.sync()
    desk.notion.down = True
    began = time.monotonic()
    status, begun, said = ticked(desk)
    assert (status, said) == (0, ""), "an outage is no reason for a mail each minute"
    assert len(begun) == 1
    until(lambda: desk.film(page).status is Status.GENERATING_ASSETS, what="the step")
    began = time.monotonic()
    assert len(ticked(desk)[1]) == 1
    assert time.monotonic() - began < 6, "a tick that knows of the outage does not wait for its end"
    until(lambda: desk.film(page).status is Status.ASSETS_READY, what="the step")
    desk.notion.down = False
    until(lambda: not processes_of((str(desk.studio.root),)), what="the end of all steps", seconds=40)
    ticked(desk)
    assert desk.agrees(page)


def test_without_a_token_cron_is_told_and_other_channels_go_on(desk: Desk) -> None:
    desk.studio.channel("local")
    film = desk.studio.film("local")
    ran = vidctl("tick", "--json", environment=desk.studio.environment | {"NOTION_TOKEN": ""})
    out, said = ran.communicate(timeout=60)
    assert ran.returncode == ExitCode.KEY_REFUSED
    assert [begun["id"] for begun in json.loads(out)["begun"]] == [str(film)]
    assert "NOTION_TOKEN is not set" in said


def test_cron_is_told_once_of_what_lasts_and_again_when_it_comes_back(desk: Desk) -> None:
    """Each tick ends with its exit status all the same, for whoever watches that."""

    def told(token: str) -> tuple[int, str]:
        ran = vidctl("tick", environment=desk.studio.environment | desk.environment | {"NOTION_TOKEN": token})
        return ran.wait(60), ran.communicate()[1]

    refused, none = "Notion refuses the token", "NOTION_TOKEN is not set"
    first, second = told("ntn_revoked"), told("ntn_revoked")
    assert (first[0], second) == (ExitCode.KEY_REFUSED, (ExitCode.KEY_REFUSED, ""))
    assert refused in first[1]
    assert none in told("")[1]
    assert told("ntn_revoked") == (ExitCode.KEY_REFUSED, ""), "a tick that met another trouble could not know of it"
    desk.studio.db.execute("update notices set said_at = said_at - interval '7 hours'")
    assert refused in told("ntn_revoked")[1], "what lasts is said again now and then"
    desk.studio.db.execute("update notices set seen_at = seen_at - interval '2 hours'")
    assert refused in told("ntn_revoked")[1], "what was well for a while is news"
    assert told(desk.notion.token) == (0, "")
    assert desk.studio.db.execute("select count(*) from alerts").fetchone() == (1,), "a person is told once a day"


@pytest.mark.parametrize(("planned", "done"), [(150, 300), long(500, 2_000)])
def test_an_idle_tick_of_ten_channels_on_three_databases_makes_three_requests(
    desk: Desk, ago: list[timedelta], planned: int, done: int
) -> None:
    """However many cards are open, or published."""
    ago[0] = timedelta(hours=1)
    boards = [desk.board, desk.second_board("two"), desk.second_board("three")]
    for number in range(7):
        channel = f"more{number}"
        desk.studio.channel(channel, board="notion", notion_database_id=boards[number % 3].id)
    cards = [desk.notion.card(boards[n % 3], Title=f"Film {n}", Topic="Birds", Channel=None) for n in range(planned)]
    for n, page in enumerate(cards):
        desk.notion.edit(page, Channel=("One", "Two", "Three")[n % 3], Status="Draft")
    old = {"Title": "Old", "Channel": "One", "Status": "Published", "Status Since": "2025-01-01T00:00:00Z"}
    published(desk, [desk.notion.card(boards[0], **old) for _ in range(done)])
    ago[0] = timedelta(0)
    began = time.monotonic()
    synced = desk.sync(full=True, budget_s=120)
    assert (synced.read, synced.waits) == (planned + done, [])
    assert desk.studio.db.execute("select count(*) from tasks where status = 'Draft'").fetchone() == (planned,)
    assert time.monotonic() - began < 60
    ticked(desk)
    desk.notion.clear_requests()
    assert ticked(desk)[0] == 0
    assert len(desk.notion.requests) == 3
    assert {request.method for request in desk.notion.requests} == {"POST"}


def published(desk: Desk, pages: list[str]) -> None:
    """Give cards the films that they stand for, published long ago."""
    with desk.studio.db.cursor() as cursor:
        cursor.executemany(
            "insert into tasks (channel_id, title, topic, status, notion_page_id, version, updated_at, status_since)"
            " values ('one', 'Old', 'Birds', 'Published', %s, 30, %s, %s)",
            [(page, *[datetime(2025, 1, 1, tzinfo=UTC)] * 2) for page in pages],
        )


def test_an_address_that_is_none_stops_no_other_channel(desk: Desk) -> None:
    desk.studio.channel("local")
    film = desk.studio.film("local")
    ran = vidctl("tick", "--json", environment=desk.studio.environment | desk.environment | {"NOTION_BASE_URL": "x"})
    out, said = ran.communicate(timeout=60)
    assert ran.returncode == ExitCode.MISCONFIGURED
    assert [begun["id"] for begun in json.loads(out)["begun"]] == [str(film)]
    assert "NOTION_BASE_URL is no address" in said
