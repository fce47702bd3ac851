"""A studio whose server, ticks, steps and scripts may be killed at any moment, and what must hold afterwards."""

import os
import random
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
    ticks: list["subprocess.Popen[str]"] = field(default_factory=list)
    killed: Counter[str] = field(default_factory=Counter)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "VIDCTL_HOME": str(self.home),
            "VIDCTL_CHANNEL_CONFIGS": str(self.home.parent / "channel_configs"),
            "DATABASE_URL": "",
        }

    def drive(self, hurt: Callable[[], None] = lambda: None, *, seconds: float = 240) -> float:
        """Tick, approve and hurt until every film waits at the last gate; return the seconds that it took."""
        began = time.monotonic()
        while not self.done():
            assert time.monotonic() - began < seconds, f"not done in {seconds} s: {self.statuses()}"
            self.tick()
            hurt()
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


def assert_legal_and_made_once(chaos: Chaos, studio: Studio) -> None:
    """Every history is legal; what was recorded was made for one fingerprint once."""
    with closing(chaos.db()) as db:
        legal = Studio(studio.root, studio.dsn, db)
        legal.assert_legal(chaos.films)
        rows = db.execute(
            "select task_id, kind, index, sha256, attempts from artifacts where state = 'done'"
        ).fetchall()
    made = Counter(entry["sha256"] for entry in studio.ledger())
    recorded = Counter(row[3] for row in rows)
    deaths = sum(chaos.killed.values())
    repeats = sum((made - recorded).values())
    # Made again is only what was in flight when something died: at most the scripts of one round.
    assert repeats <= deaths * IN_FLIGHT, (repeats, chaos.killed)


IN_FLIGHT = 4


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
