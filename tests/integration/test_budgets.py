"""What may be spent: no budget is ever overdrawn, whoever buys at the same time, and a used-up one is a pause."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.studio import Studio
from vidctl.cli.status import paused
from vidctl.contract import GO, Cost, Ordering
from vidctl.domain.budget import caps, standing
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Kind
from vidctl.engine.purchases import Purchase
from vidctl.engine.tick import rooms
from vidctl.errors import LostRace
from vidctl.store import Db, moves, picks, services, tasks
from vidctl.store.connection import connect

CLIP = "generate_video.py"
ORDER: dict[str, Any] = {"script": CLIP, "fault": "order", "times": 100}
FORTY_TWO = Decimal("0.42")


def purchase(studio: Studio, db: Db, task_id: Any, index: int, channel_id: str = "one") -> Purchase:
    """Return the purchase of one clip, on a connection of its own."""
    files, seen = studio.files(), tasks.get(db, task_id).seen
    channel = next(one for one in files.channels if one.channel_id == channel_id)
    return Purchase(
        *(db, seen, channel, Artifact(Kind.CLIP, index), f"subject {index}", "clips", "kie", "here"),
        caps=lambda: list(caps(channel, files.limits, "kie", now=studio.now)),
        may_order=lambda: True,
        clock=lambda: studio.now,
    )


def claimed(studio: Studio, channel_id: str = "one") -> Any:
    task_id = studio.film(channel_id)
    moves.claim(studio.db, studio.task(task_id).seen, by="test", settings="{}", now=studio.now)
    return task_id


def race(studio: Studio, films: list[Any], *, workers: int, channel_id: str = "one") -> int:
    """Let as many workers as given order one clip each at the same time; return how many were let."""

    def buy(index: int) -> bool:
        with connect(studio.dsn, application_name="buyer") as db:
            whose = purchase(studio, db, films[index % len(films)], index, channel_id)
            let = whose.ordering(Ordering("kling_video", FORTY_TWO)) == GO
            if let and index % 2:
                whose.charged(Cost("kling_video", Decimal(10), FORTY_TWO))
            return let

    with ThreadPoolExecutor(workers) as pool:
        return sum(pool.map(buy, range(workers)))


@pytest.mark.parametrize("cap", ["film_usd", "day_usd", "month_usd", "total_usd"])
def test_fifty_racing_workers_and_money_for_seven_purchases_buy_exactly_seven(studio: Studio, cap: str) -> None:
    studio.channel(budget={cap: 2.94})
    films = [claimed(studio)] if cap == "film_usd" else [claimed(studio) for _ in range(5)]
    assert race(studio, films, workers=50) == 7
    assert studio.db.execute("select sum(reserved_usd) from orders").fetchone() == (Decimal("2.94"),)


def test_what_all_channels_share_is_shared(studio: Studio) -> None:
    studio.limit(day_usd=0.90)  # type: ignore[arg-type]
    studio.channel("two")
    films = [claimed(studio), claimed(studio)]
    two = [claimed(studio, "two")]
    assert race(studio, films, workers=2) + race(studio, two, workers=2, channel_id="two") == 2


def test_a_services_own_budget_of_the_day_counts_for_it_alone(studio: Studio) -> None:
    studio.limit(services={"kie": {"at_once": 9, "a_minute": 9000, "day_usd": 0.5}})  # type: ignore[arg-type]
    studio.load()
    assert race(studio, [claimed(studio)], workers=3) == 1


def test_a_new_day_begins_with_nothing_spent(studio: Studio) -> None:
    studio.channel(budget={"day_usd": 0.5})
    films = [claimed(studio)]
    assert race(studio, films, workers=1) == 1
    assert race(studio, [claimed(studio)], workers=1) == 0
    studio.later(days=1)
    assert race(studio, [claimed(studio)], workers=1) == 1


def test_a_used_up_budget_stops_new_purchases_with_a_word_on_the_card_and_spends_no_attempt(studio: Studio) -> None:
    studio.channel(budget={"day_usd": 0.9})
    task_id, other = studio.film(), studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    studio.faults(ORDER)
    studio.step(task_id)
    task = studio.task(task_id)
    assert (task.status, task.attempt, task.progress_done) == (Status.GENERATING_VIDEO, 0, 2)
    assert "the channel's budget of the day is used up: $0.84 of $0.90 are spent" in task.error_log
    assert "raise budget.day_usd in one.yaml" in task.error_log
    assert studio.db.execute("select count(*) from task_errors").fetchone() == (0,)
    assert len(studio.ledger("sold")) == 2
    alerts = [row[0] for row in studio.db.execute("select message from alerts where kind = 'budget' order by id")]
    assert len(alerts) == 2, "one at 80%, one at the end"

    def picked() -> set[Any]:
        files = studio.files()
        stops = standing(files.channels, files.limits, now=studio.now)
        return {pick.id for pick in picks.pick(studio.db, rooms(files.limits), now=studio.now, stops=stops)}

    assert picked() == set(), "the other film of the channel waits too: its next step asks for money"
    studio.bring(other, Status.QUEUED)
    studio.channel(budget={"day_usd": 2})
    assert picked() == {task_id, other}, "raised in the file, it holds at once"
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(studio.ledger("sold")) == 3


def test_a_used_up_budget_is_looked_at_again_within_the_hour_and_at_midnight(studio: Studio) -> None:
    studio.channel(budget={"day_usd": 0.9})
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    studio.faults(ORDER)
    studio.step(task_id)
    [pause] = services.paused(studio.db, now=studio.now)
    assert pause.service == "one:budget day 0.9"
    midnight = studio.now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    assert pause.paused_until == min(midnight, studio.now + timedelta(hours=1))
    lines = studio.task(task_id).error_log.count("\n")
    studio.later(hours=1)
    studio.step(task_id)
    assert studio.task(task_id).error_log.count("\n") == lines, "said once"


def test_a_pause_of_a_budget_that_was_raised_is_not_shown_and_one_whose_file_is_broken_is(studio: Studio) -> None:
    studio.channel(budget={"total_usd": 0.5})
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    studio.faults(ORDER)
    studio.step(task_id)

    def shown() -> list[str]:
        return [pause.service for pause in paused(studio.db, studio.now, studio.files())]

    assert shown() == ["one:budget channel 0.5"]
    file = studio.configs / "one.yaml"
    whole = file.read_text()
    file.write_text("channel_id: one\nno_such_field: 1\n")
    assert shown() == ["one:budget channel 0.5"], "it holds as it was known"
    file.write_text(whole)
    studio.channel(budget={"total_usd": 5})
    assert shown() == []
    assert len(paused(studio.db, studio.now, None)) == 1, "without the files nobody knows better"


def test_the_films_own_budget_keeps_no_other_film(studio: Studio) -> None:
    studio.channel(budget={"film_usd": 0.9})
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    studio.faults(ORDER)
    studio.step(task_id)
    assert services.paused(studio.db, now=studio.now) == []
    due = studio.task(task_id).next_attempt_at
    assert due == studio.now + timedelta(hours=1)


def test_what_is_running_is_let_finish(studio: Studio) -> None:
    studio.channel(budget={"day_usd": 0.5})
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    studio.faults({**ORDER, "then": {"fault": "sleep", "seconds": 0.5}})
    studio.step(task_id)
    assert studio.db.execute("select state, count(*) from orders group by 1").fetchall() == [("made", 1)]


def test_an_order_is_asked_for_again_each_time_and_the_one_before_counts_no_more(studio: Studio) -> None:
    """A provider that rejects an order (429, nothing charged) is asked again by the same script."""
    task_id = claimed(studio)
    with connect(studio.dsn, application_name="buyer") as db:
        whose = purchase(studio, db, task_id, 1)
        assert [whose.ordering(Ordering("kling_video", FORTY_TWO)) for _ in range(3)] == [GO] * 3
    assert [row[0] for row in studio.db.execute("select state from orders order by id")] == ["refused"] * 2 + ["asked"]


def test_a_claim_that_is_not_the_films_last_one_orders_nothing(studio: Studio) -> None:
    task_id = claimed(studio)
    with connect(studio.dsn, application_name="buyer") as db:
        whose = purchase(studio, db, task_id, 1)
        studio.db.execute("update tasks set fence = fence + 1")
        with pytest.raises(LostRace):
            whose.ordering(Ordering("kling_video", FORTY_TWO))
    assert studio.db.execute("select count(*) from orders").fetchone() == (0,)
