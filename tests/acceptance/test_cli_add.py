"""`vidctl add` and `vidctl import`: new films, exactly as written, or none."""

import contextlib
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from psycopg import Connection

NASTY = 'it\'s "quoted"; $(rm -rf /) `id` | & > < % \\n 😀 אב\nsecond line\t{x} --title'
Run = Callable[..., Any]


def rows(db: Connection[Any], columns: str = "title, topic, story_direction") -> list[Any]:
    return db.execute(f"select {columns} from tasks order by created_at").fetchall()


def test_a_film_is_added_exactly_as_it_is_written(vidctl: Run, db: Connection[Any]) -> None:
    ran = vidctl("add", "one", "--title", NASTY, "--topic", NASTY, "--story-direction", NASTY, "--json")
    assert (ran.status, ran.json["status"], ran.json["title"]) == (0, "Draft", NASTY)
    assert rows(db) == [(NASTY, NASTY, NASTY)]


def test_a_queued_film_is_queued_by_the_one_who_added_it(quick: Run, db: Connection[Any]) -> None:
    ran = quick("add", "one", "--title", "t", "--topic", "t", "--queue", "--priority", "low", "--privacy", "unlisted")
    assert ran.status == 0
    assert rows(db, "status, priority, privacy") == [("Queued", "low", "unlisted")]
    assert db.execute("select actor, event from task_events").fetchall() == [("ana", "queue")]


def test_a_film_without_a_card_can_say_when_it_becomes_public(quick: Run, db: Connection[Any]) -> None:
    about = ("--title", "t", "--topic", "t", "--publish-at", "2099-01-01T18:00+01:00")
    assert quick("add", "one", *about).out.endswith(". It becomes public at 2099-01-01 17:00:00 UTC.\n")
    db.execute("delete from tasks")
    ran = quick("add", "one", *about, "--json")
    assert rows(db, "publish_at") == [(datetime(2099, 1, 1, 17, tzinfo=UTC),)]
    assert "public at  2099-01-01 17:00:00 UTC" in quick("status", ran.json["id"]).out
    assert quick("status", ran.json["id"], "--json").json["tasks"][0]["publish_at"] == ran.json["publish_at"]


def test_a_film_gets_its_channels_priority(quick: Run, place: Any, db: Connection[Any]) -> None:
    path = place.channel("two")
    path.write_text(path.read_text() + "priority: high\n")
    assert quick("add", "two", "--title", "t", "--topic", "t").status == 0
    assert rows(db, "priority") == [("high",)]


def test_fifty_thousand_characters_of_story_direction_come_from_a_file(quick: Run, place: Any, db: Any) -> None:
    story = "🧂" * 49_999 + "\n"
    (place.root / "story.txt").write_bytes(b"\xef\xbb\xbf" + story.encode())
    assert quick("add", "one", "--title", "t", "--topic", "t", "--story-direction-file", "story.txt").status == 0
    assert rows(db, "story_direction") == [(story,)]


def test_the_longest_story_and_every_odd_character_get_through_the_first_step(quick: Run, place: Any, db: Any) -> None:
    (place.root / "story.txt").write_text("🧂" * 50_000)
    options = ("--title", NASTY, "--topic", NASTY, "--story-direction-file", "story.txt", "--queue", "--json")
    task_id = quick("add", "one", *options).json["id"]
    assert quick("run-step", task_id).status == 0
    assert rows(db, "status, error_log") == [("Generating Assets", "")]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["nope", "--title", "t", "--topic", "t"], 66, "there is no channel 'nope'"),
        (["../one", "--title", "t", "--topic", "t"], 66, "there is no channel '../one'"),
        (["notion", "--title", "t", "--topic", "t"], 65, "board of channel 'notion' is Notion"),
        (["broken", "--title", "t", "--topic", "t"], 78, "broken.yaml:3: no YAML"),
        (["one", "--title", "", "--topic", "t"], 65, "the title is empty"),
        (["one", "--title", "t", "--topic", " \n"], 65, "the topic is empty"),
        (["one", "--title", "t" * 201, "--topic", "t"], 65, "the title has 201 characters"),
        (["one", "--title", "t", "--topic", "t", "--story-direction", "s" * 50_001], 65, "has 50,001 characters"),
        (["one", "--title", "t", "--topic", "t", "--priority", "urgent"], 65, "priority 'urgent' is none of"),
        (["one", "--title", "t", "--topic", "t", "--privacy", "x"], 65, "privacy 'x' is none of"),
        (["one", "--title", "t", "--topic", "t", "--story-direction-file", "no.txt"], 66, "there is no file no.txt"),
        (["one", "--title", "t", "--topic", "t", "--story-direction-file", "bytes"], 65, "bytes:1: it is not UTF-8"),
        (["one", "--title", "t", "--topic", "t", "--story-direction-file", "nul"], 65, "is no text: character 2"),
        (["one", "--title", "t", "--topic", "t", "--publish-at", "soon"], 65, "'soon' is no date that can be"),
        (["one", "--title", "t", "--topic", "t", "--publish-at", "2020-02-01"], 65, "2020-02-01 00:00 UTC is over"),
        (["one", "--title", "t"], 65, "--topic must be given"),
        (["one", "--title", "t", "--topic", "t", "--story-direction", "s", "--story-direction-file", "f"], 65, "two"),
    ],
)
def test_bad_input_is_one_error_and_nothing_is_added(
    quick: Run, place: Any, db: Connection[Any], arguments: list[str], status: int, words: str
) -> None:
    (place.configs / "notion.yaml").write_text(
        "channel_id: notion\nchannel_name: N\nnotion_database_id: 59833787-2cf9-4fdf-8782-e53db20768a5\n"
    )
    (place.configs / "broken.yaml").write_text("channel_id: broken\nstory: [\n")
    (place.root / "bytes").write_bytes(b"\xff\xfe")
    (place.root / "nul").write_bytes(b"a\0b")
    ran = quick("add", *arguments)
    assert ran.status == status
    assert words in ran.err
    assert [line.split(":")[0] for line in ran.err.splitlines()] == ["error", "hint"]
    assert ran.out == ""
    assert rows(db) == []


