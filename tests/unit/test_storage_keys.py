"""The names of files in an object store."""

import hashlib
import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidctl.domain.storage_keys import MAX_KEY_BYTES, require_key, require_sha256, storage_key
from vidctl.domain.work import Artifact, Kind
from vidctl.errors import BadInput

SHA256 = hashlib.sha256(b"a clip").hexdigest()
CLIP = Artifact(Kind.CLIP, 3)
TASK = "38d95781-7c87-4ed6-92f8-0f22361432f6"


def test_a_key_names_channel_task_kind_number_and_content() -> None:
    key = storage_key("history_one", TASK, CLIP, sha256=SHA256, file_name="videos/clip_03.mp4")
    assert key == f"history_one/{TASK}/clip/03/{SHA256}.mp4"


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("index", [1, 18, 100])
def test_every_file_of_a_film_has_a_key_that_stands_in_an_address_as_it_is(kind: Kind, index: int) -> None:
    key = storage_key("A-9_z", TASK, Artifact(kind, index), sha256=SHA256, file_name="x.json")
    assert require_key(key) == key == quote(key)


def test_no_two_contents_and_no_two_artifacts_share_a_key() -> None:
    other = hashlib.sha256(b"another").hexdigest()
    keys = [
        storage_key(channel, task, artifact, sha256=sha256, file_name=name)
        for channel in ("one", "two")
        for task in (TASK, "7")
        for artifact in (CLIP, Artifact(Kind.CLIP, 33), Artifact(Kind.IMAGE, 3))
        for sha256 in (SHA256, other)
        for name in ("a.mp4", "a.srt", "a")
    ]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("channel_id", "task_id", "index", "sha256", "file_name"),
    [
        ("", TASK, 1, SHA256, "a.mp4"),
        ("..", TASK, 1, SHA256, "a.mp4"),
        ("a/b", TASK, 1, SHA256, "a.mp4"),
        ("a\n", TASK, 1, SHA256, "a.mp4"),
        ("é", TASK, 1, SHA256, "a.mp4"),
        ("a" * 65, TASK, 1, SHA256, "a.mp4"),
        ("one", "", 1, SHA256, "a.mp4"),
        ("one", "../x", 1, SHA256, "a.mp4"),
        ("one", TASK, 0, SHA256, "a.mp4"),
        ("one", TASK, -1, SHA256, "a.mp4"),
        ("one", TASK, 10_000, SHA256, "a.mp4"),
        ("one", TASK, 1, SHA256.upper(), "a.mp4"),
        ("one", TASK, 1, SHA256[:-1], "a.mp4"),
        ("one", TASK, 1, SHA256, "a.mp4?x"),
        ("one", TASK, 1, SHA256, "a.m p4"),
        ("one", TASK, 1, SHA256, "a." + "x" * 17),
    ],
)
def test_a_part_that_would_mean_something_else_in_a_path_is_refused(
    channel_id: str, task_id: str, index: int, sha256: str, file_name: str
) -> None:
    with pytest.raises(BadInput, match="cannot use"):
        storage_key(channel_id, task_id, Artifact(Kind.CLIP, index), sha256=sha256, file_name=file_name)


@pytest.mark.parametrize("key", ["a", "a/b.png", "Wörter/ß.srt", "x" * MAX_KEY_BYTES, "a b/c", "-/--key"])
def test_a_key_of_somebody_elses_making_is_taken_as_it_is(key: str) -> None:
    assert require_key(key) == key


@pytest.mark.parametrize(
    "key", ["", "/a", "a/", "a//b", "../a", "a/./b", "a/..", "a\nb", "a\0", "\ud800", "x" * 1025, "ß" * 513]
)
def test_a_key_that_stores_or_tools_would_read_differently_is_refused(key: str) -> None:
    with pytest.raises(BadInput, match="as a storage key"):
        require_key(key)


@given(st.text(max_size=70))
def test_only_a_sha256_as_programs_print_it_is_one(text: str) -> None:
    if re.fullmatch("[0-9a-f]{64}", text):
        assert require_sha256(text) == text
    else:
        with pytest.raises(BadInput, match="is no sha256"):
            require_sha256(text)


def test_a_sha256_is_taken() -> None:
    assert require_sha256(SHA256) == SHA256
