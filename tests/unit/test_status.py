"""The table of moves, by enumeration: every (status, event, target) is a row or is refused."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidctl.domain.status import (
    ENGINE_WAITS,
    ERRORS,
    GATES,
    HUMAN_EVENTS,
    OPTIONAL_GATES,
    TRANSITIONS,
    WORKING,
    Event,
    Phase,
    Status,
    error_of,
    next_status,
    phase_of,
)
from vidctl.errors import InvalidStateTransitionError
from vidctl.pipeline import STEPS, step_at

HAPPY = [
    "Draft", "Queued", "Claimed", "Generating Assets", "Assets Ready", "Assets Approved", "Generating Composites",
    "Composites Ready", "Generating Video", "Video Ready", "Video Approved", "Generating Audio", "Generating SFX",
    "SFX Ready", "Audio Ready", "Audio Approved", "Assembling", "Assembly Ready", "Final Review", "Approved",
    "Uploading", "Published",
]  # fmt: skip


def test_there_are_exactly_the_26_statuses_of_the_stories() -> None:
    assert [status.value for status in Status] == [*HAPPY, "Asset Error", "Video Error", "Audio Error", "Upload Error"]


def test_a_film_without_trouble_walks_through_22_statuses_in_order() -> None:
    status, walked = Status.DRAFT, ["Draft"]
    forward = (Event.QUEUE, Event.CLAIM, Event.START, Event.FINISH, Event.APPROVE)
    while status is not Status.PUBLISHED:
        event = next(event for event in forward if (status, event) in TRANSITIONS)
        status = next_status(status, event)
        walked.append(status.value)
    assert walked == HAPPY


@pytest.mark.parametrize(("status", "event"), list(product(Status, Event)))
def test_what_is_not_a_row_cannot_happen(status: Status, event: Event) -> None:
    ways = TRANSITIONS.get((status, event), ())
    for to in Status:
        if to in ways:
            assert next_status(status, event, to) is to
        else:
            with pytest.raises(InvalidStateTransitionError, match=status.value):
                next_status(status, event, to)
    if len(ways) != 1:
        with pytest.raises(InvalidStateTransitionError):
            next_status(status, event)


def test_every_status_is_reachable_and_every_status_but_the_last_has_a_way_to_it() -> None:
    forward: dict[Status, set[Status]] = {status: set() for status in Status}
    for (status, _), ways in TRANSITIONS.items():
        forward[status] |= set(ways)
    assert _reached(forward, Status.DRAFT) == set(Status)
    for status in Status:
        assert Status.PUBLISHED in _reached(forward, status)
    assert not forward[Status.PUBLISHED]


def _reached(forward: dict[Status, set[Status]], start: Status) -> set[Status]:
    reached, todo = {start}, [start]
    while todo:
        for to in forward[todo.pop()] - reached:
            reached.add(to)
            todo.append(to)
    return reached


def test_gates_are_four_and_nothing_but_a_decision_or_a_hold_leaves_them() -> None:
    assert GATES == (Status.ASSETS_READY, Status.VIDEO_READY, Status.AUDIO_READY, Status.FINAL_REVIEW)
    for gate in GATES:
        assert {event for status, event in TRANSITIONS if status is gate} == {Event.APPROVE, Event.REJECT, Event.HOLD}


def test_where_only_some_channels_have_a_gate_its_approval_leads_where_the_others_go_by_themselves() -> None:
    assert set(OPTIONAL_GATES).isdisjoint(GATES)
    for gate in OPTIONAL_GATES:
        assert next_status(gate, Event.APPROVE) is next_status(gate, Event.START)
        assert (phase_of(gate), phase_of(gate, asks=True)) == (Phase.WAITING, Phase.REVIEW)


def test_nothing_is_uploaded_without_passing_the_last_gate_or_retrying_an_approved_upload() -> None:
    into = {(status, event) for (status, event), ways in TRANSITIONS.items() if Status.UPLOADING in ways}
    assert into == {
        (Status.APPROVED, Event.START),
        (Status.UPLOADING, Event.DEFER),
        (Status.UPLOAD_ERROR, Event.RETRY),
    }
    assert [at for at, ways in TRANSITIONS.items() if Status.APPROVED in ways] == [(Status.FINAL_REVIEW, Event.APPROVE)]


def test_every_step_fails_into_an_error_from_which_a_retry_comes_back_to_it() -> None:
    assert [step.working for step in STEPS] == list(WORKING)
    for step in STEPS:
        assert step.working in TRANSITIONS[error_of(step.working), Event.RETRY]


def test_a_person_can_hold_everything_but_what_is_being_or_was_published() -> None:
    held = {status for status, event in TRANSITIONS if event is Event.HOLD}
    assert held == set(Status) - {Status.DRAFT, Status.UPLOADING, Status.PUBLISHED}


def test_every_status_has_one_phase_and_the_engine_acts_exactly_where_a_step_is_known() -> None:
    assert {status for status in Status if phase_of(status) is Phase.REVIEW} == set(GATES)
    assert {status for status in Status if phase_of(status) is Phase.ERROR} == set(ERRORS)
    assert {status for status in Status if step_at(status)} == ENGINE_WAITS


@given(st.lists(st.tuples(st.sampled_from(Event), st.integers(0, 7)), max_size=200))
def test_no_sequence_of_events_gets_a_film_anywhere_it_cannot_leave(events: list[tuple[Event, int]]) -> None:
    status = Status.DRAFT
    for event, choice in events:
        ways = TRANSITIONS.get((status, event), ())
        if ways:
            status = next_status(status, event, ways[choice % len(ways)])
        else:
            with pytest.raises(InvalidStateTransitionError):
                next_status(status, event)
    assert status is Status.PUBLISHED or any(at is status for at, _ in TRANSITIONS)
    assert phase_of(status) in set(Phase)
    assert set(Event) > HUMAN_EVENTS
