"""Whatever standard output is connected to, a command ends in words and a documented status."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.studio import Studio
from vidctl.errors import ExitCode


def shell(line: str, **more: str) -> "subprocess.CompletedProcess[str]":
    buffered = {"PYTHONUNBUFFERED": ""}  # as for most people: what is short is written at the very end
    environment = {**os.environ, **buffered, "VIDCTL": f"{sys.executable} -m vidctl", **more}
    return subprocess.run(["sh", "-c", line], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", ["--help", "--version", "channel schema"])
def test_a_full_disk_behind_stdout_is_one_error(command: str) -> None:
    done = shell(f"$VIDCTL {command} > /dev/full")
    assert done.returncode == ExitCode.CANNOT_WRITE
    assert done.stderr.splitlines()[0].startswith("error: cannot write")
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_behind_stderr_takes_no_error_its_status() -> None:
    assert shell("$VIDCTL tick nonsense 2> /dev/full").returncode == ExitCode.USAGE


@pytest.mark.parametrize("command", ["--help", "tick --help"])
def test_whoever_reads_only_the_beginning_of_a_page_of_rich_or_typer_makes_no_failure_of_it(command: str) -> None:
    assert shell(f"{{ $VIDCTL {command}; echo $? >&2; }} | true").stderr == "0\n"


def test_a_closed_stdout_is_nobody_who_reads() -> None:
    done = shell("$VIDCTL channel schema >&-")
    assert (done.returncode, done.stderr) == (ExitCode.OK, "")


def test_a_bare_command_shows_its_help_and_no_empty_error() -> None:
    done = shell("$VIDCTL storyboard")
    assert done.returncode == ExitCode.USAGE
    assert "error:" not in done.stderr
    assert "Usage:" in done.stdout + done.stderr


def test_a_closed_stdin_is_nobody_who_types(studio: Studio) -> None:
    done = shell("$VIDCTL add one --title Crows <&-", **studio.environment)
    assert done.returncode == ExitCode.BAD_DATA
    assert done.stderr.startswith("error: --topic must be given\nhint: ")
