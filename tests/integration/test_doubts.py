"""What an account's balance says of an order whose answer was lost, while others order from the same account."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.test_budgets import claimed, purchase
from tests.ledger import heard, number_by_time
from tests.studio import Studio
from vidctl.contract import Balance, Cost, ErrorClass, Ordering, ScriptError, to_line
from vidctl.domain.orders import OrderState
from vidctl.domain.work import Artifact, Job, Kind
from vidctl.engine.resuming import Look, Past
from vidctl.engine.shop import Shop
from vidctl.store import doubts, orders
from vidctl.store.doubts import Worth
from vidctl.store.failures import Where
from vidctl.store.orders import Order, Reading

PRICE = Decimal("0.21")
TEN = Decimal(10)
HOUR = 3_700.0


class Journal:
    """The orders of one film. Moments are seconds from now, at which the order in doubt is sent."""

    def __init__(self, studio: Studio) -> None:
        self.studio, self.film, self.number = studio, studio.film(), 0

    def order(self, state: str, **moments: float) -> Order:
        self.number += 1
        charged = PRICE if state == "made" else None
        row = self.studio.db.execute(
            """insert into orders (task_id, channel_id, kind, index, step, service, subject, component, state, by_job,
                                   reserved_usd, charged_usd, asked_at, answered_at, settled_at)
               values (%s, 'one', 'clip', %s, 'clips', 'kie', 'x', 'kling_video', %s, true, %s, %s, %s, %s, %s)
               returning id""",
            (
                *(self.film, self.number, state, PRICE, charged),
                *(self._at(moments.get(name)) for name in ("asked", "answered", "settled")),
            ),
        ).fetchone()
        assert row is not None
        return self._again(row[0])

    def read(self, order: Order, *, before: float | None = None, after: float | None = None) -> Order:
        """Keep readings of the account for an order: it holds ten dollars."""
        for name, at in (("before", before), ("after", after)):
            if at is not None:
                query = f"update orders set {name}_usd = %s, {name}_at = %s where id = %s"
                self.studio.db.execute(query, (TEN, self._at(at), order.id))
        return self._again(order.id)

    def doubted(self, **readings: float) -> Order:
        return self.read(self.order("in doubt", asked=0, answered=1), **readings)

    def worth(self, order: Order, at: float) -> Worth:
        return doubts.worth(self.studio.db, order, heard(TEN, self._at(at)))

    def before(self, order: Order) -> Reading | None:
        """Return the last clear reading before an order."""
        return doubts.before(self.studio.db, order)

    def _at(self, seconds: float | None) -> Any:
        return None if seconds is None else self.studio.now + timedelta(seconds=seconds)

    def _again(self, order_id: int) -> Order:
        number_by_time(self.studio.db)
        return again(self.studio, order_id)


def again(studio: Studio, order_id: int) -> Order:
    """Return an order as it is by now."""
    found = orders.get(studio.db, order_id)
    assert found is not None
    return found


@pytest.fixture
def journal(studio: Studio) -> Journal:
    return Journal(studio)


def test_a_reading_says_nothing_while_another_order_is_on_its_way(journal: Journal) -> None:
    order = journal.doubted()
    journal.order("made", asked=20, answered=22, settled=80)
    journal.order("asked", asked=100)
    moments = {15: Worth.CLEAR, 21: Worth.BLURRED, 25: Worth.BLURRED, 30: Worth.CLEAR, 101: Worth.BLURRED}
    assert {at: journal.worth(order, at) for at in moments} == moments


def test_a_reading_says_nothing_while_a_job_is_being_made_that_fails(journal: Journal) -> None:
    """Its price is given back at some moment before that is told."""
    order = journal.doubted()
    journal.order("failed", asked=10, answered=11, settled=60)
    assert [journal.worth(order, at) for at in (5, 30, 70)] == [Worth.CLEAR, Worth.BLURRED, Worth.CLEAR]


def test_a_reading_during_a_job_is_kept_until_that_has_ended(journal: Journal, studio: Studio) -> None:
    order = journal.doubted()
    other = journal.order("bought", asked=10, answered=11)
    assert journal.worth(order, 30) is Worth.OPEN
    made = "update orders set state = 'made', charged_usd = reserved_usd, settled_at = %s where id = %s"
    studio.db.execute(made, (studio.now + timedelta(minutes=3), other.id))
    assert journal.worth(order, 30) is Worth.CLEAR


def test_an_order_that_was_given_up_blurs_no_reading_of_an_hour_later(journal: Journal) -> None:
    order = journal.doubted()
    journal.order("lost", asked=20, settled=30)
    assert [journal.worth(order, at) for at in (10, 40, HOUR)] == [Worth.CLEAR, Worth.BLURRED, Worth.CLEAR]


def test_what_another_service_or_a_refused_order_did_blurs_nothing(journal: Journal, studio: Studio) -> None:
    order = journal.doubted()
    journal.order("refused", asked=20, answered=22, settled=22)
    gemini = journal.order("made", asked=20, answered=22, settled=22)
    studio.db.execute("update orders set service = 'gemini' where id = %s", (gemini.id,))
    assert journal.worth(order, 21) is Worth.CLEAR


def test_the_last_clear_reading_before_an_order_counts_whichever_order_it_was_for(journal: Journal) -> None:
    first = journal.read(journal.order("made", asked=-60, answered=-58, settled=-30), before=-61, after=-57)
    order = journal.doubted(before=-1)
    assert journal.before(order) == heard(TEN, order.asked_at - timedelta(seconds=1))
    journal.order("made", asked=-2, answered=2, settled=40)
    assert first.before_at is not None
    assert journal.before(order) == heard(TEN, first.before_at), "the one after it may lack what it cost"


def test_a_reading_of_long_ago_is_none(journal: Journal) -> None:
    journal.read(journal.order("made", asked=-7_200, answered=-7_199, settled=-7_100), before=-7_201)
    assert journal.before(journal.doubted()) is None


def clear_up(journal: Journal, order: Order, *, looked: float, left: Decimal = TEN - PRICE) -> None:
    """Do what is done before an order is sent again; the account is read anew at some moment, if it is."""

    def look(order: Order) -> Look:
        orders.saw_balance(journal.studio.db, order.id, heard(left, journal.studio.now + timedelta(seconds=looked)))
        yield from ()

    task = journal.studio.task(journal.film).seen
    past = Past(journal.studio.db, task, order.artifact, order.subject, lambda: journal.studio.now, look)
    assert list(past.order(None)) == []


def state_of(journal: Journal, order: Order) -> OrderState:
    found = orders.get(journal.studio.db, order.id)
    assert found is not None
    return found.state


def test_an_account_that_was_read_while_others_ordered_is_read_anew(journal: Journal) -> None:
    order = journal.doubted(before=-1, after=2)
    journal.order("made", asked=1, answered=3, settled=40)
    clear_up(journal, order, looked=HOUR)
    assert state_of(journal, order) is OrderState.REFUSED


def test_an_account_that_is_charged_when_a_job_ends_shows_an_order_only_then(journal: Journal) -> None:
    order = journal.doubted(before=-10)
    with pytest.raises(ScriptError, match="nobody has seen yet") as raised:
        clear_up(journal, order, looked=60, left=TEN)
    assert raised.value.failure.error_class is ErrorClass.QUOTA, "waiting costs no attempt"
    clear_up(journal, order, looked=HOUR, left=TEN)
    assert state_of(journal, order) is OrderState.REFUSED, "by then every job has ended"


def test_what_others_bought_meanwhile_is_no_proof_of_when_an_account_is_charged(journal: Journal) -> None:
    order = journal.doubted(before=-1, after=2)
    journal.order("made", asked=20, answered=21, settled=40)
    with pytest.raises(ScriptError, match="nobody has seen yet"):
        clear_up(journal, order, looked=60)


def test_charges_that_were_seen_in_the_moment_of_an_order_are(journal: Journal, studio: Studio) -> None:
    for at in (-900, -800, -700):
        seen = journal.read(
            journal.order("made", asked=at, answered=at + 1, settled=at + 60), before=at - 1, after=at + 2
        )
        studio.db.execute("update orders set after_usd = %s where id = %s", (TEN - PRICE, seen.id))
    order = journal.doubted(before=-10)
    clear_up(journal, order, looked=60, left=TEN)
    assert state_of(journal, order) is OrderState.REFUSED


def test_as_long_as_others_order_nobody_is_asked_and_nothing_is_sent(journal: Journal) -> None:
    order = journal.doubted(before=-1, after=2)
    journal.order("made", asked=1, answered=3, settled=40)
    journal.order("asked", asked=59)
    with pytest.raises(ScriptError, match="other orders were on their way") as raised:
        clear_up(journal, order, looked=60)
    assert raised.value.failure.error_class is ErrorClass.QUOTA, "waiting costs no attempt"
    assert state_of(journal, order) is OrderState.IN_DOUBT


def test_what_others_bought_explains_no_more_than_that(journal: Journal) -> None:
    order = journal.doubted(before=-1, after=2)
    journal.order("made", asked=1, answered=3, settled=40)
    journal.order("made", asked=20, answered=21, settled=40)
    with pytest.raises(ScriptError, match="may have been bought already") as raised:
        clear_up(journal, order, looked=60)
    assert raised.value.failure.error_class is ErrorClass.PERMANENT


def test_an_order_was_on_its_way_until_it_was_answered_and_not_until_its_file_was_there(studio: Studio) -> None:
    order = Journal(studio).order("asked", asked=0)
    for seconds in (1, 200):
        now = studio.now + timedelta(seconds=seconds)
        orders.bought(studio.db, order.id, job_id="job", now=now)
    found = orders.get(studio.db, order.id)
    assert found is not None
    assert (found.state, found.answered_at) == (OrderState.BOUGHT, studio.now + timedelta(seconds=1))


def test_a_doubt_that_no_balance_clears_up_asks_a_person_in_the_end(journal: Journal, studio: Studio) -> None:
    order = journal.doubted(before=-1, after=2)
    journal.order("made", asked=1, answered=3, settled=40)
    journal.order("asked", asked=59)
    studio.later(hours=7)
    with pytest.raises(ScriptError, match="may have been bought already") as raised:
        clear_up(journal, order, looked=60)
    assert raised.value.failure.error_class is ErrorClass.PERMANENT


def doubts_of_two(studio: Studio, *, minutes: int, other_first: bool) -> Order:
    """Return an order in doubt; another host, its clock wrong by some minutes, ordered before or while it was read."""
    studio.channel()
    other, ours = (purchase(studio, studio.db, claimed(studio), index) for index in (1, 2))
    other.clock = lambda: studio.now + timedelta(minutes=minutes)
    if not other_first:
        ours.since = orders.number(studio.db)
    other.ordering(Ordering("kling_video", PRICE))
    assert other.current is not None
    orders.bought(studio.db, other.current, job_id="x", now=other.clock())
    other.charged(Cost("kling_video", Decimal(5), PRICE))
    if other_first:
        ours.since = orders.number(studio.db)
    ours.saw_balance(TEN)
    ours.ordering(Ordering("kling_video", PRICE))
    ours.saw_balance(TEN - PRICE)
    assert ours.current is not None
    orders.doubt(studio.db, ours.current, now=studio.now)
    return again(studio, ours.current)


CLOCKS = pytest.mark.parametrize("minutes", [-5, 5])


@CLOCKS
def test_the_clocks_of_hosts_do_not_decide_what_an_account_was_charged_for(studio: Studio, minutes: int) -> None:
    order = doubts_of_two(studio, minutes=minutes, other_first=True)
    before = doubts.before(studio.db, order)
    assert before is not None
    assert order.after is not None
    assert doubts.worth(studio.db, order, order.after) is Worth.CLEAR
    assert doubts.others(studio.db, order, since=before, until=order.after).sold == 0, "it was charged before"


@CLOCKS
def test_the_clocks_of_hosts_do_not_decide_what_was_on_its_way(studio: Studio, minutes: int) -> None:
    order = doubts_of_two(studio, minutes=minutes, other_first=False)
    assert doubts.before(studio.db, order) is None, "whether the other one was in what was read, nobody knows"
    assert order.after is not None
    assert doubts.worth(studio.db, order, order.after) is Worth.CLEAR, "it was over when ours was sent"


def test_an_account_is_read_no_earlier_than_its_reader_began(studio: Studio) -> None:
    """A script that buys, and a look at the account: what was over when they began is in what they read."""
    studio.channel(scripts={})
    other, seen = purchase(studio, studio.db, claimed(studio), 1), studio.task(claimed(studio)).seen
    job = Job(Artifact(Kind.CLIP), "clip.mp4", "generate_video.py")
    shop = Shop(
        *(studio.db, seen, studio.files().channels[0], "kie", studio.files().limits),
        *(Where(seen.id, "clips", 1, "here"), {}, studio.root, studio.clock, lambda: True),
    )

    def another_is_bought() -> None:
        other.ordering(Ordering("kling_video", PRICE))
        other.charged(Cost("kling_video", Decimal(5), PRICE))
        studio.db.execute("update orders set state = 'made' where id = %s", (other.current,))
        other.current = None

    def looked(*, meanwhile: Callable[[], None]) -> Worth:
        command = next(look := shop._look_up(job, order))
        meanwhile()
        command.on_line(to_line(Balance(TEN)))
        list(look)
        read = again(studio, order.id).after
        assert read is not None
        return doubts.worth(studio.db, order, read)

    another_is_bought()
    ours = shop.purchase(job, "subject")
    ours.saw_balance(TEN)
    ours.ordering(Ordering("kling_video", PRICE))
    assert ours.current is not None
    orders.doubt(studio.db, ours.current, now=studio.now)
    order = again(studio, ours.current)
    assert doubts.before(studio.db, order) is not None
    another_is_bought()
    assert looked(meanwhile=lambda: None) is Worth.CLEAR
    assert looked(meanwhile=another_is_bought) is Worth.BLURRED
