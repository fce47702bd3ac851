"""What a person does by moving a card is done, once; what cannot be done is said, once, and the card put back."""

import time

import pytest
from notion_client import Client

from tests.board import SCHEMA, Desk
from tests.fakes.notion import FakeNotion, Request
from tests.takes import again, use
from vidctl.board.client import VERSION
from vidctl.domain.status import Status
from vidctl.store import cards


def reviewers(desk: Desk) -> list[tuple[str, str, str]]:
    return desk.studio.db.execute("select gate, action, reviewer_id from review_audit order by id").fetchall()


def test_a_queued_card_becomes_a_film_and_shows_how_it_goes(desk: Desk) -> None:
    page = desk.card(Status="Queued", Title="Salt roads", Topic="Caravans")
    desk.sync()
    film = desk.film(page)
    assert (film.title, film.topic, film.status) == ("Salt roads", "Caravans", Status.QUEUED)
    desk.studio.step(film.id)
    desk.sync()
    assert desk.shows(page)["Status"] == "Generating Assets"


def test_an_approval_on_the_board_names_who_gave_it(desk: Desk) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.edit(page, Status="Assets Approved")
    desk.sync()
    assert desk.film(page).status is Status.ASSETS_APPROVED
    assert reviewers(desk) == [("Assets Ready", "approved", f"Ana <ana@example.com> (notion:{desk.ana})")]


def test_where_names_may_not_be_read_the_id_stands_for_the_person(desk: Desk, notion: FakeNotion) -> None:
    notion.capabilities.discard("read_user")
    page = desk.at(Status.ASSETS_READY)
    desk.edit(page, Status="Assets Approved")
    desk.sync()
    assert reviewers(desk) == [("Assets Ready", "approved", f"notion:{desk.ana}")]


def test_a_move_that_cannot_be_is_put_back_with_the_reason_once(desk: Desk) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.edit(page, Status="Published")
    for _ in range(3):
        desk.sync()
    assert desk.shows(page)["Status"] == "Assets Ready"
    assert desk.note(page).count("Published, set by Ana") == 1
    assert "Assets Approved" in desk.note(page), "and what can be done is said"


def test_a_status_that_somebody_invented_is_put_back_and_said(desk: Desk) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.edit(page, Status="Looks great 🎉")
    desk.sync()
    assert desk.shows(page)["Status"] == "Assets Ready"
    assert f"'Looks great 🎉', set by Ana <ana@example.com> (notion:{desk.ana}), is no status" in desk.note(page)


