"""`vidctl notion`: a database is made once, completed, never cut; and a check says what is wrong and how to cure it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.notion import FREE_UPLOAD_BYTES, Board, FakeNotion
from tests.place import Place, Ran
from vidctl.board import client
from vidctl.board.fields import PROPERTIES, STATUS_OPTIONS
from vidctl.engine import channel_files
from vidctl.engine.setup import database, tabs
from vidctl.store import Db

Run = Callable[..., Ran]

EVERY_TURN_IS_NOW = """
    create function now_it_is() returns trigger language plpgsql as
        'begin new.free_at := clock_timestamp(); return new; end';
    create trigger now_it_is before insert or update on pace for each row execute function now_it_is()
"""
ON_NOTION = "# {channel_id}\nchannel_id: {channel_id}\nchannel_name: Channel {channel_id}  # as people call it\n"
VIEWS = ["Kanban", "Default view", "Needs Review", "Errors", "Published", "Channel one"]
MISSING = {"Topic": "rich_text", "Cost": "number"}


@pytest.fixture
def notion(place: Place) -> Iterator[FakeNotion]:
    with FakeNotion() as fake:
        place.environment.update(NOTION_TOKEN=fake.token, NOTION_BASE_URL=fake.url)
        place.channel(text=ON_NOTION)
        yield fake


@pytest.fixture
def parent(notion: FakeNotion) -> str:
    return notion.parent_page()


@pytest.fixture
def run(notion: FakeNotion, quick: Run, db: Db, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `vidctl notion …` in this process, without the waits."""
    db.execute(EVERY_TURN_IS_NOW)
    # How long to wait for Notion is nobody's to set, and with all the waits these tests take two minutes longer.
    monkeypatch.setattr(client, "WAITS_S", (0.01,) * 3)
    for module in (database, tabs):
        monkeypatch.setattr(module, "LOOK_AGAIN_S", (0.02,) * 3)
    return lambda *arguments: quick("notion", *arguments)


@pytest.fixture
def board(run: Run, notion: FakeNotion, parent: str) -> Board:
    """A database that was set up for the channel `one`."""
    made = run("setup", "--parent", parent, "--json").json
    notion.clear_requests()
    return board_of(notion, made["database_id"])


def board_of(notion: FakeNotion, id_: str) -> Board:
    return Board(id_, notion.world.nodes[id_].data_sources[0])  # type: ignore[attr-defined]


def databases(notion: FakeNotion, page: str) -> list[str]:
    return list(notion.world.nodes[page].children)  # type: ignore[attr-defined]


def writes(notion: FakeNotion) -> list[str]:
    return [f"{one.method} {one.path}" for one in notion.requests if one.saved]


def names(notion: FakeNotion, board: Board) -> list[str]:
    return [view["name"] for view in notion.views(board)]


def options(notion: FakeNotion, board: Board, name: str) -> list[tuple[str, str]]:
    column = notion.schema(board)[name]
    return [(option["name"], option["color"]) for option in column[column["type"]]["options"]]


def two_lines(ran: Ran, status: int) -> None:
    assert (ran.status, ran.err.count("error: "), ran.err.count("hint: ")) == (status, 1, 1), ran.err
    assert "Traceback" not in ran.err


def named_in(path: Path) -> str | None:
    return channel_files.check_files([path]).channels[0].notion_database_id


# ---- set-up: what is made ----


def test_set_up_makes_every_property_option_and_view_and_names_the_database_in_the_file(
    run: Run, notion: FakeNotion, parent: str, place: Place
) -> None:
    place.channel(text=ON_NOTION + "color: purple\n")
    ran = run("setup", "--parent", f"https://www.notion.so/Studio-{parent.replace('-', '')}?pvs=4")
    assert (ran.status, ran.err) == (0, "")
    (id_,) = databases(notion, parent)
    board = board_of(notion, id_)
    schema = notion.schema(board)
    assert {name: one["type"] for name, one in schema.items()} == {one.name: one.type for one in PROPERTIES.values()}
    assert options(notion, board, "Status") == STATUS_OPTIONS
    assert options(notion, board, "Channel") == [("Channel one", "purple")]
    assert schema["Cost"]["number"] == {"format": "dollar"}
    assert names(notion, board) == VIEWS
    path = place.configs / "one.yaml"
    assert named_in(path) == id_
    assert f"Wrote its id into {path}." in ran.out
    assert "vidctl tick" in ran.out
    assert f"https://www.notion.so/{id_.replace('-', '')}" in ran.out


