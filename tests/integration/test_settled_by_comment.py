"""A comment on a card says what became of an order whose answer was lost: once, and only of what was in doubt then."""

from datetime import timedelta

import pytest

from tests.board import Desk
from tests.fakes.notion import FakeNotion
from vidctl.domain.orders import OrderState
from vidctl.domain.status import Status
from vidctl.store import orders
from vidctl.store.orders import Order

CLIP = "generate_video.py"
LOST = {"fault": "error", "error": {"error_class": "transient", "in_doubt": True, "message": "cut"}}
WHO = "Ana <ana@example.com> (notion:{})"


@pytest.fixture
def page(desk: Desk) -> str:
    """A card whose film has one clip, and the other's order is in doubt."""
    desk.studio.limit(items_per_step=1)
    order = {"script": CLIP, "fault": "order"}
    desk.studio.faults({**order, "lost": LOST}, {**order, "times": 99})
    page = desk.card(Status="Queued")
    desk.sync()
    desk.studio.bring(desk.film(page).id, Status.COMPOSITES_READY)
    desk.studio.step(desk.film(page).id)
    desk.studio.wait(desk.film(page))
    desk.studio.step(desk.film(page).id)
    desk.sync()
    assert desk.film(page).status is Status.VIDEO_ERROR
    return page


def doubted(desk: Desk) -> Order:
    [order] = orders.in_doubt(desk.studio.db)
    return order


def state_of(desk: Desk, order: Order) -> OrderState:
    found = orders.get(desk.studio.db, order.id)
    assert found is not None
    return found.state


def sold(desk: Desk) -> list[str]:
    return [entry["job"] for entry in desk.studio.ledger("sold", CLIP)]


def goes_on(desk: Desk, page: str) -> None:
    desk.edit(page, Status="Queued")
    desk.sync()
    desk.studio.bring(desk.film(page).id, Status.VIDEO_READY)


def test_the_card_says_what_to_comment_and_that_has_the_job_fetched(desk: Desk, page: str) -> None:
    order = doubted(desk)
    assert f"vidctl settle {order.id}" in desk.note(page)
    assert "`bought: order" in desk.note(page)
    offered = desk.note(page).split("`")[3]
    desk.asks(page, offered.replace("ID", sold(desk)[0]))
    assert desk.answers(page) == [f"vidctl: clip 1 is fetched as job {sold(desk)[0]}. Set the card to Queued to go on"]
    goes_on(desk, page)
    assert len(sold(desk)) == 2, "nothing was bought again"
    rows = desk.studio.db.execute("select reviewer_id, notes from review_audit where action = 'settled'").fetchall()
    assert rows == [(WHO.format(desk.ana), f"order {order.id}, clip 1 of one:kie: bought, as job {sold(desk)[0]}")]
    assert desk.studio.look().is_whole


def test_what_was_not_bought_is_bought_and_a_comment_that_is_read_twice_settles_once(
    desk: Desk, page: str, notion: FakeNotion
) -> None:
    notion.fault("503", method="POST", path="/comments", times=1)
    desk.asks(page, "not bought: clip 1")
    desk.sync()
    assert desk.answers(page) == [
        "vidctl: clip 1 was not bought: it may be bought now. Set the card to Queued to go on"
    ]
    for _ in range(2):
        desk.sync(full=True)
    assert len(desk.answers(page)) == 1
    goes_on(desk, page)
    assert len(sold(desk)) == 3


def test_nothing_is_settled_by_words_that_may_mean_something_else(desk: Desk, page: str) -> None:
    order = doubted(desk)
    desk.says(page, "we bought clip 1 twice?")
    for text in ("not bought: clip 2; not bought: everything", "not bought: clip 2", "bought: clip 1"):
        desk.says(page, text)
    desk.notion.comment(page, by=desk.notion.bot_id, text="not bought: clip 1")
    for _ in range(2):
        desk.sync()
    how = "write: not bought: clip 7, or bought: clip 7, job ID, or buy again: clip 7"
    ways = f"`bought: order {order.id}, job ID` has it fetched; where it cannot be, `buy again: order {order.id}`"
    assert [text for text in desk.answers(page) if text.startswith("vidctl: ")] == [
        f"vidctl: nothing was settled: it names no item and no order; {how}",
        f"vidctl: clip 2 is not in doubt: what is: clip 1 (order {order.id})",
        f"vidctl: clip 1 was bought as which job: {ways}",
    ]
    assert state_of(desk, order) is OrderState.IN_DOUBT, "not at the integration's own word either"


def test_a_word_is_on_what_was_in_doubt_when_it_was_said_and_of_two_doubts_on_one(desk: Desk, page: str) -> None:
    order, db = doubted(desk), desk.studio.db
    desk.says(page, "not bought: clip 1")
    later = "update orders set answered_at = %s + interval '2 min' where id = %s"
    db.execute(later, (desk.studio.now, order.id))
    desk.sync()
    assert "not done for clip 1: that was said before it was in doubt" in desk.answers(page)[-1]
    db.execute(
        """insert into orders (task_id, channel_id, kind, index, step, service, subject, state, by_job, asked_at)
           select task_id, channel_id, kind, index, step, service, 'an earlier prompt', state, by_job, asked_at
             from orders where id = %s""",
        (order.id,),
    )
    desk.studio.later(minutes=5)
    desk.asks(page, "buy again: clip 1")
    assert f"2 orders of clip 1 are in doubt: say which one: order {order.id} of" in desk.answers(page)[-1]
    assert state_of(desk, order) is OrderState.IN_DOUBT
    desk.asks(page, f"buy again: order {order.id}")
    assert "clip 1 was bought: $0.42 is booked, and it may be bought again" in desk.answers(page)[-1]
    assert desk.answers(page)[-1].endswith("Set the card to Queued to go on"), "it does not wait for the other"
    assert (state_of(desk, order), len(orders.in_doubt(db))) == (OrderState.FAILED, 1)


def test_a_word_in_the_minute_in_which_the_doubt_arose_counts_as_notion_tells_minutes_only(
    desk: Desk, page: str
) -> None:
    order, said_at = doubted(desk), desk.studio.now + timedelta(minutes=1)
    arose = said_at.replace(second=0, microsecond=1)
    desk.studio.db.execute("update orders set answered_at = %s where id = %s", (arose, order.id))
    desk.asks(page, "not bought: clip 1")
    assert state_of(desk, order) is OrderState.REFUSED
