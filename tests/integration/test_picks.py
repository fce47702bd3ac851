"""What a tick works on next."""

import random
from collections import Counter
from contextlib import ExitStack
from uuid import UUID

import pytest

from tests.long import long
from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.engine.tick import rooms
from vidctl.pipeline import STEPS
from vidctl.store import locks, picks, services, ticks
from vidctl.store.picks import HostRoom, Pick


def picked(studio: Studio) -> list[Pick]:
    return picks.pick(studio.db, rooms(studio.context.limits), now=studio.now)


def ids(studio: Studio) -> list[UUID]:
    return [pick.id for pick in picked(studio)]


def wide_open(studio: Studio) -> None:
    studio.limit(max_concurrent_story=100)


def test_high_before_normal_before_low_and_first_come_within_each(studio: Studio) -> None:
    films = []
    for priority in ("low", "normal", "high", "normal"):
        studio.later(seconds=1)
        films.append(studio.film(priority=priority))
    low, normal, high, later = films
    assert ids(studio) == [high, normal, later]  # max_concurrent of the channel is 3
    studio.channel(max_concurrent=10)
    assert ids(studio) == [high, normal, later, low]


def test_the_first_six_picks_of_a_with_ten_and_b_with_two_hold_both_of_b(studio: Studio) -> None:
    studio.limit(max_concurrent_story=6)
    for name in ("a", "b"):
        studio.channel(name, max_concurrent=20)
    for _ in range(10):
        studio.film("a")
    for _ in range(2):
        studio.film("b")
    channels = [pick.channel_id for pick in picked(studio)]
    assert len(channels) == 6
    assert channels.count("b") == 2
    assert set(channels[:2]) == set(channels[2:4]) == {"a", "b"}


@pytest.mark.parametrize("cases", [3, long(60)])
def test_turns_go_round_the_channels_whatever_waits_where(studio: Studio, cases: int) -> None:
    """Of one urgency nobody's next film comes before everybody's turn, and no more urgent film comes later."""
    wide_open(studio)
    chance = random.Random(cases)
    names = [f"c{n}" for n in range(6)]
    for name in names:
        studio.channel(name, max_concurrent=100)
    for _ in range(cases):
        studio.db.execute("update tasks set superseded_at = now()")
        waiting = Counter(
            (chance.choice(names), chance.choice(["high", "normal", "low"])) for _ in range(chance.randint(2, 40))
        )
        for (name, priority), films in waiting.items():
            for _ in range(films):
                studio.film(name, priority=priority)
        picks.served(studio.db, chance.sample(names, 3), now=studio.now)
        order = [(pick.channel_id, studio.task(pick.id).priority) for pick in picked(studio)]
        assert Counter(order) == waiting
        seen: Counter[tuple[str, str]] = Counter()
        turns = []
        for one in order:
            seen[one] += 1
            turns.append((["high", "normal", "low"].index(one[1]), seen[one]))
        assert turns == sorted(turns)


def test_the_channel_served_longest_ago_comes_first_in_the_next_tick(studio: Studio) -> None:
    wide_open(studio)
    for name in ("a", "b", "c"):
        studio.channel(name)
        studio.film(name)
    picks.served(studio.db, ["b", "a"], now=studio.now)
    assert [pick.channel_id for pick in picked(studio)] == ["c", "b", "a"]


def test_what_waits_for_a_retry_a_person_or_an_inactive_channel_is_left_alone(studio: Studio) -> None:
    draft, waiting, at_gate, queued = (studio.film(queue=n > 0) for n in range(4))
    studio.db.execute("update tasks set next_attempt_at = now() + interval '1 hour' where id = %s", (waiting,))
    studio.bring(at_gate, Status.ASSETS_READY)
    assert ids(studio) == [queued]
    assert draft not in ids(studio)
    studio.channel(is_active=False)
    assert ids(studio) == []


def test_a_film_in_somebodys_hands_is_not_picked(studio: Studio) -> None:
    first, second = studio.film(), studio.film()
    with studio.session() as other:
        assert locks.try_task(other, first)
        assert ids(studio) == [second]
    assert set(ids(studio)) == {first, second}