def test_the_views_show_what_their_names_say(notion: FakeNotion, board: Board) -> None:
    views = {view["name"]: view for view in notion.views(board)}
    status = notion.schema(board)["Status"]["id"]
    assert views["Kanban"]["configuration"]["group_by"]["property_id"] == status
    assert views["Kanban"]["filter"] is None
    *gates, asking = views["Needs Review"]["filter"]["or"]
    assert [one["select"]["equals"] for one in gates] == ["Assets Ready", "Video Ready", "Audio Ready", "Final Review"]
    assert asking["and"][0]["select"]["equals"] == "Composites Ready"
    said = [one["select"]["equals"] for one in views["Errors"]["filter"]["or"]]
    assert said == ["Asset Error", "Video Error", "Audio Error", "Upload Error"]
    assert views["Published"]["filter"] == {"property": status, "select": {"equals": "Published"}}
    assert views["Channel one"]["type"] == "board"
    assert views["Channel one"]["filter"]["select"] == {"equals": "Channel one"}


def test_the_second_run_changes_nothing_and_says_so(run: Run, notion: FakeNotion, board: Board, parent: str) -> None:
    for arguments in ([], ["--parent", parent], ["--database", board.id]):
        ran = run("setup", *arguments)
        assert (ran.status, ran.err) == (0, "")
        assert "nothing to change" in ran.out
    assert run("setup", "--json").json["changed"] is False
    assert writes(notion) == []
    assert {one.method for one in notion.requests} == {"GET"}


def test_channels_share_a_database_and_one_that_joins_later_gets_its_option_and_its_view(
    run: Run, notion: FakeNotion, parent: str, place: Place
) -> None:
    place.channel("two", ON_NOTION)
    id_ = run("setup", "--parent", parent, "--json").json["database_id"]
    place.channel("three", ON_NOTION + "color: red\n")
    ran = run("setup", "--channel", "three", "--database", id_, "--json")
    assert ran.json["options"] == {"Channel": ["Channel three"]}
    assert ran.json["views"] == ["Channel three"]
    board = board_of(notion, id_)
    assert [name for name, _ in options(notion, board, "Channel")] == ["Channel one", "Channel two", "Channel three"]
    assert {named_in(place.configs / f"{name}.yaml") for name in ("one", "two", "three")} == {id_}
    assert run("setup", "--json").json["changed"] is False


def test_a_local_channel_that_is_named_moves_to_notion(run: Run, parent: str, place: Place) -> None:
    path = place.channel("two")
    before = path.read_text()
    id_ = run("setup", "--parent", parent, "--channel", "two", "--json").json["database_id"]
    assert path.read_text() == before.replace("board: local\n", f'board: notion\nnotion_database_id: "{id_}"\n')


def test_a_local_channel_that_names_its_database_already_only_has_to_be_told_so(
    run: Run, board: Board, place: Place
) -> None:
    path = place.configs / "one.yaml"
    path.write_text(path.read_text() + "board: local\n")
    assert run("setup", "--channel", "one", "--json").json["files"] == [str(path)]
    assert (named_in(path), "board: notion\n" in path.read_text()) == (board.id, True)


def test_an_existing_database_gets_what_it_lacks_and_loses_nothing(
    run: Run, notion: FakeNotion, parent: str, place: Place
) -> None:
    theirs = {
        "Name": {"title": {}},
        "Status": {"select": {"options": [{"name": "Published", "color": "pink"}, {"name": "Idea"}]}},
        "Mood": {"rich_text": {}},
    }
    board = notion.database(parent, theirs)
    before = notion.schema(board)
    ran = run("setup", "--database", board.id.replace("-", ""), "--json")
    assert ran.status == 0, ran.err
    schema = notion.schema(board)
    assert schema["Mood"] == before["Mood"]
    assert schema["Name"] == before["Name"]
    assert "Title" not in schema
    kept = [one for one in schema["Status"]["select"]["options"] if one["name"] in {"Published", "Idea"}]
    assert kept == before["Status"]["select"]["options"]
    said = [name for name, _ in options(notion, board, "Status") if name != "Idea"]
    assert said.index("Draft") < said.index("Queued") < said.index("Published") < said.index("Upload Error")
    assert len(said) == 26
    assert "Default view" in names(notion, board)
    assert named_in(place.configs / "one.yaml") == board.id


