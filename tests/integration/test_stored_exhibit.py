"""Where a film's files are kept in the object store, its card's page shows them from there, and uploads nothing."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.board import Desk
from tests.fakes.notion import FakeNotion
from tests.fakes.r2.fake import FakeR2
from vidctl.domain.status import Status
from vidctl.domain.work import Kind
from vidctl.engine.sync.exhibit import exhibit
from vidctl.engine.sync.exhibiting import KINDS
from vidctl.store import exhibits


@pytest.fixture
def r2(desk: Desk, moto: str) -> Iterator[FakeR2]:
    with FakeR2(moto) as fake:
        desk.studio.told = fake.environment
        board = {"board": "notion", "notion_database_id": desk.board.id}
        desk.studio.channel("one", scenes=1, storage_strategy="r2", **board)
        yield fake


def show(desk: Desk, page: str) -> dict[str, list[Any]]:
    desk.studio.later(seconds=1)
    exhibit(desk.studio.dsn, desk.film(page).id, desk.context, spacing_s=0.001)
    return {str(block["text"]): block["children"] for block in desk.notion.blocks(page)}


def behind(desk: Desk) -> int:
    return len(exhibits.films_behind(desk.studio.db, KINDS, now=desk.studio.now, most=5))


@pytest.mark.parametrize("public", [True, False])
def test_what_is_in_the_bucket_is_shown_from_there(desk: Desk, notion: FakeNotion, r2: FakeR2, public: bool) -> None:
    if public:
        desk.studio.told = {**desk.studio.told, "R2_PUBLIC_URL": r2.public_url}
    page = desk.at(Status.VIDEO_READY)
    shown = show(desk, page)
    assert list(shown) == ["Storyboard", "Images", "Clips"]
    url = shown["Clips"][1]["url"]
    clip = desk.studio.folder(desk.film(page).id).path("videos/clip_01.mp4").read_bytes()
    assert httpx.get(url).content == clip
    assert ("?" in url) is not public, "signed where the bucket is private"
    assert not [request for request in notion.requests if "file_uploads" in request.path]
    kept = desk.studio.db.execute("select distinct url from artifacts where kind = 'clip'").fetchall()
    assert kept == [(url if public else None,)]
    desk.studio.later(hours=24 * 30)
    assert behind(desk) == (0 if public else 1), "what opens for ever is never renewed"


def test_what_is_not_stored_yet_is_shown_once_it_is(desk: Desk, r2: FakeR2) -> None:
    page = desk.at(Status.VIDEO_READY)
    desk.studio.db.execute("update artifacts set stored = null where kind = 'clip'")
    assert "Clips" not in show(desk, page) or len(show(desk, page)["Clips"]) == 1
    desk.studio.approve(desk.film(page).id)
    desk.studio.step(desk.film(page).id)
    assert len(show(desk, page)["Clips"]) == 2


def changed(notion: FakeNotion, since: int) -> list[str]:
    """Return what was linked anew since then: blocks by their ids, and the card's list of files."""
    written = [request for request in notion.requests[since:] if request.method == "PATCH"]
    blocks = [request.path.rpartition("/")[2] for request in written if "/blocks/" in request.path]
    return blocks + ["files" for request in written if "'files'" in str(request.body)]


def test_links_are_renewed_before_they_run_out_and_what_was_taken_off_stays_off(
    desk: Desk, notion: FakeNotion, r2: FakeR2
) -> None:
    page = desk.at(Status.VIDEO_READY)
    shown = show(desk, page)
    filmstrip, clip = shown["Clips"]
    desk.studio.later(hours=24 * 4)
    assert behind(desk) == 0, "they open for days"
    with desk.client() as client:
        client.blocks.delete(block_id=filmstrip["id"])
    desk.studio.later(hours=36)
    assert behind(desk) == 1
    since = len(notion.requests)
    again = show(desk, page)
    wrote = changed(notion, since)
    assert wrote.count(clip["id"]) == 1
    assert [block["id"] for block in again["Clips"]] == [clip["id"]], "where it stands"
    assert again["Clips"][0]["text"] == clip["text"]
    assert again["Storyboard"][0]["id"] not in wrote, "it links to nothing"
    assert "files" in wrote, "the card's Assets too"
    since = len(notion.requests)
    show(desk, page)
    assert (behind(desk), changed(notion, since)) == (0, [])
    kept = exhibits.of_film(desk.studio.db, desk.film(page).id, [Kind.STORYBOARD, Kind.FILMSTRIP, Kind.CLIP])
    assert [item.kind for item in kept if item.link_until is not None] == [Kind.CLIP]
    desk.studio.later(hours=24 * 6)
    assert behind(desk) == 1
    desk.studio.db.execute("update tasks set status = 'Published', status_since = %s", (desk.studio.now,))
    assert behind(desk) == 0, "nobody decides there any more"
