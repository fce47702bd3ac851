"""`vidctl cron`: the first process of a container."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.place import Place, Ran
from tests.processes import processes_of, until
from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.store import tasks

Run = Callable[..., Ran]
ALONE = ("unshare", "--pid", "--fork", "--mount-proc", "--kill-child")
"""As in a container: the first process there is, and the end of all others."""


def is_alone_possible() -> bool:
    return shutil.which("unshare") is not None and not subprocess.run([*ALONE, "true"], check=False).returncode


def entries(output: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in output.read_text().splitlines()]


@pytest.mark.parametrize("alone", [True, False], ids=["as the first process", "as any process"])
def test_it_ticks_shows_what_steps_log_and_lets_them_finish_when_it_is_told_to_end(
    studio: Studio, place: Place, *, alone: bool
) -> None:
    if alone and not is_alone_possible():
        pytest.skip("nobody here may make a process that is the first one")
    studio.instant("generate_asset.py", seconds=0.6)
    film = studio.film(at=Status.GENERATING_ASSETS)
    (place.root / "home").mkdir(exist_ok=True)
    output = place.root / "output"
    with output.open("w") as out:
        cron = subprocess.Popen(
            [*(ALONE if alone else ()), sys.executable, "-m", "vidctl", "cron", "--only", "tick"],
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=place.root,
            env=place.environment,
        )
    until(lambda: any(one.get("step") == "assets" and one["message"] == "started" for one in entries(output)))
    told = processes_of((str(place.root),))
    first = next(pid for pid, line in told.items() if line.startswith(sys.executable) and " cron " in line)
    os.kill(first, signal.SIGTERM)
    assert cron.wait(20) == 0
    said = entries(output)
    assert said[0]["message"] == "cron begins"
    assert said[-1]["message"] == "cron has ended"
    assert {one["correlation_id"] for one in said if one["step"] == "assets"} == {str(film)}
    assert processes_of((str(place.root),)) == {}
    assert tasks.get(studio.db, film).claimed_by is None