def test_a_property_and_an_option_that_people_renamed_are_not_made_again(
    run: Run, notion: FakeNotion, board: Board
) -> None:
    notion.rename_property(board, "Topic", "Subject")
    notion.rename_property(board, "Status Since", "Since")
    notion.rename_option(board, "Status", "Queued", "Go!")
    notion.rename_option(board, "Channel", "Channel one", "Uno")
    notion.remove_property(board, "Time in Status")
    ran = run("setup", "--json")
    assert (ran.json["properties"], ran.json["options"], ran.json["views"]) == (["Time in Status"], {}, [])
    assert 'prop("Since")' in notion.schema(board)["Time in Status"]["formula"]["expression"]


def test_notions_own_kind_of_status_gets_the_options_too(run: Run, notion: FakeNotion, parent: str) -> None:
    board = notion.database(parent, {"Title": {"title": {}}, "Status": {"status": {}}})
    assert run("setup", "--database", board.id).status == 0
    assert {"Not started", "Draft", "Final Review"} <= {name for name, _ in options(notion, board, "Status")}
    kanban = next(view for view in notion.views(board) if view["name"] == "Kanban")
    assert kanban["configuration"]["group_by"]["type"] == "status"


def test_a_property_of_another_type_is_left_alone_and_reported(run: Run, notion: FakeNotion, parent: str) -> None:
    board = notion.database(parent, {"Title": {"title": {}}, "Topic": {"number": {}}})
    ran = run("setup", "--database", board.id)
    two_lines(ran, 78)
    assert "error: the property 'Topic' is of the type number, not rich_text" in ran.err
    assert notion.schema(board)["Topic"]["type"] == "number"
    assert "Kanban" in names(notion, board)


def test_a_formula_that_notion_does_not_take_costs_nothing_else(run: Run, notion: FakeNotion, parent: str) -> None:
    notion.fault("error", method="PATCH", path="/data_sources/")
    ran = run("setup", "--parent", parent)
    assert ran.status == 0
    assert "warning: Notion does not take the formula" in ran.err
    (id_,) = databases(notion, parent)
    assert names(notion, board_of(notion, id_)) == VIEWS


def test_a_dry_run_says_the_same_and_changes_nothing(run: Run, notion: FakeNotion, parent: str, place: Place) -> None:
    before = {path: path.read_bytes() for path in place.configs.iterdir()}
    would = run("setup", "--parent", parent, "--dry-run", "--json").json
    ran = run("setup", "--parent", parent, "--dry-run")
    assert "Would make the database 'vidctl films', with 18 properties." in ran.out
    assert (writes(notion), databases(notion, parent)) == ([], [])
    assert {path: path.read_bytes() for path in place.configs.iterdir()} == before
    did = run("setup", "--parent", parent, "--json").json
    differing = {"dry_run", "database_id", "url"}
    assert {key: would[key] for key in would.keys() - differing} == {key: did[key] for key in did.keys() - differing}


def test_a_dry_run_on_a_database_says_what_it_lacks(run: Run, notion: FakeNotion, board: Board) -> None:
    for name in MISSING:
        notion.remove_property(board, name)
    notion.remove_option(board, "Status", "Queued")
    would = run("setup", "--dry-run", "--json").json
    assert (would["properties"], would["options"], would["views"]) == (list(MISSING), {"Status": ["Queued"]}, [])
    assert writes(notion) == []


# ---- set-up: whatever happens, one database ----


