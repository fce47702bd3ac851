"""Whatever Notion does, no decision is lost or done twice, and the card is right as soon as it can be."""

import json
import threading
import time
from contextlib import closing
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest

from tests.board import Desk
from tests.fakes.notion import FakeNotion
from tests.processes import until
from vidctl.board.errors import NotionUnavailable
from vidctl.domain.status import Status
from vidctl.engine import decide
from vidctl.engine.sync.guard import AT_MOST
from vidctl.errors import KeyRefused
from vidctl.store import marks, notices


def approvals(desk: Desk) -> int:
    (number,) = desk.studio.db.execute("select count(*) from review_audit").fetchone() or (0,)
    return int(number)


def test_a_write_that_was_saved_and_not_confirmed_is_found_by_reading_and_not_repeated(
    desk: Desk, notion: FakeNotion
) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.studio.approve(desk.film(page).id)
    notion.clear_requests()
    notion.fault("503_saved", method="PATCH", path="/pages/")
    desk.sync()
    assert desk.shows(page)["Status"] == "Assets Approved"
    assert len(notion.writes(page)) == 1
    assert approvals(desk) == 1
    for kind, priority in zip(["500_saved", "drop_saved", "html_saved", "not_json_saved"], cycle(("high", "low"))):
        marks.set_priority(desk.studio.db, desk.film(page).id, priority)
        notion.clear_requests()
        notion.fault(kind, method="PATCH", path="/pages/")
        desk.sync()
        assert (desk.shows(page)["Priority"], len(notion.writes(page))) == (priority.title(), 1), kind