@pytest.fixture
def at_a_terminal(place: Any) -> Callable[..., tuple[int, str]]:
    """Run the command on a terminal of its own, with a shell script as editor and keys typed ahead."""

    def run(*arguments: str, editor: str, keys: str = "") -> tuple[int, str]:
        (place.root / "editor").write_text(f"#!/bin/sh\n{editor}\n")
        (place.root / "editor").chmod(0o755)
        ours, theirs = pty.openpty()
        environment = {"EDITOR": str(place.root / "editor"), **place.environment}
        command = [sys.executable, "-m", "vidctl", *arguments]
        with subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=place.root, env=environment, start_new_session=True
        ) as process:
            os.close(theirs)
            os.write(ours, keys.encode())
            said = b""
            with contextlib.suppress(OSError):  # Linux ends the reading of a terminal so when nobody has it open
                while part := os.read(ours, 4096):
                    said += part
        os.close(ours)
        return process.returncode, said.decode()

    return run


FILL_IN = r"""sed -i -e 's/^Title: .*/Title: A: "b" 😀/' -e 's/^Topic: .*/Topic: one\ntwo/' "$1"
printf '# no comment\nTitle: kept\n' >> "$1" """


def test_a_film_without_a_title_is_written_in_the_editor(at_a_terminal: Run, place: Any, db: Connection[Any]) -> None:
    status, said = at_a_terminal("add", "one", editor=FILL_IN)
    assert (status, "is Draft" in said) == (0, True)
    assert rows(db) == [('A: "b" 😀', "one\ntwo", "# no comment\nTitle: kept")]
    assert list((place.home / "drafts").iterdir()) == []


def test_what_is_known_stands_in_the_form_already(at_a_terminal: Run, db: Connection[Any]) -> None:
    arguments = (
        "add",
        "one",
        "--edit",
        "--title",
        "T",
        "--topic",
        "P",
        "--story-direction",
        "S\ns",
        "--priority",
        "low",
        "--publish-at",
        "2099-01-01T18:00:05",
    )
    assert at_a_terminal(*arguments, editor="true")[0] == 0
    at = datetime(2099, 1, 1, 18, 0, 5, tzinfo=UTC)
    assert rows(db, "title, topic, story_direction, priority, publish_at") == [("T", "P", "S\ns", "low", at)]


def test_what_cannot_be_used_can_be_corrected(at_a_terminal: Run, db: Connection[Any]) -> None:
    editor = "if grep -q '^Title: mine' \"$1\"; then sed -i 's/^Topic: .*/Topic: now/' \"$1\"; fi\n"
    editor += "sed -i 's/^Title: .*/Title: mine/' \"$1\""
    status, said = at_a_terminal("add", "one", editor=editor, keys="y\n")
    assert (status, "the topic is empty. Edit it again?" in said) == (0, True)
    assert rows(db, "title, topic") == [("mine", "now")]


def test_what_was_written_is_kept_where_it_cannot_be_used(at_a_terminal: Run, place: Any, db: Any) -> None:
    status, said = at_a_terminal("add", "one", editor="sed -i 's/^Title: .*/Title: mine/' \"$1\"", keys="n\n")
    (kept,) = (place.home / "drafts").iterdir()
    assert (status, "Title: mine" in kept.read_text()) == (65, True)
    assert kept.name in said
    assert rows(db) == []


def test_leaving_the_form_empty_adds_nothing(at_a_terminal: Run, db: Connection[Any]) -> None:
    status, _ = at_a_terminal("add", "one", editor="true")
    assert (status, rows(db)) == (130, [])


