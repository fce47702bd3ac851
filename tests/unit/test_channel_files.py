"""One broken channel file is reported with path, line and field, and stops no other."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vidctl.domain import channel
from vidctl.engine import channel_files
from vidctl.engine.channel_files import Problem
from vidctl.errors import Misconfigured

LOCAL = "channel_id: {id}\nchannel_name: Some name\nboard: local\n"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{this}: &{this} [{', '.join(['*' + before] * 9)}]\n" for before, this in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "configs").mkdir()
    return tmp_path / "configs"


def write(folder: Path, name: str, text: str | None = None) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(LOCAL.format(id=name) if text is None else text, "utf-8")
    return path


def the_problem(folder: Path) -> Problem:
    """Return the one problem of the folder, which must not have stopped its good channel `fine`."""
    write(folder, "fine")
    loaded = channel_files.load(folder)
    assert [channel.channel_id for channel in loaded.channels] == ["fine"]
    (problem,) = loaded.problems
    assert problem.hint
    return problem


def test_one_broken_file_of_three_stops_no_other(folder: Path) -> None:
    write(folder, "one")
    write(folder, "two", "channel_id: two\nchannel_name: [\n")
    write(folder, "three")
    loaded = channel_files.load(folder)
    assert [channel.channel_id for channel in loaded.channels] == ["one", "three"]
    assert loaded.broken == ["two"]
    assert str(loaded.problems[0]).startswith(f"{folder}/two.yaml:")


@pytest.mark.parametrize(
    ("addition", "line", "words"),
    [
        ("max_concurrent: many", 4, "`$.max_concurrent`"),
        ("max_concurrent: 0", 4, "`$.max_concurrent`"),
        ("max_concurrent: 9999999999999999999999999", 4, "`$.max_concurrent`"),
        ("story:\n  scenes: 18\n  clip_seconds: long", 6, "`$.story.clip_seconds`"),
        ("story:\n  tail_seconds: .nan", 5, "`$.story.tail_seconds`"),
        ("banner_url: not a url", 4, "banner_url is no https:// link"),
        ("colour: red", 4, "unknown field `colour`"),
        ("branding:\n  jingle: x.mp4", 5, "unknown field `jingle`"),
        ("branding:\n  intro_video: no/such.mp4", 5, "there is no file"),
        ("branding:\n  intro_video: {}", 5, "`$.branding.intro_video`"),
        ('branding:\n  intro_video: "a\\0b"', 5, "control character U+0000"),
        (f"branding:\n  intro_video: {'x' * 5000}", 5, "cannot use the path"),
        ("review_gates: {final: auto}", 4, "`$.review_gates.final`"),
        ("tags: 3", 4, "`$.tags`"),
        ("timeouts_s:\n  generate_video.py: long", 4, "`$.timeouts_s["),
        ("timeouts_s:\n  generate_video.py: 60\n  generate_vidoe.py: 60", 6, "unknown field `generate_vidoe.py`"),
        ("scripts:\n  generate_vidoe.py: x.py", 5, "unknown field `generate_vidoe.py`"),
        ('youtube:\n  language: en\n  title: "{titel}"', 6, "{titel} is nothing that can be filled in"),
        ("youtube:\n  timezone: Europe/Sevilla", 5, "there is no time zone 'Europe/Sevilla'"),
        ("youtube:\n  captions: true\n  from_hour: 22", 6, "from_hour 22 is not before until_hour 21"),
        ("youtube:\n  captions: true\n  until_hour: 5", 6, "from_hour 9 is not before until_hour 5"),
        ("is_active: perhaps", 4, "`$.is_active`"),
        ("voice_id: 2020-01-01", 4, "`$.voice_id`"),
        ("voice_id: 2020-13-45", None, "month must be in"),
        ("voice_id: !!bool maybe", 4, "!tags"),
        ("board: local", 4, "'board' is set twice"),
        ("channel_id: fine", 4, "'channel_id' is set twice"),
        ("? [a, b]\n: c", 4, "must be a word"),
        ("style: 'no end", None, "no YAML"),
        ("\tstyle: tab", 4, "no YAML"),
        ("---\nchannel_id: other", 4, "no YAML"),
        ("style: *other", 4, "*aliases"),
    ],
)
def test_a_wrong_field_is_reported_with_its_line(folder: Path, addition: str, line: int | None, words: str) -> None:
    path = write(folder, "broken", LOCAL.format(id="broken") + addition + "\n")
    problem = the_problem(folder)
    assert problem.path == path
    assert words in problem.message
    assert line is None or problem.line == line


def patterns(schema: Mapping[str, Any], at: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Yield the path of each field of a channel file that has a pattern."""
    if "$ref" in at:
        at = schema["$defs"][at["$ref"].rpartition("/")[2]]
    if "pattern" in at:
        yield ()
    for name, below in at.get("properties", {}).items():
        yield from ((name, *path) for path in patterns(schema, below))
    for below in at.get("anyOf", []):
        yield from patterns(schema, below)


