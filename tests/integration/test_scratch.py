"""A database for a while: gone when it is not needed any more, however its process ended."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.processes import processes_of
from vidctl.store import scratch

_LIVES = """
import sys, time
from vidctl.store import scratch
with scratch.database() as (folder, dsn):
    print(folder, flush=True)
    time.sleep(60)
"""


def test_a_scratch_database_is_gone_afterwards_also_that_of_a_process_that_was_killed() -> None:
    other = subprocess.Popen([sys.executable, "-c", _LIVES], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    left = Path(other.stdout.readline().strip())
    scratch.sweep()
    assert left.exists(), "it is in use"
    other.send_signal(signal.SIGKILL)
    other.communicate()
    assert processes_of((str(left),)), "its server goes on"
    scratch.sweep()
    assert not left.exists()
    assert not processes_of((str(left),))
