"""A studio whose server, ticks, steps and scripts may be killed at any moment, and what must hold afterwards."""

import os
import random
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psycopg

from tests.processes import processes_of, until, vidctl
from tests.studio import Studio
from vidctl.domain.status import GATES, Status
from vidctl.engine import decide
from vidctl.errors import LostRace, VidctlError
from vidctl.store import Db, embedded, tasks
from vidctl.store.connection import connect

NO_SERVER = (psycopg.OperationalError, VidctlError)
KILLS_IN_A_ROW = 4
"""The fifth run of a step in a row that dies without getting anything done asks for a person: by design."""


@dataclass
class Chaos:
    """Films that are driven to the last gate by real processes while things are killed."""

    home: Path
    films: list[UUID]
    marks: tuple[str, ...]
    random: random.Random
    dsn: str = ""
    """The database that the ticks and their steps are told; by default the home's own."""
    ticks: list["subprocess.Popen[str]"] = field(default_factory=list)
    killed: Counter[str] = field(default_factory=Counter)
    recoveries_s: list[float] = field(default_factory=list)
    """From each kill to the next script at work, with ticks every 50 ms in place of every minute."""

    @property
    def environment(self) -> dict[str, str]:
        return {
            "VIDCTL_HOME": str(self.home),
            "VIDCTL_CHANNEL_CONFIGS": str(self.home.parent / "channel_configs"),
            "DATABASE_URL": self.dsn,
        }

    def drive(self, hurt: Callable[[], None] = lambda: None, *, seconds: float = 240) -> float:
        """Tick, approve and hurt until every film waits at the last gate; return the seconds that it took."""
        began = time.monotonic()
        hurt_at, at_work = 0.0, 0
        while not self.done():
            assert time.monotonic() - began < seconds, f"not done in {seconds} s: {self.statuses()}"
            self.tick()
            deaths = sum(self.killed.values())
            hurt()
            if sum(self.killed.values()) > deaths:
                hurt_at, at_work = time.monotonic(), self.scripts_begun()
            elif hurt_at and self.scripts_begun() > at_work:
                self.recoveries_s.append(time.monotonic() - hurt_at)
                hurt_at = 0.0
            with suppress(*NO_SERVER):
                self.help_along()
        for tick in self.ticks:
            tick.communicate(timeout=60)
        return time.monotonic() - began

    def tick(self) -> None:
        for tick in [tick for tick in self.ticks if tick.poll() is not None]:
            self.ticks.remove(tick)
            tick.communicate()
        if len(self.ticks) < 2:
            self.ticks.append(vidctl("tick", environment=self.environment))
        time.sleep(0.05)

    def scripts_begun(self) -> int:
        ledger = self.home.parent / "scripts" / "ledger.jsonl"
        return ledger.read_text().count('"event": "began"') if ledger.exists() else 0

    def db(self) -> Db:
        return connect(embedded.ensure_running(self.home), application_name="chaos")

    def help_along(self) -> None:
        """Be the person at the gates, and let the time of retries pass."""
        with closing(self.db()) as db:
            db.execute("update tasks set next_attempt_at = null where next_attempt_at is not null")
            for task_id in self.films:
                task = tasks.get(db, task_id)
                if task.status in GATES[:-1]:
                    with suppress(LostRace):
                        decide.approve(db, task, actor="ana", now=task.updated_at)

    def statuses(self) -> list[Status]:
        with closing(self.db()) as db:
            return [tasks.get(db, task_id).status for task_id in self.films]

    def done(self) -> bool:
        with suppress(*NO_SERVER):
            return set(self.statuses()) == {Status.FINAL_REVIEW}
        return False

    def kill(self, what: str) -> None:
        """Kill -9 one process of a kind, if there is one."""
        pids = [pid for pid, line in processes_of(self.marks).items() if KINDS[what](pid, line)]
        if what == "postgres":
            pids = self._server_pids()
        if pids:
            victims = pids if what == "postgres" else [self.random.choice(pids)]
            for pid in victims:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.killed[what] += 1

    def too_often(self) -> bool:
        """Say whether one more death of the step at work would be the fifth in a row without progress."""
        with suppress(*NO_SERVER), closing(self.db()) as db:
            return any(tasks.get(db, task_id).attempt >= KILLS_IN_A_ROW for task_id in self.films)
        return True

    def _server_pids(self) -> list[int]:
        """Return the postmaster and all its children: the machine's power is cut."""
        with suppress(OSError, ValueError):
            data = next((self.home / "postgres").rglob("postmaster.pid"))
            postmaster = int(data.read_text().splitlines()[0])
            children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
            return [postmaster, *map(int, children)]
        return []