def test_nobody_has_to_read_a_pattern_to_mend_a_file(folder: Path) -> None:
    wanted = list(patterns(channel.schema(), channel.schema()))
    assert ("youtube", "thumbnail", "accent") in wanted
    for number, path in enumerate(wanted):
        field = "".join(f"{'  ' * depth}{name}:\n" for depth, name in enumerate(path)).removesuffix("\n") + ' "§"\n'
        fields = field if path == ("channel_id",) else f"channel_id: c{number}\n{field}"
        (problem,) = channel_files.check_files([write(folder, f"c{number}", f"{fields}channel_name: C\n")]).problems
        assert problem.message.startswith(f"{'.'.join(path)} is no "), problem.message
        assert "schema" not in problem.hint
        assert problem.line == len(path) + (path != ("channel_id",))


@pytest.mark.parametrize("escape", [r"\0", r"\b", r"\v", r"\x1b", r"\x7f", r"\x9b", r"\ud800", r"\udfff"])
def test_no_text_of_a_file_holds_what_neither_a_database_nor_a_terminal_could_take(folder: Path, escape: str) -> None:
    write(folder, "broken", f'channel_id: broken\nchannel_name: "Salt {escape} and more"\n')
    assert the_problem(folder).line == 2


@pytest.mark.parametrize(
    ("addition", "hint"),
    [
        ("mode: cheap", "write mode: preview or production"),
        ("youtube: {thumbnail: {place: up}}", "write place: auto or bottom or"),
        ("image_host: ftp", "write image_host: catbox or kie or r2"),
        ("tags: [salt", "a bracket or a quote left open"),
    ],
)
def test_what_a_field_may_be_and_what_to_look_for_in_a_line_that_is_no_yaml_is_said(
    folder: Path, addition: str, hint: str
) -> None:
    write(folder, "broken", f"channel_id: broken\nchannel_name: C\n{addition}\n")
    assert hint in the_problem(folder).hint


@pytest.mark.parametrize(
    ("tags", "hint"),
    [("history", "also of one: tags: [salt, trade routes]"), ('[salt, ""]', "an entry of tags is empty")],
)
def test_tags_that_are_none_are_answered_with_what_to_write(folder: Path, tags: str, hint: str) -> None:
    write(folder, "broken", LOCAL.format(id="broken") + f"tags: {tags}\n")
    assert hint in the_problem(folder).hint


def test_a_bomb_of_aliases_is_refused_before_it_goes_off(folder: Path) -> None:
    write(folder, "bomb", BOMB)
    assert "*aliases are not allowed" in the_problem(folder).message


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_nesting_that_would_overflow_the_parsers_stack_is_refused(folder: Path, opening: str) -> None:
    write(folder, "deep", "a:\n  " + opening * 40_000)
    assert "nested deeper" in the_problem(folder).message


@pytest.mark.parametrize(
    "channel_id", ["../x", "..", "/etc/passwd", "a/b", "a\\b", "", ".hidden", "a b", "ünder", "x" * 65]
)
def test_a_channel_id_that_is_no_name_of_a_file_is_refused(folder: Path, channel_id: str) -> None:
    write(folder, "broken", f"channel_id: '{channel_id}'\nchannel_name: x\nboard: local\n")
    problem = the_problem(folder)
    assert problem.message == "channel_id is no name for a channel"
    assert problem.line == 1


def test_the_second_file_with_a_channel_id_is_refused_and_names_the_first(folder: Path) -> None:
    write(folder, "again", LOCAL.format(id="fine"))
    problem = the_problem(folder)
    assert problem.path.name == "again.yaml"
    assert "'fine' is used by fine.yaml already" in problem.message


