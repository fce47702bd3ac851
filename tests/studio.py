"""A whole vidctl for tests: a home, a channel with instant scripts, a database, and films in it."""

import filecmp
import json
import py_compile
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from tests import replay
from tests.processes import trust
from vidctl.domain.script_names import SCRIPTS
from vidctl.domain.status import Event, Status
from vidctl.engine import channel_files, decide, record
from vidctl.engine.context import Context
from vidctl.engine.record import Verdict
from vidctl.engine.rework import Author
from vidctl.engine.run_step import run_step
from vidctl.errors import ExitCode
from vidctl.storage.local import Folder, folder
from vidctl.store import Db, audit, channels, tasks
from vidctl.store.connection import connect
from vidctl.store.tasks import NewTask, Task

QUEUED_ONCE = 2
"""The version of a film to which nothing has happened but that."""

INSTANT = Path(__file__).parent / "fakes" / "instant.py"


@cache
def instant() -> Path:
    """Return the instant script, compiled: Python runs it under any name, and compiles it once and not every time."""
    return Path(str(py_compile.compile(str(INSTANT), doraise=True)))


@dataclass
class Studio:
    """Channels with instant scripts, and the clock that their films see."""

    root: Path
    dsn: str
    db: Db
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    running: bool = False
    """Whether the clock runs by itself, from `now` on."""
    begun: float = field(default_factory=time.monotonic)
    scenes: int = 3
    """How long a channel's films are if nobody says: each scene and each image is some 12 runs of a script."""
    told: dict[str, str] = field(default_factory=dict)
    """What scripts find in their environment, besides a PATH."""

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def configs(self) -> Path:
        return self.root / "channel_configs"

    @property
    def scripts(self) -> Path:
        return self.root / "scripts"

    @property
    def environment(self) -> dict[str, str]:
        """What a `vidctl` process of this studio needs."""
        return {"VIDCTL_HOME": str(self.home), "VIDCTL_CHANNEL_CONFIGS": str(self.configs), "DATABASE_URL": self.dsn}

    @property
    def context(self) -> Context:
        limits = channel_files.check_files([self.configs / channel_files.DEFAULTS]).limits
        return Context(self.home, limits, {"PATH": "/usr/bin:/bin", **trust(), **self.told}, self.clock)

    @property
    def author(self) -> Author:
        """Who changes films here."""
        return Author("ana", self.now, self.home, self.context.machine)

    def clock(self) -> datetime:
        """Return what films take for now."""
        return self.now + timedelta(seconds=time.monotonic() - self.begun) if self.running else self.now

    def files(self) -> channel_files.Loaded:
        return channel_files.load(self.configs)

    def channel(self, channel_id: str = "one", *, scenes: int | None = None, **fields: Any) -> None:
        """Add or change a channel; its scripts are instant ones."""
        self.scripts.mkdir(parents=True, exist_ok=True)
        self.configs.mkdir(parents=True, exist_ok=True)
        for name in SCRIPTS:
            shutil.copy(instant(), self.scripts / name)
        length = scenes or self.scenes
        whole = {
            "channel_id": channel_id,
            "channel_name": channel_id.title(),
            "board": "local",
            "mode": "production",
            "story": {"assets": length, "scenes": length},
            "scripts": {name: str(self.scripts / name) for name in SCRIPTS},
            **fields,
        }
        (self.configs / f"{channel_id}.yaml").write_text(json.dumps(whole))  # JSON is YAML
        self.load()

    def stay_at_home(self, *, scenes: int = 1) -> None:
        """Let films be published into a folder of this machine: that is nobody's upload, and no decision."""
        own = {name: str(self.scripts / name) for name in SCRIPTS if name != "upload_video.py"}
        self.channel(mode="preview", scenes=scenes, scripts=own)

    def limit(self, **limits: int) -> None:
        """Set the limits that all channels share."""
        self.configs.mkdir(parents=True, exist_ok=True)
        (self.configs / "_defaults.yaml").write_text(json.dumps({"limits": limits}))

    def load(self) -> None:
        files = self.files()
        assert not files.problems, files.problems
        channels.put(self.db, files.channels)

    def look(self, *known: str) -> Verdict:
        """Look at every decision, as `vidctl audit verify` does."""
        with audit.snapshot(self.db):
            return record.verify(self.db, self.home / record.FOLDER, known)

    def decided(self) -> int:
        """Return how many decisions are in the table."""
        with audit.snapshot(self.db):
            return len(list(audit.rows(self.db)))

    def film(self, channel_id: str = "one", *, queue: bool = True, **fields: Any) -> UUID:
        """Add a film, and queue it."""
        new = NewTask(channel_id, **({"title": "A film", "topic": "Birds"} | fields))
        seen = tasks.add(self.db, new, now=self.now)
        if queue:
            decide.queue(self.db, self.task(seen.id), actor="ana", now=self.now)
        return seen.id

    def task(self, task_id: UUID) -> Task:
        return tasks.get(self.db, task_id)

    def folder(self, task_id: UUID) -> Folder:
        return folder(self.home, self.task(task_id).channel_id, str(task_id))

    @contextmanager
    def session(self, name: str = "other") -> Iterator[Db]:
        """Open a second session; at the end it is gone from the server too, and so are its locks.

        The server frees the locks of a closed session a moment after the client is told.
        """
        with connect(self.dsn, application_name=name) as other:
            pid = other.info.backend_pid
            yield other
        until = time.monotonic() + 10
        while self.db.execute("select 1 from pg_stat_activity where pid = %s", (pid,)).fetchone():
            assert time.monotonic() < until, "the closed session still lives"
            time.sleep(0.005)

    def step(self, task_id: UUID, **changes: Any) -> ExitCode:
        """Do one step in this process, on a connection of its own, as `run-step` does."""
        with self.session("test step") as db:
            return run_step(db, task_id, replace(self.context, **changes))

    def approve(self, task_id: UUID, by: str = "ana") -> None:
        decide.approve(self.db, self.task(task_id), actor=by, now=self.now)

    def reject(self, task_id: UUID, notes: str, to: Status | None = None) -> None:
        decide.reject(self.db, self.task(task_id), actor="ana", notes=notes, now=self.now, to=to)

    def retry(self, task_id: UUID) -> None:
        decide.retry(self.db, self.task(task_id), actor="ana", now=self.now)

    def advance(self, task_id: UUID, to: Status, *, steps: int = 40) -> Task:
        """Step and approve until the film is in `to`."""
        for _ in range(steps):
            task = self.task(task_id)
            if task.status is to:
                return task
            if task.at_gate:
                self.approve(task_id)
            else:
                self.wait(task)
                self.step(task_id)
        raise AssertionError(f"the film never got to {to}: it is {self.task(task_id)}")

    def bring(self, task_id: UUID, to: Status) -> Task:
        """Let a film be in `to`, as if it had been advanced: where its way is not what the test is about."""
        task = self.task(task_id)
        if task.status is not Status.QUEUED or task.version > QUEUED_ONCE or not self._is_usual():
            return self.advance(task_id, to)
        key = self._kind_of(task)
        if snapshot := replay.furthest(key, to):
            entries = replay.bring(self.db, snapshot, self._place(task))
            with (self.scripts / "ledger.jsonl").open("a") as ledger:
                ledger.write(entries)
            if snapshot.faults:
                self._faults.write_text(snapshot.faults)
            self.now += snapshot.took
        if snapshot is None or snapshot.status is not to:
            since = self.now if snapshot is None else self.now - snapshot.took
            self.advance(task_id, to)
            entries, faults = self._ledger_of(task_id), self._left_of_faults()
            replay.take(self.db, key, self._place(task), since=since, ledger=entries, faults=faults)
        return self.task(task_id)

    def _is_usual(self) -> bool:
        """Say whether all scripts are the instant ones, none is to fail, and nothing outside has a part in it."""
        return (
            not self.told
            and all(map(_only_sells, json.loads(self._left_of_faults() or "[]")))
            and all(filecmp.cmp(instant(), self.scripts / name, shallow=False) for name in SCRIPTS)
        )

    def _kind_of(self, task: Task) -> str:
        """Return all that decides what comes of a film."""
        config = json.loads((self.configs / f"{task.channel_id}.yaml").read_text())
        config |= {"board": "", "notion_database_id": "", "scripts": sorted(config["scripts"])}
        defaults = self.configs / "_defaults.yaml"
        film = [task.title, task.topic, task.story_direction, task.priority, task.privacy, task.publish_at]
        film.append(self._left_of_faults())
        return json.dumps([config, defaults.read_text() if defaults.exists() else "", film], default=str)

    def _place(self, task: Task) -> replay.Place:
        config = json.loads((self.configs / f"{task.channel_id}.yaml").read_text())
        database_id = config.get("notion_database_id") or ""
        return replay.Place(self.root, task.id, self.folder(task.id).root, database_id, self.now)

    def _ledger_of(self, task_id: UUID) -> str:
        path = self.scripts / "ledger.jsonl"
        lines = path.read_text().splitlines(keepends=True) if path.exists() else []
        return "".join(line for line in lines if str(task_id) in line)

    @property
    def _faults(self) -> Path:
        return self.scripts / "faults.json"

    def _left_of_faults(self) -> str:
        return self._faults.read_text() if self._faults.exists() else ""

    def wait(self, task: Task) -> None:
        """Let the time pass until the film's next attempt."""
        if task.next_attempt_at is not None:
            self.now = max(self.now, task.next_attempt_at)

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def faults(self, *faults: dict[str, Any]) -> None:
        """Make scripts fail; each fault names the script, what it does, and how many times (once)."""
        self._faults.write_text(json.dumps([{"times": 1, **fault} for fault in faults]))

    def ledger(self, event: str = "made", script: str | None = None) -> list[dict[str, Any]]:
        """Return what the scripts sold or made so far."""
        path = self.scripts / "ledger.jsonl"
        entries = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
        return [entry for entry in entries if entry["event"] == event and script in (None, entry["script"])]

    def path_of(self, task_id: UUID) -> list[tuple[str, str, str]]:
        """Return every move of a film: (from, event, to)."""
        return self.db.execute(
            "select from_status, event, to_status from task_events where task_id = %s order by version", (task_id,)
        ).fetchall()

    def assert_legal(self, task_ids: Iterable[UUID]) -> None:
        """Every history is one unbroken path along rows of the table of moves."""
        from vidctl.domain.status import TRANSITIONS

        for task_id in task_ids:
            at = Status.DRAFT
            for was, event, to in self.path_of(task_id):
                assert was == at, (was, at)
                assert Status(to) in TRANSITIONS[Status(was), Event(event)]
                at = Status(to)
            assert self.task(task_id).status is at


def _only_sells(fault: dict[str, Any]) -> bool:
    """Say whether a fault is none but that things cost money."""
    return fault.keys() == {"script", "times", "fault"} and fault["fault"] == "sell"