def _is_step(pid: int) -> bool:
    """Say whether a process of a tick is the step that it forked: that leads a session of its own."""
    with suppress(ProcessLookupError):
        return os.getsid(pid) == pid
    return False


KINDS: dict[str, Callable[[int, str], bool]] = {
    "tick": lambda pid, line: line.rstrip().endswith("vidctl tick") and not _is_step(pid),
    "run-step": lambda pid, line: line.rstrip().endswith("vidctl tick") and _is_step(pid),
    "script": lambda _, line: "/scripts/" in line,
    "postgres": lambda _, line: False,  # noqa: ARG005
}


def assert_nothing_is_left(chaos: Chaos) -> None:
    """No lock, no child, no temporary file remains, and no film is lost."""
    until(lambda: not _workers(chaos), what="the end of all workers")
    with closing(chaos.db()) as db:
        locks = db.execute(
            "select count(*) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()"
        ).fetchone()
        assert locks == (0,)
        count = db.execute("select count(*) from tasks").fetchone()
        assert count == (len(chaos.films),)
    leftovers = [path for path in (chaos.home / "workspace").rglob("*") if ".part" in path.name]
    leftovers += list((chaos.home / "workspace").rglob(".staging"))
    assert leftovers == []


def _workers(chaos: Chaos) -> dict[int, str]:
    return {pid: line for pid, line in processes_of(chaos.marks).items() if "postgres" not in line}


WATCH_RECORDS = """
    create table made_log (task_id uuid, kind text, index int);
    create function log_made() returns trigger language plpgsql as $$
    begin
        if new.state = 'done' and (tg_op = 'INSERT' or new.made_at is distinct from old.made_at) then
            insert into made_log values (new.task_id, new.kind, new.index);
        end if;
        return null;
    end $$;
    create trigger log_made after insert or update on artifacts for each row execute function log_made()
"""
"""Counts how often each artifact is recorded, behind the back of the code that is tested."""


def assert_legal_and_made_once(chaos: Chaos, studio: Studio) -> None:
    """Every history is legal, each file was recorded once, and what was recorded was never begun again."""
    with closing(chaos.db()) as db:
        Studio(studio.root, studio.dsn, db).assert_legal(chaos.films)
        twice = db.execute("select kind, index from made_log group by task_id, kind, index having count(*) > 1")
        assert twice.fetchall() == []
        rows = db.execute("select task_id, path, made_at from artifacts where state = 'done'").fetchall()
    made_at = {(str(task_id), path): at.timestamp() for task_id, path, at in rows}
    begun = [(*_made_by(entry["options"]["output"]), entry["time"]) for entry in studio.ledger("began")]
    assert {(task, path) for task, path, _ in begun} == set(made_at), "and nothing was made that nobody asked for"
    assert [entry for entry in begun if entry[2] > made_at[entry[0], entry[1]]] == []


def _made_by(output: str) -> tuple[str, str]:
    """Return the film and the file that a script's `--output` stands for."""
    match = re.search(r"/projects/([^/]+)/\.staging/\d+/(.+)$", output)
    assert match is not None, output
    return match[1], match[2]


def storm(chaos: Chaos, kinds: Sequence[str], kills: int) -> Callable[[], None]:
    """Return what kills one thing now and then, `kills` times in all."""
    left = [kills]

    def hurt() -> None:
        if left[0] and chaos.random.random() < 0.7 and not chaos.too_often():
            time.sleep(chaos.random.random() * 0.3)
            before = sum(chaos.killed.values())
            chaos.kill(chaos.random.choice(kinds))
            left[0] -= sum(chaos.killed.values()) - before

    return hurt
