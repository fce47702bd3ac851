"""Nothing is bought twice: an order is journaled before it is sent, and one whose answer was lost is not sent again."""

import os
import signal
from collections.abc import Generator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from tests.ledger import heard, number_by_time
from tests.processes import until
from tests.studio import Studio
from vidctl.domain.orders import OrderState
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Kind
from vidctl.engine import decide, settle
from vidctl.engine.children import Command, Ended
from vidctl.engine.edit import edit_storyboard
from vidctl.engine.resuming import Past
from vidctl.errors import BadInput
from vidctl.store import moves, orders
from vidctl.store.orders import Order

CLIP, IMAGE = "generate_video.py", "generate_asset.py"
BOUGHT: dict[str, Any] = {"script": CLIP, "fault": "order", "times": 100}
LOST = {"fault": "error", "error": {"error_class": "transient", "in_doubt": True, "message": "cut"}}


def at_clips(studio: Studio, **channel: Any) -> UUID:
    if channel:
        studio.channel(**channel)
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    return task_id


def sold(studio: Studio, script: str = CLIP) -> list[str]:
    return [entry["job"] for entry in studio.ledger("sold", script)]


def states(studio: Studio) -> list[str]:
    return [row[0] for row in studio.db.execute("select state from orders order by id")]


def doubted(studio: Studio) -> Order:
    [order] = orders.in_doubt(studio.db)
    return order


def kill_while(studio: Studio, task_id: UUID, happened: Any) -> None:
    """Work on a film in a process of its own, and kill that, and what it started, once something has happened."""
    if (pid := os.fork()) == 0:
        studio.step(task_id)
        os._exit(0)
    until(happened)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def test_an_order_is_in_the_database_with_its_price_before_it_is_sent(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio)
    studio.faults({**BOUGHT, "lost": {"fault": "sleep", "seconds": 30}, "times": 1})
    kill_while(studio, task_id, lambda: sold(studio))
    row = studio.db.execute("select state, reserved_usd, charged_usd, kind, index, step from orders").fetchone()
    assert row == ("asked", Decimal("0.42"), None, "clip", 1, "clips")


def test_a_lost_answer_is_not_ordered_again_but_asked_about_and_found_again(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio)
    studio.faults({**BOUGHT, "lost": {"fault": "sleep", "seconds": 30}, "times": 1}, BOUGHT)
    kill_while(studio, task_id, lambda: sold(studio))
    for _ in range(3):
        studio.step(task_id)
        task = studio.task(task_id)
        assert task.status is Status.VIDEO_ERROR
        assert "clip 1: it may have been bought already" in task.error_log
        assert "$0.42" in task.error_log
        studio.retry(task_id)
    assert len(sold(studio)) == 3, "the other two clips, once each"
    settle.found(studio.db, doubted(studio), sold(studio)[0], actor="ana", now=studio.now)
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(sold(studio)) == 3
    assert studio.ledger("made", CLIP)[-1]["options"]["resume-job"] == sold(studio)[0]
    assert states(studio) == ["made"] * 3
    assert studio.db.execute("select sum(cost_usd), count(*) from video_costs").fetchone() == (Decimal("1.26"), 3)


@pytest.mark.parametrize("bought", [True, False])
def test_what_a_person_says_of_a_lost_answer_is_believed(studio: Studio, bought: bool) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio)
    studio.faults({**BOUGHT, "lost": LOST, "times": 1}, BOUGHT)
    studio.step(task_id)
    say = settle.was_bought if bought else settle.was_not_bought
    say(studio.db, doubted(studio), actor="ana", now=studio.now)
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(sold(studio)) == 4
    booked = studio.db.execute("select sum(cost_usd) from video_costs").fetchone()
    assert booked == (Decimal("1.68") if bought else Decimal("1.26"),)


def test_what_can_never_be_fetched_is_ordered_again_and_listed_as_perhaps_charged(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio)
    no_job = {**BOUGHT, "by_job": False}
    studio.faults({**no_job, "lost": {"fault": "sleep", "seconds": 30}, "times": 1}, no_job)
    kill_while(studio, task_id, lambda: sold(studio))
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(sold(studio)) == 4, "one more than needed: that which was in flight"
    assert states(studio) == ["lost", "made", "made", "made"]
    settle.was_bought(studio.db, doubted(studio), actor="ana", now=studio.now)
    assert studio.db.execute("select sum(cost_usd) from video_costs").fetchone() == (Decimal("1.68"),)
    assert orders.in_doubt(studio.db) == []


