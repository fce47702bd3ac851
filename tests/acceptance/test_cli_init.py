"""`vidctl init`: from nothing to an installation; what is there stays, and nothing is left half done."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from dotenv import dotenv_values

from tests.acceptance.conftest import ROOT
from tests.place import Place, Ran
from tests.processes import trust, until
from vidctl.engine import channel_files, sealing
from vidctl.engine.channel_template import Wanted
from vidctl.engine.installing import writing
from vidctl.engine.sealing import Token
from vidctl.store import Db, accounts, channels

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)

Run = Callable[..., Ran]
HIDDEN = True
STYLE = re.compile(rb"\x1b\[[0-9;]*m")
CTRL_C = "\x03"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An empty folder, and an environment without anything of vidctl."""
    (tmp_path / "here").mkdir()
    keep = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    return Place(tmp_path / "here", keep | trust())


def files(place: Place) -> dict[str, bytes]:
    """Return all that was written, by name."""
    return {str(path.relative_to(place.root)): path.read_bytes() for path in place.root.rglob("*") if path.is_file()}


def answered(place: Place, dialogue: Sequence[tuple[str, str, bool]], *options: str) -> Ran:
    """Run it on a terminal of 80 columns, and type each answer when its question stands there."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    command = [sys.executable, "-m", "vidctl", "init", "--offline", *options]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=place.root, env=place.environment, process_group=0
    ) as process:
        os.close(theirs)
        shown = said = b""
        try:
            for question, answer, hidden in dialogue:
                while not STYLE.sub(b"", said).rstrip().endswith(f"{question}:".encode()):
                    assert select.select([ours], [], [], 20)[0], f"{question} is not asked: {said.decode()}"
                    said += os.read(ours, 65_536)
                if hidden:  # what is typed before nothing is shown any more is thrown away
                    until(lambda: not termios.tcgetattr(ours)[3] & termios.ECHO, what=question)
                if answer == CTRL_C:
                    process.send_signal(signal.SIGINT)
                else:
                    os.write(ours, f"{answer}\n".encode())
                shown, said = shown + said, b""
            with contextlib.suppress(OSError):  # that is how a terminal says that the other side is closed
                while part := os.read(ours, 65_536):
                    said += part
        finally:
            process.kill()
            os.close(ours)
    return Ran(process.returncode, (shown + said).decode(), "")


def test_questions_lead_to_an_installation_and_each_bad_answer_is_asked_again(place: Place, database_url: str) -> None:
    ran = answered(
        place,
        [
            ("[~/.local/share/vidctl]", "/proc/none", not HIDDEN),
            ("/vidctl]", "home of vidctl", not HIDDEN),
            ("DATABASE_URL", "postgresql://ana:s3cret-word@127.0.0.1:1/x", HIDDEN),
            ("DATABASE_URL", database_url, HIDDEN),
            ("[preview]", "prod", not HIDDEN),
            ("Channel's id", "../salt", not HIDDEN),
            ("Channel's id", "salt", not HIDDEN),
            ("[salt]", "History of Salt", not HIDDEN),
            ("[local]", "", not HIDDEN),
            ("GEMINI_API_KEY", "s3cret word", HIDDEN),
            ("GEMINI_API_KEY", "s3cret-'$x${HOME}#key", HIDDEN),
            ("KIE_API_KEY", "", HIDDEN),
            ("ELEVENLABS_API_KEY", "", HIDDEN),
            ("GOOGLE_CLIENT_ID", "", HIDDEN),
            ("DISCORD_WEBHOOK_URL", "s3cret-word", HIDDEN),
            ("DISCORD_WEBHOOK_URL", "", HIDDEN),
            ("VIDCTL_BACKUP_PASSPHRASE", "s3cret words, four", HIDDEN),
            ("The same again", "s3cret words, five", HIDDEN),
            ("VIDCTL_BACKUP_PASSPHRASE", "s3cret words, four", HIDDEN),
            ("The same again", "s3cret words, four", HIDDEN),
        ],
    )
    assert ran.status == 0, ran.out
    assert "s3cret" not in ran.out
    assert max(len(line) for line in ran.out.replace("\r", "").splitlines() if not line.startswith("* ")) < 120
    dotenv, home = place.root / ".env", place.root / "home of vidctl"
    values = dotenv_values(dotenv)
    assert Fernet(values.pop("FERNET_KEY") or "")
    assert values == {
        "VIDCTL_HOME": str(home),
        "VIDCTL_CHANNEL_CONFIGS": str(place.configs),
        "DATABASE_URL": database_url,
        "GEMINI_API_KEY": "s3cret-'$x${HOME}#key",
        "VIDCTL_BACKUP_PASSPHRASE": "s3cret words, four",
    }
    assert (dotenv.stat().st_mode & 0o777, home.is_dir()) == (0o600, True)
    [channel] = channel_files.load(place.configs).channels
    assert (channel.channel_name, channel.mode, channel.board) == ("History of Salt", "production", "local")
    for command in ("vidctl install-cron", "vidctl add salt", f"* * * * *  cd {place.root} && "):
        assert command in ran.out


OPTIONS = ("--mode", "preview", "--channel", "salt", "--name", "Salt", "--board", "local")
LAST = [
    ("DATABASE_URL", "", HIDDEN),
    ("DISCORD_WEBHOOK_URL", "", HIDDEN),
    ("VIDCTL_BACKUP_PASSPHRASE", CTRL_C, HIDDEN),
]


def test_interrupted_at_the_last_question_nothing_is_written(place: Place) -> None:
    ran = answered(place, LAST, *OPTIONS, "--home", "home")
    assert (ran.status, "Traceback" in ran.out) == (130, False)
    assert files(place) == {}
    assert list(place.root.iterdir()) == []


@pytest.fixture
def dotenv(place: Place, database_url: str) -> Path:
    """A `.env` of somebody's own, without an end of its last line."""
    path = place.root / ".env"
    path.write_text(f"""# mine\nDATABASE_URL={database_url}\nKIE_API_KEY="it's $mine # s3cret"\nGEMINI_API_KEY=""")
    path.chmod(0o644)
    return path