def test_a_write_that_was_not_saved_is_made_again(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.studio.approve(desk.film(page).id)
    notion.fault("503", method="PATCH", path="/pages/")
    desk.sync()
    assert desk.shows(page)["Status"] == "Assets Approved"
    for kind, priority in zip(["502", "504", "500", "drop", "html", "409", "429", "529"], cycle(("high", "low"))):
        marks.set_priority(desk.studio.db, desk.film(page).id, priority)
        notion.fault(kind, method="PATCH", path="/pages/")
        desk.sync()
        assert desk.shows(page)["Priority"] == priority.title(), kind


def test_a_reading_that_fails_is_tried_again(desk: Desk, notion: FakeNotion) -> None:
    page = desk.card(Status="Draft")
    desk.sync()
    for kind in ("429", "529", "500", "502", "503", "504", "drop", "html", "not_json", "wrong_shape"):
        desk.edit(page, Topic=kind)
        notion.fault(kind, method="POST", path="/query")
        desk.sync()
        if kind == "wrong_shape":  # it is left to the next sync
            desk.sync()
        assert desk.film(page).topic == kind


def test_a_decision_is_kept_when_writing_the_card_fails_and_is_not_made_again(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.edit(page, Status="Published")
    rule = notion.fault("503", method="PATCH", path="/pages/", times=None)
    for _ in range(3):
        desk.sync()
    assert rule.struck >= 3
    notion.clear_faults()
    desk.sync()
    assert desk.agrees(page)
    assert desk.note(page).count("Published, set by Ana") == 1


def test_a_card_that_is_read_as_it_was_before_our_write_decides_nothing(desk: Desk, notion: FakeNotion) -> None:
    """The stale card shows the click that sent the film on its way; by then it has failed again."""
    desk.studio.faults(
        {"script": "generate_video.py", "times": 99, "fault": "error", "error": {"error_class": "permanent"}}
    )
    page = desk.at(Status.VIDEO_ERROR)
    film = desk.film(page).id
    desk.edit(page, Status="Queued")
    desk.sync()
    desk.studio.bring(film, Status.VIDEO_ERROR)
    notion.fault("stale", path="/query|/pages/", times=None)
    before = len(desk.studio.path_of(film))
    desk.sync()
    desk.sync()
    notion.clear_faults()
    desk.sync()
    assert len(desk.studio.path_of(film)) == before, "it was retried once"
    assert desk.agrees(page)


def test_our_own_write_that_arrives_late_is_nobodys_decision(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    film = desk.film(page).id
    desk.studio.reject(film, "image 1: brighter")
    notion.fault("drop_late", method="PATCH", path="/pages/", delay_s=1.0)
    desk.sync()
    desk.studio.retry(film)
    desk.studio.bring(film, Status.ASSETS_READY)
    desk.sync()
    time.sleep(1.2)
    before = len(desk.studio.path_of(film))
    for _ in range(3):
        desk.studio.later(seconds=60)
        desk.sync()
    assert len(desk.studio.path_of(film)) == before
    assert desk.agrees(page)


def test_the_same_click_within_the_minute_is_done_a_minute_later(desk: Desk) -> None:
    page = desk.at(Status.VIDEO_READY)
    desk.edit(page, Status="Draft")
    desk.sync()
    desk.edit_at_once(page, Status="Video Ready")
    desk.sync()
    assert desk.agrees(page) or desk.shows(page)["Status"] == "Video Ready"
    desk.studio.later(seconds=90)
    desk.sync()
    assert desk.agrees(page)
    assert "Video Ready, set by Ana" in desk.note(page)


def test_a_day_without_notion_stops_no_film_and_afterwards_every_card_is_right(desk: Desk, notion: FakeNotion) -> None:
    pages = [desk.card(Status="Queued", Title=f"Film {number}") for number in range(8)]
    desk.sync()
    notion.down = True
    for page in pages:
        film = desk.film(page).id
        desk.studio.bring(film, Status.ASSETS_READY)
        assert desk.sync(budget_s=3).waits
        desk.studio.later(hours=3)
    assert desk.studio.db.execute("select count(*) from alerts where kind = 'board'").fetchone() == (1,)
    notion.down = False
    notion.clear_requests()
    desk.sync()
    assert all(desk.agrees(page) for page in pages)
    assert len(notion.requests) <= 3 * len(pages) + 6, "each card is looked at, written, and its comments are read"
    assert all(len(notion.writes(page)) == 1 for page in pages)


def test_where_a_film_is_that_was_published_is_known_without_notion(
    desk: Desk, notion: FakeNotion, capfd: pytest.CaptureFixture[str]
) -> None:
    film = desk.film(desk.at(Status.APPROVED)).id
    said = {"fault": "", "result": {"url": "https://youtube.com/watch?v=dQw4w9WgXcQ"}}
    desk.studio.faults({"script": "upload_video.py", **said})
    notion.down = True
    desk.studio.step(film)
    assert desk.sync(budget_s=0.2).waits
    assert desk.studio.task(film).youtube_url == "https://youtube.com/watch?v=dQw4w9WgXcQ"
    logged = [json.loads(line) for line in capfd.readouterr().err.splitlines() if '"published"' in line]
    assert [line["url"] for line in logged] == ["https://youtube.com/watch?v=dQw4w9WgXcQ"]
    alerts = desk.studio.db.execute("select message from alerts where kind = 'published'").fetchall()
    assert alerts == [("'A film' is published: https://youtube.com/watch?v=dQw4w9WgXcQ",)]


def test_clicks_made_while_nobody_read_are_done_afterwards(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    notion.down = True
    desk.edit(page, Status="Assets Approved")
    desk.sync(budget_s=2)
    desk.studio.later(hours=20)
    notion.down = False
    desk.sync()
    assert desk.film(page).status is Status.ASSETS_APPROVED


def test_a_refused_token_is_said_and_nothing_is_lost(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    token, notion.token = notion.token, "ntn_wrong"
    desk.edit(page, Status="Assets Approved")
    (trouble,) = desk.sync().troubles
    assert isinstance(trouble, KeyRefused)
    notion.token = token
    desk.sync()
    assert desk.film(page).status is Status.ASSETS_APPROVED


def test_a_board_that_is_not_shared_any_more_stops_only_itself(desk: Desk, notion: FakeNotion) -> None:
    other = notion.database(notion.parent_page("Other"), {"Title": {"title": {}}, "Status": {"select": {}}})
    desk.studio.channel("two", board="notion", notion_database_id=other.id)
    page = desk.at(Status.ASSETS_READY)
    notion.share(other.id, shared=False)
    desk.edit(page, Status="Assets Approved")
    done = desk.sync(full=True)
    assert "two.yaml: Notion shows the integration no database" in str(done.troubles[0])
    assert desk.film(page).status is Status.ASSETS_APPROVED
    assert desk.agrees(page)


def test_a_retry_after_holds_everybody_back(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.edit(page, Status="Assets Approved")
    notion.fault("429", path="/query", retry_after=30)
    began = time.monotonic()
    done = desk.sync(budget_s=5)
    assert time.monotonic() - began < 4, "there is no use in waiting for what comes too late"
    assert isinstance(done.waits[0], NotionUnavailable)
    notion.clear_requests()
    desk.sync(budget_s=2)
    assert notion.requests == []


def test_a_card_in_the_trash_pauses_its_film_and_brought_back_it_goes_on(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.GENERATING_ASSETS)
    film = desk.film(page).id
    notion.trash(page, by=desk.ana)
    desk.sync(full=True)
    desk.studio.step(film)
    assert desk.film(page).status is Status.GENERATING_ASSETS
    assert desk.studio.ledger("made", "generate_asset.py") == []
    desk.studio.later(minutes=1)
    notion.restore(page, by=desk.ana)
    desk.sync(full=True)
    desk.studio.bring(film, Status.ASSETS_READY)
    desk.sync()
    assert desk.agrees(page)


def test_a_card_that_moved_to_a_board_of_ours_is_followed(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    other = desk.second_board("two")
    desk.studio.later(minutes=1)
    notion.move(page, other, by=desk.ana)
    desk.edit(page, Status="Assets Approved")
    desk.sync(full=True)
    desk.sync(full=True)
    film = desk.film(page)
    assert (film.status, film.channel_id, film.paused_at) == (Status.ASSETS_APPROVED, "one", None)
    assert desk.agrees(page)


def test_the_first_sync_of_many_cards_may_be_broken_off_anywhere(desk: Desk, notion: FakeNotion) -> None:
    pages = [desk.card(Status="Draft", Title=f"Film {number}") for number in range(250)]
    notion.fault("503", path="/query", after=2, times=4)
    assert desk.sync(budget_s=30).waits
    notion.clear_faults()
    for _ in range(3):
        desk.sync()
    found = desk.studio.db.execute("select count(*), count(distinct notion_page_id) from tasks").fetchone()
    assert found == (len(pages), len(pages))
    assert not any(notion.writes(page) for page in pages), "a Draft that says so needs no writing"


@pytest.mark.parametrize("kind", ["503_saved", "drop_saved"])
def test_lines_whose_write_was_saved_unnoticed_are_not_written_again(desk: Desk, notion: FakeNotion, kind: str) -> None:
    page = desk.at(Status.VIDEO_READY)
    desk.edit(page, Status="Video Error", **{"Review Notes": "clip 1: slower\n\nand think of the music"})
    notion.fault(kind, method="PATCH", path="/pages/")
    notion.clear_requests()
    desk.sync()
    assert len(notion.writes(page)) == 1
    assert desk.note(page).count("clip 1: slower") == 1


def test_an_icon_that_notion_does_not_take_holds_up_nothing(desk: Desk, notion: FakeNotion) -> None:
    desk.studio.channel("one", board="notion", notion_database_id=desk.board.id, scenes=2, emoji="salt")
    notion.fault("error", method="PATCH", path="/pages/", status=400, code="validation_error", message="icon.emoji")
    page = desk.card(Status="Queued")
    desk.sync()
    desk.studio.step(desk.film(page).id)
    assert not desk.sync().troubles
    assert desk.agrees(page)


def test_a_card_that_is_deleted_while_its_clips_render_loses_none_of_them(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.COMPOSITES_READY)
    film = desk.film(page).id
    desk.studio.limit(items_per_step=1)
    desk.studio.faults({"script": "generate_video.py", "fault": "sell", "seconds": 2, "times": 9})
    step = threading.Thread(target=desk.studio.step, args=(film,))
    step.start()
    until(lambda: desk.studio.ledger("sold"), what="the first clip")
    notion.trash(page, by=desk.ana)
    desk.sync(full=True)
    step.join()
    made = desk.studio.db.execute("select count(*) from artifacts where kind = 'clip' and state = 'done'").fetchone()
    assert (len(desk.studio.ledger("sold")), made) == (1, (1,)), "what was at work is kept, and nothing more is begun"
    assert desk.film(page).attempt == 0, "that is nobody's failure"
    desk.studio.later(minutes=1)
    notion.restore(page, by=desk.ana)
    desk.sync(full=True)
    desk.studio.bring(film, Status.VIDEO_READY)
    assert len(desk.studio.ledger("sold")) == 2


def test_one_card_that_cannot_be_taken_over_holds_up_none_behind_it(desk: Desk, notion: FakeNotion) -> None:
    pages = [desk.card(Status="Queued", Title=f"Film {number}") for number in range(3)]
    desk.studio.db.execute(
        """create function refuse() returns trigger language plpgsql as
               $$ begin if new.title = 'Film 1' then raise exception 'no such film here'; end if; return new; end $$;
           create trigger refuse before update on tasks for each row execute function refuse()"""
    )
    (trouble,) = desk.sync().troubles
    assert "no such film here" in str(trouble)
    made = desk.studio.db.execute("select title, status from tasks order by title").fetchall()
    assert made == [("Film 0", "Queued"), ("Film 2", "Queued")]
    desk.studio.db.execute("drop trigger refuse on tasks")
    assert not desk.sync(full=True).troubles
    assert desk.film(pages[1]).status is Status.QUEUED

    with closing(desk.client()) as client:
        whole: Any = client.pages.retrieve(desk.card(Status="Queued", Title="Beside it"))
    partial = {"object": "page", "id": pages[0]}
    notion.fault("wrong_shape", path="/query", body={"object": "list", "results": [partial, whole], "has_more": False})
    assert "no page" in str(desk.sync().troubles[0])
    assert desk.film(whole["id"]).status is Status.QUEUED


def test_a_property_that_is_taken_away_holds_up_no_card(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    notion.remove_property(desk.board, "Status Since")
    desk.edit(page, Status="Assets Approved")
    assert not desk.sync().troubles
    desk.studio.step(desk.film(page).id)
    assert not desk.sync().troubles
    assert desk.agrees(page)


def test_a_card_that_notion_does_not_take_is_left_alone_for_a_while_and_holds_up_no_other(
    desk: Desk, notion: FakeNotion
) -> None:
    page, other = desk.at(Status.ASSETS_READY), desk.at(Status.ASSETS_READY)
    notion.fault(
        "error", method="PATCH", path=page, times=None, status=400, code="validation_error", message="no such option"
    )
    for film in (page, other):
        desk.edit(film, Status="Assets Approved")
    assert "a card cannot be written" in str(desk.sync().troubles[0])
    for film in (page, other):
        desk.studio.step(desk.film(film).id)
    assert len(desk.sync().troubles) == 1
    assert desk.agrees(other)
    assert not desk.agrees(page)
    notion.clear_faults()
    notion.clear_requests()
    assert len(desk.sync().troubles) == 1, "it is told for as long as it lasts"
    assert notion.writes(page) == [], "and rests"
    assert not desk.sync(full=True).troubles
    assert desk.agrees(page)


def test_a_card_that_was_out_of_sight_for_a_while_is_seen_as_soon_as_it_is_back(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.studio.later(minutes=20)
    desk.sync()
    notion.share(page, shared=False)
    desk.studio.approve(desk.film(page).id)
    desk.sync()
    assert desk.film(page).paused_at is not None
    desk.studio.later(minutes=10)
    notion.share(page, shared=True)
    desk.sync()
    assert desk.film(page).paused_at is None
    assert desk.agrees(page)


@pytest.mark.parametrize("fault", ["error", "429"])
def test_a_click_is_heard_that_says_what_notion_did_not_take_from_us(
    desk: Desk, notion: FakeNotion, fault: str
) -> None:
    page = desk.at(Status.GENERATING_ASSETS)
    decide.hold(desk.studio.db, desk.film(page), actor="bo", now=desk.studio.now)
    notion.fault(fault, method="PATCH", path=page, times=None, status=400, code="validation_error", message="no")
    desk.sync(budget_s=3)
    decide.queue(desk.studio.db, desk.film(page), actor="bo", now=desk.studio.now)
    notion.clear_faults()
    desk.edit(page, Topic="Fish")
    desk.edit(page, Status="Draft")
    desk.sync()
    assert desk.film(page).status is Status.DRAFT


def test_what_may_be_a_click_or_our_own_lost_write_is_asked_about(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.GENERATING_ASSETS)
    decide.hold(desk.studio.db, desk.film(page), actor="bo", now=desk.studio.now)
    notion.fault("503", method="PATCH", path=page, times=None)
    desk.sync()
    decide.queue(desk.studio.db, desk.film(page), actor="bo", now=desk.studio.now)
    notion.clear_faults()
    desk.studio.later(hours=5)
    desk.edit(page, Status="Draft")
    desk.sync()
    assert desk.film(page).status is Status.QUEUED
    assert desk.note(page).count("Draft was taken for vidctl's own") == 1
    desk.edit(page, Status="Draft")
    desk.sync()
    assert desk.film(page).status is Status.DRAFT


def test_a_card_that_cannot_be_read_holds_up_no_reading_writing_or_comment_of_others(
    desk: Desk, notion: FakeNotion
) -> None:
    odd, page = desk.at(Status.ASSETS_READY), desk.at(Status.ASSETS_READY)
    with closing(desk.client()) as client:
        whole: Any = client.pages.retrieve(odd)
    whole.pop("last_edited_by")
    notion.fault("wrong_shape", path=f"/pages/{odd}", body=whole, times=None)
    notion.fault("wrong_shape", path="/query", body={"object": "list", "results": [whole], "has_more": False})
    for film in (odd, page):
        desk.studio.approve(desk.film(film).id)
    done = desk.sync()
    assert desk.agrees(page)
    assert all("is no page" in str(trouble) for trouble in done.troubles)
    assert done.waits == []
    desk.says(page, "redo 2")
    desk.studio.later(hours=2)
    done = desk.sync()
    assert done.waits == []
    assert desk.studio.db.execute("select count(*) from boards where reconciling_since is null").fetchone() == (1,)
    notion.clear_faults()
    assert not desk.sync().troubles
    assert desk.agrees(odd)


def test_a_page_that_notion_cannot_answer_holds_up_no_writing_of_others(desk: Desk, notion: FakeNotion) -> None:
    odd, page = desk.at(Status.ASSETS_READY), desk.at(Status.ASSETS_READY)
    for card in (odd, page):  # the odd one waits longest
        desk.studio.later(seconds=60)
        desk.studio.approve(desk.film(card).id)
    notion.fault("500", method="GET", path=f"/pages/{odd}", times=None)
    done = desk.sync()
    assert desk.agrees(page)
    assert (done.left, len(done.waits), done.broken_off) == (1, 1, False)
    notion.clear_faults()
    assert desk.sync().left == 0
    assert desk.agrees(odd)


def test_bad_pages_between_good_ones_are_no_outage_however_many(desk: Desk, notion: FakeNotion) -> None:
    pages = [desk.at(Status.ASSETS_READY) for _ in range(6)]
    for page in pages:
        desk.studio.later(seconds=60)
        desk.studio.approve(desk.film(page).id)
    for odd in pages[::2]:
        notion.fault("500", method="GET", path=f"/pages/{odd}", times=None)
    done = desk.sync()
    assert all(desk.agrees(page) for page in pages[1::2])
    assert (done.left, done.broken_off) == (3, False)


def test_bad_pages_before_all_others_hold_up_none_while_notion_is_there(desk: Desk, notion: FakeNotion) -> None:
    pages = [desk.at(Status.ASSETS_READY) for _ in range(6)]
    for page in pages:
        desk.studio.later(seconds=60)
        desk.studio.approve(desk.film(page).id)
    for odd in pages[:5]:
        notion.fault("500", method="GET", path=f"/pages/{odd}", times=None)
    done = desk.sync()
    assert desk.agrees(pages[5])
    assert (done.left, done.broken_off) == (5, False)


def test_a_text_that_notion_does_not_give_holds_up_no_reading_of_others(desk: Desk, notion: FakeNotion) -> None:
    odd = desk.card(Status="Draft", Title="Odd")
    desk.sync()
    notion.fault("500", method="GET", path=f"/pages/{odd}/properties", times=None)
    desk.edit(odd, Topic=[{"mention": {"date": {"start": "2026-12-24"}}}] * 26)  # a page shows no more than 25
    page = desk.card(Status="Queued")
    done = desk.sync()
    assert desk.film(page).status is Status.QUEUED
    assert (len(done.waits), done.broken_off) == (1, False)
    assert desk.studio.db.execute("select problem from boards").fetchone() == ("",), "nothing is wrong with the board"
    notion.clear_faults()
    desk.sync()
    assert desk.film(odd).topic == "2026-12-24" * 26


def test_an_outage_costs_a_few_requests_however_many_cards_wait_to_be_written(desk: Desk, notion: FakeNotion) -> None:
    cards = [desk.card(Status="Queued", Title=f"Film {number}") for number in range(8)]
    desk.sync()
    for page in cards:
        desk.studio.step(desk.film(page).id)
    notion.clear_requests()
    notion.fault("503", path="/pages/|/users/me", times=None)
    done = desk.sync()
    assert (done.left, done.broken_off) == (len(cards), True)
    assert notion.counts()["GET /v1/pages/{id}"] == 6, "four tries with the first card, one with two more"


def test_where_no_page_can_be_had_twelve_are_tried_although_notion_is_there(desk: Desk, notion: FakeNotion) -> None:
    cards = [desk.card(Status="Queued", Title=f"Film {number}") for number in range(AT_MOST + 2)]
    desk.sync()
    for page in cards:
        desk.studio.step(desk.film(page).id)
    notion.clear_requests()
    notion.fault("503", path="/pages/", times=None)
    done = desk.sync()
    assert (done.left, done.broken_off) == (len(cards), True)
    assert notion.counts()["GET /v1/pages/{id}"] == AT_MOST + 3, "four tries with the first card, one with the others"


def test_a_bug_with_one_card_holds_up_no_writing_of_others(desk: Desk) -> None:
    odd, page = desk.at(Status.ASSETS_READY), desk.at(Status.ASSETS_READY)
    for film in (odd, page):
        desk.studio.approve(desk.film(film).id)
    desk.studio.db.execute(
        f"""create function refuse() returns trigger language plpgsql as
                $$ begin if new.page_id = '{odd}' then raise exception 'not this one'; end if; return new; end $$;
            create trigger refuse before update on cards for each row execute function refuse()"""
    )
    (trouble,) = desk.sync().troubles
    assert "could not be written, because of a bug: RaiseException: not this one" in str(trouble)
    assert "Traceback" in trouble.hint
    assert desk.agrees(page)


def test_a_retry_after_that_is_no_number_is_a_second(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.edit(page, Status="Assets Approved")
    notion.fault("429", path="/query", retry_after="nan")
    desk.sync()
    assert desk.film(page).status is Status.ASSETS_APPROVED


def test_cards_whose_channel_is_known_now_are_taken_up_a_few_at_a_time(desk: Desk, notion: FakeNotion) -> None:
    pages = [desk.card(Channel="Two", Status="Queued", Title=f"Film {n}") for n in range(12)]
    desk.sync()
    for _ in range(2):
        desk.studio.later(minutes=10)
        desk.sync()
    desk.studio.channel("two", board="notion", notion_database_id=desk.board.id)
    desk.sync()
    made = desk.studio.db.execute("select count(*) from tasks").fetchone()
    assert made == (10,)
    desk.sync()
    assert all(desk.film(page).channel_id == "two" for page in pages)


def test_the_card_that_waits_longest_is_written_first(desk: Desk, notion: FakeNotion) -> None:
    one, two, three = sorted(desk.at(Status.ASSETS_READY) for _ in range(3))
    pages = [two, three, one]  # in no order of their ids
    for page in pages:
        desk.studio.later(minutes=1)
        desk.studio.approve(desk.film(page).id)
    notion.clear_requests()
    desk.sync()
    written = [request.path.rsplit("/", 1)[-1] for request in notion.requests if request.method == "PATCH"]
    assert written == pages


def refuses(desk: Desk, title: str) -> None:
    """Let the database refuse films of this title."""
    desk.studio.db.execute(
        f"""create or replace function refuse() returns trigger language plpgsql as
                $$ begin if new.title = '{title}' then raise exception 'not this'; end if; return new; end $$;
            create or replace trigger refuse before update on tasks for each row execute function refuse()"""
    )


def test_a_card_that_could_not_be_taken_over_is_met_again_by_the_next_sync(desk: Desk) -> None:
    odd, other = desk.card(Status="Draft"), desk.card(Status="Draft")
    desk.sync()
    refuses(desk, "Odd")
    desk.edit(odd, Title="Odd")
    for minute in range(10):
        desk.edit(other, Topic=str(minute))
        done = desk.sync()
        assert (len(done.troubles), done.news) == (1, 1), "what is not taken over is no news"
    refuses(desk, "")
    desk.sync()
    assert desk.film(odd).title == "Odd"
    assert desk.sync().read < 2, "all that was read is not read again"


def test_a_card_that_is_odd_for_good_is_tried_once_an_hour_and_holds_up_no_reading(desk: Desk) -> None:
    odd, other = desk.card(Status="Draft"), desk.card(Status="Draft")
    desk.sync()
    refuses(desk, "Odd")
    desk.edit(odd, Title="Odd")
    desk.sync()
    desk.studio.later(minutes=70)
    desk.edit(other, Topic="Fish")
    assert desk.sync().troubles, "all cards are read"
    for _ in range(2):
        desk.studio.later(minutes=20)
        done = desk.sync()
        assert (done.troubles, done.read < 2) == ([], True)
    desk.studio.later(minutes=30)
    assert len(desk.sync().troubles) == 1


def mails(desk: Desk, *, syncs: int, full: bool = False) -> int:
    """Return how many of some syncs, a minute apart, have something to say to cron."""
    said = 0
    for _ in range(syncs):
        desk.studio.later(seconds=59)
        troubles = [str(trouble) for trouble in desk.sync(full=full, budget_s=3).troubles]
        said += bool(notices.unsaid(desk.studio.db, "here", troubles, now=desk.studio.now))
    return said


def test_what_is_wrong_with_a_board_is_said_once_although_notion_is_away_in_between(
    desk: Desk, notion: FakeNotion
) -> None:
    desk.card(Status="Draft")
    desk.sync()
    notion.remove_property(desk.board, "Status")
    said = 0
    for _ in range(3):
        said += mails(desk, syncs=1, full=True)
        notion.down = True
        said += mails(desk, syncs=1, full=True)
        notion.down = False
    assert said == 1


def test_what_is_wrong_with_a_card_is_said_once_although_not_every_sync_meets_it(
    desk: Desk, notion: FakeNotion
) -> None:
    cards = [desk.card(Status="Queued", Title=f"Film {number}") for number in range(12)]
    desk.sync()
    for page in cards:
        desk.studio.bring(desk.film(page).id, Status.ASSETS_READY)
    desk.sync()
    last = max(cards)
    refusal = {"status": 400, "message": "an odd comment"}
    notion.fault("error", method="GET", path="/comments", says=last, times=None, **refusal)
    assert mails(desk, syncs=12) == 1


def test_what_was_well_for_a_while_is_news(desk: Desk) -> None:
    def said(*sentences: str, after: timedelta) -> set[str]:
        desk.studio.now += after
        return notices.unsaid(desk.studio.db, "here", sentences, now=desk.studio.now)

    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    assert said("a", "b", after=minute) == {"a", "b"}
    assert said("a", after=hour) == set()
    assert said("a", "b", after=minute) == set(), "nobody may have looked"
    assert [said("a", after=hour) for _ in range(2)] == [set(), set()]
    assert said("a", "b", after=minute) == {"b"}, "it was not met for two hours"
    for _ in range(2):
        assert said("a", "b", after=hour) == set()
    assert said("a", "b", after=hour) == {"a"}, "what lasts is said again after six hours"