def test_a_balance_that_is_explained_to_the_cent_says_that_nothing_was_bought(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio)
    studio.faults({**BOUGHT, "balance": 10, "lost": LOST, "times": 1}, {**BOUGHT, "balance": 10})
    studio.step(task_id)
    assert states(studio) == ["in doubt", "made", "made"]
    order = doubted(studio)
    orders.saw_balance(studio.db, order.id, heard(Decimal(10), order.asked_at))
    studio.db.execute(
        "update orders set asked_at = asked_at + interval '9 s', answered_at = answered_at + interval '9 s'"
    )
    number_by_time(studio.db)
    studio.later(minutes=1)
    studio.step(task_id)
    assert studio.task(task_id).status is Status.GENERATING_VIDEO, "looked up again later"
    assert "in doubt" in states(studio), "nobody has seen yet that orders are charged when they are taken"
    seen = "update orders set after_usd = before_usd - reserved_usd where state = 'made'"
    copy = "task_id, channel_id, kind, {index}, step, service, subject, 'made', by_job, reserved_usd, 2, 1.58, asked_at"
    columns = (
        "task_id, channel_id, kind, index, step, service, subject, state, by_job, reserved_usd, before_usd, after_usd"
    )
    studio.db.execute(seen)
    studio.db.execute(f"insert into orders ({columns}, asked_at) select {copy.format(index=9)} from orders limit 1")
    studio.bring(task_id, Status.VIDEO_READY)
    assert states(studio).count("refused") == 1
    assert len(sold(studio)) == 4


def test_what_a_person_says_while_the_balance_is_looked_at_is_not_overruled_by_it(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio)
    studio.faults({**BOUGHT, "balance": 10, "lost": LOST, "times": 1}, BOUGHT)
    studio.step(task_id)
    order = doubted(studio)
    studio.later(hours=2)  # by now the account shows whatever was taken

    def look(looked_at: Order) -> Generator[Command, Ended, None]:
        """Read that nothing was taken, while Ana finds that it was: the answer of the account is old."""
        yield from ()
        orders.saw_balance(studio.db, looked_at.id, heard(Decimal("9.16"), studio.now))  # of two other clips
        with studio.session("ana") as db:
            settle.found(db, order, sold(studio)[0], actor="ana", now=studio.now)

    claim, _ = moves.claim(studio.db, studio.task(task_id).seen, by="here", settings="{}", now=studio.now)
    past = Past(studio.db, claim, order.artifact, order.subject, studio.clock, look)
    with pytest.raises(StopIteration) as ended:
        next(past.order(None))
    assert (ended.value.value.id, ended.value.value.job_id) == (order.id, sold(studio)[0])
    studio.bring(task_id, Status.VIDEO_READY)
    assert (len(sold(studio)), states(studio)) == (3, ["made"] * 3)


@pytest.mark.parametrize("left", ["9.58", "10.42", "9.99", "110"])
def test_any_other_balance_leaves_an_order_in_doubt(studio: Studio, left: str) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio, story={"assets": 1, "scenes": 1})
    studio.faults({**BOUGHT, "balance": 10, "lost": LOST, "times": 1}, BOUGHT)
    studio.step(task_id)
    orders.saw_balance(studio.db, doubted(studio).id, heard(Decimal(left), studio.now))
    studio.wait(studio.task(task_id))
    studio.step(task_id)
    assert studio.task(task_id).status is Status.VIDEO_ERROR
    assert len(sold(studio)) == 1


