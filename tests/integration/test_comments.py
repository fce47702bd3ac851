"""A comment on a card that waits for a person is a command too: obeyed once, answered once, with what it costs."""

import json
import shutil
from contextlib import closing
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.board import Desk
from tests.fakes.notion import FakeNotion, Request
from tests.takes import again, edit, use
from vidctl.domain.script_names import SCRIPTS
from vidctl.domain.status import Status
from vidctl.engine.edit import edit_storyboard
from vidctl.engine.sync.in_tick import boards_of
from vidctl.storage.local import folder
from vidctl.store import comments

SOLD = {"script": "generate_video.py", "fault": "sell", "times": 99}
"""Each clip costs $0.42."""


def rejected(desk: Desk) -> list[tuple[str, int, str]]:
    return desk.studio.db.execute(
        "select kind, index, note from artifacts where take > 1 order by kind, index"
    ).fetchall()


def test_a_free_redo_is_done_at_once_and_says_so(desk: Desk) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.asks(page, "redo 2: no text")
    assert desk.film(page).status is Status.GENERATING_ASSETS
    assert rejected(desk) == [("image", 2, "no text")]
    assert desk.answers(page) == ["vidctl: image 2 (no text) will be made again, free of charge."]
    (who, notes) = desk.studio.db.execute("select reviewer_id, notes from review_audit").fetchone() or ("", "")
    assert (who, notes) == (f"Ana <ana@example.com> (notion:{desk.ana})", "image 2: no text")


