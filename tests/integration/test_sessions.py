"""Who is connected: processes are known by the name they give when they open their connection."""

from vidctl.store import Db, sessions
from vidctl.store.connection import connect


def test_the_processes_of_one_command_are_told_apart_from_all_others(
    db: Db, database_url: str, server_url: str
) -> None:
    with (
        connect(database_url, application_name="vidctl run-step 4711 3f2a host"),
        connect(database_url, application_name="vidctl run-step 4711 3f2a host"),
        connect(database_url, application_name="vidctl run-step 815 91c0 host"),
        connect(database_url, application_name="vidctl run-step of somebody"),
        connect(database_url, application_name="vidctl tick 42"),
        connect(database_url, application_name="psql run-step 43"),
        connect(server_url, application_name="vidctl run-step 44 another database"),
    ):
        assert sorted(sessions.pids_of(db, "run-step")) == [815, 4711]


def test_where_nobody_is_connected_nobody_is_found(db: Db) -> None:
    assert sessions.pids_of(db, "run-step") == []
