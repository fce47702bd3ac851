"""The clock of `vidctl cron`: each minute what is due, until somebody says that it is enough."""

import os
import selectors
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from vidctl import logs
from vidctl.domain.cron_jobs import Job
from vidctl.domain.crontab import MINUTE, due
from vidctl.engine import children
from vidctl.engine.cron.crew import Crew
from vidctl.logs import stream
from vidctl.settings import Settings

STAMP: Final = "cron-seen"
"""In VIDCTL_HOME: its time is the minute up to which jobs were started, so that one which was missed is made up for."""
GRACE_S: Final = 75.0
"""Scripts that wait for the answer to an order may take a minute to end: see `vidctl.engine.children`."""
_LOOK_S: Final = 0.5


class Loop:
    """One run of `vidctl cron`."""

    def __init__(self, jobs: Sequence[Job], settings: Settings, clock: Callable[[], datetime]) -> None:
        self._jobs, self._settings, self._clock = jobs, settings, clock
        self._selector = selectors.DefaultSelector()
        self._crew = Crew(self._selector)
        self._stop = False
        self._output = os.dup(1)

    def run(self, grace_s: float) -> None:
        """Start what is due until SIGTERM, SIGINT or SIGHUP; then let steps finish what they have begun, and end."""
        children.adopt_orphans()
        stream.hand_down(self._output)
        with self._woken():
            logs.log("cron begins", jobs=[job.name for job in self._jobs], pid=os.getpid())
            seen = self._seen()
            while not self._stop:
                now = self._clock()
                for job in due(self._jobs, seen, now):
                    self._crew.start(job, job.arguments(str(self._settings.home)), self._output)
                seen = self._note(now)
                self._work_until(partial(self._is_past, seen))
            self._end(grace_s)

    def _is_past(self, seen: datetime) -> bool:
        """Say whether a minute is over; or whether the clock was put back, which begins another one."""
        return not seen <= self._clock() < seen + MINUTE

    def _seen(self) -> datetime:
        """Return up to when jobs were started, by whoever did that last; at the first start just this minute is due."""
        try:
            return datetime.fromtimestamp((self._settings.home / STAMP).stat().st_mtime, UTC)
        except OSError:
            return self._clock() - MINUTE

    def _note(self, now: datetime) -> datetime:
        """Note that everything was started that is due by now, and return that minute."""
        minute = now.replace(second=0, microsecond=0)
        stamp: Path = self._settings.home / STAMP
        with suppress(OSError):  # then one that is missed is not made up for
            stamp.parent.mkdir(parents=True, exist_ok=True)
            stamp.touch()
            os.utime(stamp, (minute.timestamp(), minute.timestamp()))
        return minute

    def _work_until(self, over: Callable[[], bool], *, until_stopped: bool = True) -> None:
        """Hear and reap children as they speak and end."""
        while not over() and not (until_stopped and self._stop):
            for key, _ in self._selector.select(_LOOK_S):
                if key.data is None:
                    with suppress(BlockingIOError):
                        os.read(key.fd, 4_096)
                else:
                    self._crew.hear(key.data)
            self._crew.reap()

    def _end(self, grace_s: float) -> None:
        """End every child but the embedded server, and that last where nobody is left to use it."""
        logs.log("cron ends: steps finish what they have begun", waits_s=grace_s)
        deadline = time.monotonic() + grace_s
        told: set[int] = set()

        def over() -> bool:
            left = self._crew.pids() - self._servers()
            self._signal(left - told, signal.SIGTERM)  # a job that ends leaves its steps to this process
            told.update(left)
            return not left or time.monotonic() > deadline

        self._work_until(over, until_stopped=False)
        if left := self._crew.pids() - self._servers():
            logs.log("killed, since they did not end; the next start goes on with their films", pids=sorted(left))
            self._signal(left, signal.SIGKILL)
        if os.getpid() == 1 and self._servers():
            from vidctl.store import embedded

            embedded.stop(self._settings.home)
        logs.log("cron has ended")

    def _servers(self) -> set[int]:
        """Return the processes of the embedded server, which every tick starts where it does not run."""
        if self._settings.external_database:
            return set()
        from vidctl.store.embedded.liveness import processes
        from vidctl.store.embedded.places import Place

        return set(processes(Place.of(self._settings.home)))

    @staticmethod
    def _signal(pids: set[int], number: signal.Signals) -> None:
        for pid in pids:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)

    @contextmanager
    def _woken(self) -> Iterator[None]:
        """Let signals end the waiting: PID 1 is sent none that it has no handler for."""
        read, write = os.pipe()
        for file in (read, write):
            os.set_blocking(file, False)
        self._selector.register(read, selectors.EVENT_READ)
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._wish)
        yield
        signal.set_wakeup_fd(-1)
        os.close(read)
        os.close(write)

    def _wish(self, *_: object) -> None:
        self._stop = True
