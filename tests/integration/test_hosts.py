"""One database and one bucket, several hosts: each works on what it has room for, and none of them has to stay."""

import re
from collections import Counter

import pytest

from tests.fakes.r2.fake import FakeR2
from tests.hosts import Hosts
from tests.long import long
from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.store import locks

ORDERED = ("generate_asset.py", "generate_video.py")


def test_a_machine_that_has_no_room_begins_nothing(studio: Studio) -> None:
    studio.limit(max_concurrent_per_host=1)
    task_id = studio.film()
    with studio.session() as other:
        assert locks.try_slot(other, locks.HOST_SLOTS, locks.number_of(studio.context.machine), 1)
        studio.step(task_id)
        assert studio.task(task_id).status is Status.QUEUED
    studio.step(task_id)
    assert studio.task(task_id).status is Status.GENERATING_ASSETS


@pytest.mark.parametrize(("hosts", "films"), [(2, 3), long(4, 12)])
def test_what_a_host_that_is_cut_off_had_begun_the_others_finish_and_nothing_is_bought_twice(
    studio: Studio, moto: str, hosts: int, films: int
) -> None:
    with FakeR2(moto) as fake:
        studio.told = {**fake.environment, "R2_PUBLIC_URL": fake.public_url}
        studio.limit(max_concurrent_per_host=2)
        gates = dict.fromkeys(("assets", "video", "audio"), "auto")
        studio.channel(storage_strategy="r2", scenes=1, max_concurrent=20, review_gates=gates)
        made = [studio.film(title=f"Film {n}") for n in range(films)]
        wait = {"fault": "sleep", "seconds": 0.5}
        studio.faults(*({"script": one, "fault": "order", "then": wait, "times": 1_000} for one in ORDERED))
        machines = Hosts(studio, [f"h{n}" for n in range(hosts)])
        machines.until(lambda: _sold(studio) > films, seconds=120)
        machines.cut_off("h0")
        machines.until(lambda: _all_there(studio), seconds=240)
        machines.wait_for_the_end()
        sold = Counter((one["script"], _film(one)) for one in studio.ledger("sold"))
        assert set(sold.values()) == {1}, sold
        assert len(sold) == films * len(ORDERED)
        studio.assert_legal(made)


def _all_there(studio: Studio) -> bool:
    """Say whether all films are ready to be looked at; a person sends those on whose storyboard went with a host."""
    for (task_id,) in studio.db.execute("select id from tasks where status = 'Asset Error'").fetchall():
        assert "storyboard" in studio.task(task_id).error_log, studio.task(task_id).error_log
        studio.retry(task_id)
    return studio.db.execute("select distinct status from tasks").fetchall() == [("Final Review",)]


def _sold(studio: Studio) -> int:
    return len(studio.ledger("sold"))


def _film(entry: dict[str, dict[str, str]]) -> str:
    found = re.search(r"/projects/([\w-]+)/", entry["options"]["output"])
    assert found is not None
    return found[1]
