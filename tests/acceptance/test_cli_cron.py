"""`vidctl cron`: the first process of a container."""

import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.place import Place, Ran
from tests.processes import processes_of, until
from tests.studio import Studio
from vidctl.domain.cron_jobs import JOBS
from vidctl.engine.cron.crew import MOST_AT_ONCE, Crew
from vidctl.engine.cron.loop import STAMP
from vidctl.logs.stream import VARIABLE

Run = Callable[..., Ran]
ALONE = ("unshare", "--pid", "--fork", "--mount-proc", "--kill-child")
"""As in a container: the first process there is, and the end of all others."""


def is_alone_possible() -> bool:
    return shutil.which("unshare") is not None and not subprocess.run([*ALONE, "true"], check=False).returncode


@contextmanager
def cron(place: Place, *options: str, alone: bool = False) -> Iterator["subprocess.Popen[bytes]"]:
    """Run it; its own number is in the file `pid`, since who looks from outside sees another one."""
    place.home.mkdir(exist_ok=True)
    begin = [*(ALONE if alone else ()), sys.executable, "-m", "vidctl", "cron", *options]
    with (place.root / "output").open("wb") as out:
        process = subprocess.Popen(begin, stdout=out, stderr=out, cwd=place.root, env=place.environment)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def said(place: Place) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (place.root / "output").read_text().splitlines()]


def end(place: Place) -> None:
    """Tell it to end, as `docker stop` does."""
    for pid, line in processes_of((str(place.root),)).items():
        if line.startswith(sys.executable) and " vidctl cron" in line:
            os.kill(pid, signal.SIGTERM)


@pytest.mark.parametrize(
    "alone",
    [pytest.param(True, id="the first process"), pytest.param(False, id="any process", marks=pytest.mark.chaos)],
)
def test_told_to_end_it_waits_for_the_answer_to_an_order_and_leaves_nobody_behind(
    studio: Studio, place: Place, *, alone: bool
) -> None:
    if alone and not is_alone_possible():
        pytest.skip("nobody here may make a process that is the first one")
    studio.faults({"script": "generate_story.py", "fault": "order", "lost": {"fault": "sleep", "seconds": 0.7}})
    film = studio.film()
    with cron(place, "--only", "tick", alone=alone) as process:
        until(lambda: studio.ledger("sold"), what="the order")
        end(place)
        assert process.wait(20) == 0
    assert processes_of((str(place.root),)) == {}
    assert [one["job"] for one in studio.ledger("sold")] == [
        row[0] for row in studio.db.execute("select job_id from orders where state in ('bought', 'made')")
    ], "waiting to be fetched; or made already, where the file came before the word to end"
    entries = said(place)
    assert (entries[0]["message"], entries[-1]["message"]) == ("cron begins", "cron has ended")
    assert not any(one["message"].startswith("tick ended") for one in entries), "one that is well is no news"
    of_step = [one["message"] for one in entries if one["step"] == "plan" and one["correlation_id"] == str(film)]
    assert {"step begins", "step ends"} <= {*of_step}


def test_a_step_that_owes_nothing_is_ended_at_once_and_one_that_is_killed_is_told(studio: Studio, place: Place) -> None:
    """Also where it is not the first process: steps outlive the tick that began them."""
    studio.faults({"script": "generate_story.py", "fault": "sleep", "seconds": 90, "times": 2})
    for _ in range(2):
        studio.film()
    with cron(place, "--only", "tick", "--grace", "60") as process:
        until(lambda: len(studio.ledger("began")) == 2, what="both steps")
        [holds, _] = studio.db.execute("select claimed_by from tasks").fetchall()
        os.kill(int(holds[0].rpartition(":")[2]), signal.SIGKILL)
        until(lambda: any("step's process was killed by SIGKILL" in one["message"] for one in said(place)))
        end(place)
        assert process.wait(20) == 0
    assert processes_of((str(place.root),)) == {}


