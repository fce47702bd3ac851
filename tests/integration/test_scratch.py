"""A database for a while: gone when it is not needed any more, however its process ended."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import processes_of
from vidctl.store import scratch

_LIVES = """
import sys, time
from vidctl.store import scratch
with scratch.database() as (folder, dsn):
    print(folder, flush=True)
    time.sleep(60)
"""


def test_a_scratch_database_is_gone_afterwards_also_that_of_a_process_that_was_killed() -> None:
    other = subprocess.Popen([sys.executable, "-c", _LIVES], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    left = Path(other.stdout.readline().strip())
    scratch.sweep()
    assert left.exists(), "it is in use"
    other.send_signal(signal.SIGKILL)
    other.communicate()
    assert processes_of((str(left),)), "its server goes on"
    scratch.sweep()
    assert not left.exists()
    assert not processes_of((str(left),))


@pytest.fixture
def strange() -> Iterator[Path]:
    """Where somebody else may lay something: a path among those of scratch databases."""
    path = Path(tempfile.gettempdir()) / f"vidctl-scratch-test-{os.getpid()}"
    yield path
    if path.is_dir() and not path.is_symlink():
        for one in path.iterdir():
            one.unlink()
        path.rmdir()
    else:
        path.unlink(missing_ok=True)


def laid(folder: Path, precious: Path) -> Path:
    """Lay out what leads a careless removal to somebody's files; return one of them."""
    (precious / "postgres").mkdir(parents=True)
    (precious / "postgres/film.mp4").touch()
    folder.mkdir()
    (folder / "server").symlink_to(precious)
    (folder / "in_use.lock").touch()
    return precious / "postgres/film.mp4"


def test_a_link_among_scratch_databases_leads_nowhere(strange: Path, tmp_path: Path) -> None:
    film = laid(tmp_path / "theirs", tmp_path / "precious")
    strange.symlink_to(tmp_path / "theirs")
    scratch.sweep()
    assert film.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_what_another_user_laid_among_scratch_databases_is_left_alone(strange: Path, tmp_path: Path) -> None:
    film = laid(strange, tmp_path / "precious")
    os.chown(strange, 12345, 12345)
    scratch.sweep()
    assert film.exists()
