"""A film made with the paid services: the real scripts, the services on loopback, every cent accounted for."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from tests.services import Services, paid_channel, services
from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.store import services as paused_services


@pytest.fixture
def paid(studio: Studio) -> Iterator[Services]:
    """The services, and a channel whose small films are made with them."""
    with services() as fakes:
        studio.told = {**fakes.environment, "KIE_POLL_S": "0.05"}
        studio.running = True
        studio.limit(services={"kie": {"at_once": 20, "a_minute": 6000}})  # type: ignore[arg-type]
        paid_channel(studio)
        yield fakes


def booked(studio: Studio) -> Decimal:
    row = studio.db.execute("select sum(cost_usd) from video_costs").fetchone()
    assert row is not None
    return Decimal(row[0])


def states(studio: Studio) -> set[str]:
    return {row[0] for row in studio.db.execute("select distinct state from orders")}


def test_a_film_is_made_of_what_was_bought_once_each_and_the_books_agree_to_the_cent(
    studio: Studio, paid: Services
) -> None:
    task_id = studio.film()
    studio.advance(task_id, Status.FINAL_REVIEW)
    sold = {
        name: paid.sold(name) for name in ("gemini_assets", "kling_video", "elevenlabs_narration", "elevenlabs_sfx")
    }
    assert sold == {"gemini_assets": 4, "kling_video": 2, "elevenlabs_narration": 2, "elevenlabs_sfx": 2}
    assert paid.sold("gemini_story") == 1
    assert booked(studio) == paid.total_usd
    assert states(studio) == {"made"}
    assert studio.db.execute("select distinct basis from video_costs").fetchall() == [("provider",)]
    assert studio.db.execute("select count(*) from task_errors").fetchone() == (0,)


def test_a_used_up_quota_is_a_pause_until_midnight_in_california_and_one_alert(studio: Studio, paid: Services) -> None:
    films = [studio.film(), studio.film()]
    for task_id in films:
        studio.advance(task_id, Status.GENERATING_ASSETS)
    paid.gemini.fault("quota_day", times=None)
    for task_id in films:
        studio.step(task_id)
    [pause] = paused_services.paused(studio.db, now=studio.now)
    assert pause.service == "gemini"
    assert timedelta() < pause.paused_until - studio.now <= timedelta(hours=25)
    for task_id in films:
        task = studio.task(task_id)
        assert (task.status, task.attempt) == (Status.GENERATING_ASSETS, 0)
    assert studio.db.execute("select count(*) from alerts").fetchone() == (1,)
    assert paid.sold("gemini_assets") == 0


def test_a_refused_prompt_asks_a_person_and_names_the_item_and_its_prompt(studio: Studio, paid: Services) -> None:
    task_id = studio.film()
    studio.advance(task_id, Status.GENERATING_ASSETS)
    paid.gemini.fault("image_safety", after=1)
    studio.step(task_id)
    task = studio.task(task_id)
    assert task.status is Status.ASSET_ERROR
    prompt = studio.db.execute("select prompt from artifacts where state = 'pending' and kind = 'image'").fetchone()
    assert prompt is not None
    assert prompt[0][:20] in task.error_log
    assert "image " in task.error_log


def test_what_the_service_says_of_calls_at_once_is_kept(studio: Studio, paid: Services) -> None:
    paid.elevenlabs.at_once = 2
    task_id = studio.film()
    studio.advance(task_id, Status.AUDIO_READY)
    assert studio.db.execute("select at_once from service_limits where service = 'elevenlabs'").fetchone() == (2,)
    assert paid.elevenlabs.busiest <= 2


def _bring(studio: Studio, to: Status) -> UUID:
    task_id = studio.film()
    studio.advance(task_id, to)
    return task_id


def test_an_order_of_kling_whose_answer_is_cut_is_not_sent_again(studio: Studio, paid: Services) -> None:
    task_id = _bring(studio, Status.COMPOSITES_READY)
    paid.kie.fault("lost", path="createTask")
    for _ in range(6):
        studio.wait(studio.task(task_id))
        studio.step(task_id)
    assert studio.task(task_id).status is Status.VIDEO_ERROR
    assert "may have been bought already" in studio.task(task_id).error_log
    assert paid.sold("kling_video") == 2, "one of them is lost for now, and nobody bought a third"


def test_an_order_of_kling_that_never_arrived_is_sent_again_on_the_balances_word(
    studio: Studio, paid: Services
) -> None:
    studio.limit(items_per_step=1, services={"kie": {"at_once": 20, "a_minute": 6000}})  # type: ignore[arg-type]
    paid_channel(studio, scenes=5)
    task_id = _bring(studio, Status.COMPOSITES_READY)
    paid.kie.fault("drop", path="createTask", after=3)
    studio.advance(task_id, Status.VIDEO_READY)
    assert paid.sold("kling_video") == 5
    refused = studio.db.execute("select settled_by from orders where state = 'refused'").fetchall()
    assert refused == [("balance",)]