@pytest.mark.parametrize("fault", ["503_saved", "drop_saved", "html_saved", "wrong_shape_saved", "500_saved"])
def test_an_answer_that_is_lost_makes_no_second_database_or_view(
    run: Run, notion: FakeNotion, parent: str, fault: str
) -> None:
    for path in ("/v1/databases$", "/v1/views$", "/data_sources/"):
        notion.fault(fault, method="POST|PATCH", path=path)
    ran = run("setup", "--parent", parent)
    assert ran.status == 0, ran.err
    (id_,) = databases(notion, parent)
    board = board_of(notion, id_)
    assert (len(notion.schema(board)), names(notion, board)) == (len(PROPERTIES), VIEWS)
    notion.clear_requests()
    assert "nothing to change" in run("setup").out


@pytest.mark.parametrize("fault", ["503", "drop", "502"])
def test_a_database_that_nobody_knows_of_is_only_made_by_the_next_run(
    run: Run, notion: FakeNotion, parent: str, place: Place, fault: str
) -> None:
    before = (place.configs / "one.yaml").read_bytes()
    notion.fault(fault, method="POST", path="/v1/databases$")
    two_lines(run("setup", "--parent", parent), 75)
    assert notion.counts()["POST /v1/databases"] == 1
    assert (place.configs / "one.yaml").read_bytes() == before
    assert run("setup", "--parent", parent).status == 0
    assert len(databases(notion, parent)) == 1


@pytest.mark.parametrize("fault", ["503", "drop"])
@pytest.mark.parametrize(("times", "status"), [(1, 0), (2, 75)])
def test_a_view_that_was_not_made_is_made_after_a_look(
    run: Run, notion: FakeNotion, parent: str, fault: str, times: int, status: int
) -> None:
    notion.fault(fault, method="POST", path="/v1/views$", times=times, after=1)
    assert run("setup", "--parent", parent).status == status
    assert run("setup").status == 0
    (id_,) = databases(notion, parent)
    assert sorted(names(notion, board_of(notion, id_))) == sorted(VIEWS)


def test_a_set_up_that_was_killed_before_it_wrote_the_files_goes_on_with_its_database(
    notion: FakeNotion, parent: str, place: Place, run: Run
) -> None:
    rule = notion.fault("slow_saved", method="POST", path="/v1/databases$", delay_s=60)
    process = subprocess.Popen(
        [sys.executable, "-m", "vidctl", "notion", "setup", "--parent", parent],
        cwd=place.root,
        env=place.environment,
        stdout=subprocess.DEVNULL,
    )
    until = time.monotonic() + 30
    while not databases(notion, parent):
        assert time.monotonic() < until
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert rule.struck == 1
    assert channel_files.check_files([place.configs / "one.yaml"]).problems
    ran = run("setup", "--parent", parent, "--json")
    assert (ran.status, ran.json["made"]) == (0, False)
    assert databases(notion, parent) == [ran.json["database_id"]]


@pytest.mark.parametrize("step", ["/data_sources/", "/v1/views"])
def test_a_set_up_that_broke_off_goes_on_where_it_was(run: Run, notion: FakeNotion, parent: str, step: str) -> None:
    broken = notion.fault("503", path=step, times=None)
    assert run("setup", "--parent", parent).status == 75
    assert broken.struck > 0
    notion.clear_faults()
    assert run("setup", "--parent", parent).status == 0
    (id_,) = databases(notion, parent)
    assert sorted(names(notion, board_of(notion, id_))) == sorted(VIEWS)


def test_a_file_that_cannot_be_written_is_told_with_the_line_to_write(
    run: Run, notion: FakeNotion, parent: str, place: Place
) -> None:
    (place.root / "channel_configs" / f".one.yaml.{os.getpid()}.part").symlink_to("/dev/full")
    ran = run("setup", "--parent", parent)
    two_lines(ran, 73)
    (id_,) = databases(notion, parent)
    assert f'notion_database_id: "{id_}"' in ran.err


@pytest.mark.chaos
def test_another_set_up_at_the_same_time_waits_and_both_keep_the_pace(
    notion: FakeNotion, parent: str, place: Place
) -> None:
    notion.fault("slow_saved", path="/children", delay_s=2, times=None)  # both would see that nothing is there yet
    command = [sys.executable, "-m", "vidctl", "notion", "setup", "--parent", parent]
    both = [
        subprocess.Popen(command, cwd=place.root, env=place.environment, stdout=subprocess.DEVNULL) for _ in range(2)
    ]
    assert [process.wait(60) for process in both] == [0, 0]
    assert len(databases(notion, parent)) == 1
    assert notion.busiest_second() <= 3


