"""Files of entries: no secret in them, no more than there is room for, in order."""

import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from vidctl import logs
from vidctl.logs.book import BACKUPS, MOST_BYTES_OF_FILM, MOST_FILES, Book, book_of, folder_of
from vidctl.logs.reading import MOST_AT_ONCE, Reader, of_film

NAMED = "[KIE_API_KEY][masked]"
VALUE = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Z")), min_size=6, max_size=80)


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    """A file into which this process's entries go."""
    logs.into(Book(tmp_path / "x.jsonl"), aloud=False)
    yield tmp_path / "x.jsonl"
    logs.into(None, aloud=True)
    logs.secrets = ()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=VALUE, text=st.text(max_size=50), more=st.text(max_size=50))
def test_whatever_a_secret_is_put_into_no_entry_holds_it(log_file: Path, value: str, text: str, more: str) -> None:
    assume(value not in NAMED)
    logs.secrets = ()
    logs.hide({"KIE_API_KEY": value})
    log_file.write_text("")
    try:
        raise ValueError(text + value)
    except ValueError:
        said = {"deep": [{value: (value + more,)}], "path": Path(f"/x/{value}")}
        logs.log(text + value + more, level="critical", exc_info=True, correlation_id=value, **said)
    [line] = log_file.read_text().splitlines()
    own = {name: text for name, text in json.loads(line).items() if name not in {"timestamp", "host", "exception"}}
    assert value not in json.dumps(own, ensure_ascii=False).replace('"deep"', "").replace('"path"', "")
    assert f"ValueError: {text}{value}" not in json.loads(line)["exception"]


def test_an_entry_that_says_nothing_of_film_and_step_has_their_fields_all_the_same(log_file: Path) -> None:
    logs.log("hello")
    assert list(json.loads(log_file.read_text())) == [
        *("timestamp", "level", "message", "correlation_id", "channel_id", "step", "attempt", "host"),
    ]


def test_a_run_that_talks_without_end_fills_no_disk_and_the_end_of_it_is_kept(tmp_path: Path) -> None:
    book = Book(tmp_path / "1_x.jsonl", most_bytes=1_000)
    for number in range(400):
        book.write(json.dumps({"timestamp": datetime.now(UTC).isoformat(), "message": number}))
    files = list(tmp_path.iterdir())
    assert len(files) == BACKUPS + 1
    assert all(file.stat().st_size <= 1_000 for file in files)
    read = [int(entry.message) for entry in Reader(()).new(files)]
    assert read == list(range(read[0], 400))


def test_the_oldest_files_of_a_film_make_room_and_of_one_run_its_back_ups_first(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "film")
    folder.mkdir(parents=True)
    for number in range(MOST_FILES + 5):
        (folder / f"2026{number:04}_x.jsonl").touch()
    (folder / "20260005_x.jsonl.1").touch()
    book_of(tmp_path, "film", "y")
    left = sorted(file.name for file in folder.iterdir())
    assert (left[0], len(left)) == ("20260005_x.jsonl", MOST_FILES)
    for name in left[-3:]:
        os.truncate(folder / name, MOST_BYTES_OF_FILM // 2)
    book_of(tmp_path, "film", "z")
    assert sorted(file.name for file in folder.iterdir()) == left[-2:], "nor more bytes than there is room for"


def test_of_two_processes_that_fill_a_file_one_begins_it_anew(tmp_path: Path) -> None:
    one, other = (Book(tmp_path / "x.jsonl", most_bytes=100, shared=True) for _ in range(2))
    for book in (one, one, other, one):
        book.write("x" * 40)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["x.jsonl", "x.jsonl.1"]


def test_a_line_that_was_not_written_whole_spoils_none_after_it(tmp_path: Path) -> None:
    book, limits = Book(tmp_path / "x.jsonl"), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, limits[1]))  # as a disk that is full amid a line
    try:
        book.write("x" * 40)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    book.write("whole")
    assert (tmp_path / "x.jsonl").read_text().splitlines() == ["x" * 20, "whole"]


def test_what_a_process_prints_goes_into_the_file_that_was_begun_anew_too(tmp_path: Path) -> None:
    code = "import os, pathlib, sys; from vidctl.logs.book import Book; book = Book(pathlib.Path(sys.argv[1]), "
    code += "most_bytes=100); book.open(); book.become_stderr(); [book.write('x' * 60) for _ in 'ab']; print('said')"
    subprocess.run([sys.executable, "-c", code, tmp_path / "x.jsonl"], check=True)
    assert (tmp_path / "x.jsonl").read_text() == "x" * 60 + "\nsaid\n"


def test_of_a_file_without_end_the_end_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("the first line\n" + " " * MOST_AT_ONCE + "\nthe last line\n")
    assert [entry.message for entry in Reader(()).new([tmp_path / "x.jsonl"])] == ["the last line"]


def test_threads_that_write_at_once_tear_no_line_apart(tmp_path: Path) -> None:
    book = Book(tmp_path / "1_x.jsonl", most_bytes=20_000)

    def talk(number: int) -> None:
        for _ in range(40):
            book.write(json.dumps({"n": number, "text": "x" * 50}))

    threads = [threading.Thread(target=talk, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = [line for file in tmp_path.iterdir() for line in file.read_text().splitlines()]
    assert sorted(json.loads(line)["n"] for line in lines) == sorted(list(range(4)) * 40)


def test_what_several_runs_wrote_at_once_is_read_in_the_order_of_time_and_nothing_twice(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "film")
    folder.mkdir(parents=True)
    for name, seconds in (("1_a", (0, 2, 4)), ("2_b", (1, 3, 5))):
        lines = [json.dumps({"timestamp": f"2026-01-01T00:00:0{n}Z", "message": str(n)}) for n in seconds]
        (folder / f"{name}.jsonl").write_text("\n".join([lines[0], "no entry", *lines[1:]]) + '\n{"half":')
    reader = Reader(())
    assert [entry.message for entry in reader.new(of_film(tmp_path, "film"))] == [
        *("0", "no entry", "1", "no entry", "2", "3", "4", "5"),
    ]
    (folder / "2_b.jsonl").rename(folder / "2_b.jsonl.1")
    assert reader.new(of_film(tmp_path, "film")) == []
    line = json.dumps({"timestamp": "2026-01-02T00:00:00Z", "message": "anew"})
    (folder / "1_a.jsonl").write_text(f"{line}\n")  # as where a file that made room left its number to a new one
    assert [entry.message for entry in reader.new(of_film(tmp_path, "film"))] == ["anew"]
