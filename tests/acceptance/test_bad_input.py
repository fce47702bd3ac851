"""Whatever people type, however broken what it meets: one clear error, or exactly what they wrote; never a traceback.

What a channel's file, a brief or a storyboard may hold is tested beside the commands that read them.
"""

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import pytest

from tests.long import long
from tests.place import Place, Ran
from tests.studio import Studio
from vidctl.domain.cutting import one_line, utf16_units
from vidctl.domain.script_names import SCRIPTS
from vidctl.domain.status import GATES, Status
from vidctl.errors import ExitCode

Run = Callable[..., Ran]
DOWN = "postgresql://nobody@127.0.0.1:1/none"
NOT_UTF8 = "caf\udce9"
"""How Python shows an argument in Latin-1."""

NASTY = {
    "quotes and patterns": "it's \"so\" 'called' ’ %s %(x)s {0} {x} \\n \\ * ? [a] ~ $HOME ${PATH} [red]b[/] <b>&amp;",
    "lines": "one\ntwo\n\n  three\ttabbed",
    "emoji": "🧂🐪 👩\u200d👩\u200d👧 e\u0301 é אב \u202egnp\u202c",
    "commands": "../../owned; tee owned > owned & $(touch owned) `touch owned` && exit 1 #'); drop table tasks; --",
    "dashes": "--output=owned",
}


def assert_one_error(ran: Ran, status: ExitCode, words: str = "") -> None:
    assert (ran.status, ran.out) == (status, ""), ran
    lines = ran.err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["error", "hint"], ran.err
    assert words in ran.err


@pytest.mark.parametrize(
    "command",
    [
        ["tick"],
        ["status"],
        ["inbox"],
        ["run-step", "3f2a"],
        ["history", "3f2a"],
        ["review", "approve", "3f2a"],
        ["import", "films.csv"],
    ],
)
def test_a_database_that_is_down_is_one_error_for_every_command(vidctl: Run, place: Place, command: list[str]) -> None:
    (place.root / "films.csv").write_text("channel_id,title,topic\none,t,t\n")
    assert_one_error(vidctl(*command, DATABASE_URL=DOWN), ExitCode.TRY_AGAIN, "127.0.0.1:1")


@pytest.mark.parametrize(
    "command", [["tick"], ["status"], ["run-step", "3f2a"], ["add", "one", "--title=t", "--topic=t"]]
)
def test_a_schema_of_a_newer_version_is_left_alone(quick: Run, db: Any, command: list[str]) -> None:
    db.execute("update alembic_version set version_num = '9999'")
    assert_one_error(quick(*command), ExitCode.MISCONFIGURED, "9999")
    assert db.execute("select version_num, (select count(*) from tasks) from alembic_version").fetchone() == ("9999", 0)


@pytest.mark.parametrize(
    "command", [["status", "--channel", "nope"], ["add", "nope", "--title=t", "--topic=t"], ["status", "dead"]]
)
def test_what_is_not_there_is_named(quick: Run, command: list[str]) -> None:
    assert_one_error(quick(*command), ExitCode.NO_INPUT, "nope" if "nope" in command else "dead")


@pytest.mark.parametrize("home", ["/dev/null", "/dev/null/below", "/proc/vidctl"])
def test_a_home_that_cannot_be_is_one_error(vidctl: Run, home: str) -> None:
    ran = vidctl("tick", VIDCTL_HOME=home, DATABASE_URL="")
    assert_one_error(ran, ExitCode.CANNOT_WRITE, home)


def test_bytes_that_are_no_text_are_refused_wherever_they_are_typed(quick: Run, studio: Studio) -> None:
    draft, gate = str(studio.film(queue=False)), str(studio.film())
    studio.bring(UUID(gate), Status.ASSETS_READY)
    before = studio.db.execute("select id, version from tasks order by id").fetchall()
    for command in (
        ["add", "one", f"--title={NOT_UTF8}", "--topic=t"],
        ["status", "--channel", NOT_UTF8],
        ["review", "reject", gate, f"--notes={NOT_UTF8}"],
        ["review", "approve", gate, f"--reviewer={NOT_UTF8}"],
    ):
        assert_one_error(quick(*command), ExitCode.BAD_DATA)
    assert_one_error(quick("status", NOT_UTF8), ExitCode.BAD_DATA)
    assert_one_error(quick("add", NOT_UTF8, "--title=t", "--topic=t"), ExitCode.NO_INPUT)
    assert studio.db.execute("select id, version from tasks order by id").fetchall() == before
    assert draft in str(before)