@pytest.mark.parametrize("path", ["/v1/views/", "/v1/views$", "/v1/blocks/", "/v1/databases/", "/v1/data_sources/"])
def test_an_answer_of_another_shape_is_never_taken_for_something_missing(
    run: Run, notion: FakeNotion, board: Board, parent: str, path: str, place: Place
) -> None:
    place.channel(text=ON_NOTION)  # as if it had been killed before it named the database
    notion.fault("wrong_shape", method="GET", path=path, times=None)
    two_lines(run("setup", "--parent", parent), 75)
    assert writes(notion) == []
    assert databases(notion, parent) == [board.id]


# ---- set-up: what is refused ----


def test_a_channel_with_another_database_is_refused_and_nothing_is_made(
    run: Run, notion: FakeNotion, board: Board, place: Place, parent: str
) -> None:
    place.channel("two", ON_NOTION)
    other = notion.parent_page("Other")
    two_lines(run("setup", "--parent", other), 65)
    two_lines(run("setup", "--database", notion.database(other, {"T": {"title": {}}}).id), 65)
    two_lines(run("setup", "--parent", parent, "--channel", "two"), 65)
    assert writes(notion) == []
    assert run("setup", "--parent", parent, "--channel", "two", "--title", "Two", "--json").json["made"] is True
    two_lines(run("setup"), 65)
    assert run("setup", "--channel", "two").status == 0


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--parent", "nonsense"], 65),
        (["--database", "nonsense"], 65),
        (["--parent", "https://www.notion.so/Studio-0123"], 65),
        ([], 65),
        (["--parent", "0" * 32], 66),
        (["--database", "0" * 32], 66),
        (["--parent", "0" * 32, "--channel", "nobody"], 66),
        (["--parent", "0" * 32, "--channel", "broken"], 78),
        (["--parent", "0" * 32, "--title", " "], 65),
    ],
)
def test_what_cannot_be_is_two_lines(
    run: Run, notion: FakeNotion, place: Place, arguments: list[str], status: int
) -> None:
    if "broken" in arguments:
        place.channel("broken", "channel_id: broken\n")
    ran = run("setup", *arguments)
    assert (ran.status, ran.err.count("error: "), "Traceback" in ran.err) == (status, 1, False), ran.err
    assert writes(notion) == []


def test_a_page_that_is_not_shared_says_what_to_click(run: Run, notion: FakeNotion, board: Board, place: Place) -> None:
    place.channel("two", ON_NOTION)
    hidden = notion.parent_page("Hidden", shared=False)
    ran = run("setup", "--parent", hidden, "--channel", "two")
    two_lines(ran, 66)
    assert "Connections, and choose vidctl; or correct --parent" in ran.err
    ran = run("setup", "--parent", board.id, "--channel", "two")
    two_lines(ran, 65)
    assert "is a database, no page" in ran.err


def test_a_page_in_the_place_of_a_database_is_told_with_the_right_cure(
    run: Run, notion: FakeNotion, parent: str, place: Place
) -> None:
    ran = run("setup", "--database", parent)
    two_lines(ran, 65)
    assert f"error: {parent} is a page, no database" in ran.err
    assert f"--parent {parent}" in ran.err
    path = place.channel("two", ON_NOTION + f'notion_database_id: "{parent}"\n')
    ran = run("setup", "--channel", "two")
    two_lines(ran, 78)
    assert f"error: notion_database_id in {path}: {parent} is a page, no database" in ran.err
    assert "copy its link" in ran.err
    assert "Connections" not in ran.err
    assert writes(notion) == []


def test_a_database_that_is_not_shared_says_what_to_click(
    run: Run, notion: FakeNotion, board: Board, place: Place
) -> None:
    notion.share(board.id, shared=False)
    for arguments, cure in (([], place.configs / "one.yaml"), (["--database", board.id], "correct --database")):
        ran = run("setup", *arguments)
        two_lines(ran, 66)
        assert "it is not shared with it, or the id is wrong" in ran.err
        assert "Connections, and choose vidctl" in ran.err
        assert str(cure) in ran.err


