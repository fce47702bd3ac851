"""A board is opened as Notion has it: by the integration of today, or with what is wrong in which channel's file."""

import pytest

from tests.board import Desk
from tests.fakes.notion import FakeNotion
from vidctl.board.errors import NotShared
from vidctl.domain.status import Status
from vidctl.errors import Misconfigured

SAYS_PAGE = "Provided ID is a page, not a database. Use the retrieve page API instead."


def test_an_integration_that_took_the_place_of_another_is_known_within_the_hour(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.studio.db.execute("update boards set bot_id = 'the-one-before'")
    desk.studio.later(minutes=61)
    desk.says(page, "redo 99")
    notion.fault("503_saved", method="POST", path="/comments")
    for _ in range(3):
        desk.sync()
    assert len(desk.answers(page)) == 1, "what it said unconfirmed is found to be its own"
    assert desk.studio.db.execute("select bot_id from boards").fetchone() == (notion.bot_id,)


def test_who_the_integration_is_is_asked_once_for_all_boards(desk: Desk, notion: FakeNotion) -> None:
    desk.second_board("two")
    desk.sync()
    notion.clear_requests()
    desk.sync(full=True)
    assert notion.counts()["GET /v1/users/me"] == 1
    notion.clear_requests()
    desk.sync()
    assert "GET /v1/users/me" not in notion.counts(), "not in between"


def test_an_integration_without_an_id_is_taken_for_the_one_it_was(desk: Desk, notion: FakeNotion) -> None:
    desk.sync()
    notion.fault("wrong_shape", path="/users/me")
    desk.sync(full=True)
    assert desk.studio.db.execute("select bot_id from boards").fetchone() == (notion.bot_id,)


@pytest.mark.parametrize("answer", ["not found", "is a page"])
def test_a_page_in_the_place_of_a_database_is_told_with_its_file(desk: Desk, notion: FakeNotion, answer: str) -> None:
    page = notion.parent_page("Films")
    desk.studio.channel("two", board="notion", notion_database_id=page)
    if answer == "is a page":  # so Notion says it, and so does its next version
        for path in (f"/databases/{page}", f"/data_sources/{page}"):
            notion.fault("error", path=path, times=None, status=400, code="validation_error", message=SAYS_PAGE)
    (trouble,) = desk.sync().troubles
    assert isinstance(trouble, Misconfigured)
    assert str(trouble) == f"notion_database_id in two.yaml: {page} is a page, no database"
    assert "copy its link" in trouble.hint
    assert "Connections" not in trouble.hint


def test_a_database_out_of_sight_is_told_with_the_files_that_name_it(desk: Desk, notion: FakeNotion) -> None:
    hidden = desk.second_board("two")
    desk.studio.channel("three", board="notion", notion_database_id=hidden.id)
    notion.share(hidden.id, shared=False)
    (trouble,) = desk.sync().troubles
    assert isinstance(trouble, NotShared)
    assert "two.yaml" in str(trouble)
    assert "three.yaml" in str(trouble)
    assert "Connections" in trouble.hint
