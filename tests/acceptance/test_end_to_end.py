"""One film from brief to publication: real PostgreSQL, ffmpeg and processes, and nothing but the ticks of cron.

Rendering takes its time, so it is one film, followed all the way; everything that people type is as nasty as it can be.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import av
import psycopg
import pytest

from tests.conftest import reachable_folder
from tests.processes import processes_of
from vidctl.domain.cutting import one_line
from vidctl.domain.status import TRANSITIONS, Event, Phase, Status, phase_of
from vidctl.store import embedded

NASTY = 'it\'s "salt"; $(touch /tmp/owned) `id` | & > < % \\n 😀 אב\nsecond line\t{x} --title=--help'
CHANNEL = {
    "channel_id": "salt",
    "channel_name": NASTY,
    "board": "local",
    "story": {"assets": 3, "scenes": 2, "clip_seconds": 3},
}


@dataclass
class Machine:
    """A user's home, and the folder that her crontab changes to."""

    root: Path

    @property
    def home(self) -> Path:
        return self.root / "user" / ".local" / "share" / "vidctl"

    def vidctl(self, *arguments: str) -> str:
        """Run a command as cron does, with next to no environment; return what it printed."""
        ran = subprocess.run(
            [sys.executable, "-m", "vidctl", *arguments],
            env={"HOME": str(self.root / "user"), "PATH": "/usr/bin:/bin"},
            cwd=self.root / "project",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (ran.returncode, ran.stderr) == (0, ""), ran
        return ran.stdout

    def ask(self, query: str, *arguments: object) -> list[Any]:
        with psycopg.connect(embedded.dsn_of(self.home)) as db:
            return db.execute(query, arguments).fetchall()

    def tick_until(self, status: Status, *, seconds: float = 150) -> None:
        """Tick as cron does, only more often."""
        deadline = time.monotonic() + seconds
        while (at := self.status()) is not status:
            assert time.monotonic() < deadline, f"the film is still {at}"
            assert phase_of(at) is not Phase.ERROR, self.ask("select message, hint, stderr from task_errors")
            assert self.vidctl("tick") == ""
            time.sleep(0.3)

    def status(self) -> Status:
        return Status(self.ask("select status from tasks")[0][0])

    def made(self) -> dict[tuple[str, int], tuple[str, int]]:
        """Return the sha256 of each artifact, and how often its script was begun."""
        rows = self.ask("select kind, index, sha256, attempts from artifacts where state = 'done'")
        return {(kind, index): (sha256, attempts) for kind, index, sha256, attempts in rows}


@pytest.fixture
def machine() -> Iterator[Machine]:
    made = Machine(reachable_folder())
    (made.root / "user").mkdir()
    configs = made.root / "project" / "channel_configs"
    configs.mkdir(parents=True)
    (configs / "salt.yaml").write_text(json.dumps(CHANNEL, ensure_ascii=False))  # YAML, as long as nothing is escaped
    yield made
    embedded.erase(made.home)
    for pid in processes_of((str(made.root),)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    shutil.rmtree(made.root)


def test_a_film_goes_all_the_way_by_ticks_alone_and_each_file_is_made_once(machine: Machine) -> None:
    story = f"Salt came by camel. {NASTY}"
    added = machine.vidctl(
        "add", "salt", f"--title={NASTY}", f"--topic={NASTY}", f"--story-direction={story}", "--queue", "--json"
    )
    task_id = json.loads(added)["id"]
    machine.tick_until(Status.ASSETS_READY)
    approve(machine, task_id)
    machine.tick_until(Status.VIDEO_READY)
    reject_clip_2_and_get_another(machine, task_id)
    approve(machine, task_id)
    machine.tick_until(Status.AUDIO_READY)
    approve(machine, task_id)
    machine.tick_until(Status.FINAL_REVIEW)
    approve(machine, task_id)
    machine.tick_until(Status.PUBLISHED)

    assert machine.vidctl("tick") == "", "there is nothing more to do"
    assert_published(machine)
    assert_history(json.loads(machine.vidctl("history", task_id, "--json"))["moves"])
    assert_each_file_was_made_once(machine)
    assert_nothing_is_left(machine)
    assert not Path("/tmp/owned").exists()


def approve(machine: Machine, task_id: str) -> None:
    machine.vidctl("review", "approve", task_id, "--reviewer", "Ana 😀", f"--notes={NASTY}")


def reject_clip_2_and_get_another(machine: Machine, task_id: str) -> None:
    before = machine.made()
    note = f"slower {NASTY.splitlines()[0].replace(chr(59), chr(44))}"  # a semicolon begins the next item
    machine.vidctl("review", "reject", task_id, f"--notes=clip 2: {note}")
    assert machine.status() is Status.VIDEO_ERROR
    machine.vidctl("retry", task_id)
    machine.tick_until(Status.VIDEO_READY)
    now = machine.made()
    assert {name for name in now if now[name] != before[name]} == {("clip", 2), ("filmstrip", 1)}
    assert now["clip", 2][0] != before["clip", 2][0], "another take differs from the first"
    assert machine.ask("select take, note from artifacts where kind = 'clip' and index = 2") == [(2, note)]


def assert_published(machine: Machine) -> None:
    ((url, title),) = machine.ask("select youtube_url, title from tasks")
    assert title == NASTY
    assert url.startswith("file://")
    film = Path(unquote(urlsplit(url).path))
    assert hashlib.sha256(film.read_bytes()).hexdigest() == machine.made()["film", 1][0]
    assert film.with_suffix(".srt").read_text().startswith("1\n00:00:00")
    receipt = json.loads(next(machine.home.rglob("receipt.json")).read_text())
    said = one_line(NASTY)
    assert (receipt["url"], receipt["title"], receipt["privacy"]) == (url, said, "private")
    with av.open(str(film)) as container:
        picture, sound = container.streams.video[0], container.streams.audio[0]
        assert (picture.width, picture.height, picture.codec_context.name) == (1920, 1080, "h264")
        assert sound.codec_context.name == "aac"
        frames = sum(1 for _ in container.decode(picture))
    ((facts,),) = machine.ask("select facts from artifacts where kind = 'film'")
    assert frames == facts["frames"]
    assert abs(facts["worst_av_offset_ms"]) <= 42


def assert_history(moves: list[dict[str, str]]) -> None:
    at = Status.DRAFT
    for move in moves:
        assert move["from"] == at
        assert Status(move["to"]) in TRANSITIONS[at, Event(move["event"])]
        at = Status(move["to"])
    assert at is Status.PUBLISHED
    by_people = [(move["event"], move["from"]) for move in moves if move["by"] != "engine"]
    assert by_people == [
        ("queue", "Draft"),
        ("approve", "Assets Ready"),
        ("reject", "Video Ready"),
        ("retry", "Video Error"),
        ("approve", "Video Ready"),
        ("approve", "Audio Ready"),
        ("approve", "Final Review"),
    ]


def assert_each_file_was_made_once(machine: Machine) -> None:
    """A script was begun once for each artifact, and once more for what was rejected and what shows it."""
    made = machine.made()
    assert {name: attempts for name, (_, attempts) in made.items() if attempts != 1} == {
        ("clip", 2): 2,
        ("filmstrip", 1): 2,
    }
    kinds = [kind for kind, _ in made]
    assert {kind: kinds.count(kind) for kind in sorted(set(kinds))} == {
        "clip": 2,
        "composite": 2,
        "contact_sheet": 1,
        "film": 1,
        "filmstrip": 1,
        "fingerprint": 1,
        "image": 3,
        "narration": 2,
        "receipt": 1,
        "sfx": 2,
        "storyboard": 1,
        "thumbnail": 1,
    }
    assert machine.ask("select count(*) from task_errors") == [(0,)]


def assert_nothing_is_left(machine: Machine) -> None:
    left = {pid: line for pid, line in processes_of((str(machine.root),)).items() if "postgres" not in line}
    assert left == {}
    workspace = machine.home / "workspace"
    assert [path for path in workspace.rglob("*") if ".part" in path.name or path.name == ".staging"] == []
    for log in (machine.home / "logs").rglob("*.jsonl"):
        entries = [json.loads(line) for line in log.read_text().splitlines()]
        assert {entry["level"] for entry in entries} <= {"debug", "info"}
        assert all(entry["correlation_id"] for entry in entries)
