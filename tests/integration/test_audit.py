"""The record of decisions: nobody changes it through the database, and a change behind its back shows."""

from contextlib import suppress
from uuid import UUID

import psycopg
import pytest

from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.store import audit
from vidctl.store.connection import connect


@pytest.fixture
def decided(studio: Studio) -> UUID:
    """A film with three decisions: an approval, a rejection and an approval."""
    studio.channel(scenes=1)
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_READY)
    studio.reject(task_id, "clip 1: slower – ☃")
    studio.retry(task_id)
    studio.bring(task_id, Status.VIDEO_READY)
    studio.approve(task_id)
    assert studio.decided() == 3
    return task_id


def broken(studio: Studio) -> list[int]:
    return [row for row, _ in studio.look().broken]


def test_what_was_decided_verifies(studio: Studio, decided: UUID) -> None:
    assert broken(studio) == []
    assert audit.unrecorded(studio.db) == []


def test_a_chain_verifies_whatever_the_time_zone_of_the_reader(studio: Studio, decided: UUID) -> None:
    studio.db.execute("set timezone = 'Pacific/Auckland'")
    assert broken(studio) == []


@pytest.mark.parametrize(
    "change", ["update review_audit set notes = ''", "delete from review_audit", "truncate review_audit"]
)
def test_the_database_refuses_to_change_a_decision(studio: Studio, decided: UUID, change: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        studio.db.execute(change)
    assert studio.decided() == 3


def test_a_process_that_hangs_while_it_decides_does_not_keep_all_others_from_deciding(
    studio: Studio, decided: UUID
) -> None:
    """SIGSTOP, a suspended machine, a debugger: the server ends its session."""
    studio.advance(decided, Status.AUDIO_READY)
    with (
        suppress(psycopg.Error),
        connect(studio.dsn, application_name="hangs") as hangs,
        audit.deciding(hangs),
    ):
        assert hangs.execute("show idle_in_transaction_session_timeout").fetchone() == ("1min",)
        hangs.execute("set local idle_in_transaction_session_timeout = '100ms'")  # not to wait for so long
        studio.approve(decided)
    assert studio.task(decided).status is Status.AUDIO_APPROVED