def test_a_nul_is_refused_by_name_and_nothing_of_its_file_is_added(quick: Run, place: Place, db: Any) -> None:
    (place.root / "films.csv").write_bytes(b"channel_id,title,topic\none,fine,fine\none,a\0b,t\n")
    ran = quick("import", "films.csv")
    assert (ran.status, "U+0000" in ran.err or "NUL" in ran.err) == (ExitCode.BAD_DATA, True), ran
    assert db.execute("select count(*) from tasks").fetchone() == (0,)


@pytest.mark.parametrize("words", NASTY.values(), ids=NASTY)
def test_any_words_go_through_a_whole_film_unchanged(quick: Run, studio: Studio, place: Place, words: str) -> None:
    """The storyboard is written and the film published by the real scripts; what lies between takes no time."""
    own = {name: str(studio.scripts / name) for name in SCRIPTS if name not in {"generate_story.py", "upload_video.py"}}
    studio.channel(scenes=1, mode="preview", scripts=own, channel_name="x")
    fields = json.loads((place.configs / "one.yaml").read_text())
    (place.configs / "one.yaml").write_text(
        json.dumps({**fields, "channel_name": words, "style": words}, ensure_ascii=False), "utf-8"
    )
    studio.load()
    typed = [f"--title={words}", f"--topic={words}", f"--story-direction={words}", "--queue", "--json"]
    task_id = UUID(quick("add", "one", *typed).json["id"])
    to_the_gate(studio, task_id)
    rejected = quick("review", "reject", str(task_id), f"--notes=image 1: {words}", f"--reviewer={words}")
    assert rejected.status == 0, rejected
    assert quick("retry", str(task_id)).status == 0
    to_the_gate(studio, task_id)
    while studio.task(task_id).status is not Status.PUBLISHED:
        approved = quick("review", "approve", str(task_id), f"--notes={words}", f"--reviewer={words}")
        assert approved.status == 0, approved
        to_the_gate(studio, task_id)
    assert_kept(studio, task_id, words)
    assert not list(place.root.rglob("owned"))


def to_the_gate(studio: Studio, task_id: UUID) -> None:
    while (task := studio.task(task_id)).status not in {*GATES, Status.PUBLISHED}:
        assert (task.next_attempt_at, task.status.endswith("Error")) == (None, False), task.error_log
        studio.step(task_id)


def assert_kept(studio: Studio, task_id: UUID, words: str) -> None:
    task = studio.task(task_id)
    assert (task.title, task.topic, task.story_direction) == (words, words.strip(), words)
    assert task.youtube_url is not None
    film = Path(unquote(urlsplit(task.youtube_url).path))
    assert film.parent.name == "published"
    assert film.is_file()
    receipt = json.loads(studio.folder(task_id).path("receipt.json").read_text())
    assert receipt["title"] == one_line(words), "as YouTube would take it"
    rows = studio.db.execute("select distinct reviewer_id from review_audit where notes like %s", ("%",)).fetchall()
    assert rows == [(words,)]
    asked = [entry["options"].get("note") for entry in studio.ledger(script="generate_asset.py")]
    assert asked[0] is None
    said = "; ".join(filter(None, (part.strip() for part in re.split(r"[\n;]", words))))
    assert asked[1:] == [said or None]


@pytest.mark.parametrize(
    "title", ["🧂" * 200, "." * 100, *map(long, ("e\u0301" * 100, "日本語" * 66, "-" * 200, "a" * 200))]
)
def test_the_longest_title_of_any_characters_is_published_under_a_name_that_every_disk_takes(
    studio: Studio, title: str
) -> None:
    own = {name: str(studio.scripts / name) for name in SCRIPTS if name != "upload_video.py"}
    studio.channel(scenes=1, mode="preview", scripts=own)
    task_id = studio.film(title=title)
    task = studio.bring(task_id, Status.PUBLISHED)
    assert task.youtube_url is not None
    film = Path(unquote(urlsplit(task.youtube_url).path))
    assert film.is_file()
    assert len(film.name.encode()) <= 255
    assert film.name.isascii()
    assert not film.name.startswith((".", "-"))
    receipt = json.loads(studio.folder(task_id).path("receipt.json").read_text())
    assert utf16_units(receipt["title"]) <= 100
    said = unicodedata.normalize("NFC", receipt["title"]).removesuffix("…")
    assert unicodedata.normalize("NFC", title).startswith(said)