def test_nothing_is_written_where_nothing_changed(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.sync()
    notion.clear_requests()
    desk.sync()
    assert notion.writes(page) == []
    assert [request.path.rsplit("/", 1)[1] for request in notion.requests] == ["query", "comments"]


def test_a_rejection_remakes_what_its_notes_name_and_takes_them_off_the_card(desk: Desk) -> None:
    page = desk.at(Status.VIDEO_READY)
    desk.edit(page, Status="Video Error", **{"Review Notes": "clip 2: slower pan"})
    desk.sync()
    film = desk.film(page)
    assert film.status is Status.VIDEO_ERROR
    taken = desk.studio.db.execute("select kind, index, note from artifacts where state = 'rejected'").fetchall()
    assert taken == [("clip", 2, "slower pan")]
    shown = desk.shows(page)
    assert not shown["Review Notes"]
    assert "rejected by Ana" in desk.note(page)
    assert "clip 2: slower pan" in desk.note(page)
    desk.edit(page, Status="Queued")
    desk.sync()
    before = len(desk.studio.ledger("made", "generate_video.py"))
    desk.studio.bring(film.id, Status.VIDEO_READY)
    assert len(desk.studio.ledger("made", "generate_video.py")) == before + 1


@pytest.mark.parametrize("notes", [None, "make it prettier"])
def test_a_rejection_that_names_nothing_says_that_nothing_is_made_again(desk: Desk, notes: str | None) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.edit(page, Status="Asset Error", **{"Review Notes": notes})
    desk.sync()
    assert desk.film(page).status is Status.ASSET_ERROR
    assert desk.note(page).count("nothing is made again, as Review Notes named no item") == 1
    assert not any(line.endswith(":") for line in desk.note(page).splitlines())


def test_a_wrong_click_that_is_put_right_before_the_card_is_put_back_does_what_was_meant(desk: Desk) -> None:
    page = desk.at(Status.VIDEO_READY)
    desk.edit(page, Status="Assets Approved")
    desk.sync_with_a_click(page, "Video Approved")
    desk.sync()
    assert desk.film(page).status is Status.VIDEO_APPROVED
    assert desk.agrees(page)


def test_notes_of_an_earlier_rejection_never_throw_anything_away_again(desk: Desk) -> None:
    page = desk.at(Status.VIDEO_READY)
    desk.edit(page, Status="Video Error", **{"Review Notes": "clip 2: slower pan"})
    desk.notion.fault("503", method="PATCH", path="/pages/", times=9)
    desk.sync()
    desk.notion.clear_faults()
    assert desk.film(page).status is Status.VIDEO_ERROR
    assert desk.shows(page)["Review Notes"], "they could not be taken off yet"
    desk.edit(page, Status="Queued")
    desk.sync()
    desk.studio.bring(desk.film(page).id, Status.VIDEO_READY)
    desk.sync()
    desk.edit(page, Status="Video Error")
    desk.sync()
    assert desk.studio.db.execute("select max(take) from artifacts where kind = 'clip'").fetchone() == (2,)


def test_notes_that_make_no_sense_change_nothing_and_are_answered(desk: Desk) -> None:
    page = desk.at(Status.VIDEO_READY)
    desk.edit(page, Status="Video Error", **{"Review Notes": "clips 9-2"})
    desk.sync()
    assert desk.film(page).status is Status.VIDEO_READY
    shown = desk.shows(page)
    assert (shown["Status"], shown["Review Notes"]) == ("Video Ready", "clips 9-2")
    assert "9-2 is no range" in desk.note(page)


def test_every_way_to_retry_resumes_at_the_step_that_failed(desk: Desk) -> None:
    desk.studio.faults(
        {"script": "generate_video.py", "times": 99, "fault": "error", "error": {"error_class": "permanent"}}
    )
    for wanted in ("Queued", "Video Approved", "Assets Approved", "Generating Video"):
        page = desk.card(Status="Queued", Title=wanted)
        desk.sync()
        film = desk.film(page).id
        desk.studio.bring(film, Status.VIDEO_ERROR)
        desk.sync()
        desk.edit(page, Status=wanted)
        desk.sync()
        assert desk.film(page).status is Status.GENERATING_VIDEO, wanted
        assert desk.shows(page)["Status"] == "Generating Video"


def test_draft_holds_a_film_and_queued_resumes_it(desk: Desk) -> None:
    page = desk.at(Status.VIDEO_READY)
    desk.edit(page, Status="Draft")
    desk.sync()
    assert desk.film(page).status is Status.DRAFT
    desk.edit(page, Status="Queued")
    desk.sync()
    assert desk.film(page).status is Status.QUEUED


def test_nobody_approves_what_the_card_did_not_show_yet(desk: Desk) -> None:
    page = desk.at(Status.GENERATING_ASSETS)
    desk.edit(page, Status="Assets Approved")
    desk.studio.bring(desk.film(page).id, Status.ASSETS_READY)
    desk.sync()
    assert desk.film(page).status is Status.ASSETS_READY
    assert desk.shows(page)["Status"] == "Assets Ready"
    assert "did not show" in desk.note(page)
    desk.edit(page, Status="Assets Approved")
    desk.sync()
    assert desk.film(page).status is Status.ASSETS_APPROVED


def test_what_was_made_again_is_not_approved_by_a_card_that_shows_the_old(desk: Desk) -> None:
    page = desk.at(Status.ASSETS_READY)
    film = desk.film(page).id
    desk.studio.reject(film, "image 1: brighter")
    desk.studio.retry(film)
    desk.studio.bring(film, Status.ASSETS_READY)
    desk.edit(page, Status="Assets Approved")
    desk.sync()
    assert desk.film(page).status is Status.ASSETS_READY


def test_twenty_cards_queued_at_once_are_twenty_films_after_one_sync(desk: Desk) -> None:
    pages = [desk.card(Status="Draft", Title=f"Film {number}") for number in range(20)]
    desk.sync()
    for page in pages:
        desk.edit(page, Status="Queued")
    desk.sync()
    assert {desk.film(page).status for page in pages} == {Status.QUEUED}


def test_ten_cards_approved_at_once_all_move(desk: Desk) -> None:
    pages = [desk.card(Status="Queued", Title=f"Film {number}") for number in range(10)]
    desk.sync()
    for page in pages:
        desk.studio.bring(desk.film(page).id, Status.ASSETS_READY)
    desk.sync()
    for page in pages:
        desk.edit(page, Status="Assets Approved")
    desk.sync()
    assert {desk.film(page).status for page in pages} == {Status.ASSETS_APPROVED}
    assert len(reviewers(desk)) == 10


def test_a_card_queued_twice_is_one_film(desk: Desk) -> None:
    page = desk.card(Status="Queued")
    desk.sync()
    film = desk.film(page).id
    desk.studio.step(film)
    desk.edit(page, Status="Queued")
    desk.sync()
    assert desk.film(page).id == film
    assert desk.studio.db.execute("select count(*) from tasks").fetchone() == (1,)
    assert desk.agrees(page)


def test_a_published_card_queued_again_is_a_new_version_and_the_old_one_stays(desk: Desk) -> None:
    page = desk.at(Status.PUBLISHED, Title="First cut")
    old = desk.film(page)
    desk.edit(page, Status="Queued", Title="Second cut")
    desk.sync()
    new = desk.film(page)
    assert (new.title, new.status) == ("Second cut", Status.QUEUED)
    assert new.id != old.id
    kept = desk.studio.task(old.id)
    assert (kept.status, kept.title) == (Status.PUBLISHED, "First cut")
    assert [action for _, action, _ in reviewers(desk)] == [*["approved"] * 4, "published"]
    assert "a new version" in desk.note(page)


def test_a_new_version_that_cannot_be_made_leaves_the_published_film_as_it_is(desk: Desk) -> None:
    page = desk.at(Status.PUBLISHED)
    film = desk.film(page).id
    desk.edit(page, Status="Queued", Topic=None)
    desk.sync()
    assert (desk.film(page).id, desk.shows(page)["Status"]) == (film, "Published")
    assert "was not done: the topic is empty" in desk.note(page)
    assert "a new version of the film is made" not in desk.note(page)
    desk.edit(page, Status="Queued", Topic="Fish")
    desk.sync()
    assert desk.film(page).id != film


def test_a_card_that_was_published_before_vidctl_knew_it_is_left_alone(desk: Desk, notion: FakeNotion) -> None:
    page = desk.card(Status="Published", Title="By hand, last year")
    desk.sync()
    assert desk.studio.db.execute("select count(*) from tasks").fetchone() == (0,)
    assert notion.writes(page) == []


def test_what_is_decided_on_the_command_line_is_shown_on_the_card(desk: Desk) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.studio.approve(desk.film(page).id, by="bob")
    desk.sync()
    assert desk.shows(page)["Status"] == "Assets Approved"


def test_a_click_on_the_way_of_another_write_is_not_lost(desk: Desk, notion: FakeNotion) -> None:
    """Our write is about something else, comes after the click, and makes us the last editor."""
    page = desk.at(Status.ASSETS_READY)
    film = desk.film(page).id
    desk.edit(page, Status="Assets Approved")
    with Client(auth=notion.token, base_url=notion.url, notion_version=VERSION) as client:
        client.pages.update(page, properties={"Cost": {"number": 1.5}})
    assert notion.editor(page) == notion.bot_id
    desk.sync()
    assert desk.studio.task(film).status is Status.ASSETS_APPROVED
    assert reviewers(desk)[0][2] == "somebody on the Notion board"


def test_a_card_that_is_moved_to_another_database_takes_its_film_along(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    film = desk.film(page)
    notion.move(page, desk.second_board("two"), by=desk.ana)
    desk.sync(full=True)
    moved = desk.film(page)
    assert (moved.id, moved.channel_id, moved.title, moved.topic) == (film.id, "one", film.title, film.topic)
    assert (moved.status, moved.paused_at) == (Status.ASSETS_READY, None)
    desk.edit(page, Status="Assets Approved")
    desk.sync()
    assert (desk.film(page).status, desk.shows(page)["Status"]) == (Status.ASSETS_APPROVED, "Assets Approved")


def test_a_card_in_a_database_of_nobodys_pauses_its_film(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    notion.move(page, notion.database(notion.parent_page("Attic"), SCHEMA), by=desk.ana)
    desk.sync(full=True)
    film = desk.film(page)
    assert (film.status, film.title, film.paused_at is None) == (Status.ASSETS_READY, "A film", False)
    notion.move(page, desk.board, by=desk.ana)
    desk.sync()
    assert desk.film(page).paused_at is None
    assert desk.agrees(page)


def test_an_approval_of_what_was_rejected_meanwhile_is_no_retry(desk: Desk) -> None:
    page = desk.at(Status.VIDEO_READY)
    desk.edit(page, Status="Video Approved")
    desk.studio.reject(desk.film(page).id, "clip 1: slower")
    desk.sync()
    assert desk.film(page).status is Status.VIDEO_ERROR
    assert "the card did not show yet that the film is Video Error" in desk.note(page)


def test_what_is_published_meanwhile_is_not_made_anew_by_whoever_wanted_its_upload_tried_again(desk: Desk) -> None:
    page = desk.at(Status.APPROVED)
    film = desk.film(page).id
    desk.studio.faults({"script": "upload_video.py", "fault": "status", "status": 65})
    desk.studio.step(film)
    desk.sync()
    assert desk.shows(page)["Status"] == "Upload Error"
    desk.studio.retry(film)
    desk.studio.advance(film, Status.PUBLISHED)
    desk.edit(page, Status="Queued")
    desk.sync()
    assert (desk.film(page).id, desk.film(page).status) == (film, Status.PUBLISHED)


def test_an_approval_counts_for_no_take_that_was_brought_back_where_no_word_of_the_card_changed(desk: Desk) -> None:
    page = twice_at_final_review(desk)
    desk.edit(page, Status="Approved")
    use(desk.studio, desk.film(page).id, "film take 1")
    push_alone(desk)
    desk.sync()
    assert desk.film(page).status is Status.FINAL_REVIEW
    assert "did not show yet that the film is Final Review as it is now" in desk.note(page)
    desk.edit(page, Status="Approved")
    desk.sync()
    assert desk.film(page).status is Status.APPROVED


def test_an_approval_counts_for_no_take_that_was_brought_back_while_nobody_knew_what_the_card_shows(
    desk: Desk, notion: FakeNotion
) -> None:
    page = desk.at(Status.AUDIO_READY)
    film = desk.film(page).id
    desk.studio.reject(film, "narration 1")
    desk.studio.retry(film)
    desk.sync()
    desk.studio.advance(film, Status.AUDIO_READY)
    desk.studio.later(seconds=61)

    def go_away(request: Request) -> None:
        if request.method == "PATCH":
            notion.fault("503", method="GET", times=None)
            notion.fault("503", method="POST", times=None)

    notion.fault("503_saved", method="PATCH", path="/pages/", times=1)
    notion.meanwhile(after=go_away)
    desk.sync(budget_s=5)
    notion.meanwhile(after=lambda _: None)
    assert (desk.shows(page)["Status"], desk.agrees(page)) == ("Audio Ready", True)
    desk.edit(page, Status="Audio Approved")
    use(desk.studio, film, "narration 1 take 1")
    notion.clear_faults()
    desk.studio.later(minutes=2)
    desk.sync()
    assert desk.film(page).status is Status.AUDIO_READY
    assert "did not show yet" in desk.note(page)


def test_of_which_version_an_unconfirmed_status_is_nobody_claims_to_know_where_two_were_written(desk: Desk) -> None:
    page, db, now = desk.at(Status.AUDIO_READY), desk.studio.db, desk.studio.now
    seen = []
    for version in (5, 5, 7):
        cards.writing(db, page, before="Generating SFX", status="Audio Ready", version=version, now=now)
        row = cards.known(db, [page])[page]
        seen.append((row.unconfirmed, row.unconfirmed_version))
    assert seen == [(["Audio Ready"], 5), (["Audio Ready"], 5), (["Audio Ready"], None)]


def test_a_write_that_was_refused_leaves_what_was_on_its_way_before(desk: Desk) -> None:
    page, db, now = desk.at(Status.AUDIO_READY), desk.studio.db, desk.studio.now
    cards.writing(db, page, before="Generating SFX", status="Audio Ready", version=5, now=now)
    before = cards.known(db, [page])[page]
    cards.writing(db, page, before="Audio Ready", status="Audio Error", version=6, now=now)
    cards.not_written(db, before)
    after = cards.known(db, [page])[page]
    assert (after.unconfirmed, after.unconfirmed_version) == (["Audio Ready"], 5)


def twice_at_final_review(desk: Desk) -> str:
    """Return the page of a film that has two takes of its film."""
    page = desk.at(Status.FINAL_REVIEW)
    again(desk.studio, "narration 1: calmer", to=Status.FINAL_REVIEW, task_id=desk.film(page).id)
    desk.sync()
    desk.sync()
    return page


def push_alone(desk: Desk) -> None:
    """Write cards as a command does that moved a film: without reading what people did first."""
    with (
        desk.studio.session("push") as db,
        desk.syncing(db, budget_s=60) as board,
    ):
        board.push(until=time.monotonic() + 60)
