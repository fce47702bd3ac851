"""The real command, with a home, a database and a folder of channel files of its own."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.place import Place, Ran
from tests.processes import trust
from tests.studio import Studio
from vidctl.cli import app
from vidctl.store import Db

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(tmp_path: Path, database_url: str) -> Place:
    """A folder with one channel file, `one`, and the environment that points to it and to a new database."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    environment = (
        keep
        | trust()
        | {
            "VIDCTL_HOME": str(tmp_path / "home"),
            "VIDCTL_CHANNEL_CONFIGS": str(tmp_path / "channel_configs"),
            "VIDCTL_REVIEWER": "ana",
            "DATABASE_URL": database_url,
            "PYTHONPATH": str(ROOT),
        }
    )
    (tmp_path / "channel_configs").mkdir()
    here = Place(tmp_path, environment)
    here.channel()
    return here


@pytest.fixture
def studio(place: Place, database_url: str, db: Db) -> Studio:
    """Films in the same place; its channel `one` has instant scripts."""
    made = Studio(place.root, database_url, db)
    made.channel()
    return made


@pytest.fixture
def vidctl(place: Place) -> Callable[..., Ran]:
    """Run the command as a process of its own: `vidctl("status", "--json", stdin="", SOME_VARIABLE="…")`."""

    def run(*arguments: str, stdin: str = "", timeout_s: float = 60, **environment: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "vidctl", *arguments],
            input=stdin.encode(),
            capture_output=True,
            timeout=timeout_s,
            cwd=place.root,
            env=place.environment | environment,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def terminal(place: Place) -> Callable[..., Ran]:
    """Run the command on a terminal of its own, 100 columns wide.

    Once it has printed `after`, `keys` are typed, or it is interrupted as by Ctrl-C.
    """

    def run(
        *arguments: str,
        after: str = "",
        keys: bytes = b"",
        interrupt: bool = False,
        timeout_s: float = 30,
        **environment: str,
    ) -> Ran:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        process = subprocess.Popen(
            [sys.executable, "-m", "vidctl", *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=place.root,
            env=place.environment | {"TERM": "xterm"} | environment,
            start_new_session=True,
        )
        os.close(theirs)
        try:
            shown = b""
            while after.encode() not in shown:
                shown += _shown(ours, time.monotonic() + timeout_s)
            if interrupt:
                process.send_signal(signal.SIGINT)
            os.write(ours, keys)
            while part := _shown(ours, time.monotonic() + timeout_s):
                shown += part
            return Ran(process.wait(10), shown.decode(), "")
        finally:
            process.kill()
            process.wait()
            os.close(ours)

    return run


def _shown(terminal: int, until: float) -> bytes:
    """Return what is shown next; b"" when the program has ended."""
    if not select.select([terminal], [], [], max(0, until - time.monotonic()))[0]:
        raise AssertionError("it shows nothing, and does not end")
    try:
        return os.read(terminal, 65_536)
    except OSError:  # the other side is closed: that is how a terminal says so
        return b""


@pytest.fixture
def quick(place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run the command in this process, which is quicker: same arguments, same place, stdout no terminal."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in place.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(place.root)

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        status = app.run(list(arguments))
        printed = capsys.readouterr()
        return Ran(status, printed.out, printed.err)

    return run
