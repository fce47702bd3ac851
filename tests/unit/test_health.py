"""Whether an installation is healthy, judged by what one look at it finds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidctl.domain.health import LATE, Look, Rest, State, Vitals, judge
from vidctl.domain.room import LEAST_FREE_BYTES

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
IDLE = Vitals("0016", None, None, 0, 0, 0, None, 0, None)
BUSY = Vitals("0016", NOW - timedelta(seconds=30), "attic:712", 10, 3, 40, NOW - timedelta(days=1), 0, None)

ages = st.none() | st.timedeltas(timedelta(0), timedelta(days=30))
counts = st.integers(0, 500)


@st.composite
def vitals(draw: st.DrawFn) -> Vitals:
    tick, waiting, alert = (NOW - age if (age := draw(ages)) is not None else None for _ in range(3))
    rests = draw(
        st.lists(st.builds(Rest, st.sampled_from(["kie", "youtube"]), st.just(NOW), st.just("quota")), max_size=6)
    )
    return Vitals(
        "0016",
        tick,
        "attic:712" if tick else None,
        draw(counts),
        draw(counts),
        draw(counts),
        waiting,
        draw(counts),
        alert,
        rests,
    )


looks = st.builds(
    Look,
    st.just(NOW),
    st.none() | vitals(),
    st.none() | st.just(("the server is down", "start it")),
    is_let_in=st.booleans(),
    can_alert=st.booleans(),
    free_bytes=st.none() | st.integers(0, 10**13),
)


@settings(max_examples=60, deadline=None)
@given(looks)
def test_whatever_is_found_each_reason_has_a_cure_and_the_worst_of_them_is_the_verdict(look: Look) -> None:
    state, reasons = judge(look)
    assert all(one.what and one.cure and one.state is not State.HEALTHY for one in reasons)
    assert state is (reasons[0].state if reasons else State.HEALTHY)
    assert (state is State.UNHEALTHY) == (look.vitals is None and not look.is_let_in)


@settings(max_examples=60, deadline=None)
@given(looks)
def test_what_is_healthy_has_ticked_lately_or_has_no_channel_and_nothing_rests(look: Look) -> None:
    state, _ = judge(look)
    if state is State.HEALTHY:
        assert (seen := look.vitals) is not None
        assert not seen.rests
        assert not seen.channels or (seen.last_tick_at is not None and NOW - seen.last_tick_at <= LATE)
        assert look.free_bytes is None or look.free_bytes >= LEAST_FREE_BYTES


def test_an_idle_installation_without_a_channel_and_a_busy_one_are_healthy() -> None:
    assert judge(Look(NOW, IDLE))[0] is State.HEALTHY
    assert judge(Look(NOW, BUSY, can_alert=True, free_bytes=10**11)) == (State.HEALTHY, [])


MOMENT = timedelta(microseconds=1)
SILENT = replace(BUSY, last_tick_at=NOW - LATE - MOMENT)
UNHEARD = replace(BUSY, undelivered=1, oldest_undelivered_at=NOW - LATE - MOMENT)
RESTS = [Rest(f"service {n}", NOW + LATE, "quota") for n in range(5)]
WELL = Look(NOW, BUSY, can_alert=True, free_bytes=LEAST_FREE_BYTES)


@pytest.mark.parametrize(
    ("look", "said"),
    [
        (replace(WELL, vitals=replace(BUSY, last_tick_at=NOW - LATE)), []),
        (replace(WELL, vitals=SILENT), ["no tick has come to its end since"]),
        (replace(WELL, vitals=replace(SILENT, channels=0)), ["no tick has come to its end since"]),
        (replace(WELL, vitals=replace(SILENT, channels=0, waiting=0)), []),
        (replace(WELL, vitals=replace(BUSY, last_tick_at=None)), ["no tick has run yet"]),
        (replace(WELL, vitals=replace(UNHEARD, oldest_undelivered_at=NOW - LATE)), []),
        (replace(WELL, vitals=UNHEARD), ["1 alert is not delivered"]),
        (replace(WELL, vitals=UNHEARD, can_alert=False), []),
        (replace(WELL, free_bytes=LEAST_FREE_BYTES - 1), ["the disk of VIDCTL_HOME"]),
        (replace(WELL, free_bytes=None), []),
        (
            replace(WELL, vitals=replace(BUSY, rests=RESTS[:3])),
            ["service 0 rests", "service 1 rests", "service 2 rests"],
        ),
        (
            replace(WELL, vitals=replace(BUSY, rests=RESTS)),
            ["service 0 rests", "service 1 rests", "service 2 rests", "2 more rest"],
        ),
    ],
)
def test_each_thing_that_is_wrong_is_said_from_its_own_limit_on(look: Look, said: list[str]) -> None:
    state, reasons = judge(look)
    assert len(reasons) == len(said), reasons
    assert [one.what[: len(words)] for one, words in zip(reasons, said, strict=True)] == said
    assert state is (State.DEGRADED if said else State.HEALTHY)


def test_what_can_do_nothing_comes_before_what_can_do_less() -> None:
    _, reasons = judge(replace(WELL, vitals=None, trouble=("the server is down", "start it"), free_bytes=0))
    assert [one.state for one in reasons] == [State.UNHEALTHY, State.DEGRADED]