def test_a_file_must_be_called_like_its_channel(folder: Path) -> None:
    write(folder, "one", LOCAL.format(id="other"))
    problem = the_problem(folder)
    assert (problem.line, "call the file other.yaml" in problem.hint) == (1, True)


def test_a_channel_file_with_another_ending_is_not_just_ignored(folder: Path) -> None:
    (folder / "one.yml").write_text(LOCAL.format(id="one"))
    assert "rename it to one.yaml" in the_problem(folder).hint


def test_a_file_that_is_not_utf8_is_reported_with_its_line(folder: Path) -> None:
    (folder / "latin.yaml").write_bytes("channel_id: latin\nchannel_name: Café\n".encode("latin-1"))
    problem = the_problem(folder)
    assert (problem.line, "UTF-8" in problem.message) == (2, True)


def test_a_byte_order_mark_and_windows_line_ends_are_no_problem(folder: Path) -> None:
    (folder / "windows.yaml").write_bytes(b"\xef\xbb\xbf" + LOCAL.format(id="windows").replace("\n", "\r\n").encode())
    assert [channel.channel_name for channel in channel_files.load(folder).channels] == ["Some name"]


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n"])
def test_an_empty_file_lacks_its_first_field(folder: Path, text: str) -> None:
    write(folder, "empty", text)
    assert "required field `channel_id`" in the_problem(folder).message or text == "---\n"


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n", "5\n"])
def test_a_file_without_fields_is_refused(folder: Path, text: str) -> None:
    write(folder, "list", text)
    assert "field: value" in the_problem(folder).message


def test_a_nul_in_a_file_is_reported_with_its_line(folder: Path) -> None:
    (folder / "nul.yaml").write_bytes(b"channel_id: nul\nchannel_name: a\0b\n")
    assert "U+0000" in the_problem(folder).message


def test_a_file_that_is_too_large_is_refused(folder: Path) -> None:
    write(folder, "large", LOCAL.format(id="large") + "# " + "x" * channel_files.MAX_BYTES)
    assert "larger than" in the_problem(folder).message


def test_what_is_no_file_is_refused_and_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")
    assert "no file" in the_problem(folder).message


def test_a_file_that_cannot_be_read_is_refused(folder: Path) -> None:
    (folder / "gone.yaml").symlink_to(folder / "nowhere")
    assert "cannot be read" in the_problem(folder).message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(folder: Path) -> None:
    write(folder, "closed").chmod(0)
    assert "cannot be read" in the_problem(folder).message


def test_a_notion_channel_needs_its_database(folder: Path) -> None:
    write(folder, "notion", "channel_id: notion\nchannel_name: N\n")
    assert "`notion_database_id`" in the_problem(folder).message


def test_a_database_id_that_is_none_is_found_with_its_line(folder: Path) -> None:
    write(folder, "notion", "channel_id: notion\nchannel_name: N\nnotion_database_id: abc\n")
    problem = the_problem(folder)
    assert (problem.line, problem.message) == (3, "'abc' is no id of Notion's - at `$.notion_database_id`")
    assert "copy the link" in problem.hint


def test_a_missing_folder_is_an_error_and_not_an_empty_list(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="no folder of channel files") as caught:
        channel_files.load(tmp_path / "nowhere")
    assert "VIDCTL_CHANNEL_CONFIGS" in caught.value.hint


def test_a_channel_says_only_what_differs_from_the_defaults(folder: Path) -> None:
    (folder / "_defaults.yaml").write_text("board: local\nmax_concurrent: 7\nstory: {scenes: 5, assets: 6}\n")
    write(folder, "one", "channel_id: one\nchannel_name: One\nstory: {scenes: 2}\n")
    (channel,) = channel_files.load(folder).channels
    assert (channel.max_concurrent, channel.story.scenes, channel.story.assets) == (7, 2, 6)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("max_concurrent: x\n", ":1:"),
        ("board: local\nlimits:\n  max_concurrent_video: none\n", ":3:"),
        ("limits:\n", ":1:"),
        ("limits:\n  colour: red\n", ":2:"),
        ("mode: free\n", ":1:"),
        ("a: [\n", ":"),
    ],
)
def test_broken_defaults_are_reported_as_theirs_with_their_line(folder: Path, text: str, at: str) -> None:
    (folder / "_defaults.yaml").write_text(text)
    write(folder, "one")
    with pytest.raises(Misconfigured, match=f"_defaults.yaml{at}"):
        channel_files.load(folder)


