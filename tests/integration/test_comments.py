"""A comment on a card that waits for a person is a command too: obeyed once, answered once, with what it costs."""

import pytest

from tests.board import Desk
from tests.fakes.notion import FakeNotion
from vidctl.domain.status import Status

SOLD = {"script": "generate_video.py", "fault": "sell", "times": 99}
"""Each clip costs $0.42."""


def rejected(desk: Desk) -> list[tuple[str, int, str]]:
    return desk.studio.db.execute(
        "select kind, index, note from artifacts where take > 1 order by kind, index"
    ).fetchall()


def test_a_free_redo_is_done_at_once_and_says_so(desk: Desk) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.says(page, "redo 2: no text")
    desk.sync()
    assert desk.film(page).status is Status.GENERATING_ASSETS
    assert rejected(desk) == [("image", 2, "no text")]
    assert desk.answers(page) == ["vidctl: image 2 will be made again, free of charge."]
    (who, notes) = desk.studio.db.execute("select reviewer_id, notes from review_audit").fetchone() or ("", "")
    assert (who, notes) == (f"Ana <ana@example.com> (notion:{desk.ana})", "image 2: no text")


def test_a_redo_that_costs_money_is_quoted_and_waits_for_a_yes(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.says(page, "redo clips 1, 2: slower")
    desk.sync()
    assert desk.film(page).status is Status.VIDEO_ERROR
    (quote,) = desk.answers(page)
    assert "clip 1, clip 2 again costs about $0.84" in quote
    desk.says(page, "go")
    desk.sync()
    assert desk.film(page).status is Status.GENERATING_VIDEO
    sold = len(desk.studio.ledger("sold"))
    desk.studio.advance(desk.film(page).id, Status.VIDEO_READY)
    assert len(desk.studio.ledger("sold")) == sold + 2


def test_the_quote_counts_what_follows_from_an_item(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.says(page, "redo image 1")
    desk.sync()
    (quote,) = desk.answers(page)
    assert "image 1 and 2 that follow from it again costs about $0.84" in quote


def test_queued_is_a_yes_too_and_a_yes_without_a_quote_means_nothing(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.says(page, "yes")
    desk.sync()
    assert desk.film(page).status is Status.VIDEO_READY
    desk.says(page, "redo 1")
    desk.sync()
    desk.edit(page, Status="Queued")
    desk.sync()
    assert desk.film(page).status is Status.GENERATING_VIDEO
    desk.studio.advance(desk.film(page).id, Status.VIDEO_READY)
    desk.sync()
    desk.edit(page, Status="Video Error")
    desk.sync()
    desk.says(page, "go")
    desk.sync()
    assert desk.film(page).status is Status.VIDEO_ERROR


def test_a_comment_is_obeyed_once_however_often_it_is_read(desk: Desk) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.says(page, "redo 1")
    for _ in range(3):
        desk.sync()
        desk.studio.advance(desk.film(page).id, Status.ASSETS_READY)
    assert desk.studio.db.execute("select max(take) from artifacts").fetchone() == (2,)
    assert len(desk.answers(page)) == 1


def test_what_was_said_before_the_film_came_there_is_no_command(desk: Desk) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.says(page, "redo 1 if the next one is no better")
    desk.edit(page, Status="Assets Approved")
    desk.sync()
    desk.studio.later(minutes=5)
    desk.studio.advance(desk.film(page).id, Status.VIDEO_READY)
    desk.sync()
    assert rejected(desk) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("redo 99", "has no image 99"),
        ("redo everything", "names nothing to make again"),
        ("redo 3-1", "3-1 is no range"),
        ("redo composite 1", "follows from its images"),
    ],
)
def test_a_command_that_cannot_be_done_is_answered_and_changes_nothing(desk: Desk, text: str, said: str) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.says(page, text)
    desk.sync()
    assert said in desk.answers(page)[0]
    assert desk.film(page).status is Status.ASSETS_READY


def test_remarks_among_people_are_left_alone(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.says(page, "lovely, the second one above all 😀")
    desk.sync()
    assert desk.answers(page) == []
    assert desk.film(page).status is Status.ASSETS_READY


@pytest.mark.parametrize("kind", ["503_saved", "drop_saved", "503", "drop", "429"])
def test_an_answer_is_given_once_whatever_is_lost_on_the_way(desk: Desk, notion: FakeNotion, kind: str) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.says(page, "redo 2: no text")
    notion.fault(kind, method="POST", path="/comments", times=1)
    for _ in range(3):
        desk.sync()
    assert len(desk.answers(page)) == 1
    assert desk.studio.db.execute("select max(take) from artifacts").fetchone() == (2,)


def test_where_comments_may_not_be_written_the_error_log_answers(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    notion.capabilities.discard("insert_comments")
    desk.says(page, "redo 2")
    desk.sync()
    assert "image 2 will be made again" in desk.note(page)


def test_where_comments_may_not_be_read_everything_else_goes_on(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    notion.capabilities.discard("read_comments")
    desk.edit(page, Status="Assets Approved")
    done = desk.sync()
    assert (done.troubles, done.waits) == ([], [])
    assert desk.film(page).status is Status.ASSETS_APPROVED


def test_comments_of_many_cards_are_read_in_turn_ten_at_a_time(desk: Desk, notion: FakeNotion) -> None:
    pages = [desk.card(Status="Queued", Title=f"Film {number}") for number in range(12)]
    desk.sync()
    for page in pages:
        desk.studio.advance(desk.film(page).id, Status.ASSETS_READY)
    desk.sync()
    for _ in range(2):
        notion.clear_requests()
        desk.sync()
        assert notion.counts().get("GET /v1/comments", 0) == 10
    read = desk.studio.db.execute("select count(*) from cards where comments_read_at is not null").fetchone()
    assert read == (12,)


def test_the_same_command_twice_is_answered_twice(desk: Desk) -> None:
    page = desk.at(Status.ASSETS_READY)
    for _ in range(2):
        desk.says(page, "redo 99")
    for _ in range(3):
        desk.sync()
    assert len(desk.answers(page)) == 2


def test_a_card_out_of_sight_at_a_gate_keeps_nobody_from_being_heard(desk: Desk, notion: FakeNotion) -> None:
    lost, page = desk.at(Status.ASSETS_READY), desk.at(Status.ASSETS_READY)
    desk.studio.db.execute("update cards set comments_read_at = null")
    desk.studio.db.execute("update cards set comments_read_at = now() where page_id = %s", (page,))
    notion.share(lost, shared=False)
    desk.says(page, "redo 2")
    desk.sync()
    assert "image 2 will be made again" in desk.answers(page)[0]
    assert desk.film(lost).paused_at is not None, "and its film waits until it is there again"
    notion.share(lost, shared=True)
    desk.sync()
    assert desk.film(lost).paused_at is None
