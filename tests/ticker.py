"""Cron in one process: a tick now and then until it is told to end, without starting Python anew for each."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from vidctl.domain.limits import Limits
from vidctl.engine.context import Context
from vidctl.engine.tick import tick
from vidctl.settings import load
from vidctl.store.connection import connect


@contextmanager
def ticking(environment: Mapping[str, str], *, every_s: float = 0.3) -> Iterator[None]:
    """Tick during the block; steps that are at work at its end go on."""
    program = [sys.executable, "-m", "tests.ticker", str(every_s)]
    process = subprocess.Popen(program, env={**os.environ, **environment}, stdin=subprocess.PIPE)
    try:
        yield
        assert process.poll() is None, "the ticks broke off"
    finally:
        process.kill()
        process.communicate()


def main(every_s: float) -> None:
    settings = load()
    context = Context(settings.home, Limits(), settings.environment, lambda: datetime.now(UTC))
    while True:
        assert settings.external_database is not None
        with connect(settings.external_database, application_name="ticker") as db:  # a tick's lock is its session's
            tick(db, settings.external_database, settings.channel_configs, context)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(every_s)


if __name__ == "__main__":
    main(float(sys.argv[1]))
