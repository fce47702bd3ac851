"""Syncs that are killed at any moment, by the dozen and two at once: nothing is lost, nothing is done twice."""

import random
import time
from datetime import UTC, datetime

import pytest

from tests.board import Desk
from tests.fakes.notion import FakeNotion
from tests.long import long
from tests.processes import vidctl
from tests.studio import Studio
from vidctl.domain.status import Status


@pytest.mark.parametrize("kills", [3, long(100)])
def test_syncs_that_are_killed_anywhere_lose_no_decision_and_make_none_twice(studio: Studio, kills: int) -> None:
    with FakeNotion(clock=lambda: datetime.now(UTC)) as notion:
        desk = Desk(studio, notion)
        pages = [desk.at(Status.ASSETS_READY, Title=f"Film {number}") for number in range(2)]
        chance = random.Random(kills)
        people = [notion.person(f"Person {number}") for number in range(len(pages))]
        for number in range(kills):
            if number % 2 == 0 and number // 2 < len(pages):
                notion.edit(pages[number // 2], by=people[number // 2], Status="Assets Approved")
            syncs = [vidctl("sync", environment=studio.environment | desk.environment) for _ in range(2)]
            time.sleep(0.3 + chance.random() * 1.5)
            for sync in syncs:
                sync.kill()
                sync.communicate()
        studio.now = datetime.now(UTC)
        for _ in range(2):
            studio.later(minutes=2)
            desk.sync(full=True)
        assert all(desk.agrees(page) for page in pages)
        approved = studio.db.execute("select reviewer_id from review_audit where action = 'approved'").fetchall()
        assert sorted(who.split("notion:")[1].rstrip(")") for (who,) in approved) == sorted(people)
        for page in pages:
            lines = desk.note(page).splitlines()
            assert len(lines) == len(set(lines))