def test_a_changed_prompt_never_resumes_the_job_of_the_old_one(studio: Studio) -> None:
    task_id = at_clips(studio)
    studio.faults({**BOUGHT, "then": {"fault": "error", "error": {"error_class": "transient"}}, "times": 3}, BOUGHT)
    studio.step(task_id)
    old = sold(studio)
    assert len(old) == 3
    decide.hold(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    text = studio.folder(task_id).path("storyboard.json").read_text().replace("push in 2", "pull out 2")
    edit_storyboard(studio.db, studio.task(task_id), text.encode(), studio.author)
    decide.queue(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    studio.bring(task_id, Status.VIDEO_READY)
    resumed = {entry["options"].get("resume-job") for entry in studio.ledger("made", CLIP)}
    assert len(sold(studio)) == 4
    assert len(resumed & set(old)) == 2


def test_a_file_that_is_gone_is_fetched_once_more_and_not_bought(studio: Studio) -> None:
    task_id = at_clips(studio)
    studio.faults(BOUGHT)
    studio.bring(task_id, Status.VIDEO_READY)
    studio.folder(task_id).path("videos/clip_02.mp4").unlink()
    studio.approve(task_id)
    studio.bring(task_id, Status.FINAL_REVIEW)
    assert len(sold(studio)) == 3
    assert states(studio) == ["made"] * 3
    assert studio.db.execute("select count(*) from video_costs").fetchone() == (3,)


def test_a_download_that_its_check_refuses_is_fetched_again_and_only_the_same_bytes_twice_end_the_job(
    studio: Studio,
) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio)
    bad = {"error_class": "permanent", "error_type": "Undecodable", "message": "it cannot be decoded"}
    check: dict[str, Any] = {"script": "inspect_media.py", "match": "clip_01", "fault": "error", "error": bad}
    studio.faults(BOUGHT, {**check, "times": 1})
    studio.step(task_id)
    assert studio.task(task_id).status is Status.GENERATING_VIDEO
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(sold(studio)) == 3
    studio.reject(task_id, "clip 1: slower")
    studio.retry(task_id)
    studio.faults(BOUGHT, {**check, "times": 2})
    studio.step(task_id)
    studio.wait(studio.task(task_id))
    studio.step(task_id)
    assert studio.task(task_id).status is Status.VIDEO_ERROR, "the provider delivers the same thing again"
    assert len(sold(studio)) == 4
    assert states(studio)[-1] == "failed"


def test_a_job_that_its_provider_ended_is_not_resumed(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio)
    over = {"fault": "error", "error": {"error_class": "transient", "job_over": True, "message": "500"}}
    studio.faults({**BOUGHT, "then": over, "times": 1}, BOUGHT)
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(sold(studio)) == 4
    assert sorted(states(studio)) == ["failed", "made", "made", "made"]


def test_a_refusal_buys_nothing_and_is_no_doubt(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio)
    no = {"fault": "error", "error": {"error_class": "transient", "message": "429"}}
    studio.faults({**BOUGHT, "lost": no, "times": 1}, BOUGHT)
    studio.bring(task_id, Status.VIDEO_READY)
    assert sorted(states(studio)) == ["made", "made", "made", "refused"]


def test_a_process_that_lost_its_film_orders_nothing_any_more(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio)
    studio.faults({**BOUGHT, "lost": {"fault": "sleep", "seconds": 0}})

    def rob() -> bool:
        studio.db.execute("update tasks set fence = fence + 1 where status = 'Generating Video'")
        return False

    studio.step(task_id, stopping=rob)
    assert sold(studio) == []
    assert states(studio) == []


def test_a_journal_that_contradicts_itself_refuses_and_buys_nothing(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio)
    studio.faults({**BOUGHT, "then": {"fault": "error", "error": {"error_class": "transient"}}, "times": 3}, BOUGHT)
    studio.step(task_id)
    studio.db.execute("update orders set job_id = 'another' where index = 1")
    studio.later(minutes=1)
    studio.step(task_id)
    assert "the journal of clip 1 is damaged" in studio.task(task_id).error_log
    assert len(sold(studio)) == 3


def test_an_image_whose_process_died_with_the_answer_in_its_hands_is_charged_once_more_and_says_so(
    studio: Studio,
) -> None:
    studio.limit(items_per_step=1)
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    image = {"script": IMAGE, "fault": "order", "by_job": False, "price": 0.03, "times": 1}
    studio.faults({**image, "result": {}, "after": {}, "then": {}, "lost": {}}, {**image, "times": 9})
    studio.bring(task_id, Status.ASSETS_READY)
    assert len(sold(studio, IMAGE)) == 3
    assert states(studio) == ["made"] * 3


def test_an_open_order_is_open_once(studio: Studio) -> None:
    import psycopg

    task_id = at_clips(studio)
    studio.faults({**BOUGHT, "lost": LOST, "times": 1}, BOUGHT)
    studio.step(task_id)
    with pytest.raises(psycopg.errors.UniqueViolation):
        studio.db.execute(
            "insert into orders (task_id, channel_id, kind, index, step, service, subject, state, by_job, asked_at)"
            " select task_id, channel_id, kind, index, step, service, subject, 'asked', by_job, asked_at from orders"
            " where state = 'in doubt'"
        )


def test_every_state_of_an_order_can_be_kept(studio: Studio) -> None:
    task_id = studio.film()
    for number, state in enumerate(OrderState):
        studio.db.execute(
            "insert into orders (task_id, channel_id, kind, index, step, service, subject, state, by_job, asked_at)"
            " values (%s, 'one', 'clip', %s, 'clips', 'kie', 'x', %s, true, now())",
            (task_id, number, state),
        )
    assert orders.open_of(studio.db, task_id, Artifact(Kind.CLIP, 0))[0].state is OrderState.ASKED


def test_a_process_that_was_told_to_stop_orders_nothing_more(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio)
    studio.faults(BOUGHT)
    studio.step(task_id, stopping=lambda: bool(studio.ledger("began", CLIP)))
    assert (sold(studio), states(studio)) == ([], [])


def test_one_job_is_not_named_for_two_orders(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio)
    studio.faults({**BOUGHT, "lost": LOST, "times": 1}, BOUGHT)
    studio.step(task_id)
    with pytest.raises(BadInput, match="is the one of order"):
        settle.found(studio.db, doubted(studio), sold(studio)[1], actor="ana", now=studio.now)
