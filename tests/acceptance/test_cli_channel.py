"""`vidctl channel`: files are made, checked and listed; a broken one stops no other."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from vidctl.engine.setup import channel_file

Run = Callable[..., Any]


def test_channels_are_listed_with_what_they_have_to_do(quick: Run) -> None:
    quick("add", "one", "--title", "t", "--topic", "t", "--queue")
    assert quick("channel", "list", "--json").json == {
        "channels": [
            {
                "channel_id": "one",
                "channel_name": "Channel one",
                "board": "local",
                "mode": "preview",
                "is_active": True,
                "waiting": 1,
                "running": 0,
                "capacity": 3,
            }
        ],
        "problems": [],
    }
    lines = quick("channel", "list").out.splitlines()
    assert lines == [
        "id\tname\tboard\tmode\tactive\twaiting\trunning\tcapacity",
        "one\tChannel one\tlocal\tpreview\tyes\t1\t0\t3",
    ]


def test_a_broken_file_is_reported_beside_the_list(quick: Run, place: Any) -> None:
    (place.configs / "broken.yaml").write_text("channel_id: broken\nchannel_name: 5\nboard: local\n")
    ran = quick("channel", "list")
    assert (ran.status, "one\t" in ran.out) == (0, True)
    assert f"error: {place.configs}/broken.yaml:2: Expected `str`, got `int` - at `$.channel_name`" in ran.err
    assert quick("channel", "list", "--json").json["problems"][0]["line"] == 2


def test_check_names_each_problem_with_its_line_and_ends_with_78(quick: Run, place: Any) -> None:
    broken = place.configs / "broken.yaml"
    broken.write_text("channel_id: broken\nchannel_name: B\nboard: local\ncolour: red\n")
    ran = quick("channel", "check")
    assert ran.status == 78
    assert f"error: {broken}:4: Object contains unknown field `colour`\nhint: " in ran.err
    assert "one.yaml" in ran.err  # warned about, not broken
    assert quick("channel", "check", str(place.configs / "one.yaml")).status == 0
    assert quick("channel", "check", str(broken), "--json").json["problems"][0]["line"] == 4
    assert quick("channel", "check", "no/such.yaml").status == 78


def test_check_warns_about_choices_left_open(quick: Run, place: Any) -> None:
    ran = quick("channel", "check")
    assert ran.status == 0
    assert "voice_id is missing: the voice 'default' is used" in ran.err
    assert "default_privacy is missing: private is used" in ran.err
    path = place.configs / "one.yaml"
    path.write_text(path.read_text() + "voice_id: ana\ndefault_privacy: unlisted\n")
    assert quick("channel", "check").err == ""
    path.write_text(path.read_text() + "storage_strategy: notion\n")
    warned = quick("channel", "check")
    assert warned.status == 0
    assert (
        f"warning: {path}: storage_strategy: notion has no effect: the board of this channel is local\n" in warned.err
    )


def test_a_missing_folder_is_an_error_with_the_setting_to_correct(vidctl: Run) -> None:
    for command in (["channel", "list"], ["channel", "check"], ["tick"]):
        ran = vidctl(*command, VIDCTL_CHANNEL_CONFIGS="/no/such/folder")
        assert (ran.status, "/no/such/folder" in ran.err, "VIDCTL_CHANNEL_CONFIGS" in ran.err) == (78, True, True)


def test_a_missing_folder_does_not_retire_the_channels(vidctl: Run, db: Any) -> None:
    vidctl("tick")
    vidctl("tick", VIDCTL_CHANNEL_CONFIGS="/no/such/folder")
    assert db.execute("select channel_id from channels where is_active").fetchall() == [("one",)]


def test_the_schema_is_json(quick: Run) -> None:
    assert "channel_id" in json.dumps(quick("channel", "schema").json)


def test_a_new_channel_is_whole_and_takes_films(quick: Run, place: Any) -> None:
    ran = quick("channel", "add", "salt", "--name", 'Salt: "white" #1 😀')
    assert (ran.status, str(place.configs / "salt.yaml") in ran.out) == (0, True)
    listed = {channel["channel_id"]: channel for channel in quick("channel", "list", "--json").json["channels"]}
    assert listed["salt"]["channel_name"] == 'Salt: "white" #1 😀'
    assert listed["salt"]["board"] == "local"
    assert quick("add", "salt", "--title", "t", "--topic", "t").status == 0


def test_every_comment_of_a_new_file_becomes_a_setting_by_being_taken_out(quick: Run, place: Any) -> None:
    quick("channel", "add", "salt", "--name", "Salt")
    path = place.configs / "salt.yaml"
    for name in ("intro.mp4", "outro.mp4", "my_voice.py"):
        (place.configs / name).touch()
    head, *sections = path.read_text().split("\n\n")
    lines = [line for line in "\n".join(sections).splitlines() if line.strip()]
    path.write_text("\n".join(line.removeprefix("# ") for line in lines))
    ran = quick("channel", "check", str(path))
    assert (ran.status, ran.err) == (0, "")
    assert head.startswith("# One YouTube channel")


def test_a_notion_channel_is_added_with_its_database(quick: Run) -> None:
    options = (
        "--notion-database-id",
        "59833787-2cf9-4fdf-8782-e53db20768a5",
        "--voice-id",
        "v",
        "--privacy",
        "unlisted",
        "--mode",
        "production",
    )
    ran = quick("channel", "add", "salt", "--name", "Salt", *options, "--json")
    assert (ran.status, ran.json["board"]) == (0, "notion")
    assert "salt.yaml" not in quick("channel", "check").err


@pytest.mark.parametrize(
    ("options", "says", "does_not_say"),
    [
        (["--board", "local"], ["vidctl add salt"], ["notion"]),
        ([], ["vidctl add salt", "vidctl notion setup --parent PAGE --channel salt"], []),
        (
            ["--notion-database-id", "59833787-2cf9-4fdf-8782-e53db20768a5"],
            ["vidctl notion setup --channel salt"],
            ["vidctl add", "--parent"],
        ),
    ],
)
def test_a_new_channel_is_told_its_next_step(
    quick: Run, options: list[str], says: list[str], does_not_say: list[str]
) -> None:
    out = quick("channel", "add", "salt", "--name", "Salt", *options).out
    assert all(command in out for command in says), out
    assert not any(command in out for command in does_not_say), out


def test_what_a_file_says_beside_its_board_is_true_of_both(quick: Run, place: Any) -> None:
    quick("channel", "add", "salt", "--name", "Salt")
    path = place.configs / "salt.yaml"
    (before,) = (line for line in path.read_text().splitlines() if line.startswith("board: "))
    channel_file.write(path, {"board": "notion"})
    (after,) = (line for line in path.read_text().splitlines() if line.startswith("board: "))
    assert (before.split()[1], after.split()[1]) == ("local", "notion")
    assert "or notion" not in after
    assert all(f"{board}: " in after.partition("#")[2] for board in ("local", "notion"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["../salt", "--name", "S"],
        ["/salt", "--name", "S"],
        ["", "--name", "S"],
        [".salt", "--name", "S"],
        ["salt\n", "--name", "S"],
        ["s" * 65, "--name", "S"],
        ["one", "--name", "S"],
        ["salt", "--name", ""],
        ["salt", "--name", "a\x1bb"],
        ["salt", "--name", "S", "--board", "paper"],
        ["salt", "--name", "S", "--board", "notion"],
        ["salt", "--name", "S", "--board", "local", "--notion-database-id", "x"],
        ["salt", "--name", "S", "--priority", "urgent"],
        ["salt", "--name", "S", "--privacy", "none"],
    ],
)
def test_a_channel_that_cannot_be_is_not_written(quick: Run, place: Any, arguments: list[str]) -> None:
    before = {path: path.read_bytes() for path in place.root.rglob("*.yaml")}
    ran = quick("channel", "add", *arguments)
    assert (ran.status, ran.err.count("error: "), ran.err.count("hint: ")) == (65, 1, 1)
    assert {path: path.read_bytes() for path in place.root.rglob("*.yaml")} == before
