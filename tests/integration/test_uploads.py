"""Files reach Notion whole, in one part or in many, whatever is lost on the way; too large ones as small copies."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.notion import FREE_UPLOAD_BYTES, FakeNotion
from tests.media_samples import clip
from tests.studio import Studio
from vidctl.board.client import Notion, connected
from vidctl.board.errors import NotionRejected, NotionUnavailable
from vidctl.board.uploads import upload
from vidctl.domain.channel import from_fields
from vidctl.engine.sync.proxies import handed
from vidctl.errors import BadInput, Unavailable
from vidctl.store.pace import SharedPace

CHANNEL = from_fields({"channel_id": "one", "channel_name": "One", "board": "local"})
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}


@pytest.fixture
def client(studio: Studio, notion: FakeNotion) -> Iterator[Notion]:
    environment = {"NOTION_TOKEN": notion.token, "NOTION_BASE_URL": notion.url}
    with connected(environment, SharedPace(studio.db, spacing_s=0.001), budget_s=60) as opened:
        yield opened


def written(folder: Path, name: str, size: int) -> Path:
    path = folder / name
    path.write_bytes(os.urandom(1024) * (size // 1024))
    return path


@pytest.mark.parametrize(("size_mb", "parts"), [(1, 1), (20, 1), (21, 3), (45, 5)])
def test_a_file_arrives_whole_in_as_many_parts_as_it_takes(
    client: Notion, notion: FakeNotion, tmp_path: Path, size_mb: int, parts: int
) -> None:
    path = written(tmp_path, "clip.mp4", size_mb * 1024 * 1024)
    uploaded = upload(client, path, "clip 1.mp4")
    assert notion.file(uploaded) == path.read_bytes()
    assert sum(request.path.endswith("/send") for request in notion.requests) == parts


@pytest.mark.parametrize("path", ["/file_uploads$", "/send$", "/complete$"])
def test_whatever_answer_is_lost_the_file_arrives(
    client: Notion, notion: FakeNotion, tmp_path: Path, path: str
) -> None:
    file = written(tmp_path, "film.mp4", 21 * 1024 * 1024)
    for kind in ("503", "503_saved", "drop", "drop_saved", "429", "html_saved"):
        notion.fault(kind, method="POST", path=path)
        client.until = time.monotonic() + 60
        assert notion.file(upload(client, file, "film.mp4")) == file.read_bytes(), kind


def test_what_notion_never_takes_is_not_tried_for_ever(client: Notion, notion: FakeNotion, tmp_path: Path) -> None:
    notion.world.max_upload_bytes = 1000
    with pytest.raises(NotionRejected):
        upload(client, written(tmp_path, "clip.mp4", 2048), "clip.mp4")


def test_an_outage_ends_in_a_word_and_not_in_a_hang(client: Notion, notion: FakeNotion, tmp_path: Path) -> None:
    notion.down = True
    client.until = time.monotonic() + 1
    with pytest.raises(NotionUnavailable):
        upload(client, written(tmp_path, "clip.mp4", 2048), "clip.mp4")


def test_a_file_that_is_small_enough_goes_as_it_is(tmp_path: Path) -> None:
    path = written(tmp_path, "clip.mp4", 2048)
    with handed(path, CHANNEL, ENVIRONMENT, max_bytes=FREE_UPLOAD_BYTES) as file:
        assert (file.path, file.remark) == (path, "")


def test_a_file_that_is_too_large_goes_as_a_small_copy_that_is_called_one(tmp_path: Path) -> None:
    path = clip(tmp_path / "clip.mp4", seconds=2)
    size = path.stat().st_size
    with handed(path, CHANNEL, ENVIRONMENT, max_bytes=size // 2) as file:
        assert file.path.suffix == ".mp4"
        assert 0 < file.path.stat().st_size <= size // 2
        assert file.remark.startswith("small copy: the original has 0.")
    assert not file.path.exists()


def test_a_small_copy_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    with (
        pytest.raises(BadInput, match=r"no small copy of clip\.mp4"),
        handed(written(tmp_path, "clip.mp4", 4096), CHANNEL, ENVIRONMENT, max_bytes=1000),
    ):
        pass


def test_a_small_copy_that_takes_too_long_is_left_to_a_later_tick(tmp_path: Path) -> None:
    own = tmp_path / "shrink"
    own.write_text("#!/bin/sh\nexec sleep 9\n")
    own.chmod(0o755)
    given = {"scripts": {"make_proxy.py": str(own)}, "timeouts_s": {"make_proxy.py": 0.1}}
    slow = from_fields({"channel_id": "one", "channel_name": "One", "board": "local", **given})
    with (
        pytest.raises(Unavailable, match="shrink did not end") as raised,
        handed(written(tmp_path, "clip.mp4", 4096), slow, ENVIRONMENT, max_bytes=1000),
    ):
        pass
    assert raised.value.hint == "a later tick tries again"