def test_choices_left_open_are_warned_about(folder: Path) -> None:
    write(folder, "open")
    write(folder, "set", LOCAL.format(id="set") + "voice_id: ana\ndefault_privacy: private\n")
    warnings = [str(warning) for warning in channel_files.load(folder).warnings]
    assert len(warnings) == 2
    assert all("open.yaml" in warning for warning in warnings)
    assert "voice_id is missing" in warnings[0]
    assert "default_privacy is missing: private is used" in warnings[1]


def test_a_voice_of_the_defaults_is_used_and_warned_about(folder: Path) -> None:
    (folder / "_defaults.yaml").write_text("voice_id: everybody\n")
    write(folder, "open", LOCAL.format(id="open") + "default_privacy: private\n")
    write(folder, "mute", LOCAL.format(id="mute") + "default_privacy: private\nvoice_id: null\n")
    loaded = channel_files.load(folder)
    assert {channel.channel_id: channel.voice_id for channel in loaded.channels} == {"open": "everybody", "mute": None}
    assert [str(warning).split("configs/")[1] for warning in loaded.warnings] == [
        "mute.yaml: voice_id is missing: the voice 'default' is used",
        "open.yaml: voice_id is missing: the voice 'everybody' is used",
    ]


@pytest.mark.parametrize(
    ("defaults", "own", "in_vain"),
    [
        ("", "board: local\nstorage_strategy: r2", []),
        ("", "board: local\nstorage_strategy: notion", ["storage_strategy: notion"]),
        ("storage_strategy: notion\n", "board: local", []),
        ("", "notion_database_id: 59833787-2cf9-4fdf-8782-e53db20768a5", []),
        ("board: local\n", "", []),
    ],
)
def test_what_is_asked_for_in_vain_is_warned_about(folder: Path, defaults: str, own: str, in_vain: list[str]) -> None:
    (folder / "_defaults.yaml").write_text(defaults)
    write(folder, "one", f"channel_id: one\nchannel_name: One\nvoice_id: ana\ndefault_privacy: private\n{own}\n")
    warnings = channel_files.load(folder).warnings
    assert [warning.message.split(" has no effect")[0] for warning in warnings] == in_vain
    assert all(warning.hint for warning in warnings)


def test_the_defaults_that_are_shipped_are_whole(folder: Path) -> None:
    shipped = Path(__file__).parents[2] / "channel_configs" / "_defaults.yaml"
    (folder / "_defaults.yaml").write_text(shipped.read_text())
    write(folder, "one")
    assert channel_files.load(folder).problems == ()


YAMLISH = st.text(
    alphabet=st.sampled_from("abc:-?[]{}#&*!|>'\"%@`,\\ \n\t0123456789.~<=_x\0\x85\ufeff\u2028é😀"), max_size=60
)
FIELDS = st.lists(
    st.tuples(
        st.sampled_from(
            ["channel_name", "board", "story", "tags", "scripts", "branding", "priority", "max_concurrent"]
        ),
        st.one_of(
            YAMLISH,
            st.sampled_from(
                ["0x_", "=", "<<", "1:60", ".inf", "1e999", "~", '"\\ud800"', "0_", "2020-1-1 1:1:1 +99:99"]
            ),
        ),
    )
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), YAMLISH, FIELDS.map(lambda rows: "".join(f"{name}: {value}\n" for name, value in rows))))
@example("a: 0x_\n")
@example("a: =\n")
@example("<<: 5\n")
@example("<<: [1]\n")
@example("a: 2020-99-99\n")
@example("a: 1" + "0" * 5000)
@example("board: local\nchannel_name: x\nbranding: {intro_video: '\\\\?'}\n")
def test_no_text_of_a_file_does_anything_but_be_reported(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("configs")
    (folder / "any.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    write(folder, "fine")
    loaded = channel_files.load(folder)
    assert "fine" in [channel.channel_id for channel in loaded.channels]
    assert len(loaded.channels) + len(loaded.problems) == 2
