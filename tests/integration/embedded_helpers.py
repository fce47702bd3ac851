"""What the tests of the embedded server have in common."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from vidctl.store import embedded

CALL = """\
import sys
from pathlib import Path
from vidctl.store import embedded
print(getattr(embedded, sys.argv[1])(Path(sys.argv[2])), flush=True)
"""
"""A program: call the function that is named first with the home that is named second, and print the result."""


def calling(function: str, home: Path) -> list[str]:
    """Return the command of a process that calls one function of `embedded`."""
    return [sys.executable, "-c", CALL, function, str(home)]


def server_pid(home: Path) -> int:
    pid = embedded.status(home).pid
    assert pid is not None
    return pid


def family(pid: int) -> list[int]:
    """Return a server's process and its children."""
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def postmasters(home: Path) -> list[int]:
    """Return the servers that work on one database. What they forked works there too, and has them as parents."""
    data = embedded.status(home).data
    found = {
        int(cwd.parent.name): cwd.with_name("stat") for cwd in Path("/proc").glob("[0-9]*/cwd") if leads(cwd, data)
    }
    return [pid for pid, stat in found.items() if _parent(stat) not in {None, *found}]


def _parent(stat: Path) -> int | None:
    """Return the parent of a process; None where it has just ended."""
    try:
        return int(stat.read_text().split()[3])
    except (FileNotFoundError, ProcessLookupError):
        return None


def leads(link: Path, folder: Path) -> bool:
    try:
        return link.readlink() == folder
    except OSError:
        return False


def is_gone(pid: int) -> bool:
    """Tell whether a process has ended; whoever has to reap it may not have come to that yet."""
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(500):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it never held")


def in_a_shell_without_umask(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    """Run a command whose new files are open to everybody unless it says otherwise."""
    return subprocess.run(["/bin/sh", "-c", 'umask 0; exec "$@"', "sh", *command], capture_output=True, check=True)
