"""The bench is no proof of speed alone: what comes out of its drain has to be right, or it ends with 1."""

from pathlib import Path

import pytest

from tests.bench import engine as bench
from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.store import Db


@pytest.fixture
def studio(tmp_path: Path, database_url: str, db: Db) -> Studio:
    made = Studio(tmp_path, database_url, db)
    made.channel(scenes=1)
    return made


def wrong_with(studio: Studio, *, scripts_run: int = bench.SCRIPTS_OF_A_FILM, stall_s: float = 1.0) -> list[str]:
    """Return what the bench says of one film that was made properly, and of whatever happened around it."""
    (film,) = (task_id for (task_id,) in studio.db.execute("select id from tasks").fetchall())
    return list(bench._wrong_with(studio, [film], scripts_run=scripts_run, stall_s=stall_s))


def test_a_drain_that_went_well_is_no_complaint_and_the_scripts_of_a_film_are_counted(studio: Studio) -> None:
    studio.advance(studio.film(), Status.PUBLISHED)
    assert wrong_with(studio, scripts_run=len(studio.ledger())) == []


def test_doubled_work_a_stall_and_an_illegal_history_are_said(studio: Studio) -> None:
    film = studio.film()
    studio.advance(film, Status.PUBLISHED)
    assert wrong_with(studio, scripts_run=13) == ["13 scripts made something, and 12 were needed"]
    assert wrong_with(studio, stall_s=61) == ["nothing moved for 61 s"]
    studio.db.execute("update tasks set status = 'Uploading' where id = %s", (film,))
    unfinished, illegal = wrong_with(studio)
    assert unfinished == f"1 of 1 films were not published, {film} for one"
    assert illegal.startswith(f"the history of {film} is illegal")


@pytest.mark.parametrize(("wrong", "status"), [([], 0), (["nothing moved for 61 s"], 1)])
def test_the_bench_ends_with_1_when_something_went_wrong(
    capsys: pytest.CaptureFixture[str], wrong: list[str], status: int
) -> None:
    assert bench.verdict(wrong) == status
    assert capsys.readouterr().err == "".join(f"WRONG: {sentence}\n" for sentence in wrong)


def test_all_sql_of_an_idle_tick_is_counted(studio: Studio) -> None:
    sql_ms, trips, connecting_ms = bench._sql_of_a_tick(studio, times=1)
    assert trips >= 6, "settings of the connection, revision, lock, channels, pick, tick"
    assert sql_ms > 0
    assert connecting_ms > 0
