"""What a person asks for by setting a card to a status: every pair, by the table of moves."""

import pytest

from vidctl.domain.status import ERRORS, GATES, TRANSITIONS, Event, Status, asked_for, next_status


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("wanted", Status)
def test_what_is_asked_for_is_a_row_of_the_table_and_leads_there(status: Status, wanted: Status) -> None:
    event = asked_for(status, wanted)
    if event is None:
        return
    ways = TRANSITIONS[status, event]
    assert wanted in ways or event is Event.RETRY, "only a retry may lead elsewhere: to the step that failed"


@pytest.mark.parametrize("gate", GATES)
def test_a_gate_is_passed_by_its_approved_status_alone(gate: Status) -> None:
    approving = [wanted for wanted in Status if asked_for(gate, wanted) is Event.APPROVE]
    assert approving == [next_status(gate, Event.APPROVE)]


@pytest.mark.parametrize(
    ("error", "approved"),
    [
        (Status.ASSET_ERROR, {Status.ASSETS_APPROVED}),
        (Status.VIDEO_ERROR, {Status.ASSETS_APPROVED, Status.VIDEO_APPROVED, Status.AUDIO_APPROVED}),
        (Status.AUDIO_ERROR, {Status.VIDEO_APPROVED, Status.AUDIO_APPROVED}),
        (Status.UPLOAD_ERROR, {Status.APPROVED}),
    ],
)
def test_an_error_is_retried_by_queued_or_by_the_approved_statuses_of_its_stage(
    error: Status, approved: set[Status]
) -> None:
    retrying = {wanted for wanted in Status if asked_for(error, wanted) is Event.RETRY}
    assert retrying == {Status.QUEUED} | approved
    assert asked_for(error, Status.GENERATING_ASSETS, resumes_at=Status.GENERATING_ASSETS) is Event.RETRY


def test_nobody_moves_a_film_that_is_out_or_on_its_way_out() -> None:
    for status in (Status.UPLOADING, Status.PUBLISHED):
        assert [wanted for wanted in Status if asked_for(status, wanted)] == []
    assert all(asked_for(error, Status.DRAFT) is Event.HOLD for error in ERRORS)
