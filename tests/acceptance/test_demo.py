"""`vidctl demo`: one command, one film, and nothing left behind, however it ends."""

import json
import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import av
import psycopg
import pytest

from tests.conftest import reachable_folder
from tests.long import long
from tests.processes import processes_of, until
from vidctl.cli.demo.stage import MARK
from vidctl.errors import ExitCode
from vidctl.store import embedded

ROOT = Path(__file__).resolve().parents[2]
BARE = {"HOME": "/nonexistent", "PATH": "/nonexistent", "PYTHONPATH": str(ROOT)}
"""As on a fresh machine: no ffmpeg, no shell's settings, not even a home."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where a demo is made; whatever a failed test leaves running there is ended."""
    outside = reachable_folder()
    yield outside / "demo"
    for pid in processes_of((str(outside),)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if (outside / "demo" / "home").exists():
        embedded.erase(outside / "demo" / "home")
    shutil.rmtree(outside)


def command(folder: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "vidctl", "demo", "--dir", str(folder), "--json", *options]


def without_network() -> list[str]:
    """Return what runs a command on a machine whose only network is down, where that is allowed."""
    unshare = ["unshare", "--net", "--map-current-user"] if os.geteuid() else ["unshare", "--net"]
    if shutil.which("unshare") and subprocess.run([*unshare, "true"], check=False, capture_output=True).returncode == 0:
        return [str(shutil.which("unshare")), *unshare[1:]]
    return []


def start(folder: Path) -> "subprocess.Popen[str]":
    """Start a demo as a terminal does: in a process group of its own, that Ctrl-C reaches."""
    return subprocess.Popen(
        command(folder, "--scenes", "2"),
        env={**os.environ, **BARE},
        cwd=folder.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )


def processes_in(folder: Path) -> dict[int, str]:
    return processes_of((str(folder),))


def test_one_command_makes_a_film_on_a_bare_machine_and_leaves_nothing_running(folder: Path) -> None:
    ran = subprocess.run(
        [*without_network(), *command(folder, "--scenes", "2")],
        env=BARE,
        cwd=folder.parent,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert processes_in(folder) == {}
    report = json.loads(ran.stdout)
    assert_reported(report, folder)
    assert_plays(Path(report["film"]), report["duration_s"])
    assert ran.stderr.endswith(": Final Review\n")
    assert 'passed by the reviewer "demo"' in ran.stderr
    assert_next_begins_clean(folder, report)


def assert_reported(report: dict[str, Any], folder: Path) -> None:
    assert report["status"] == "Final Review"
    assert report["wall_s"] > 0
    for name in ("film", "thumbnail", "contact_sheet", "filmstrip", "subtitles"):
        assert Path(report[name]).is_relative_to(folder)
        assert Path(report[name]).stat().st_size > 0
    kinds = [artifact["kind"] for artifact in report["artifacts"]]
    assert {kind: kinds.count(kind) for kind in ("clip", "narration", "sfx", "film", "storyboard")} == {
        "clip": 2,
        "narration": 2,
        "sfx": 2,
        "film": 1,
        "storyboard": 1,
    }
    assert all(Path(artifact["path"]).is_file() for artifact in report["artifacts"])


def assert_plays(film: Path, duration_s: float) -> None:
    with av.open(str(film)) as container:
        picture, sound = container.streams.video[0], container.streams.audio[0]
        assert (picture.codec_context.name, picture.width, picture.height) == ("h264", 1920, 1080)
        assert (sound.codec_context.name, sound.rate) == ("aac", 48_000)
        frames = sum(1 for _ in container.decode(picture))
        assert frames / 24 == pytest.approx(duration_s, abs=0.05)
        assert container.duration is not None
        assert container.duration / 1e6 == pytest.approx(duration_s, abs=0.1)


def assert_next_begins_clean(folder: Path, report: dict[str, Any]) -> None:
    """A second demo knows nothing of the first; here it is ended as soon as its own film is there."""
    second = start(folder)
    assert second.stderr is not None
    assert second.stderr.readline().endswith(": Queued\n")
    assert not Path(report["film"]).exists()
    with psycopg.connect(embedded.dsn_of(folder / "home")) as db:
        ids = [str(task_id) for (task_id,) in db.execute("select id from tasks")]
    assert len(ids) == 1
    assert ids != [report["task_id"]]
    second.send_signal(signal.SIGTERM)
    assert_interrupted(second, folder)


def assert_interrupted(demo: "subprocess.Popen[str]", folder: Path) -> None:
    out, said = demo.communicate(timeout=60)
    left = processes_in(folder)
    assert (demo.returncode, out, left) == (ExitCode.INTERRUPTED, "", {}), said
    assert said.splitlines()[-2:] == ["error: interrupted", "hint: nothing is lost; run the command again"]
    assert "Traceback" not in said


# While it looks round, makes its database, begins its first tick, plans, draws.
@pytest.mark.parametrize("after_s", [long(0.0), 0.7, long(1.5), 3.0, long(5.0)])
def test_ctrl_c_at_any_moment_leaves_nothing_running(folder: Path, after_s: float) -> None:
    demo = start(folder)
    until_it_is_up(demo)
    time.sleep(after_s + random.random() * 0.5)
    os.killpg(demo.pid, signal.SIGINT)
    while after_s > 1 and demo.poll() is None:  # the impatient press it until something happens
        os.killpg(demo.pid, signal.SIGINT)
        time.sleep(0.005)
    assert_interrupted(demo, folder)
    assert (folder / MARK).exists(), "the next demo may clear what this one left"


def until_it_is_up(demo: "subprocess.Popen[str]") -> None:
    """Wait until the command takes signals itself; before that, Python is what they end."""
    status = Path(f"/proc/{demo.pid}/status")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        caught = next((line for line in status.read_text().splitlines() if line.startswith("SigCgt:")), "")
        if not caught or int(caught.split()[1], 16) & 1 << (signal.SIGTERM - 1):
            return
        time.sleep(0.01)
    raise AssertionError("the demo does not begin")


def earlier(folder: Path) -> Path:
    """Leave what a demo leaves; return the film of it."""
    folder.mkdir()
    (folder / MARK).touch()
    (folder / "channel_configs").mkdir()
    (folder / "film.mp4").write_text("the film of an earlier demo")
    return folder / "film.mp4"


@pytest.mark.chaos
def test_off_a_terminal_an_earlier_demo_is_replaced_and_the_text_tells_what_is_where_and_what_next(
    folder: Path,
) -> None:
    old = earlier(folder)
    by_hand = [word for word in command(folder, "--scenes", "1") if word != "--json"]
    ran = subprocess.run(
        by_hand, env=BARE, cwd=folder.parent, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert old.read_bytes()[4:8] == b"ftyp"
    assert re.search(r"^.+: \d+\.\d s of film, made in \d+ s\.$", ran.stdout, re.MULTILINE)
    for name in ("film.mp4", "thumbnail.jpg", "contact_sheet.png", "filmstrip.png"):
        assert f" {folder / name}\n" in ran.stdout
    assert_the_next_commands_work(ran.stdout, folder)


def assert_the_next_commands_work(text: str, folder: Path) -> None:
    """What the demo tells people to type works as it stands, whatever database they use otherwise."""
    export, *commands = [line.strip() for line in text.partition("then:\n")[2].partition("\n\n")[0].splitlines()]
    assert export.startswith("export ")
    assert [command.split("vidctl ")[1].split()[0] for command in commands] == ["status", "review"]
    python = f"{shlex.quote(sys.executable)} -m"
    script = "\n".join(["set -e", export, *(line.replace("python -m", python) for line in commands)])
    theirs = os.environ | BARE | {"PATH": os.environ["PATH"], "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/theirs"}
    ran = subprocess.run(
        ["sh", "-c", script], env=theirs, cwd=folder.parent, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "Final Review → Approved" in ran.stdout
    with psycopg.connect(embedded.dsn_of(folder / "home")) as db:
        until(lambda: statuses(db) == ["Published"], what="publishing into the demo's folder")


def statuses(db: "psycopg.Connection[Any]") -> list[str]:
    with db.transaction():
        return [status for (status,) in db.execute("select status from tasks")]


@pytest.mark.chaos
def test_two_films_are_made_side_by_side_in_place_of_an_earlier_demo(folder: Path) -> None:
    earlier(folder)
    ran = subprocess.run(
        command(folder, "--films", "2", "--scenes", "1", "--yes"),
        env=BARE,
        cwd=folder.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    films = json.loads(ran.stdout)["films"]
    assert [Path(film["film"]).name for film in films] == ["film.mp4", "film_2.mp4"]
    assert len({film["title"] for film in films}) == 2
    for film in films:
        assert film["status"] == "Final Review"
        assert_plays(Path(film["film"]), film["duration_s"])
    assert processes_in(folder) == {}


def test_on_a_terminal_an_earlier_demo_stays_unless_a_person_says_yes(folder: Path, terminal: Any) -> None:
    old = earlier(folder)
    ran = terminal("demo", "--dir", str(folder), after="Replace the demo in", keys=b"n\n")
    assert ran.status != 0
    assert "Traceback" not in ran.out
    assert old.read_text() == "the film of an earlier demo"
    assert not (folder / "home").exists()


def test_a_folder_that_is_no_demos_is_refused_and_left_alone(folder: Path) -> None:
    folder.mkdir()
    (folder / "thesis.txt").write_text("ten years of work")
    ran = subprocess.run(
        command(folder, "--yes"), env=BARE, cwd=folder.parent, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (ExitCode.BAD_DATA, "")
    assert ran.stderr.startswith(f"error: {folder} is there already, and is no demo's folder\nhint: ")
    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]
    assert (folder / "thesis.txt").read_text() == "ten years of work"


@pytest.mark.parametrize("name", ["channel_configs/own.yaml", "notes.txt"])
def test_a_demos_folder_with_something_of_a_persons_in_it_is_not_cleared(folder: Path, name: str) -> None:
    old = earlier(folder)
    (folder / name).write_text("mine")
    ran = subprocess.run(
        command(folder, "--yes"), env=BARE, cwd=folder.parent, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (ExitCode.BAD_DATA, "")
    assert ran.stderr.startswith(f"error: {folder / name} is not the demo's, so {folder} is not cleared\nhint: ")
    assert (folder / name).read_text() == "mine"
    assert old.exists()


def test_a_second_demo_in_the_same_folder_leaves_the_first_one_alone(folder: Path) -> None:
    first = start(folder)
    until((folder / MARK).exists, what="the first demo")
    second = subprocess.run(
        command(folder, "--yes"), env=BARE, cwd=folder.parent, capture_output=True, text=True, check=False
    )
    assert second.returncode == ExitCode.TRY_AGAIN
    assert second.stderr.startswith(f"error: a demo is being made in {folder} now\nhint: ")
    first.send_signal(signal.SIGINT)
    first.communicate(timeout=60)
    assert first.returncode == ExitCode.INTERRUPTED
    assert not [path for path in folder.parent.iterdir() if path.name.endswith(".lock")]


def test_a_place_where_nothing_can_be_written_is_one_error(folder: Path) -> None:
    folder.write_text("I am a file")
    for place in (folder, folder / "below", Path("/proc/demo")):
        ran = subprocess.run(command(place), env=BARE, cwd=folder.parent, capture_output=True, text=True, check=False)
        assert ran.returncode in {ExitCode.BAD_DATA, ExitCode.CANNOT_WRITE}
        assert [line.split(":")[0] for line in ran.stderr.splitlines()] == ["error", "hint"]
        assert str(place) in ran.stderr
