"""The processes of `vidctl cron`: jobs that it started, and steps that ticks left to it, all reaped as they end."""

import os
import selectors
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from vidctl import logs
from vidctl.domain.cron_jobs import Job
from vidctl.domain.crontab import is_often
from vidctl.engine import children

MOST_AT_ONCE: Final = 3
"""Of one job. They may overlap, as cron's do; but one that hangs must not become one more each minute."""
_MOST_SAID: Final = 8_000
"""Characters of a job's output; the end counts."""


@dataclass(slots=True)
class _Running:
    """A job at work, and what it printed."""

    job: Job
    process: "subprocess.Popen[bytes]"
    begun: float
    said: bytearray = field(default_factory=bytearray)


class Crew:
    """All children of this process."""

    def __init__(self, selector: selectors.BaseSelector) -> None:
        self._selector = selector
        self._running: dict[int, _Running] = {}
        self._last: dict[str, int] = {}

    def start(self, job: Job, arguments: list[str], stream: int) -> None:
        """Start a job; where too many of it run, the oldest is killed for it, which every job may be."""
        same = [pid for pid, one in self._running.items() if one.job.name == job.name]
        if len(same) >= MOST_AT_ONCE:
            logs.log(f"{job.name} does not end, and is killed", level="error", job=job.name, pid=same[0])
            os.kill(same[0], signal.SIGKILL)
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", "vidctl", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the one that started it, which lets it finish
                pass_fds=[stream],
            )
        except OSError as exc:
            logs.log(f"{job.name} cannot be started: {exc.strerror or exc}", level="error", job=job.name)
            return
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        self._running[process.pid] = running = _Running(job, process, time.monotonic())
        self._selector.register(process.stdout, selectors.EVENT_READ, running)

    def hear(self, running: object) -> None:
        """Take what a job printed."""
        assert isinstance(running, _Running)
        pipe = running.process.stdout
        assert pipe is not None
        with suppress(BlockingIOError):
            data = os.read(pipe.fileno(), 65_536)
            running.said = (running.said + data)[-_MOST_SAID:]
            if not data:
                self._selector.unregister(pipe)
                pipe.close()

    def reap(self) -> None:
        """Take leave of every child that has ended, its own or left to it."""
        with suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    return
                self._ended(pid, os.waitstatus_to_exitcode(status))

    def _ended(self, pid: int, status: int) -> None:
        if running := self._running.pop(pid, None):
            running.process.returncode = status  # it was reaped here
            self._tell(running, status)
        elif status < 0 and status != -signal.SIGTERM:
            why = signal.Signals(-status).name
            logs.log(f"a step's process was killed by {why}; the next tick goes on", level="error", pid=pid)

    def _tell(self, running: _Running, status: int) -> None:
        """Log the end of a job; of a tick only where it said something, or ended otherwise than the last one."""
        pipe = running.process.stdout
        while pipe is not None and not pipe.closed and pipe in self._selector.get_map():
            before = len(running.said)
            self.hear(running)
            if not pipe.closed and len(running.said) == before:
                self._selector.unregister(pipe)
                pipe.close()
        said = running.said.decode("utf-8", "replace").strip()
        if said or not is_often(running.job.when) or status != self._last.get(running.job.name, 0):
            how = f"was killed by {signal.Signals(-status).name}" if status < 0 else f"ended with {status}"
            took = round(time.monotonic() - running.begun, 3)
            level = "error" if status else "info"
            logs.log(f"{running.job.name} {how}", level=level, job=running.job.name, said=said, duration_s=took)
        self._last[running.job.name] = status

    def pids(self) -> set[int]:
        """Return all that are left."""
        return {*self._running, *children.children_of(os.getpid())}
