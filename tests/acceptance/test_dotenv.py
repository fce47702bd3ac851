"""Whatever `.env.example` explains works from a `.env`, too, and not in the shell alone."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.place import Place, Ran
from tests.studio import Studio
from vidctl.domain.status import Status

Run = Callable[..., Ran]

TELL = """\
import json, os, pathlib
pathlib.Path(__file__).with_name("seen.json").write_text(json.dumps(dict(os.environ)))
raise SystemExit(75)
"""
"""A script that keeps what it sees of the environment."""


def move_to_dotenv(place: Place, **more: str) -> None:
    """Take everything of vidctl's out of the environment, and write it to `.env` in the current folder."""
    ours = [name for name in place.environment if name.startswith(("VIDCTL_", "DATABASE_"))]
    said = {name: place.environment.pop(name) for name in ours} | more
    (place.root / ".env").write_text("".join(f"{name}={value}\n" for name, value in said.items()))


def test_the_database_the_channels_and_the_reviewer_of_the_file_are_used(
    vidctl: Run, place: Place, studio: Studio
) -> None:
    gate = studio.film()
    studio.bring(gate, Status.ASSETS_READY)
    move_to_dotenv(place, VIDCTL_REVIEWER="Bo of the file")
    assert [channel["channel_id"] for channel in vidctl("channel", "list", "--json").json["channels"]] == ["one"]
    draft = vidctl("add", "one", "--title", "Crows", "--topic", "Birds", "--json").json["id"]
    assert vidctl("review", "approve", str(gate)).status == 0
    assert vidctl("queue", draft).status == 0
    by = studio.db.execute(
        """select (select reviewer_id from review_audit where task_id = %s),
                  (select actor from task_events where task_id = %s and event = 'queue')""",
        (gate, draft),
    ).fetchone()
    assert by == ("Bo of the file", "Bo of the file")


def test_the_reviewer_of_the_environment_goes_before_that_of_the_file(
    vidctl: Run, place: Place, studio: Studio
) -> None:
    task_id = studio.film(queue=False)
    move_to_dotenv(place, VIDCTL_REVIEWER="bo")
    vidctl("queue", str(task_id), VIDCTL_REVIEWER="ana")
    assert studio.db.execute("select actor from task_events where task_id = %s", (task_id,)).fetchall()[-1] == ("ana",)


def test_the_home_of_the_file_is_where_films_are_made(vidctl: Run, place: Place, studio: Studio) -> None:
    task_id, elsewhere = studio.film(), place.root / "elsewhere"
    move_to_dotenv(place, VIDCTL_HOME=str(elsewhere))
    assert vidctl("run-step", str(task_id)).status == 0
    assert list(elsewhere.rglob("storyboard.json"))
    assert not (place.root / "home").exists()


def test_secrets_and_ffmpeg_of_the_file_reach_the_scripts_that_need_them(
    vidctl: Run, place: Place, studio: Studio
) -> None:
    task_id = studio.film()
    (studio.scripts / "generate_story.py").write_text(TELL)
    move_to_dotenv(place, GEMINI_API_KEY="key-of-the-file", KIE_API_KEY="other", VIDCTL_FFMPEG="/opt/ffmpeg")
    vidctl("run-step", str(task_id))
    seen = json.loads(Path(studio.scripts / "seen.json").read_text())
    assert (seen["GEMINI_API_KEY"], seen["VIDCTL_FFMPEG"]) == ("key-of-the-file", "/opt/ffmpeg")
    assert "KIE_API_KEY" not in seen


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become a user without a name")
def test_a_user_without_a_name_is_asked_for_one_before_anything_is_decided() -> None:
    program = """
import os
from types import SimpleNamespace
from vidctl.cli.session import operator
import getpass, pwd
for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
    os.environ.pop(name, None)
os.setuid(54321)
assert operator(SimpleNamespace(environment={"VIDCTL_REVIEWER": "ana"})) == "ana"
operator(SimpleNamespace(environment={}))
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "Misconfigured: the user 54321 has no name to put under a decision" in ran.stderr
