"""The demo's ticks, and the steps that they fork: begin them, end them, know when the last one is gone."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

import psycopg

from vidctl.errors import VidctlError
from vidctl.store import Db, sessions

_LOOK_S: Final = 0.1
_PATIENCE_S: Final = 20.0
"""A step gives its scripts five seconds to end before it kills them."""


class TickFailed(VidctlError):
    """A tick of the demo ended with an error."""


class Crew:
    """Every tick inherits the writing end of a pipe, and every step from its tick; no script does.

    So the reading end comes to its end when the last of them is gone, and not before: a step that was
    forked and has not connected to the database yet is seen too.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._ours, self._theirs = os.pipe()
        self._tick: subprocess.Popen[str] | None = None

    @property
    def idle(self) -> bool:
        """Whether no tick is under way.

        Raises:
            TickFailed: the last one ended with an error.
        """
        if self._tick is None:
            return True
        if self._tick.poll() is None:
            return False
        ended, self._tick = self._tick, None
        _, said = ended.communicate()
        if ended.returncode != 0:
            raise TickFailed(f"a tick failed: {said.strip()}", hint="mend that, then run vidctl demo again")
        return True

    def tick(self) -> None:
        """Begin a tick."""
        self._tick = subprocess.Popen(
            [sys.executable, "-m", "vidctl", "tick"],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for the demo, which ends its steps in order
            pass_fds=[self._theirs],
        )

    def dismiss(self, db: Db) -> None:
        """Let the tick end, end every step, and wait until all of them are gone."""
        os.close(self._theirs)
        deadline = time.monotonic() + _PATIENCE_S
        while not select.select([self._ours], [], [], _LOOK_S)[0] and time.monotonic() < deadline:
            with suppress(psycopg.Error):  # without its database a step ends by itself
                _end_steps(db)
        os.close(self._ours)
        if self._tick is not None:
            self._tick.kill()
            self._tick.communicate()


def _end_steps(db: Db) -> None:
    for pid in sessions.pids_of(db, "run-step"):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
