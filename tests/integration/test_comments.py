"""A comment on a card that waits for a person is a command too: obeyed once, answered once, with what it costs."""

from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from tests.board import Desk
from tests.fakes.notion import FakeNotion
from vidctl.domain.status import Status
from vidctl.storage.local import folder

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
    desk.studio.bring(desk.film(page).id, Status.VIDEO_READY)
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
    desk.studio.bring(desk.film(page).id, Status.VIDEO_READY)
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
        desk.studio.bring(desk.film(page).id, Status.ASSETS_READY)
    assert desk.studio.db.execute("select max(take) from artifacts").fetchone() == (2,)
    assert len(desk.answers(page)) == 1


def test_what_was_said_before_the_film_came_there_is_not_done_and_that_is_said(desk: Desk) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.says(page, "redo 1: brighter")
    desk.edit(page, Status="Assets Approved")
    desk.sync()
    desk.studio.later(minutes=5)
    desk.studio.bring(desk.film(page).id, Status.VIDEO_READY)
    desk.sync()
    desk.sync()
    assert (desk.film(page).status, rejected(desk)) == (Status.VIDEO_READY, [])
    (answer,) = desk.answers(page)
    assert "said before the film came to Video Ready; say it again" in answer


def test_commands_given_between_two_looks_are_done_together(desk: Desk) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.says(page, "redo 1: brighter")
    desk.says(page, "redo 99")
    desk.says(page, "redo 2: no text")
    desk.says(page, "redo 1: and warmer")
    desk.sync()
    assert rejected(desk) == [("image", 1, "brighter, and warmer"), ("image", 2, "no text")]
    done = "vidctl: image 1, image 2 will be made again, free of charge."
    assert desk.answers(page).count(done) == 3
    assert sum("has no image 99" in answer for answer in desk.answers(page)) == 1


def test_commands_that_cost_money_are_one_quote(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.says(page, "redo 1: slower")
    desk.says(page, "redo 2: faster")
    desk.sync()
    assert len(desk.answers(page)) == 2
    assert all("clip 1, clip 2 again costs about $0.84" in answer for answer in desk.answers(page))
    desk.says(page, "go")
    desk.sync()
    assert desk.film(page).status is Status.GENERATING_VIDEO


def test_a_yes_from_before_the_quote_could_be_seen_buys_nothing(desk: Desk, notion: FakeNotion) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.says(page, "redo clips 1, 2: slower")
    notion.comment(page, by=notion.person("Bob", "bob@example.com"), text="ok")
    notion.fault("503", method="POST", path="/comments", times=None)
    desk.sync()
    desk.says(page, "ok")
    desk.sync()
    desk.says(page, "yes")
    notion.clear_faults()
    desk.sync()
    assert desk.film(page).status is Status.VIDEO_ERROR
    assert len(desk.answers(page)) == 1
    desk.says(page, "go")
    desk.sync()
    assert desk.film(page).status is Status.GENERATING_VIDEO


def test_what_lost_its_file_is_in_the_quote_too(desk: Desk) -> None:
    """A retry makes it again, asked for or not."""
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    place = folder(desk.context.home, "one", str(desk.film(page).id))
    row = desk.studio.db.execute("select path from artifacts where kind = 'clip' and index = 2").fetchone()
    assert row is not None
    place.path(row[0]).unlink()
    desk.says(page, "redo 1")
    desk.sync()
    assert "clip 1 and 1 that follow from it again costs about $0.84" in desk.answers(page)[0]


def test_without_the_films_files_nothing_is_decided(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    here = desk.context.home / "workspace"
    here.rename(elsewhere := desk.context.home / "elsewhere")
    desk.says(page, "redo image 1")
    desk.sync()
    assert (desk.film(page).status, desk.answers(page)) == (Status.VIDEO_READY, [])
    elsewhere.rename(here)
    (board,) = here.rglob("storyboard.json")
    words = board.read_text()
    board.write_text(words + " ")
    desk.sync()
    assert "the film's storyboard is not as it was recorded" in desk.answers(page)[0]
    board.write_text(words)
    desk.says(page, "redo image 1")
    desk.sync()
    assert "image 1 and 2 that follow from it again costs about $0.84" in desk.answers(page)[1]


def test_a_command_is_heard_although_our_clock_is_ahead_of_notions(desk: Desk, notion: FakeNotion) -> None:
    notion.world.clock = lambda: desk.studio.now - timedelta(minutes=3)
    page = desk.at(Status.ASSETS_READY)
    desk.says(page, "redo 2: no text")
    desk.sync()
    assert rejected(desk) == [("image", 2, "no text")]


def test_a_comment_that_makes_no_sense_keeps_no_other_from_being_heard(desk: Desk, notion: FakeNotion) -> None:
    page, other = desk.at(Status.ASSETS_READY), desk.at(Status.ASSETS_READY)
    notion.comment(page, by=desk.ana, text="redo 1")
    with closing(desk.client()) as client:
        answer: Any = client.comments.list(block_id=page)
    (said,) = answer["results"]
    odd = [{**said, "created_time": "soon"}, None, said]
    notion.fault("wrong_shape", path="/comments", body={"object": "list", "results": odd, "has_more": False}, times=2)
    desk.edit(other, Status="Assets Approved")
    done = desk.sync()
    assert (done.troubles, done.waits) == ([], [])
    assert desk.agrees(other)
    assert rejected(desk) == [("image", 1, "")]


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
        desk.studio.bring(desk.film(page).id, Status.ASSETS_READY)
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
