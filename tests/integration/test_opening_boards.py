"""A board is opened as Notion has it: by the integration of today."""

from tests.board import Desk
from tests.fakes.notion import FakeNotion
from vidctl.domain.status import Status


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
