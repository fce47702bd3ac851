"""Who works and decides in a simulation: killed at any moment a worker leaves nothing held, and people are as said."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from statistics import median
from typing import Any
from uuid import UUID

import pytest

from tests.studio import Studio
from vidctl.domain import layout
from vidctl.domain.status import Status
from vidctl.engine.simulation.clockwork import Clockwork
from vidctl.engine.simulation.diary import Spent
from vidctl.engine.simulation.market import Market
from vidctl.engine.simulation.people import People
from vidctl.engine.simulation.scenario import CALM, Scenario
from vidctl.engine.simulation.watch import Watch
from vidctl.engine.simulation.workers import Workers
from vidctl.engine.simulation.world import SimulatedWorld
from vidctl.pipeline import step_at
from vidctl.store import locks, services
from vidctl.store.tasks import Task

SCENARIO = Scenario(1, 1, 1.0, review_hours=2.0, rejects=0.0, faults=CALM)


@pytest.mark.parametrize(("between", "killed"), [(1.0, True), (0.0, False)])
def test_a_worker_is_killed_between_two_statements_or_while_it_waits_and_holds_nothing_then(
    studio: Studio, between: float, killed: bool
) -> None:
    """Workers of a film that rests ask a few questions, and never wait."""
    film, clock, gone = studio.film(), Clockwork(studio.now), list[Any]()
    studio.db.execute("update tasks set paused_at = now()")
    workers = Workers(clock, Random(1), studio.dsn, 1.0, lambda _: None, gone.append, between=between)
    world = SimulatedWorld(clock, Any, 2, lambda *_: None)  # type: ignore[arg-type]  # no program is begun
    for _ in range(80):
        workers.begin(film, replace(studio.context, world=world))
        while clock.next():
            pass
    assert (workers.steps, len(gone), workers.killed > 0) == (80, 80, killed)
    assert locks.try_task(studio.db, film)
    workers.close()


def test_a_films_time_goes_by_with_what_it_waits_for_also_where_that_changes_while_nobody_comes_by(
    studio: Studio,
) -> None:
    film, clock = studio.film(), Clockwork(studio.now)
    watch = Watch(studio.db, clock)
    watch.begin(film, "one")
    step = step_at(studio.task(film).status)
    assert step is not None
    services.pause(studio.db, step.service, until=studio.now + timedelta(hours=1), reason="used up")
    for minute, waits_for in ((0, Spent.SERVICE), (10, Spent.SERVICE), (61, Spent.ROOM), (64, Spent.ROOM)):
        clock.elapsed_s = minute * 60
        watch.look_where_rests_change()
        assert watch.unfinished() == {waits_for: 1}
    watch.work(film)
    assert watch.diary.by == {Spent.SERVICE: 61 * 60, Spent.ROOM: 3 * 60}


def people(studio: Studio, *, rejects: float = 0.0) -> People:
    channels = {channel.channel_id: channel for channel in studio.files().channels}
    return People(studio.db, Random(1), replace(SCENARIO, rejects=rejects), Market(Random(1)), channels)


def test_people_come_after_about_so_many_hours_to_what_waits_for_them_alone(studio: Studio) -> None:
    film = studio.film()
    assert people(studio).comes_in_s(studio.task(film)) is None
    studio.bring(film, Status.ASSETS_READY)
    who, task = people(studio), studio.task(film)
    hours = [seconds / 3_600 for _ in range(200) if (seconds := who.comes_in_s(task)) is not None]
    assert 1.5 < median(hours) < 2.5
    assert min(hours) < 1
    assert max(hours) > 4


def test_a_films_id_is_of_the_seed_and_it_is_to_be_made_at_once(studio: Studio) -> None:
    [channel] = studio.files().channels
    film = people(studio).plan(channel, 7, now=studio.now)
    assert film == UUID(int=Random(1).getrandbits(128))
    assert (studio.task(film).title, studio.task(film).status) == ("Film 7 of One", Status.QUEUED)


def test_people_want_things_made_again_as_often_as_is_said(studio: Studio) -> None:
    def looked_at(rejects: float) -> Task:
        film = studio.film()
        studio.bring(film, Status.ASSETS_READY)
        people(studio, rejects=rejects).look(film, now=studio.now)
        return studio.task(film)

    assert looked_at(0.0).status is Status.ASSETS_APPROVED
    refused = looked_at(1.0)
    assert refused.status is Status.ASSET_ERROR
    assert "another one" in refused.error_log


@pytest.mark.parametrize(("bought", "state"), [(True, ("bought", "job-1")), (False, ("refused", None))])
def test_who_looks_at_a_failed_film_says_what_became_of_its_orders(
    studio: Studio, bought: bool, state: tuple[str, str | None]
) -> None:
    film, who = studio.film(), people(studio)
    studio.db.execute("update tasks set status = 'Video Error', failed_step = 'clips'")
    studio.db.execute(
        "insert into artifacts (task_id, kind, index, state, subject) values (%s, 'clip', 1, 'pending', 's')", (film,)
    )
    studio.db.execute(
        """insert into orders (task_id, channel_id, kind, index, step, service, subject, state, by_job, asked_at)
           values (%s, 'one', 'clip', 1, 'clips', 'kie', 's', 'in doubt', true, %s)""",
        (film, studio.now),
    )
    if bought:
        item = (str(film), layout.clip(1), "asked")
        sale = who.market.sell("kie", item, Decimal(1), at=studio.now, ready_s=1, by_job=True, fails=False)
        sale.answer_lost = True
    who.look(film, now=studio.now)
    assert studio.db.execute("select state, job_id from orders").fetchall() == [state]
    assert not list(who.market.lost_jobs(str(film)))