def test_a_redo_that_costs_money_is_quoted_and_waits_for_a_yes(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.asks(page, "redo clips 1, 2: slower")
    assert (desk.film(page).status, rejected(desk)) == (Status.VIDEO_READY, []), "until then nothing is rejected"
    (quote,) = desk.answers(page)
    assert "making clip 1 (slower), clip 2 (slower) again costs about $0.84. Answer `go`" in quote
    desk.asks(page, "go")
    assert desk.film(page).status is Status.GENERATING_VIDEO
    assert rejected(desk) == [("clip", 1, "slower"), ("clip", 2, "slower")]
    assert desk.answers(page)[1] == "vidctl: clip 1 (slower), clip 2 (slower) will be made again."
    sold = len(desk.studio.ledger("sold"))
    desk.studio.bring(desk.film(page).id, Status.VIDEO_READY)
    assert len(desk.studio.ledger("sold")) == sold + 2


def test_the_quote_counts_what_follows_from_an_item(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.asks(page, "redo image 1")
    (quote,) = desk.answers(page)
    assert "image 1, and with it clip 1, clip 2, again costs about $0.84" in quote


def test_a_yes_without_a_quote_means_nothing(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    for word in ("yes", "go", "no"):
        desk.asks(page, word)
    assert (desk.film(page).status, desk.answers(page)) == (Status.VIDEO_READY, [])


def test_whoever_does_not_want_to_pay_says_no_or_approves_it_as_it_is(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    for answer in ("no, too expensive, keep it", None):
        desk.asks(page, "redo 1: slower")
        if answer:
            desk.replies(page, answer)
            desk.sync()
            assert desk.answers(page)[-1] == "vidctl: nothing is made again; the film waits as it is."
            desk.asks(page, "go")
            assert "no quote waits for a yes" in desk.answers(page)[-1]
    desk.edit(page, Status="Video Approved")
    desk.sync()
    assert (desk.film(page).status, rejected(desk)) == (Status.VIDEO_APPROVED, [])


def test_more_can_be_asked_for_while_a_quote_waits(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.asks(page, "redo 1: slower")
    desk.asks(page, "redo 2; 1: and warmer")
    assert "clip 1 (slower; and warmer), clip 2 again costs about $0.84" in desk.answers(page)[-1]
    desk.asks(page, "go")
    assert rejected(desk) == [("clip", 1, "slower; and warmer"), ("clip", 2, "")]


def test_a_word_among_people_buys_nothing(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.says(page, "could you fix the typo in the title?")
    desk.asks(page, "redo 1")
    desk.replies(page, "ok", to="could you fix")
    desk.asks(page, "yes")
    assert (desk.film(page).status, len(desk.answers(page))) == (Status.VIDEO_READY, 1)
    desk.replies(page, "ok", to="redo 1")
    desk.sync()
    assert desk.film(page).status is Status.GENERATING_VIDEO


def test_the_price_of_an_item_is_that_of_its_last_take_however_often_it_was_rejected(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    for _ in range(3):
        desk.asks(page, "redo 1")
        assert "clip 1 again costs about $0.42" in desk.answers(page)[-1]
        desk.asks(page, "go")
        desk.studio.bring(desk.film(page).id, Status.VIDEO_READY)
        desk.sync()
        use(desk.studio, desk.film(page).id, "clip 1 take 1")
        desk.studio.bring(desk.film(page).id, Status.VIDEO_READY)
        desk.sync()


def test_what_other_scripts_made_for_nothing_is_not_free(desk: Desk) -> None:
    page = desk.at(Status.VIDEO_READY)
    other = desk.studio.scripts / "other.py"
    shutil.copy(desk.studio.scripts / "generate_video.py", other)
    scripts = {name: str(desk.studio.scripts / name) for name in SCRIPTS} | {"generate_video.py": str(other)}
    desk.studio.channel("one", board="notion", notion_database_id=desk.board.id, scenes=2, scripts=scripts)
    desk.asks(page, "redo 1")
    assert "making clip 1 again may cost money: nobody knows how much" in desk.answers(page)[0]
    desk.asks(page, "go")
    assert desk.film(page).status is Status.GENERATING_VIDEO


def test_a_yes_is_to_the_quote_that_stood_there_not_to_an_equal_one_from_before(desk: Desk, notion: FakeNotion) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.asks(page, "redo 1")
    desk.asks(page, "go")
    desk.studio.bring(desk.film(page).id, Status.VIDEO_READY)
    desk.sync()
    desk.replies(page, "redo 1", to="redo 1")
    notion.fault("503", method="POST", path="/comments", times=None)
    desk.sync()
    desk.replies(page, "ok", to="redo 1")
    notion.clear_faults()
    desk.sync()
    assert desk.film(page).status is Status.VIDEO_READY
    desk.replies(page, "ok", to="redo 1")
    desk.sync()
    assert desk.film(page).status is Status.GENERATING_VIDEO


def test_a_quote_that_could_not_be_a_comment_has_to_stand_in_the_error_log_before_a_yes(
    desk: Desk, notion: FakeNotion
) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    notion.capabilities.discard("insert_comments")
    desk.says(page, "redo 1")
    notion.fault("503", method="PATCH", path="/pages", times=None)
    desk.sync()
    desk.asks(page, "go")
    assert desk.film(page).status is Status.VIDEO_READY
    notion.clear_faults()
    desk.asks(page, "redo 1")
    assert "clip 1 again costs about $0.42" in desk.note(page)
    desk.studio.later(minutes=2)
    desk.asks(page, "go")
    assert desk.film(page).status is Status.GENERATING_VIDEO


def test_an_item_that_the_storyboard_has_no_more_is_neither_quoted_nor_rejected(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    film = desk.film(page)
    board = json.loads(desk.studio.folder(film.id).path("storyboard.json").read_bytes())
    board["scenes"].pop()
    data = json.dumps(board).encode()
    edit_storyboard(desk.studio.db, film, data, desk.studio.author)
    desk.studio.bring(film.id, Status.VIDEO_READY)
    desk.sync()
    desk.asks(page, "redo 2")
    assert "has no clip 2 any more" in desk.answers(page)[-1]
    desk.edit(page, Status="Video Error", **{"Review Notes": "clip 2: slower"})
    desk.sync()
    assert desk.film(page).status is Status.VIDEO_READY
    assert "has no clip 2 any more" in desk.note(page)


def test_what_an_item_cost_the_last_time_is_its_price(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    again(desk.studio, "clip 1: slower", to=Status.VIDEO_READY, task_id=desk.film(page).id)
    desk.sync()
    desk.studio.db.execute("update takes set cost_usd = 0.10 where kind = 'clip' and index = 1 and number = 1")
    desk.asks(page, "redo 1")
    assert "clip 1 again costs about $0.42" in desk.answers(page)[-1]


def test_an_item_in_a_note_is_not_made_again(desk: Desk) -> None:
    page = desk.at(Status.VIDEO_READY)
    desk.says(page, "redo 1: slower")
    desk.says(page, "redo 1: clip 2: as there")
    desk.sync()
    assert rejected(desk) == [("clip", 1, "slower; clip 2: as there")]


def test_a_quote_that_is_voided_while_its_yes_is_read_buys_nothing(desk: Desk, notion: FakeNotion) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.asks(page, "redo 1")
    bob = notion.person("Bob", "bob@example.com")
    desk.studio.later(seconds=60)
    notion.comment(page, by=bob, text="go")

    def change(request: Request) -> None:
        if request.path.endswith(bob):
            notion.meanwhile(before=lambda _: None)
            edit(desk.studio, desk.film(page).id, sound="rain")

    notion.meanwhile(before=change)
    desk.sync()
    assert (desk.film(page).status, rejected(desk)) == (Status.VIDEO_READY, [])
    assert "no quote waits for a yes" in desk.answers(page)[-1]


@pytest.mark.parametrize("as_a_comment", [False, True])
def test_an_equal_quote_that_the_error_log_showed_before_is_none_of_this_one(
    desk: Desk, notion: FakeNotion, as_a_comment: bool
) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    notion.capabilities.discard("insert_comments")
    desk.asks(page, "redo 1")
    desk.studio.later(minutes=2)
    desk.asks(page, "go")
    desk.studio.bring(desk.film(page).id, Status.VIDEO_READY)
    desk.sync()
    desk.says(page, "redo 1")
    if as_a_comment:
        notion.capabilities.add("insert_comments")
        notion.fault("503", method="POST", path="/comments", times=None)
    else:
        notion.fault("503", method="PATCH", times=None)
    desk.sync()
    assert len(comments.quotes(desk.studio.db, desk.film(page).seen)) == 1, "it was heard, and is not answered yet"
    desk.studio.later(minutes=2)
    desk.says(page, "go")
    notion.clear_faults()
    desk.sync()
    assert desk.film(page).status is Status.VIDEO_READY
    desk.studio.later(minutes=2)
    desk.asks(page, "redo 1")
    desk.studio.later(minutes=2)
    desk.asks(page, "go")
    assert desk.film(page).status is Status.GENERATING_VIDEO


def test_words_in_the_thread_of_a_quote_that_are_no_answer_are_asked_about_once(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.asks(page, "redo 1")
    desk.replies(page, "no yes", to="redo 1")
    desk.replies(page, "what do you think?", to="redo 1")
    desk.sync()
    desk.replies(page, "it moves too much", to="redo 1")
    desk.says(page, "what a lovely film")
    desk.sync()
    assert ["is that a yes?" in answer for answer in desk.answers(page)] == [False, True]
    assert desk.film(page).status is Status.VIDEO_READY
    desk.replies(page, "yes please 👍", to="redo 1")
    desk.sync()
    assert desk.film(page).status is Status.GENERATING_VIDEO
    assert rejected(desk) == [("clip", 1, "")]


def test_a_go_in_a_quotes_own_thread_buys_what_that_quoted_and_no_more(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.asks(page, "redo 1")
    desk.asks(page, "redo 2: darker")
    desk.replies(page, "go", to="redo 1")
    desk.sync()
    assert desk.film(page).status is Status.GENERATING_VIDEO
    assert rejected(desk) == [("clip", 1, "")]


def test_a_quote_has_what_would_be_asked_for_in_other_words_now(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    # As after an upgrade that asks for clips otherwise.
    desk.studio.db.execute("update artifacts set fingerprint = 'older' where kind = 'clip' and index = 2")
    desk.asks(page, "redo 1")
    assert "clip 1, and with it clip 2, again costs about $0.84" in desk.answers(page)[-1]


def test_a_redo_that_was_said_before_a_wrong_click_was_put_back_is_about_what_the_card_showed(desk: Desk) -> None:
    page = desk.at(Status.VIDEO_READY)
    desk.studio.later(minutes=30)
    desk.says(page, "redo 2: no text")
    desk.edit(page, Status="Assets Approved")
    for _ in range(3):
        desk.sync()
        desk.studio.later(seconds=60)
    assert rejected(desk) == [("clip", 2, "no text")]


@pytest.mark.parametrize("round_", range(4))  # ids of comments are chance
def test_of_two_quotes_in_one_look_the_one_that_has_both_counts(desk: Desk, round_: int) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.asks(page, "redo 1")
    desk.studio.db.execute("update takes set cost_usd = 0.50 where kind = 'clip' and index = 1")
    desk.says(page, "go")
    desk.says(page, "redo 2")
    desk.sync()
    desk.asks(page, "go")
    assert rejected(desk) == [("clip", 1, ""), ("clip", 2, "")], round_


def test_a_no_to_what_is_done_already_declines_no_other_quote(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.asks(page, "redo 1")
    desk.asks(page, "go")
    desk.studio.bring(desk.film(page).id, Status.VIDEO_READY)
    desk.sync()
    desk.studio.later(minutes=2)
    desk.asks(page, "redo 2")
    desk.replies(page, "no, leave it like that", to="redo 1")
    desk.sync()
    desk.asks(page, "go")
    assert rejected(desk) == [("clip", 1, ""), ("clip", 2, "")]


def test_a_yes_that_a_machine_without_the_files_hears_is_left_to_the_one_that_has_them(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.asks(page, "redo 1")
    here = desk.context.home / "workspace"
    elsewhere = here.rename(desk.context.home / "elsewhere")
    desk.asks(page, "go")
    assert len(desk.answers(page)) == 1
    elsewhere.rename(here)
    desk.sync()
    assert desk.film(page).status is Status.GENERATING_VIDEO


def test_a_quote_that_comes_after_the_film_moved_on_is_none(desk: Desk, notion: FakeNotion) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.says(page, "redo 1")
    notion.fault("503", method="POST", path="/comments", times=None)
    desk.sync()
    notion.clear_faults()
    desk.edit(page, Status="Video Approved")
    desk.sync()
    desk.sync()
    assert desk.answers(page) == ["vidctl: nothing was made again: the film is Video Approved by now."]


def test_a_thread_that_was_removed_before_its_answer_mutes_no_card(desk: Desk, notion: FakeNotion) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.says(page, "redo 99")
    notion.fault("503", method="POST", path="/comments", times=None)
    desk.sync()
    notion.clear_faults()
    with notion.world.lock:
        notion.world.comments.clear()
    desk.asks(page, "redo 1")
    assert "clip 1 again costs about $0.42" in desk.answers(page)[-1]
    assert "clip 99" in desk.note(page)


def test_what_is_said_of_a_gate_that_the_card_showed_though_nobody_confirmed_it_counts(
    desk: Desk, notion: FakeNotion
) -> None:
    page = at_a_gate_that_nobody_confirmed(desk, notion)
    desk.asks(page, "redo 2: no text")
    desk.sync()
    assert rejected(desk) == [("clip", 2, "no text")]


def test_an_approval_between_two_looks_at_a_gate_that_nobody_confirmed_counts(desk: Desk, notion: FakeNotion) -> None:
    page = at_a_gate_that_nobody_confirmed(desk, notion)
    desk.sync_with_a_click(page, "Video Approved")
    desk.sync()
    assert desk.film(page).status is Status.VIDEO_APPROVED


def at_a_gate_that_nobody_confirmed(desk: Desk, notion: FakeNotion) -> str:
    """Bring a film to a gate; its card shows it, but the answer to that write and the look after it are lost."""
    page = desk.at(Status.ASSETS_READY)
    desk.edit(page, Status="Assets Approved")
    desk.sync()
    desk.studio.bring(desk.film(page).id, Status.VIDEO_READY)

    def cut(request: Request) -> None:
        if request.method == "PATCH":
            notion.fault("503", method="GET", path="/pages", times=None)

    notion.fault("drop_saved", method="PATCH", path="/pages", times=None)
    notion.meanwhile(after=cut)
    desk.sync()
    notion.meanwhile(after=lambda _: None)
    notion.clear_faults()
    desk.studio.later(minutes=2)
    assert (desk.agrees(page), desk.film(page).pushed_version < desk.film(page).version) == (True, True)
    return page


def test_a_yes_in_the_thread_of_another_quote_is_none_to_this_one(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.asks(page, "redo 1")
    desk.replies(page, "no", to="redo 1")
    desk.sync()
    desk.asks(page, "redo 2")
    desk.replies(page, "ok", to="redo 1")
    desk.sync()
    assert desk.film(page).status is Status.VIDEO_READY
    assert "no quote waits for a yes" in desk.answers(page)[-1]


def test_a_change_of_the_film_voids_its_quote_and_whoever_says_yes_hears_so(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.asks(page, "redo 1")
    edit(desk.studio, desk.film(page).id, sound="rain")
    desk.sync()
    desk.asks(page, "go")
    assert desk.film(page).status is Status.VIDEO_READY
    assert "no quote waits for a yes" in desk.answers(page)[-1]


def test_a_quote_that_is_not_true_any_more_is_made_anew(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.asks(page, "redo 1")
    place = folder(desk.context.home, "one", str(desk.film(page).id))
    (path,) = desk.studio.db.execute("select path from artifacts where kind = 'clip' and index = 2").fetchone() or ("",)
    place.path(path).unlink()
    desk.asks(page, "go")
    assert desk.film(page).status is Status.VIDEO_READY
    assert "that has changed. Now making clip 1, and with it clip 2, again costs about $0.84" in desk.answers(page)[-1]
    desk.asks(page, "go")
    assert desk.film(page).status is Status.GENERATING_VIDEO


def test_what_was_said_of_another_take_than_the_card_showed_rejects_none(desk: Desk) -> None:
    page = desk.at(Status.ASSETS_READY)
    again(desk.studio, "image 2", to=Status.ASSETS_READY, task_id=desk.film(page).id)
    desk.asks(page, "redo 2: darker")
    desk.sync()
    assert desk.film(page).status is Status.ASSETS_READY
    assert "said before the film came to Assets Ready" in desk.answers(page)[0]


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
    desk.asks(page, "redo 1: and warmer")
    assert rejected(desk) == [("image", 1, "brighter; and warmer"), ("image", 2, "no text")]
    done = "vidctl: image 1 (brighter; and warmer), image 2 (no text) will be made again, free of charge."
    assert desk.answers(page).count(done) == 3
    assert sum("has no image 99" in answer for answer in desk.answers(page)) == 1


def test_commands_that_cost_money_are_one_quote(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.says(page, "redo 1: slower")
    desk.asks(page, "redo 2: faster")
    assert len(desk.answers(page)) == 2
    assert all("clip 1 (slower), clip 2 (faster) again costs about $0.84" in answer for answer in desk.answers(page))
    desk.asks(page, "go")
    assert desk.film(page).status is Status.GENERATING_VIDEO


def test_a_yes_from_before_the_quote_could_be_seen_buys_nothing(desk: Desk, notion: FakeNotion) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    desk.says(page, "redo clips 1, 2: slower")
    notion.comment(page, by=notion.person("Bob", "bob@example.com"), text="go")
    notion.fault("503", method="POST", path="/comments", times=None)
    desk.sync()
    desk.replies(page, "ok")
    desk.sync()
    desk.says(page, "go")
    notion.clear_faults()
    desk.sync()
    assert (desk.film(page).status, rejected(desk)) == (Status.VIDEO_READY, [])
    assert sum("costs about" in answer for answer in desk.answers(page)) == 1
    desk.asks(page, "go")
    assert desk.film(page).status is Status.GENERATING_VIDEO


def test_what_lost_its_file_is_in_the_quote_too(desk: Desk) -> None:
    """A retry makes it again, asked for or not."""
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    place = folder(desk.context.home, "one", str(desk.film(page).id))
    row = desk.studio.db.execute("select path from artifacts where kind = 'clip' and index = 2").fetchone()
    assert row is not None
    place.path(row[0]).unlink()
    desk.asks(page, "redo 1")
    assert "clip 1, and with it clip 2, again costs about $0.84" in desk.answers(page)[0]


def test_without_the_films_files_nothing_is_decided(desk: Desk) -> None:
    desk.studio.faults(SOLD)
    page = desk.at(Status.VIDEO_READY)
    here = desk.context.home / "workspace"
    here.rename(elsewhere := desk.context.home / "elsewhere")
    desk.asks(page, "redo image 1")
    assert (desk.film(page).status, desk.answers(page)) == (Status.VIDEO_READY, [])
    elsewhere.rename(here)
    (board,) = here.rglob("storyboard.json")
    words = board.read_text()
    board.write_text(words + " ")
    desk.sync()
    assert "the film's storyboard is not as it was recorded" in desk.answers(page)[0]
    board.write_text(words)
    desk.asks(page, "redo image 1")
    assert "image 1, and with it clip 1, clip 2, again costs about $0.84" in desk.answers(page)[1]


def test_a_command_is_heard_although_our_clock_is_ahead_of_notions(desk: Desk, notion: FakeNotion) -> None:
    notion.world.clock = lambda: desk.studio.now - timedelta(minutes=3)
    page = desk.at(Status.ASSETS_READY)
    desk.asks(page, "redo 2: no text")
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
    desk.asks(page, text)
    assert said in desk.answers(page)[0]
    assert desk.film(page).status is Status.ASSETS_READY


def test_remarks_among_people_are_left_alone(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.asks(page, "lovely, the second one above all 😀")
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
    desk.asks(page, "redo 2")
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
    desk.asks(page, "redo 2")
    assert "image 2 will be made again" in desk.answers(page)[0]
    assert desk.film(lost).paused_at is not None, "and its film waits until it is there again"
    notion.share(lost, shared=True)
    desk.sync()
    assert desk.film(lost).paused_at is None


def test_a_card_whose_answer_cannot_be_given_keeps_nobody_from_being_heard(desk: Desk, notion: FakeNotion) -> None:
    odd, page = desk.at(Status.ASSETS_READY), desk.at(Status.ASSETS_READY)
    read_at = "update cards set comments_read_at = %s where page_id = %s"
    desk.studio.db.execute(read_at, (None, odd))
    for card in (odd, page):
        desk.says(card, "redo 99")
    notion.fault("500", method="POST", path="/comments")
    done = desk.sync()
    assert ([len(desk.answers(card)) for card in (odd, page)], done.broken_off) == ([0, 1], False)
    desk.sync()
    assert [len(desk.answers(card)) for card in (odd, page)] == [1, 1], "nothing is lost"


def test_cards_whose_comments_cannot_be_read_do_not_keep_their_turn(desk: Desk, notion: FakeNotion) -> None:
    cards = [desk.card(Status="Queued", Title=f"Film {number}") for number in range(12)]
    desk.sync()
    for page in cards:
        desk.studio.bring(desk.film(page).id, Status.ASSETS_READY)
    desk.sync()
    last = "select page_id from cards order by comments_read_at nulls first, page_id limit 1"
    (odd,) = desk.studio.db.execute(last).fetchone() or ("",)
    notion.fault("500", method="GET", path="/comments", times=4)
    done = desk.sync()
    assert (len(done.waits), done.broken_off) == (1, False)
    assert desk.studio.db.execute(last).fetchone() != (odd,)


def test_one_card_in_trouble_keeps_no_page_from_being_brought_up_to_date(desk: Desk, notion: FakeNotion) -> None:
    odd, page = desk.at(Status.ASSETS_READY), desk.at(Status.ASSETS_READY)
    desk.says(odd, "redo 99")

    def behind() -> set[UUID]:
        """Return what a tick would see to after it looked at the boards."""
        desk.studio.later(seconds=60)
        with boards_of(desk.studio.db, desk.studio.files().channels, desk.context) as boards:
            boards.read()
            boards.push()
            return set(boards.behind(desk.studio.db, desk.context))

    notion.fault("500", method="POST", path="/comments", times=None)
    assert behind() == {desk.film(card).id for card in (odd, page)}
    notion.down = True
    assert behind() == set(), "an outage is no time for uploads"