HEADER = "channel_id,title,topic,story_direction,priority,status\n"
FILES = {
    "plain.csv": HEADER + 'one,First,t,"a\n""b""",high,Queued\none,Second,t,,,\n',
    "excel.csv": "\ufeff"
    + (HEADER + 'one,First,t,"a\n""b""",high,Queued\none,Second,t,,,draft\n').replace(",", ";").replace("\n", "\r\n"),
    "few.csv": "title,channel_id,topic,priority,status,story_direction\n\n"
    'First,one,t,HIGH,queued,"a\n""b"""\nSecond,one,t,,,\n',
    "list.yaml": '- channel_id: one\n  title: First\n  topic: t\n  story_direction: |-\n    a\n    "b"\n'
    "  priority: high\n  status: Queued\n- {channel_id: one, title: Second, topic: t, status: }\n",
}


@pytest.mark.parametrize("name", FILES)
def test_every_form_of_a_list_of_films_is_read(quick: Run, place: Any, db: Connection[Any], name: str) -> None:
    (place.root / name).write_bytes(FILES[name].encode())
    ran = quick("import", name, "--json")
    assert (ran.status, ran.json["added"], ran.json["statuses"]) == (0, 2, {"Queued": 1, "Draft": 1})
    assert rows(db, "title, story_direction, priority, status") == [
        ("First", 'a\n"b"', "high", "Queued"),
        ("Second", "", "normal", "Draft"),
    ]
    assert [str(row[0]) for row in rows(db, "id")] == ran.json["ids"]


def test_a_title_that_looks_like_a_number_is_a_text(quick: Run, place: Any, db: Connection[Any]) -> None:
    (place.root / "list.yaml").write_text("- {channel_id: one, title: 1984, topic: yes}\n")
    assert quick("import", "list.yaml").status == 0
    assert rows(db, "title, topic") == [("1984", "yes")]


BAD = HEADER + (
    'one,Good,t,,,\none,,"two\nlines",,urgent,Published\nnope,t,t,,,\none,short\n../one,t,t,,,\none,t,,,,Queued\n'
)


def test_every_bad_row_is_reported_with_its_line_and_nothing_is_added(quick: Run, place: Any, db: Any) -> None:
    (place.root / "bad.csv").write_text(BAD)
    ran = quick("import", "bad.csv")
    assert ran.status == 65
    lines = [line.split(":")[1] for line in ran.err.splitlines() if line.startswith("bad.csv:")]
    assert lines == ["3", "3", "3", "5", "6", "7", "8"]
    assert "error: 5 rows of bad.csv cannot be imported, so nothing was\nhint: " in ran.err
    assert rows(db) == []


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", "channel_id,title,topik\n", "a.csv:1: unknown column 'topik'"),
        ("a.csv", "channel_id,title\n", "a.csv:1: there is no column topic"),
        ("a.csv", "channel_id,title,topic,title\n", "a.csv:1: a column is there twice"),
        ("a.csv", "", "there is nothing in it"),
        ("a.csv", HEADER + 'one,t,t,,,\none,"t,t\none,t,t\n', "a.csv:3: no CSV"),
        ("a.yaml", "channel_id: one\n", "a.yaml:1: it must be a list"),
        ("a.yaml", "- *x\n", "a.yaml:1: *aliases"),
        ("a.yaml", "- a: [\n", "no YAML"),
        ("a.yaml", "- " * 40_000, "nested deeper"),
        ("a.xlsx", "PK", "neither CSV nor YAML"),
    ],
)
def test_a_file_that_is_no_list_of_films_is_refused(quick: Run, place: Any, name: str, text: str, words: str) -> None:
    (place.root / name).write_text(text)
    ran = quick("import", name)
    assert (ran.status, words in ran.err) == (65, True)


@pytest.mark.parametrize("item", ["- 5", "- {channel_id: one, title: t, topic: t, colour: red}", "- {title: [a]}"])
def test_a_bad_item_of_a_yaml_list_has_its_line(quick: Run, place: Any, item: str) -> None:
    (place.root / "a.yaml").write_text(f"- {{channel_id: one, title: t, topic: t}}\n{item}\n")
    ran = quick("import", "a.yaml")
    assert (ran.status, ran.err.startswith("a.yaml:2: ")) == (65, True)


def test_a_dry_run_adds_nothing(quick: Run, place: Any, db: Connection[Any]) -> None:
    (place.root / "plain.csv").write_text(FILES["plain.csv"])
    ran = quick("import", "plain.csv", "--dry-run")
    assert (ran.status, ran.out) == (0, "2 films would be added: 1 Draft and 1 Queued.\n")
    assert rows(db) == []


def test_ten_thousand_films_are_imported_in_seconds_and_keep_their_order(quick: Run, place: Any, db: Any) -> None:
    lines = [f"one,Film {number},topic,story,,{'Queued' if number % 2 else ''}\n" for number in range(10_000)]
    (place.root / "many.csv").write_text(HEADER + "".join(lines))
    began = time.process_time()
    assert quick("import", "many.csv").status == 0
    assert time.process_time() - began < 5
    queued = db.execute("select title from tasks where status = 'Queued' order by queued_at").fetchall()
    assert [row[0] for row in queued] == [f"Film {number}" for number in range(1, 10_000, 2)]