def test_nobody_on_notion_is_told_how_to_begin(run: Run, place: Place, parent: str) -> None:
    place.channel()
    ran = run("setup", "--parent", parent)
    two_lines(ran, 65)
    assert "vidctl notion setup --parent PAGE --channel ID" in ran.err


@pytest.mark.parametrize("command", ["setup", "check"])
def test_a_wrong_token_no_token_and_a_dead_notion_are_two_lines(
    run: Run, notion: FakeNotion, board: Board, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    for trouble in ("503", "html", "not_json", "wrong_shape", "drop"):
        notion.clear_faults()
        notion.fault(trouble, path="/databases/|/users/me", times=None)
        two_lines(run(command), 75)
    notion.down = True
    ran = run(command)
    two_lines(ran, 75)
    assert "hint: run the command again when Notion answers" in ran.err
    assert "by itself" not in ran.err
    notion.down = False
    notion.clear_faults()
    monkeypatch.setenv("NOTION_TOKEN", "ntn_wrong")
    two_lines(run(command), 77)
    monkeypatch.delenv("NOTION_TOKEN")
    two_lines(run(command), 77)


# ---- check ----


def findings(ran: Ran) -> list[dict[str, str]]:
    found: list[dict[str, str]] = list(ran.json["findings"])
    for one in ran.json["databases"]:
        found += one["findings"]
    return found


def test_a_database_that_is_in_order_is_said_to_be(run: Run, notion: FakeNotion, board: Board) -> None:
    ran = run("check")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == "The database 'vidctl films' of one: in order.\n"
    data = run("check", "--channel", "one", "--json").json
    assert data["ok"] is True
    assert data["max_upload_bytes"] == 5_368_709_120
    (one,) = data["databases"]
    assert (one["database_id"], one["channels"], one["findings"]) == (board.id, ["one"], [])
    assert writes(notion) == []


def test_each_fault_is_one_line_with_its_cure(run: Run, notion: FakeNotion, board: Board) -> None:
    notion.remove_property(board, "Story Direction")
    notion.rename_property(board, "Topic", "Subject")
    notion.remove_option(board, "Status", "Queued")
    notion.rename_option(board, "Priority", "High", "Urgent")
    ran = run("check")
    assert ran.status == 78
    lines = ran.out.splitlines()
    assert "  error: there is no property 'Story Direction' (rich_text). Cure: vidctl notion setup adds it." in lines
    assert "  error: Status cannot say Queued. Cure: vidctl notion setup adds it." in lines
    assert any(line.startswith("  note: the property 'Topic' is called 'Subject' now") for line in lines)
    assert any(line.startswith("  note: the option 'High' of Priority is called 'Urgent' now") for line in lines)
    assert run("setup").status == 0
    assert run("check").status == 0


def test_what_people_renamed_before_vidctl_knew_it_looks_renamed(
    run: Run, notion: FakeNotion, board: Board, db: Any
) -> None:
    db.execute("update boards set properties = '{}'")
    notion.rename_property(board, "Review Notes", "Reviewer Notes")
    notion.rename_option(board, "Status", "Queued", "Queue")
    (option, renamed) = findings(run("check", "--json"))
    assert "'Reviewer Notes' looks as if it were that one, renamed" in renamed["what"]
    assert option["what"] == "Status cannot say Queued ('Queue' looks like 'Queued')"


def test_what_is_only_looked_at_is_a_warning(run: Run, notion: FakeNotion, board: Board) -> None:
    notion.remove_property(board, "Cost")
    view = next(view for view in notion.views(board) if view["name"] == "Errors")
    del notion.world.nodes[board.id].views[view["id"]]  # type: ignore[attr-defined]
    ran = run("check", "--json")
    assert (ran.status, [one["about"] for one in findings(ran)]) == (0, ["Cost", "Errors"])
    assert {one["severity"] for one in findings(ran)} == {"warning"}


def test_a_wrong_type_and_a_channel_nobody_can_choose_are_found(
    run: Run, notion: FakeNotion, board: Board, place: Place
) -> None:
    notion.remove_property(board, "Review Notes")
    notion.world.nodes[board.data_source_id].properties |= {  # type: ignore[attr-defined]
        one.id: one for one in _number_column(notion, "Review Notes")
    }
    (place.configs / "two.yaml").write_text(
        ON_NOTION.format(channel_id="two") + f"notion_database_id: {board.id.replace('-', '')}\n"
    )
    ran = run("check", "--json")
    assert ran.status == 78
    said = {one["about"]: one["what"] for one in findings(ran)}
    assert said["Review Notes"] == "the property 'Review Notes' is of the type number, not rich_text"
    assert said["Channel"] == "Channel cannot say Channel two"


def _number_column(notion: FakeNotion, name: str) -> list[Any]:
    from tests.fakes.notion import schema

    made = schema.create(notion.world, {"T": {"title": {}}, name: {"number": {}}})
    return [one for one in made.values() if one.name == name]


def test_a_database_out_of_sight_says_what_to_click(run: Run, notion: FakeNotion, board: Board, place: Place) -> None:
    notion.share(board.id, shared=False)
    (finding,) = findings(run("check", "--json"))
    assert "it is not shared with it, or the id is wrong" in finding["what"]
    assert "Connections, and choose vidctl" in finding["cure"]
    assert str(place.configs / "one.yaml") in finding["cure"]
    assert run("check").status == 78


def test_a_page_in_the_place_of_a_database_and_nonsense_are_told(
    run: Run, notion: FakeNotion, board: Board, place: Place, parent: str
) -> None:
    for name, id_ in (("two", f'"{parent}"'), ("three", "abc")):
        (place.configs / f"{name}.yaml").write_text(ON_NOTION.format(channel_id=name) + f"notion_database_id: {id_}\n")
    place.channel("four", ON_NOTION)
    ran = run("check", "--json")
    assert ran.status == 78
    said = " ".join(one["what"] for one in findings(ran))
    assert f"{parent} is a page, no database" in said
    assert "'abc' is no id of Notion's" in said
    assert "the channel four has no database yet" in said


def test_missing_capabilities_are_named(run: Run, notion: FakeNotion, board: Board) -> None:
    every = set(notion.capabilities)
    for capability, title, status in (
        ("insert_content", "Insert content", 78),
        ("update_content", "Update content", 78),
        ("read_content", "Read content", 78),
        ("read_comments", "Read comments", 0),
        ("insert_comments", "Insert comments", 0),
        ("read_user", "Read user information", 0),
    ):
        notion.world.capabilities = every - {capability}
        ran = run("check", "--json")
        assert ran.status == status, capability
        assert [title in one["what"] for one in findings(ran)] == [True], capability
    assert writes(notion) == []


def test_a_free_workspace_and_a_second_data_source_are_noted(run: Run, notion: FakeNotion, board: Board) -> None:
    notion.world.max_upload_bytes = FREE_UPLOAD_BYTES
    other = notion.database(notion.parent_page("Other"), {"T": {"title": {}}}, title="Rest")
    notion.world.nodes[board.id].data_sources.append(other.data_source_id)  # type: ignore[attr-defined]
    ran = run("check")
    assert ran.status == 0
    assert "files of up to 5 MiB" in ran.out
    assert "small copies" in ran.out
    assert "the database has 2 data sources; vidctl works with 'vidctl films' alone" in ran.out


def test_a_colour_that_only_people_can_change_is_noted(run: Run, board: Board, place: Place) -> None:
    path = place.configs / "one.yaml"
    path.write_text(path.read_text() + "color: green\n")
    (finding,) = findings(run("check", "--json"))
    assert finding["what"] == "Channel one is default on the board, and green in the file of one"
    assert "nothing to change" in run("setup").out


def test_check_without_any_board_says_how_to_make_one(run: Run, place: Place) -> None:
    place.channel()
    ran = run("check")
    assert (ran.status, "vidctl notion setup --parent PAGE" in ran.out) == (0, True)


# ---- both ----


def test_a_slow_notion_is_waited_for(run: Run, notion: FakeNotion, board: Board) -> None:
    slow = notion.fault("slow", delay_s=0.3, times=3)
    assert "in order" in run("check").out
    assert slow.struck == 3


def test_help_imports_no_client(place: Place) -> None:
    seen = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "vidctl", "notion", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | place.environment,
    )
    assert "notion_client" not in seen.stderr
    assert "psycopg" not in seen.stderr