def test_a_full_step_and_a_full_channel_leave_room_for_others(studio: Studio) -> None:
    studio.limit(max_concurrent_story=2)
    studio.channel("two", max_concurrent=1)
    one, two = studio.film("one"), studio.film("two")
    with ExitStack() as stack:
        other = stack.enter_context(studio.session())
        number = studio.db.execute("select number from channels where channel_id = 'two'").fetchone()
        assert number is not None
        assert locks.try_slot(other, locks.CHANNEL_SLOTS, number[0], 1)
        assert ids(studio) == [one], "channel two is at its limit"
        for _ in range(2):
            assert locks.try_slot(other, locks.STEP_SLOTS, STEPS.index(STEPS[0]), 2)
            other = stack.enter_context(studio.session())
        assert ids(studio) == [], "the step is at its limit"
    assert set(ids(studio)) == {one, two}


def test_a_paused_service_stops_its_steps_alone(studio: Studio) -> None:
    drawing, cutting = studio.film(), studio.film()
    studio.bring(cutting, Status.AUDIO_APPROVED)
    services.pause(studio.db, "gemini", until=studio.now.replace(year=2099), reason="quota")
    assert ids(studio) == [cutting]
    assert services.resume(studio.db, "gemini")
    assert set(ids(studio)) == {drawing, cutting}


def test_a_preview_channel_is_not_stopped_by_a_paid_services_quota(studio: Studio) -> None:
    studio.channel("free", mode="preview")
    free = studio.film("free")
    services.pause(studio.db, "gemini", until=studio.now.replace(year=2099), reason="quota")
    assert ids(studio) == [free]


def test_every_status_that_waits_for_the_engine_is_picked(studio: Studio) -> None:
    wide_open(studio)
    studio.channel(max_concurrent=100)
    from vidctl.domain.status import ENGINE_WAITS

    films = {studio.film(): status for status in sorted(ENGINE_WAITS)}
    for task_id, status in films.items():
        studio.db.execute("update tasks set status = %s where id = %s", (status, task_id))
    studio.limit(**{f"max_concurrent_{name}": 100 for name in (
        "story", "asset", "composite", "video", "audio", "sfx", "assembly", "upload")})  # fmt: skip
    assert set(ids(studio)) == set(films)


def test_what_a_machine_has_no_room_for_is_left_to_others(studio: Studio) -> None:
    wide_open(studio)
    studio.channel(max_concurrent=100)
    films = [studio.film() for _ in range(4)]
    ours, theirs = picks.HostRoom("ours", 3), picks.HostRoom("theirs", 3)
    with studio.session() as other:
        assert locks.try_task(other, films[0])
        assert locks.try_slot(other, locks.HOST_SLOTS, ours.number, ours.limit)

        def taken_by(room: picks.HostRoom) -> int:
            return len(picks.pick(studio.db, rooms(studio.context.limits), now=studio.now, here=room))

        assert taken_by(ours) == 2
        assert taken_by(theirs) == 3
        assert taken_by(picks.HostRoom("ours", 1)) == 0


def test_after_a_time_without_any_tick_a_host_is_not_gone_before_another_had_one_without_it(studio: Studio) -> None:
    """While the database was away no host could have one; the answers that came meanwhile are on the film's own."""
    task_id = studio.film()
    studio.bring(task_id, Status.ASSETS_READY)
    studio.db.execute("update tasks set kept_by = 'attic', status = 'Generating Assets'")

    def picked_by(host: str) -> list[UUID]:
        room = HostRoom(host, 16)
        return [pick.id for pick in picks.pick(studio.db, rooms(studio.context.limits), now=studio.now, here=room)]

    for host in ("attic:7", "barn:8"):
        ticks.record(studio.db, host=host, began=studio.now, ended=studio.now, dispatched=0)
    studio.later(hours=1)
    assert (picked_by("barn"), picked_by("attic")) == ([], [task_id])
    ticks.record(studio.db, host="barn:9", began=studio.now, ended=studio.now, dispatched=0)
    studio.later(minutes=1)
    assert picked_by("barn") == [task_id]