def test_what_is_there_is_kept_what_is_missing_is_added_and_again_nothing_changes(
    place: Place, dotenv: Path, quick: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    was = dotenv.read_text()
    monkeypatch.setenv("KIE_API_KEY", "another s3cret")
    monkeypatch.setenv("GEMINI_API_KEY", "s3cret-of-the-environment")
    place.environment["VIDCTL_HOME"] = str(place.root / "home")
    ran = quick("init", "--yes", "--offline", "--channel", "salt", "--json")
    assert (ran.status, ran.json["channel"], "s3cret" in ran.out + ran.err) == (0, "salt", False)
    assert "KIE_API_KEY in" in ran.err
    assert dotenv.read_text().startswith(f"{was}\n")
    values = dotenv_values(dotenv)
    assert (values["KIE_API_KEY"], values["GEMINI_API_KEY"]) == ("it's $mine # s3cret", "s3cret-of-the-environment")
    assert dotenv.stat().st_mode & 0o777 == 0o600
    before = files(place)
    again = quick("init", "--yes", "--offline", "--channel", "salt")
    assert (again.status, "nothing was written" in again.out) == (0, True)
    assert {name: data for name, data in files(place).items() if not name.startswith("home/")} == before


def test_a_dry_run_says_what_would_be_and_leaves_nothing(place: Place, dotenv: Path, quick: Run) -> None:
    before = files(place)
    ran = quick("init", "--yes", "--dry-run", "--home", "home", "--channel", "salt")
    assert (ran.status, files(place)) == (0, before)
    assert f"{place.configs}/salt.yaml" in ran.out
    assert dotenv.stat().st_mode & 0o777 == 0o644


BAD = {
    "a path for an id": (["--yes", "--channel", "../x"], {}, 65),
    "a folder nobody can write": (["--yes", "--home", "/proc/x"], {}, 65),
    "a file for a folder": (["--yes", "--home", "/etc/passwd/x"], {}, 65),
    "no mode": (["--yes", "--mode", "cheap"], {}, 65),
    "another home": (["--yes", "--home", "x"], {"VIDCTL_HOME": "y"}, 78),
    "a server that is not there": (["--yes"], {"DATABASE_URL": "postgresql://ana:s3cret@127.0.0.1:1/x"}, 75),
    "nobody to ask": ([], {}, 78),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_used_is_one_error_and_nothing_is_written(
    case: str, place: Place, quick: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    options, environment, status = BAD[case]
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    ran = quick("init", "--offline", *options)
    assert (ran.status, ran.out, list(place.root.iterdir())) == (status, "", [])
    assert [line.split(":")[0] for line in ran.err.splitlines()] == ["error", "hint"]
    assert "s3cret" not in ran.err


def test_no_key_is_made_where_another_one_sealed_tokens(place: Place, dotenv: Path, quick: Run, db: Db) -> None:
    place.configs.mkdir()
    place.channel()
    channels.put(db, channel_files.load(place.configs).channels, broken=[])
    token = sealing.sealed(Token("one", "UC" + "x" * 22, "1//x"), {"FERNET_KEY": Fernet.generate_key().decode()})
    accounts.put(db, "one", token, youtube_channel_id="UC" + "x" * 22, title="One", now=NOW, expires_at=None)
    ran = quick("init", "--yes", "--offline", "--home", "home")
    assert (ran.status, "none was made" in ran.err, "FERNET_KEY" in dotenv.read_text()) == (0, True, False)


KILLED = """
import os, resource, signal, sys
from pathlib import Path
from vidctl.engine.channel_template import Wanted
from vidctl.engine.installing import writing

sys.dont_write_bytecode = True  # half a file of it would stay

def dies_at(number):
    seen = [0]
    def hook(event, arguments):
        if event in {"os.mkdir", "os.rename", "os.link", "os.chmod"} or (event == "open" and arguments[2] & os.O_CREAT):
            seen[0] += 1
            if seen[0] > number:
                os._exit(9)
    return hook

for number in [-200, -50, *range(100)]:
    root = Path(sys.argv[1]) / str(number)
    if (child := os.fork()) == 0:
        root.mkdir(parents=True)
        if number < 0:  # in the middle of a file: of the channel's, or of .env
            (root / "configs").mkdir()
            (root / "configs/_defaults.yaml").touch()
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (-number, -number))
        else:
            sys.addaudithook(dies_at(number))
        settings, channel = {"A": "x y", "B": "z"}, Wanted("salt", "Salt", None, {})
        writing.carry_out(writing.Plan(root / "home", root / "configs", root / ".env", settings, channel))
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
        break
"""


def test_killed_between_any_two_writes_no_file_is_half_and_the_next_run_ends_it(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, tmp_path], check=True, cwd=ROOT)
    runs = sorted(tmp_path.iterdir(), key=lambda path: int(path.name))
    assert len(runs) > 8, "as many as there are moments"
    for root in runs:
        dotenv, channel = root / ".env", root / "configs/salt.yaml"
        assert all(path.stat().st_mode & 0o077 == 0 for path in root.glob(".env*"))
        values = dotenv_values(dotenv) if dotenv.exists() else {}
        assert values in ({}, {"A": "x y", "B": "z"})
        if channel.exists():
            assert channel_files.check_files([channel]).problems == ()
        wanted = None if channel.exists() else Wanted("salt", "Salt", None, {})
        writing.carry_out(
            writing.Plan(root / "home", root / "configs", dotenv, {} if values else {"A": "x y", "B": "z"}, wanted)
        )
        assert dotenv_values(dotenv) == {"A": "x y", "B": "z"}
        assert [path.name for path in root.glob(".env*")] == [".env"]
        assert len(channel_files.load(root / "configs").channels) == 1
