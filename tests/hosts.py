"""Several hosts on one machine: each with a name and a workspace, one database and one bucket between them."""

import shutil
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from os import kill
from pathlib import Path

from tests.processes import processes_of, vidctl
from tests.studio import Studio
from vidctl.store.keepers import AWAY_AFTER


@dataclass
class Hosts:
    """Machines that share a studio's database. Their scripts are the studio's."""

    studio: Studio
    names: Sequence[str]
    gone: set[str] = field(default_factory=set)

    def home(self, name: str) -> Path:
        return self.studio.root / f"home_{name}"

    def environment(self, name: str) -> dict[str, str]:
        """What a process on this host is told."""
        own = {"VIDCTL_HOST": name, "VIDCTL_HOME": str(self.home(name))}
        return {**self.studio.environment, **self.studio.told, **own}

    def tick(self) -> None:
        """Let cron's minute come, in the same second on every host."""
        for process in [
            vidctl("tick", environment=self.environment(name)) for name in self.names if name not in self.gone
        ]:
            said = process.communicate(timeout=60)
            assert (process.returncode, said[1]) == (0, ""), said

    def until(self, condition: Callable[[], bool], *, seconds: float, every_s: float = 0.3) -> float:
        """Tick until something holds; return how many seconds that took."""
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < seconds, f"it did not happen in {seconds} s"
            self.tick()
            time.sleep(every_s)
        return time.monotonic() - began

    def cut_off(self, name: str) -> None:
        """End a host in the middle of everything, disk and all."""
        self.gone.add(name)
        for _ in range(3):  # what is killed may just have begun another
            for pid in self.processes(name):
                try:
                    kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            time.sleep(0.05)
        shutil.rmtree(self.home(name), ignore_errors=True)
        self.studio.db.execute(
            "update ticks set started_at = started_at - %s where host like %s", (AWAY_AFTER, f"{name}:%")
        )  # for the others that is long ago

    def processes(self, name: str) -> list[int]:
        """Return the processes of a host."""
        return list(processes_of((f"home_{name}",)))

    def wait_for_the_end(self) -> None:
        """Wait until no step is at work any more."""
        until = time.monotonic() + 60
        while any(self.processes(name) for name in self.names):
            assert time.monotonic() < until, "steps are still at work"
            time.sleep(0.05)
