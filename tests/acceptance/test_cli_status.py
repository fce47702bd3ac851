"""The board on the command line: what a person sees, and what a program reads."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.place import Place, Ran
from tests.studio import Studio
from vidctl.domain.pacific import day_of, next_midnight
from vidctl.domain.status import Status
from vidctl.engine import decide
from vidctl.errors import ExitCode
from vidctl.store import locks, quotas, services

Run = Callable[..., Ran]

NASTY = "\x1b[31mred\x1b[0m\ttab 雪女 🎬 [bold]\"quoted'[/bold] $(rm)"
READING = ("status", "inbox", "review", "services")


@pytest.mark.parametrize("command", READING)
def test_an_empty_database_is_silence_in_a_pipe(quick: Run, command: str) -> None:
    assert quick(command) == Ran(0, "", "")


@pytest.mark.parametrize("command", READING)
def test_an_empty_database_is_one_object_as_json(quick: Run, command: str) -> None:
    assert all(not value for value in quick(command, "--json").json.values())


@pytest.mark.parametrize("command", READING)
def test_an_empty_database_is_a_sentence_on_a_terminal(terminal: Run, command: str) -> None:
    ran = terminal(command)
    assert ran.status == 0
    assert "No" in ran.out


def test_status_json_has_the_shape_that_programs_rely_on(quick: Run, studio: Studio) -> None:
    task_id = studio.film(title="Crows")
    studio.faults({"script": "generate_asset.py", "fault": "sell", "times": 2})
    studio.bring(task_id, Status.ASSETS_READY)
    whole = quick("status", "--json").json
    (task,) = whole["tasks"]
    assert {key: task[key] for key in ("id", "title", "channel_id", "status", "phase", "step")} == {
        "id": str(task_id),
        "title": "Crows",
        "channel_id": "one",
        "status": "Assets Ready",
        "phase": "review",
        "step": None,
    }
    assert task["progress"] == {"done": 0, "total": 0}
    assert (task["attempt"], task["next_attempt_at"], task["cost_usd"]) == (0, None, 0.84)
    assert datetime.fromisoformat(task["updated_at"]).utcoffset() == timedelta(0)
    (channel,) = whole["channels"]
    assert channel | {"channel_id": "one", "waiting": 0, "running": 0, "capacity": 3, "review": 1} == channel
    assert whole["services"] == []


def two_of_three_spoken(studio: Studio) -> None:
    """Make a film that has two of its three narrations; the third is tried again later."""
    task_id = studio.film(title="Crows")
    studio.bring(task_id, Status.VIDEO_APPROVED)
    busy = {"error_class": "transient"}
    studio.faults(
        {"script": "generate_audio.py", "match": "--text=Scene 2", "fault": "error", "error": busy, "times": 9}
    )
    studio.step(task_id)


def test_how_far_a_step_is_is_shown_in_a_pipe_as_json_and_on_a_terminal(
    quick: Run, terminal: Run, studio: Studio
) -> None:
    two_of_three_spoken(studio)
    columns, row = (line.split("\t") for line in quick("status").out.splitlines()[:2])
    assert dict(zip(columns, row, strict=True))["progress"] == "2/3"
    (task,) = quick("status", "--json").json["tasks"]
    assert (task["status"], task["step"]) == ("Generating Audio", "narration")
    assert task["progress"] == {"done": 2, "total": 3}
    shown = terminal("status")
    assert shown.status == 0
    assert "2/3" in shown.out


def test_a_paused_service_is_on_the_board_in_a_pipe_as_json_and_on_a_terminal(
    quick: Run, terminal: Run, studio: Studio
) -> None:
    studio.film()
    services.pause(studio.db, "kie", until=datetime(2099, 1, 2, 3, 4, tzinfo=UTC), reason="no credits")
    services.pause(studio.db, "gemini", until=datetime(2020, 1, 1, tzinfo=UTC), reason="long over")
    whole = quick("status", "--json").json
    assert whole["services"] == [
        {"service": "kie", "paused_until": "2099-01-02T03:04:00+00:00", "reason": "no credits"}
    ]
    assert "kie\t2099-01-02 03:04:00 UTC\tno credits" in quick("status").out.splitlines()
    assert "long over" not in quick("status").out
    shown = terminal("status").out
    assert "kie is paused until 2099-01-02 03:04 UTC: no credits" in shown


def test_a_title_of_any_characters_is_valid_json_and_a_plain_line(vidctl: Run, studio: Studio) -> None:
    task_id = studio.film(title=NASTY)
    assert vidctl("status", "--json", PYTHONIOENCODING="ascii").json["tasks"][0]["title"] == NASTY
    for ran in (vidctl("status", COLUMNS="40", FORCE_COLOR="1"), vidctl("status", PYTHONIOENCODING="ascii")):
        header, line = ran.out.splitlines()[:2]
        assert ran.status == 0
        assert "\x1b" not in ran.out
        assert line.count("\t") == header.count("\t")
        assert line.startswith(f"{task_id}\tone\t")


def test_a_title_cannot_write_to_the_terminal(terminal: Run, studio: Studio) -> None:
    studio.film(title="\x1b[8mhidden\x1b]0;title\x07[blink]")
    shown = terminal("status").out
    assert "\x1b[8m" not in shown
    assert "\x07" not in shown
    assert "[blink]" in shown


def test_published_films_are_shown_only_when_asked_for(quick: Run, studio: Studio) -> None:
    studio.bring(studio.film(title="Old"), Status.PUBLISHED)
    assert quick("status", "--json").json["tasks"] == []
    for option in (("--all",), ("--phase", "done")):
        assert [task["title"] for task in quick("status", "--json", *option).json["tasks"]] == ["Old"]


def test_only_one_channel_or_phase_is_shown(quick: Run, studio: Studio) -> None:
    studio.channel("two")
    studio.film("one", title="A")
    studio.film("two", title="B", queue=False)
    shown = quick("status", "--json", "--channel", "two").json
    assert [task["title"] for task in shown["tasks"]] == ["B"]
    assert [channel["channel_id"] for channel in shown["channels"]] == ["two"]
    assert quick("status", "--json", "--phase", "error").json["tasks"] == []
    unknown = quick("status", "--channel", "three")
    assert (unknown.status, unknown.out) == (ExitCode.NO_INPUT, "")
    assert "'three'" in unknown.err


def _next(quick: Run, index: int = 0) -> str:
    return str(quick("status", "--json").json["tasks"][index]["next"])


def test_what_moves_a_film_on_is_said_for_every_kind_of_wait(quick: Run, studio: Studio) -> None:
    task_id = studio.film(queue=False)
    assert _next(quick).startswith("you: vidctl queue ")
    decide.queue(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    assert _next(quick) == "the next tick"
    decide.hold(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    assert _next(quick).startswith("held: vidctl queue ")
    decide.queue(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    studio.step(task_id)
    services.pause(studio.db, "gemini", until=datetime(2099, 1, 2, 3, 4, tzinfo=UTC), reason="no credits")
    assert _next(quick) == "paused: gemini until 2099-01-02 03:04 UTC because no credits"
    services.resume(studio.db, "gemini")
    studio.faults({"script": "generate_asset.py", "fault": "error", "error": {"error_class": "transient"}, "times": 9})
    studio.step(task_id)
    due = studio.task(task_id).next_attempt_at
    assert due is not None
    assert _next(quick) == f"waits until {due:%H:%M} UTC"
    assert f"Attempt 2/5 · next at {due:%H:%M} UTC" in quick("status").out
    services.pause(studio.db, "gemini", until=due - timedelta(seconds=1), reason="no credits")
    assert _next(quick) == f"waits until {due:%H:%M} UTC"
    services.pause(studio.db, "gemini", until=due, reason="no credits")
    assert _next(quick) == f"paused: gemini until {due:%H:%M} UTC because no credits", "and a person may lift that"
    studio.db.execute("update channels set is_active = false")
    assert "rests: is_active: false" in _next(quick)
    studio.db.execute("update tasks set paused_at = now()")
    assert _next(quick) == "paused: its card is in the trash, or not shared any more"


def test_a_channel_at_its_limit_is_named_as_the_reason(quick: Run, studio: Studio) -> None:
    films = [studio.film(title=str(number)) for number in range(4)]
    with ExitStack() as stack:
        for film in films[:3]:
            assert locks.try_task(stack.enter_context(studio.session()), film)
        whole = quick("status", "--json").json
    assert sorted(task["next"] for task in whole["tasks"]) == ["at work now"] * 3 + ["channel at its limit 3"]
    assert (whole["channels"][0]["running"], whole["channels"][0]["waiting"]) == (3, 1)


def test_a_step_at_its_limit_is_named_as_the_reason(quick: Run, studio: Studio) -> None:
    studio.film()
    studio.limit(max_concurrent_story=1)
    with studio.session() as other:
        assert locks.try_slot(other, locks.STEP_SLOTS, 0, 1)
        assert _next(quick) == "step plan at its limit 1"


def test_one_film_is_shown_in_full(quick: Run, studio: Studio) -> None:
    task_id = studio.film(title="Crows")
    studio.bring(task_id, Status.COMPOSITES_READY)
    refused = {"error_class": "permanent", "message": "names a person", "hint": "change it"}
    studio.faults({"script": "generate_video.py", "match": "push in 2", "fault": "error", "error": refused})
    studio.step(task_id)
    text = quick("status", str(task_id)[:8]).out
    for promised in (str(task_id), "Video Error", "names a person", "hint: change it", "contact_sheet.png", "by ana"):
        assert promised in text
    (task,) = quick("status", str(task_id), "--json").json["tasks"]
    made = {(item["kind"], item["index"]): item for item in task["artifacts"]}
    assert made["image", 1]["path"] == str(studio.folder(task_id).path("assets/environments/field.png"))
    assert made["clip", 2]["state"] == "pending"
    assert task["errors"][0]["message"] == "names a person"
    assert "stderr" not in task["errors"][0]
    assert task["error_log"]


def test_watching_needs_a_terminal(quick: Run) -> None:
    ran = quick("status", "--watch")
    assert (ran.status, ran.out) == (ExitCode.USAGE, "")
    assert "no terminal" in ran.err


@pytest.mark.parametrize("end", [{"keys": b"q"}, {"interrupt": True}])
def test_watching_ends_quietly_with_q_or_ctrl_c(terminal: Run, studio: Studio, end: dict[str, Any]) -> None:
    studio.film(title="Crows")
    ran = terminal("status", "--watch", after="Crows", **end)
    assert ran.status == 0
    assert "Crows" in ran.out
    assert "error" not in ran.out.replace("errors", "")
    assert "\x1b[?1049h" not in ran.out  # the alternate screen would take the board away at the end


def test_history_tells_every_move_and_what_was_at_any_moment(quick: Run, studio: Studio) -> None:
    studio.now = datetime(2026, 5, 1, 12, tzinfo=UTC)
    task_id = studio.film(queue=False)
    studio.now = datetime(2026, 5, 2, 12, tzinfo=UTC)
    decide.queue(studio.db, studio.task(task_id), actor="ana", now=studio.now)
    whole = quick("history", str(task_id), "--json").json
    assert [(move["from"], move["event"], move["to"], move["by"]) for move in whole["moves"]] == [
        ("Draft", "queue", "Queued", "ana")
    ]
    assert len(quick("history", str(task_id)).out.splitlines()) == 3
    for at, was in (("2026-05-01T12:00Z", "Draft"), ("2026-05-02", "Draft"), ("2026-05-02T14:30+02:00", "Queued")):
        assert quick("history", str(task_id), "--at", at, "--json").json["status"] == was
    assert "Queued at" in quick("history", str(task_id), "--at", "00:00").out


@pytest.mark.parametrize("at", ["yesterday", "25:00", "2026-13-01", ""])
def test_history_refuses_what_is_no_moment(quick: Run, studio: Studio, at: str) -> None:
    ran = quick("history", str(studio.film()), "--at", at)
    assert (ran.status, ran.out) == (ExitCode.BAD_DATA, "")
    assert "hint:" in ran.err


def test_history_refuses_a_moment_before_the_film(quick: Run, studio: Studio) -> None:
    ran = quick("history", str(studio.film()), "--at", "1999-01-01")
    assert ran.status == ExitCode.BAD_DATA
    assert "was not there" in ran.err


def test_the_inbox_holds_only_what_needs_a_person_most_expensive_first(quick: Run, studio: Studio) -> None:
    studio.film(title="not my turn")
    cheap = studio.film(title="cheap")
    studio.bring(cheap, Status.ASSETS_READY)
    studio.later(minutes=5)
    cheap_too = studio.film(title="cheap, waits less long")
    studio.bring(cheap_too, Status.ASSETS_READY)
    dear = studio.film(title="dear")
    studio.faults({"script": "generate_asset.py", "fault": "sell"})
    studio.bring(dear, Status.ASSETS_READY)
    items = quick("inbox", "--json").json["items"]
    assert [item["title"] for item in items] == ["dear", "cheap", "cheap, waits less long"]
    assert items[0]["commands"][0].startswith("vidctl review approve ")
    ran = quick(*items[0]["commands"][0].split()[1:])
    assert ran.status == 0, ran.err
    assert studio.task(dear).status is Status.ASSETS_APPROVED


def test_the_inbox_names_the_channels_that_approved_films_wait_for_with_the_command(
    quick: Run, terminal: Run, studio: Studio
) -> None:
    own = {"upload_video.py": str(studio.scripts / "upload_video.py")}
    about: dict[str, dict[str, Any]] = {
        "ended": {},
        "good": {},
        "idle": {},
        "new": {},
        "own": {"scripts": own},
        "preview": {"mode": "preview"},
        "refused": {},
        "stolen": {},
        "promoted": {"mode": "preview"},
        "resting": {"is_active": False},
        "revoked": {},
        "trashed": {},
    }
    for channel_id, fields in about.items():
        studio.channel(channel_id, **{"scripts": {}} | fields)
        film = studio.film(channel_id, mode="production" if channel_id == "promoted" else None)
        status = {"idle": "Final Review", "revoked": "Uploading"}.get(channel_id, "Approved")
        studio.db.execute("update tasks set status = %s where id = %s", (status, film))
        studio.later(seconds=1)
    kept = "update channels set youtube_token_encrypted = 'x', youtube_problem = %s, youtube_expires_at = %s"
    for channel_id, problem, ends in (
        ("good", "", "2099-01-01"),
        ("revoked", "Token has been revoked.", None),
        ("refused", "refused: Google lets it do nothing here", None),
        ("stolen", "not its own: it is of another channel", None),
        ("resting", "Token has been revoked.", None),
        ("ended", "", "2026-01-02"),
    ):
        studio.db.execute(f"{kept} where channel_id = %s", (problem, ends, channel_id))
    studio.db.execute("update tasks set paused_at = now() where channel_id = 'trashed'")
    shown = quick("inbox", "--json").json
    assert [item["channel_id"] for item in shown["items"]] == ["idle"]
    assert {one["channel_id"]: one["why"] for one in shown["channels"]} == {
        "ended": "its authorisation ended on 2026-01-02",
        "new": "nobody authorised it on YouTube yet",
        "promoted": "nobody authorised it on YouTube yet",
        "refused": "Google lets it do nothing here",
        "revoked": "Token has been revoked.",
        "stolen": "it is of another channel",
    }
    commands = {one["channel_id"]: one["commands"] for one in shown["channels"]}
    assert commands.pop("refused") == ["vidctl auth status"], "another token would be refused as well"
    assert commands == {one: [f"vidctl auth youtube --channel {one}"] for one in commands}
    assert shown["channels"][0]["channel_id"] == "ended"
    lines = [line.split("\t") for line in quick("inbox").out.splitlines()]
    assert [*lines[-1][:3], lines[-1][4]] == [
        *("revoked", "Token has been revoked.", "1 film"),
        "vidctl auth youtube --channel revoked",
    ]
    assert "Token has been revoked.\r\n      vidctl auth youtube --channel revoked\r\n" in terminal("inbox").out


def test_a_pause_is_shown_and_lifted(quick: Run, studio: Studio) -> None:
    services.pause(studio.db, "kie", until=datetime(2099, 1, 1, tzinfo=UTC), reason="no credits")
    assert quick("services").out.splitlines()[1].split("\t") == ["kie", "2099-01-01 00:00:00 UTC", "no credits"]
    assert "no credits" in quick("services", "--resume", "kie").out
    assert quick("services").out == ""
    again = quick("services", "--resume", "kie")
    assert again.status == ExitCode.NO_INPUT
    assert "paused now: nothing" in again.err


def test_what_is_used_of_youtubes_quotas_is_shown_for_each_project(quick: Run, terminal: Run, studio: Studio) -> None:
    studio.limit(youtube_quota={"uploads": 6})  # type: ignore[arg-type]
    today = day_of(datetime.now(UTC))
    for project, bucket, units in (("42", "uploads", 5), ("42", "odd", 3), ("77", "units", 10_400)):
        quotas.use(studio.db, project, bucket, today, units)
    quotas.use(studio.db, "42", "units", today - timedelta(days=1), 9_000)
    renewed = next_midnight(datetime.now(UTC))
    rows = [line.split("\t") for line in quick("services").out.splitlines()[1:]]
    assert [row[:-1] for row in rows] == [
        ["42", "uploads", "5", "6", "83%"],
        ["42", "units", "0", "10,000", "0%"],
        ["42", "odd", "3", "", ""],
        ["77", "uploads", "0", "6", "0%"],
        ["77", "units", "10,400", "10,000", "104%"],
    ]
    assert {row[-1] for row in rows} == {f"{renewed:%Y-%m-%d %H:%M:%S} UTC"}
    first = quick("services", "--json").json["youtube_quotas"][0]
    about = {"project": "42", "bucket": "uploads", "used": 5, "limit": 6, "percent": 83}
    assert first == {**about, "renews_at": renewed.isoformat()}
    quotas.use(studio.db, "p" * 72, "uploads", today, 2)
    shown = [line.split() for line in terminal("services").out.splitlines()]
    assert ["p" * 15 + "…", "uploads", "2", "6", "33%"] in shown, "a long name leaves room for what is asked"


def test_a_broken_channel_file_is_named_and_stops_nothing(quick: Run, studio: Studio) -> None:
    studio.film(title="Crows")
    (studio.configs / "bad.yaml").write_text("channel_id: bad\nmode: fast\n")
    ran = quick("status")
    assert ran.status == 0
    assert "Crows" in ran.out
    assert "bad.yaml:2" in ran.err


def test_while_no_channel_file_can_be_read_no_tick_is_promised(quick: Run, place: Place, studio: Studio) -> None:
    studio.film()
    assert "\tthe next tick" in quick("status").out
    place.channel("_defaults", "limits: nonsense\n")
    ran = quick("status")
    assert "\tno channel file can be read" in ran.out
    assert "_defaults.yaml" in ran.err


def test_a_reader_that_has_seen_enough_is_no_failure(place: Place, studio: Studio) -> None:
    studio.film()
    ours, theirs = os.pipe()
    os.close(ours)
    command = [sys.executable, "-m", "vidctl", "status"]
    done = subprocess.run(
        command, stdout=theirs, stderr=subprocess.PIPE, env=place.environment, cwd=place.root, check=False
    )
    os.close(theirs)
    assert (done.returncode, done.stderr) == (0, b"")