def test_what_does_not_end_when_it_is_told_to_is_killed_after_a_while(place: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place.environment["DATABASE_URL"] = f"postgresql://127.0.0.1:{silent.getsockname()[1]}/x?connect_timeout=300"
        silent.settimeout(20)
        with cron(place, "--only", "tick", "--grace", "0.5") as process, silent.accept()[0]:
            tick = min(pid for pid, line in processes_of((str(place.root),)).items() if " vidctl tick" in line)
            os.kill(tick, signal.SIGSTOP)  # now it hears of nothing
            end(place)
            try:
                assert process.wait(20) == 0
                until(lambda: not processes_of((str(place.root),)))
            finally:
                for pid in processes_of((str(place.root),)):
                    os.kill(pid, signal.SIGKILL)
    assert [one["pids"] for one in said(place) if one["message"].startswith("killed, since")] == [[tick]]


def test_what_a_job_said_is_one_entry_and_what_was_missed_is_made_up_for_once(studio: Studio, place: Place) -> None:
    studio.film(queue=False)
    place.home.mkdir()
    stamp = place.home / STAMP
    stamp.touch()
    long_ago = time.time() - 40 * 86_400
    os.utime(stamp, (long_ago, long_ago))
    place.channel("two", "channel_id: 7\n")
    with cron(place, "--only", "tick", "--only", "archive", "--grace", "5") as process:
        until(lambda: sum("job" in one for one in said(place)) == 2, what="the end of both")
        assert time.time() - stamp.stat().st_mtime < 90
        end(place)
        assert process.wait(20) == 0
    ended = {one["job"]: one for one in said(place) if "job" in one}
    assert ended["tick"]["message"] == "tick ended with 0"
    assert "two.yaml" in ended["tick"]["said"]
    assert ended["archive"]["message"] == "archive ended with 0"


def test_a_file_that_only_has_the_number_of_the_stream_is_left_alone(tmp_path: Path) -> None:
    handed, other = tmp_path / "handed", tmp_path / "other"
    log = "from vidctl import logs; logs.into(None, aloud=False);"
    log += "logs.log('a word'); logs.log('x' * 9000, more='y' * 9000)"
    for file in (handed, other):
        with file.open("wb") as out:
            status = handed.stat()
            told = {VARIABLE: f"{out.fileno()}:{status.st_dev}:{status.st_ino}"}
            subprocess.run([sys.executable, "-c", log], pass_fds=[out.fileno()], env=os.environ | told, check=True)
    lines = handed.read_bytes().splitlines()
    assert [json.loads(line)["message"][:6] for line in lines] == ["a word", "…xxxxx"]
    assert max(map(len, lines)) < 4_096, "longer ones of two processes would be mixed up in a pipe"
    assert other.read_bytes() == b""


def test_an_unknown_job_is_one_clear_error_and_a_dry_run_starts_nothing(quick: Run, place: Place) -> None:
    assert quick("cron", "--only", "tock").status == 2
    ran = quick("cron", "--dry-run")
    assert (ran.status, ran.err) == (0, "This was a dry run: nothing was changed.\n")
    assert quick("cron", "--json").status == 2
    assert quick("cron", "--dry-run", "--json").json["jobs"][0]["job"] == "tick"
    assert [line.split()[4] for line in ran.out.splitlines()] == ["tick", "cleanup", "report", "audit"]
    assert "backup" in quick("cron", "--dry-run", "--only", "backup").out
    worker = quick("cron", "--dry-run", "--worker")
    assert [line.split()[4] for line in worker.out.splitlines()] == ["tick", "cleanup"]
    assert not place.home.exists()


def test_a_job_that_hangs_does_not_become_one_more_each_minute(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in place.environment.items():
        monkeypatch.setenv(name, value)
    with socket.create_server(("127.0.0.1", 0)) as silent, (place.root / "out").open("wb") as out:
        monkeypatch.setenv(
            "DATABASE_URL", f"postgresql://127.0.0.1:{silent.getsockname()[1]}/films?connect_timeout=300"
        )
        crew = Crew(selectors.DefaultSelector())
        strangers, started = crew.pids(), list[int]()
        for _ in range(MOST_AT_ONCE + 1):
            crew.start(JOBS[0], ["tick"], out.fileno())
            started += crew.pids() - strangers - set(started)

        def left() -> list[int]:
            crew.reap()
            return [pid for pid in started if pid in crew.pids()]

        until(lambda: len(left()) == MOST_AT_ONCE, what="the end of the oldest")
        assert left() == started[1:]
        for pid in left():
            os.kill(pid, signal.SIGKILL)
        until(lambda: not left(), what="the end of all")
