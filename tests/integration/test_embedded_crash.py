"""The embedded server comes back, however it ended, and never runs twice on the same data."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.integration.embedded_helpers import calling, family, is_gone, server_pid, wait_until
from tests.long import long
from vidctl.errors import Unavailable
from vidctl.store import embedded
from vidctl.store.embedded import binaries
from vidctl.store.embedded.control import State
from vidctl.store.embedded.places import SHARED, Place
from vidctl.store.embedded.user import server_user

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and prctl")


@pytest.fixture
def home(used_home: Path) -> Path:
    """A home whose server runs, with one committed row in it."""
    with psycopg.connect(embedded.ensure_running(used_home), autocommit=True) as db:
        db.execute("create table kept as select 'committed' as word")
    return used_home


def comes_back(home: Path) -> bool:
    """Start the server again; tell whether what was committed is there."""
    with psycopg.connect(embedded.ensure_running(home)) as db:
        return db.execute("select word from kept").fetchone() == ("committed",)


def test_after_kill_9_of_the_server_the_next_call_recovers(home: Path) -> None:
    os.kill(server_pid(home), signal.SIGKILL)
    assert comes_back(home)


@on_linux
def test_after_kill_9_of_all_its_processes_the_next_call_recovers(home: Path) -> None:
    for pid in family(server_pid(home)):
        os.kill(pid, signal.SIGKILL)
    assert comes_back(home)


@on_linux
def test_a_backend_that_outlives_its_server_is_ended_before_the_next_starts(home: Path) -> None:
    db = psycopg.connect(embedded.dsn_of(home), autocommit=True)
    busy = db.info.backend_pid
    # Counting in one expression, a backend looks at nothing else: it would go on for minutes.
    db.pgconn.send_query(b"select sum(a.n * b.n) from generate_series(1, 100000) a(n), generate_series(1, 100000) b(n)")
    time.sleep(0.1)
    os.kill(server_pid(home), signal.SIGKILL)
    time.sleep(0.2)
    assert not is_gone(busy), "this test needs a backend that stays behind"
    assert comes_back(home)
    assert is_gone(busy)
    db.close()


@pytest.mark.chaos
def test_a_server_killed_again_and_again_comes_back_each_time(home: Path) -> None:
    for _ in range(5):
        os.kill(server_pid(home), signal.SIGKILL)
        assert comes_back(home)


@on_linux
@pytest.mark.chaos
def test_a_server_whose_home_was_removed_takes_nothing_from_the_next_one_there(home: Path) -> None:
    """It would notice within a minute, and end by removing the socket of its name."""
    ghost = server_pid(home)
    shutil.rmtree(home)
    with psycopg.connect(embedded.ensure_running(home)) as db:
        wait_until(lambda: is_gone(ghost))
        assert db.execute("select to_regclass('kept')").fetchone() == (None,)
    with psycopg.connect(embedded.dsn_of(home)):
        assert server_pid(home) != ghost


@on_linux
def test_a_killed_server_that_nobody_has_reaped_does_not_count_as_running(home: Path) -> None:
    embedded.stop(home)
    adopt_orphans = 36  # PR_SET_CHILD_SUBREAPER: as in a container whose first process reaps nobody
    assert ctypes.CDLL(None).prctl(adopt_orphans, 1, 0, 0, 0) == 0
    try:
        embedded.ensure_running(home)
        pid = server_pid(home)
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
        assert ") Z " in Path(f"/proc/{pid}/stat").read_text()
        assert comes_back(home)
        assert server_pid(home) != pid
        embedded.stop(home)
    finally:
        ctypes.CDLL(None).prctl(adopt_orphans, 0, 0, 0, 0)
        reap_all()


def reap_all() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def crash_and_note(home: Path, pid: int) -> None:
    """Leave the files of a crashed server that had the process id `pid`."""
    embedded.stop(home)
    place = Place.of(home)
    folder = place.server_socket_folder
    noted = (pid, place.data, int(time.time()), 5432, folder, "", "  2156766         0", "ready   ")
    (place.data / "postmaster.pid").write_text("".join(f"{line}\n" for line in noted))
    socket = folder / ".s.PGSQL.5432"
    socket.touch()
    socket.with_name(f"{socket.name}.lock").write_text(f"{pid}\n{place.data}\n0\n5432\n")


def test_a_stale_process_id_that_is_another_program_by_now_is_no_server(home: Path) -> None:
    crash_and_note(home, os.getpid())
    assert embedded.status(home).state is State.STOPPED
    assert not embedded.stop(home)
    assert comes_back(home)


@pytest.mark.chaos
def test_a_stale_process_id_that_is_another_postgres_by_now_is_left_alone(home: Path, server_url: str) -> None:
    with psycopg.connect(server_url) as stranger:
        crash_and_note(home, stranger.info.backend_pid)
        assert comes_back(home)
        embedded.stop(home)
        assert stranger.execute("select 1").fetchone() == (1,)


def test_a_damaged_process_id_file_is_no_server(home: Path) -> None:
    for junk in ("", "\n", "not a number\n", "-1\n", "0\n", "99999999999999999999\n"):
        embedded.stop(home)
        (embedded.status(home).data / "postmaster.pid").write_text(junk)
        assert comes_back(home), junk


@on_linux
@pytest.mark.chaos
def test_a_server_that_somebody_else_started_on_the_data_is_not_joined_by_a_second(home: Path) -> None:
    embedded.stop(home)
    place = Place.of(home)
    user = server_user(place)
    folder = binaries.runnable_by(user, SHARED).folder
    by_hand = [str(folder / "postgres"), "-D", str(place.data), "-c", "listen_addresses=", "-c"]
    by_hand.append(f"unix_socket_directories={place.log}")
    user.run(["/bin/sh", "-c", '"$@" &', "sh", *by_hand], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    wait_until(lambda: embedded.status(home).pid is not None)
    pid = server_pid(home)
    with pytest.raises(Unavailable, match=f"that vidctl did not start.*process {pid}"):
        embedded.ensure_running(home)
    assert embedded.stop(home)
    assert comes_back(home)


@pytest.mark.parametrize("after_s", [0.25, long(0.45)])
def test_a_starter_killed_half_way_through_the_first_start_leaves_no_half_a_database(
    vidctl_home: Path, after_s: float
) -> None:
    with subprocess.Popen(calling("ensure_running", vidctl_home), start_new_session=True) as starter:
        time.sleep(after_s)
        os.killpg(starter.pid, signal.SIGKILL)
    with psycopg.connect(embedded.ensure_running(vidctl_home)) as db:
        assert db.execute("select count(*) > 400 from pg_class").fetchone() == (True,)
    assert not (vidctl_home / "postgres" / "data.part").exists()


def test_a_lost_lock_file_lets_nobody_start_a_second_server(home: Path) -> None:
    (home / "postgres" / "lock").unlink()
    pid = server_pid(home)
    assert comes_back(home)
    assert server_pid(home) == pid
    assert embedded.stop(home)
    wait_until(lambda: is_gone(pid))  # it holds the lost file locked, and takes back its pid file before it ends
