"""Files that outlast a crash: what a file system cannot do is no trouble, and everything else is one error of ours."""

import errno
import os
from pathlib import Path

import pytest

from vidctl.errors import BadInput, CannotWrite
from vidctl.storage.files import append_whole, flush, flush_folder, write_named, write_whole

UNFLUSHABLE = Path("/proc/self")
"""Its file system refuses to flush folders, as some that are mounted from elsewhere do."""


@pytest.mark.skipif(not UNFLUSHABLE.exists(), reason="needs /proc")
def test_a_folder_whose_file_system_cannot_flush_it_is_no_trouble() -> None:
    with pytest.raises(OSError, match="Invalid argument") as refused:
        flush(UNFLUSHABLE)
    assert refused.value.errno == errno.EINVAL
    flush_folder(UNFLUSHABLE)


def test_a_folder_that_is_not_there_is_trouble(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        flush_folder(tmp_path / "gone")


@pytest.mark.parametrize("write", [lambda path: write_whole(path, b"x"), lambda path: append_whole(path, "x")])
def test_what_cannot_be_written_is_one_error_and_leaves_nothing(tmp_path: Path, write: object) -> None:
    (tmp_path / "file").write_text("I am no folder")
    assert callable(write)
    with pytest.raises(CannotWrite, match="cannot write"):
        write(tmp_path / "file" / "below")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_file_is_there_whole_or_not_at_all_and_lines_are_added(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file"
    write_whole(path, b"one\n")
    append_whole(path, "two")
    assert path.read_text() == "one\ntwo\n"
    assert [entry.name for entry in path.parent.iterdir()] == ["file"]


def test_what_a_person_names_goes_where_a_link_leads_and_takes_no_device_or_folder_away(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")  # as good as a device, and nobody misses it
    for taken in (tmp_path / "pipe", tmp_path):
        with pytest.raises(BadInput, match="is no file"):
            write_named(taken, b"x")
    (tmp_path / "link").symlink_to("file")
    write_named(tmp_path / "link", b"x")
    assert ((tmp_path / "file").read_bytes(), (tmp_path / "link").is_symlink()) == (b"x", True)
    assert (tmp_path / "pipe").is_fifo()
