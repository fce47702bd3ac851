"""What steps, scripts and ticks log: where it lies, what is in each entry, and how people read it."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.place import Place, Ran
from tests.processes import until
from tests.studio import Studio
from vidctl.contract import ErrorClass, Failure, Scope
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Kind
from vidctl.errors import ExitCode
from vidctl.logs.book import Book, folder_of
from vidctl.store import failures
from vidctl.store.failures import Where

Run = Callable[..., Ran]
SECRET = "kie-0123456789/abcdef+xyz"
NASTY = f"clip \x1b[31m3\x1b[0m: key {SECRET} refused; see https://x.dev/f?X-Amz-Signature=deadbeef01"


def entries(files: list[Path]) -> list[dict[str, Any]]:
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


@pytest.fixture
def film(studio: Studio) -> UUID:
    task_id = studio.film(title="Crows")
    studio.bring(task_id, Status.GENERATING_ASSETS)
    return task_id


@pytest.fixture
def failed(place: Place, studio: Studio, vidctl: Run, film: UUID) -> UUID:
    """A film whose images failed in a step that a tick began: two for good, by a script that shows a key."""
    place.environment["VIDCTL_HOST"] = "studio-1"
    names = ("--name=field", "--name=bird_2")
    studio.faults(*({"script": "generate_asset.py", "match": one, "fault": "complain", "text": NASTY} for one in names))
    assert vidctl("tick", KIE_API_KEY=SECRET).status == ExitCode.OK
    until(lambda: studio.task(film).status is Status.ASSET_ERROR, what="the failure")
    until(lambda: "step ends" in "".join(file.read_text() for file in folder_of(studio.home, film).iterdir()))
    return film


def test_a_run_of_a_step_has_a_file_of_its_own_whose_entries_all_say_what_they_are_about(
    studio: Studio, quick: Run, failed: UUID
) -> None:
    [file] = folder_of(studio.home, failed).iterdir()
    assert file.name.partition("_")[2] == f"2-assets_attempt-1_v{studio.task(failed).version - 1}.jsonl"
    written = entries([file])
    about = {(one["correlation_id"], one["channel_id"], one["step"], one["attempt"]) for one in written}
    assert about == {(str(failed), "one", "assets", 1)}
    assert {one["host"].partition(":")[0] for one in written} == {"studio-1"}
    assert written[0]["message"] == "step begins"
    assert written[-1]["message"] == "step ends"
    error = next(one for one in written if one.get("error_type"))
    assert {name: error[name] for name in ("task_id", "is_transient", "retry_attempt", "level", "script")} == {
        "task_id": str(failed),
        "is_transient": False,
        "retry_attempt": 1,
        "level": "error",
        "script": "generate_asset.py",
    }
    [begun] = [json.loads(line) for line in quick("logs", "--json").out.splitlines()]
    assert (begun["message"], begun["correlation_id"], begun["step"]) == ("begun", str(failed), "assets")
    assert str(failed)[:8] in quick("logs").out, "who reads the log of ticks sees which film each began"


def test_the_standard_error_of_a_failing_script_is_where_the_error_is_and_safe_to_hand_on(
    studio: Studio, quick: Run, terminal: Run, failed: UUID
) -> None:
    kept = "".join(file.read_text() for file in (studio.home / "logs").rglob("*.jsonl"))
    assert (SECRET in kept, "deadbeef01" in kept, "[KIE_API_KEY]" in kept) == (False, False, True)
    said = quick("logs", str(failed)[:8], "--level", "error").out.splitlines()
    lines = [line.partition(" image ")[2].partition(" | ")[2] for line in said if " | " in line]
    assert lines == ["clip  [31m3 [0m: key [KIE_API_KEY] refused; see https://x.dev/f?X-Amz-Signature=[masked]"] * 2
    assert "[KIE_API_KEY] refused" in studio.task(failed).error_log, "the card names the reason"
    assert f"vidctl logs {str(failed)[:8]}" in quick("status", str(failed)).out
    shown = terminal("logs", str(failed)[:8])
    assert (shown.status, "\x1b[31m3" in shown.out, " was not made" in shown.out) == (0, False, True)


def test_failures_of_other_machines_are_shown_and_it_is_said_where_the_rest_is(
    studio: Studio, quick: Run, failed: UUID
) -> None:
    failure = Failure("Cut", ErrorClass.TRANSIENT, Scope.ITEM, "the line was cut", "nothing")
    where = Where(failed, "assets", 2, "farm:17")
    earlier = studio.now - timedelta(hours=1)
    failures.note(studio.db, where, Artifact(Kind.IMAGE, 3), failure, stderr="far\naway", now=earlier)
    ran = quick("logs", str(failed), "--level", "warning", "--json")
    shown = [json.loads(line) for line in ran.out.splitlines()]
    assert [(one["message"], one["host"]) for one in shown[:3]] == [
        ("far", "farm:17"),
        ("away", "farm:17"),
        ("image 3 was not made", "farm:17"),
    ]
    assert sum(one["message"] == "image 1 was not made" for one in shown) == 1, "what is in the files is shown once"
    assert (
        ran.err
        == f"note: farm worked on this film too; what its steps logged is there: vidctl logs {str(failed)[:8]}\n"
    )


def test_follow_goes_on_through_new_files_until_the_film_stands_still(place: Place, studio: Studio, film: UUID) -> None:
    old = studio.home / "logs" / f"{film}.log"
    old.parent.mkdir(parents=True, exist_ok=True)
    old.write_text(
        '{"timestamp": "2026-01-01T00:00:00.000+00:00", "event": "step begins"}\nTraceback: ya29.0123456789abcdef\n'
    )
    command = [sys.executable, "-m", "vidctl", "logs", str(film), "--follow", "--json"]
    follower = subprocess.Popen(command, env=place.environment, stdout=subprocess.PIPE, text=True)
    assert follower.stdout is not None
    assert json.loads(follower.stdout.readline())["message"] == "step begins"
    assert json.loads(follower.stdout.readline())["message"] == "Traceback: ya29.[masked]"
    for number in range(2):
        book = Book(folder_of(studio.home, film) / f"2026010{number + 1}T00_x.jsonl", most_bytes=300)
        for word in "abcd":
            stamp = f"2026-01-0{number + 1}T00:00:00.{ord(word):03}Z"
            book.write(json.dumps({"timestamp": stamp, "level": "info", "message": f"{word}{number}"}))
        said = [json.loads(follower.stdout.readline())["message"] for _ in "abcd"]
        assert said == [f"{word}{number}" for word in "abcd"]
    studio.step(film)
    assert studio.task(film).status is Status.ASSETS_READY
    assert (follower.communicate(timeout=20)[0], follower.returncode) == ("", 0)


def test_what_cannot_be_asked_for_is_said(quick: Run, film: UUID) -> None:
    for words in (("--level", "loud"), ("--step", "dance")):
        assert quick("logs", str(film), *words).status == ExitCode.USAGE
    assert quick("logs", str(film), "--since", "soon").status == ExitCode.BAD_DATA
    assert quick("logs", "ffffffff").status == ExitCode.NO_INPUT
    ran = quick("logs", str(film), "--since", "2h")
    assert (ran.status, ran.out) == (0, "")
    assert ran.err.startswith("note: of 'Crows' nothing")


def test_a_tick_that_breaks_off_is_logged_and_an_idle_one_neither_logs_nor_loads_what_logs(
    place: Place, studio: Studio, quick: Run
) -> None:
    code = "import sys; from vidctl.cli.app import run; print(run(['tick']), 'vidctl.logs' in sys.modules)"
    command, environment = [sys.executable, "-c", code], place.environment
    idle = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert (idle.stdout, idle.stderr) == ("0 False\n", "")
    assert not (studio.home / "logs").exists()
    away = environment | {"DATABASE_URL": "postgresql://ana:pa55word@127.0.0.1:1/nothing"}
    subprocess.run([sys.executable, "-m", "vidctl", "tick"], env=away, capture_output=True, check=False)
    [entry] = entries([studio.home / "logs" / "tick.jsonl"])
    assert (entry["level"], entry["error_type"]) == ("error", "Unavailable")
    assert entry["correlation_id"].startswith("tick-")
    assert "pa55word" not in json.dumps(entry)
