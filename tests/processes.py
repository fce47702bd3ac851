"""Real `vidctl` processes for tests that break things, and what may be left of them."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path


def vidctl(*arguments: str, environment: Mapping[str, str]) -> "subprocess.Popen[str]":
    """Start a `vidctl` command."""
    return subprocess.Popen(
        [sys.executable, "-m", "vidctl", *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def trust() -> dict[str, str]:
    """Return what a process has to be told to know as few authorities as the run of tests itself."""
    return {name: os.environ[name] for name in ("SSL_CERT_FILE",) if name in os.environ}


def until(condition: Callable[[], object], *, seconds: float = 20, what: str = "it") -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen in {seconds} s"
        time.sleep(0.02)


def processes_of(marks: tuple[str, ...]) -> dict[int, str]:
    """Return the command line of every process that has one of the marks in its folder, command line or environment."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        if int(entry.name) == os.getpid():
            continue
        try:
            at = str((entry / "cwd").readlink())
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            environment = (entry / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if line and any(mark in text for mark in marks for text in (at, line, environment)):
            found[int(entry.name)] = line
    return found
