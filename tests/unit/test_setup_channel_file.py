"""A channel's file is told its database: those lines change, and no other character."""

import stat
from pathlib import Path

import pytest

from vidctl.engine.setup import channel_file
from vidctl.engine.setup.choosing import read
from vidctl.errors import Misconfigured

ID = "01234567-89ab-cdef-0123-456789abcdef"
LINE = f'notion_database_id: "{ID}"\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "channel_id: a\nboard: notion  # there\n# end\n",
            "channel_id: a\nboard: notion  # there\n" + LINE + "# end\n",
        ),
        ("channel_id: a\nchannel_name: A\n", "channel_id: a\nchannel_name: A\n" + LINE),
        ("channel_id: a", "channel_id: a\n" + LINE),
        ("notion_database_id:   # soon\nchannel_id: a\n", LINE[:-1] + "   # soon\nchannel_id: a\n"),
        ("notion_database_id: null # soon\nchannel_id: a\n", LINE[:-1] + " # soon\nchannel_id: a\n"),
        ("notion_database_id: ''\nchannel_id: a\n", LINE + "channel_id: a\n"),
        ("  channel_id: a\n  tags: [x]\n", "  channel_id: a\n  " + LINE + "  tags: [x]\n"),
        ('{"channel_id": "a"}', f'{{"notion_database_id": "{ID}", "channel_id": "a"}}'),
        ("channel_id: a\r\ntags:\r\n- 😀\r\n", "channel_id: a\r\n" + LINE[:-1] + "\r\ntags:\r\n- 😀\r\n"),
        ("# 😀\nchannel_name: '😀'\nboard: notion\n", "# 😀\nchannel_name: '😀'\nboard: notion\n" + LINE),
        ("\ufeffchannel_id: a\n", "\ufeffchannel_id: a\n" + LINE),
        (LINE + "channel_id: a\n", LINE + "channel_id: a\n"),
    ],
)
def test_the_line_is_put_where_it_belongs(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(before.encode())
    channel_file.write(path, {"notion_database_id": ID})
    assert path.read_bytes().decode() == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("board: local  # for now\n", "board: notion  # for now\n"),
        ("board: 'local'\n", "board: notion\n"),
        ("channel_name: A\n", "channel_name: A\nboard: notion\n"),
    ],
)
def test_a_local_board_becomes_one_on_notion(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"channel_id: a\n{before}")
    assert channel_file.edited(path, {"board": "notion"}) == f"channel_id: a\n{after}"
    both = channel_file.edited(path, {"board": "notion", "notion_database_id": ID})
    assert LINE in both
    assert "board: notion" in both


@pytest.mark.parametrize("text", ["", "- a\n", "a: [\n", "x: 1\n"])
def test_a_file_that_cannot_be_changed_is_left_and_told_what_to_write(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text)
    with pytest.raises(Misconfigured) as caught:
        channel_file.write(path, {"notion_database_id": ID})
    assert f'notion_database_id: "{ID}"' in caught.value.hint
    assert path.read_text() == text


def test_a_link_stays_a_link_and_a_file_keeps_its_mode(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "a.yaml"
    real.write_text("channel_id: a\n")
    real.chmod(0o640)
    link.symlink_to(real)
    channel_file.write(link, {"notion_database_id": ID})
    assert link.is_symlink()
    assert LINE in real.read_text()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_file_that_lacks_only_its_database_can_be_set_up(tmp_path: Path) -> None:
    (tmp_path / "_defaults.yaml").write_text("color: red\nlimits: {items_per_step: 2}\n")
    (tmp_path / "a.yaml").write_text("channel_id: a\nchannel_name: A\n")
    (tmp_path / "b.yaml").write_text("channel_id: b\nchannel_name: B\ncolour: red\n")
    (tmp_path / "c.yaml").write_text("channel_id: c\nchannel_name: C\nboard: local\n")
    (tmp_path / "d.yaml").write_text(f"channel_id: d\nchannel_name: D\nnotion_database_id: {ID}\n")
    (tmp_path / "e.yaml").write_text("channel_id: e\nchannel_name: E\nnotion_database_id: abc\n")
    files = read(tmp_path)
    assert [(file.channel_id, file.named) for file in files.files] == [("a", ""), ("c", ""), ("d", ID), ("e", "abc")]
    assert [file.channel_id for file in files.on_notion] == ["a", "d", "e"]
    assert files.files[0].channel.color == "red"
    assert [problem.path.stem for problem in files.problems] == ["b"]
