"""What a person has to look at is on the card's page: each file once, as it is now, whatever happened on the way."""

import json
from typing import Any
from uuid import UUID

import pytest

from tests.board import Desk
from tests.fakes.notion import FakeNotion
from tests.long import long
from tests.media_samples import clip
from tests.takes import again, edit, use
from vidctl.domain.status import Status
from vidctl.engine.edit import edit_storyboard, path_of
from vidctl.engine.sync.exhibit import exhibit
from vidctl.engine.sync.exhibiting import KINDS, Exhibition
from vidctl.engine.sync.in_tick import boards_of
from vidctl.storage.local import folder
from vidctl.store import exhibits


def show(desk: Desk, page: str) -> None:
    desk.studio.later(seconds=1)
    exhibit(desk.studio.dsn, desk.film(page).id, desk.context, spacing_s=0.001)


def blocks(desk: Desk, page: str) -> dict[str, list[Any]]:
    """Return what stands below each heading of a page."""
    return {str(block["text"]): block["children"] for block in desk.notion.blocks(page)}


def texts(found: list[Any]) -> list[str]:
    """Return the captions of all blocks in a section, in columns too, in the order in which they are read."""
    every: list[str] = []
    for block in found:
        if block["type"] == "column_list":
            columns = [column["children"] for column in block["children"]]
            every += [str(one["text"]) for line in zip_longest(*columns) for one in line if one]
        else:
            every.append(str(block["text"]))
    return every


def zip_longest(*lists: list[Any]) -> list[tuple[Any, ...]]:
    longest = max(map(len, lists), default=0)
    return [tuple(one[at] if at < len(one) else None for one in lists) for at in range(longest)]


def names(found: list[Any]) -> list[str]:
    return [text.split(" · ")[0] for text in texts(found)]


def test_every_stage_is_shown_below_its_heading_with_its_sheet_first(desk: Desk) -> None:
    page = desk.at(Status.FINAL_REVIEW)
    show(desk, page)
    shown = blocks(desk, page)
    assert list(shown) == ["Storyboard", "Images", "Clips", "Sounds", "Film"]
    assert names(shown["Storyboard"]) == ["Storyboard"]
    assert names(shown["Images"]) == ["Contact sheet", "Image 1", "Image 2"]
    assert names(shown["Clips"]) == ["Filmstrip", "Clip 1", "Clip 2"]
    assert names(shown["Sounds"]) == ["Narration 1", "Narration 2", "Sound 1", "Sound 2"]
    assert names(shown["Film"]) == ["Film", "Thumbnail"]
    assert [block["type"] for block in shown["Clips"]] == ["image", "video", "video"]
    assert [block["type"] for block in shown["Sounds"]] == ["audio"] * 4
    assert "Scene 1." in texts(shown["Sounds"])[0], "with the words that are spoken"


def test_the_files_are_those_of_the_film(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.VIDEO_READY)
    show(desk, page)
    film = desk.film(page)
    clip = blocks(desk, page)["Clips"][1]
    assert notion.file(clip["file_upload"]) == desk.studio.folder(film.id).path("videos/clip_01.mp4").read_bytes()


def test_shown_once_there_is_nothing_more_to_do(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.VIDEO_READY)
    show(desk, page)
    notion.clear_requests()
    show(desk, page)
    assert [request.method for request in notion.requests] == ["GET"], "only the limit is asked for"


def test_what_is_remade_takes_the_place_of_what_it_replaces(desk: Desk) -> None:
    page = desk.at(Status.VIDEO_READY)
    show(desk, page)
    before = texts(blocks(desk, page)["Clips"])
    film = desk.film(page).id
    desk.studio.reject(film, "clip 1: slower")
    desk.studio.retry(film)
    desk.studio.bring(film, Status.VIDEO_READY)
    show(desk, page)
    after = texts(blocks(desk, page)["Clips"])
    assert [text.split(" · ")[0] for text in after] == ["Filmstrip", "Clip 1", "Clip 2"]
    assert after[2] == before[2]
    assert "take 2" in after[1]
    assert after[1] != before[1]


def test_a_caption_names_the_take_in_use_with_the_number_that_the_takes_have(desk: Desk) -> None:
    page = desk.at(Status.AUDIO_READY)
    film = desk.film(page).id
    edit(desk.studio, film, narration="Other words.")  # a take that no rejection made
    desk.studio.bring(film, Status.AUDIO_READY)
    show(desk, page)
    assert "take 2" in texts(blocks(desk, page)["Sounds"])[0]
    again(desk.studio, "narration 1: calmer", to=Status.AUDIO_READY, task_id=film)
    show(desk, page)
    assert "take 3" in texts(blocks(desk, page)["Sounds"])[0]
    use(desk.studio, film, "narration 1 take 2")
    show(desk, page)
    assert "take 2" in texts(blocks(desk, page)["Sounds"])[0]
    assert all("take" not in text for text in texts(blocks(desk, page)["Clips"]))


def test_what_people_wrote_on_the_page_stays(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    show(desk, page)
    heading = desk.notion.blocks(page)[1]
    with desk.client() as client:
        client.blocks.children.append(page, children=[paragraph("call the archive")])
        client.blocks.children.append(heading["id"], children=[paragraph("the second one is lovely")])
    film = desk.film(page).id
    desk.studio.reject(film, "image 1: brighter")
    desk.studio.retry(film)
    desk.studio.bring(film, Status.ASSETS_READY)
    show(desk, page)
    assert any(block["text"] == "call the archive" for block in notion.blocks(page))
    assert "the second one is lovely" in texts(blocks(desk, page)["Images"])


def paragraph(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "paragraph": {"rich_text": [{"type": "text", "text": {"content": text}}]}}


@pytest.mark.parametrize(
    ("kind", "after"),
    [("drop_saved", 1), ("503", 1), ("503_saved", 2), *(long("503_saved", after) for after in (0, 1, 3))],
)
def test_nothing_stands_there_twice_whatever_write_was_lost(
    desk: Desk, notion: FakeNotion, kind: str, after: int
) -> None:
    page = desk.at(Status.ASSETS_READY)
    notion.fault(kind, method="PATCH", path="/blocks/", after=after, times=2)
    for _ in range(4):
        show(desk, page)
    shown = blocks(desk, page)
    assert names(shown["Images"]) == ["Contact sheet", "Image 1", "Image 2"]
    assert names(shown["Storyboard"]) == ["Storyboard"]
    assert [block["text"] for block in notion.blocks(page)] == ["Storyboard", "Images"]


def test_a_crash_at_any_request_leaves_nothing_twice_and_nothing_out(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    for crash_at in range(1, 40):
        with desk.crash_of("vidctl: page", crash_at) as crashed:
            show(desk, page)
        if not crashed():
            break
    else:
        raise AssertionError("it never came to its end")
    shown = blocks(desk, page)
    assert names(shown["Images"]) == ["Contact sheet", "Image 1", "Image 2"]
    assert [block["text"] for block in notion.blocks(page)] == ["Storyboard", "Images"]


def test_the_gate_waits_for_no_upload_and_says_what_is_on_its_way(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    notion.fault("503", path="/file_uploads", times=None)
    show(desk, page)
    desk.sync()
    assert desk.shows(page)["Progress"] == "on their way to this page: contact sheet, image 1, image 2"
    desk.edit(page, Status="Assets Approved")
    desk.sync()
    assert desk.film(page).status is Status.ASSETS_APPROVED
    notion.clear_faults()
    show(desk, page)
    assert names(blocks(desk, page)["Images"]) == ["Contact sheet", "Image 1", "Image 2"]


def test_assets_lists_what_the_stage_needs(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    show(desk, page)
    assert str(desk.shows(page)["Assets"]).count("image") == 2
    desk.studio.bring(desk.film(page).id, Status.VIDEO_READY)
    show(desk, page)
    assert "clip 2" in str(desk.shows(page)["Assets"])
    assert "image" not in str(desk.shows(page)["Assets"])


def test_assets_of_a_film_that_was_sent_back_are_those_of_the_gate_it_waits_at(desk: Desk) -> None:
    page = desk.at(Status.VIDEO_READY)
    show(desk, page)
    again(desk.studio, "image 2: brighter", to=Status.ASSETS_READY, task_id=desk.film(page).id)
    show(desk, page)
    assert str(desk.shows(page)["Assets"]).count("image") == 2
    assert "clip" not in str(desk.shows(page)["Assets"])


def test_where_a_file_can_be_seen_is_recorded_and_never_a_signed_url(desk: Desk) -> None:
    page = desk.at(Status.VIDEO_READY)
    show(desk, page)
    urls = [url for (url,) in desk.studio.db.execute("select url from artifacts where kind in ('image', 'clip')")]
    assert len(urls) == 4
    assert all(str(url).startswith(f"https://www.notion.so/{page.replace('-', '')}#") for url in urls)
    assert not any("expir" in str(url).lower() or "X-Amz" in str(url) for url in urls)


def test_a_page_in_the_trash_is_seen_to_as_soon_as_it_is_back(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    notion.trash(page, by=desk.ana)
    show(desk, page)
    assert (desk.film(page).paused_at is not None, desk.note(page)) == (True, "")
    desk.studio.later(minutes=1)
    notion.restore(page, by=desk.ana)
    desk.sync()
    with desk.studio.session("sync") as db:
        assert exhibits.films_behind(db, KINDS, now=desk.context.clock(), most=9) != []
    show(desk, page)
    assert names(blocks(desk, page)["Images"]) == ["Contact sheet", "Image 1", "Image 2"]


def test_a_page_that_notion_did_not_take_is_tried_again_after_a_full_sync(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    notion.fault("error", path="/blocks/", times=None, status=400, code="validation_error", message="odd")
    show(desk, page)
    desk.sync()
    assert "the page does not show everything" in desk.note(page)
    assert "at once after vidctl sync --full" in desk.note(page)
    notion.clear_faults()
    with desk.studio.session("sync") as db:
        assert exhibits.films_behind(db, KINDS, now=desk.context.clock(), most=9) == []
        desk.sync(full=True)
        assert exhibits.films_behind(db, KINDS, now=desk.context.clock(), most=9) != []


def test_a_full_workspace_is_said_once_and_stops_no_film(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    notion.fault("block_limit", method="PATCH", path="/blocks/", times=None)
    for _ in range(3):
        show(desk, page)
    desk.sync()
    assert desk.note(page).count("the Notion workspace is full") == 1


def test_a_bug_with_one_page_is_said_once_and_lets_others_have_their_turn(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("an odd page")

    page = desk.at(Status.ASSETS_READY)
    with monkeypatch.context() as patched:
        patched.setattr(Exhibition, "show", fail)
        for _ in range(2):
            show(desk, page)
    assert exhibits.films_behind(desk.studio.db, KINDS, now=desk.studio.now, most=5) == []
    desk.sync()
    assert desk.note(page).count("because of a bug: ValueError: an odd page") == 1
    assert "Traceback" not in desk.note(page), "that is in the film's log"
    desk.studio.later(minutes=70)
    show(desk, page)
    assert names(blocks(desk, page)["Images"]) == ["Contact sheet", "Image 1", "Image 2"]


def test_what_a_tick_has_to_see_to_is_found(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    film = desk.film(page).id

    def behind() -> list[Any]:
        return exhibits.films_behind(desk.studio.db, KINDS, now=desk.studio.now, most=5)

    assert behind() == [(film, "one")]
    notion.fault("503", path="/file_uploads", times=None)
    show(desk, page)
    assert behind() == [], "it is left alone for a while"
    notion.clear_faults()
    desk.studio.later(minutes=5)
    assert behind() == [(film, "one")]
    show(desk, page)
    assert behind() == []


def test_what_a_storyboard_does_without_leaves_the_page(desk: Desk) -> None:
    page = desk.at(Status.ASSETS_READY)
    show(desk, page)
    film = desk.film(page)
    path, _ = path_of(desk.studio.db, film, desk.studio.home)
    board = json.loads(path.read_text())
    board["assets"] = board["assets"][:1]
    edit_storyboard(desk.studio.db, film, json.dumps(board).encode(), desk.studio.author)
    desk.studio.bring(film.id, Status.ASSETS_READY)
    show(desk, page)
    assert names(blocks(desk, page)["Images"]) == ["Contact sheet", "Image 1"]
    assert exhibits.films_behind(desk.studio.db, KINDS, now=desk.studio.now, most=5) == []


def test_a_section_that_a_person_removes_is_shown_anew_with_what_is_made_again(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.VIDEO_READY)
    show(desk, page)
    heading = next(block for block in desk.notion.blocks(page) if "Clips" in str(block))
    with desk.client() as client:
        client.blocks.delete(block_id=heading["id"])
    desk.studio.reject(desk.film(page).id, "clip 1: slower")
    desk.studio.retry(desk.film(page).id)
    desk.studio.bring(desk.film(page).id, Status.VIDEO_READY)
    desk.studio.later(hours=2)
    show(desk, page)
    assert names(blocks(desk, page)["Clips"]) == ["Filmstrip", "Clip 1", "Clip 2"]
    assert "does not show everything" not in desk.note(page)


def test_a_machine_without_the_files_leaves_a_page_to_the_one_that_has_them(desk: Desk) -> None:
    page = desk.at(Status.ASSETS_READY)
    film = desk.film(page).id
    here = desk.context.home / "workspace"

    def behind() -> list[UUID]:
        """Return what a tick on this machine would see to."""
        context = desk.context
        with boards_of(desk.studio.db, desk.studio.files().channels, context) as boards:
            return list(boards.behind(desk.studio.db, context))

    assert behind() == [film]
    here.rename(elsewhere := desk.context.home / "elsewhere")
    assert behind() == []
    show(desk, page)
    assert "not on this machine" not in desk.note(page)
    elsewhere.rename(here)
    desk.studio.later(minutes=3)
    assert behind() == [film]
    show(desk, page)
    assert exhibits.on_their_way(desk.studio.db, film, KINDS) == []


def test_on_a_plan_that_takes_no_large_files_the_film_is_shown_as_a_small_copy(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.FINAL_REVIEW)
    row = desk.studio.db.execute("select path from artifacts where kind = 'film'").fetchone()
    assert row is not None
    film = folder(desk.context.home, "one", str(desk.film(page).id)).path(row[0])
    limit = clip(film, seconds=2).stat().st_size // 2
    notion.world.max_upload_bytes = limit
    show(desk, page)
    block, _ = blocks(desk, page)["Film"]
    assert (block["type"], "small copy: the original has" in block["text"]) == ("video", True)
    assert max(len(notion.file(one)) for one in notion.world.uploads) <= limit
    assert exhibits.on_their_way(desk.studio.db, desk.film(page).id, KINDS) == []


def test_a_persons_own_heading_is_no_section_of_ours_and_a_renamed_one_stays_one(
    desk: Desk, notion: FakeNotion
) -> None:
    page = desk.at(Status.ASSETS_READY)
    with desk.client() as client:
        for name in ("Images I like", "Images"):
            text = [{"type": "text", "text": {"content": name}}]
            own = {"type": "heading_2", "heading_2": {"rich_text": text, "is_toggleable": name != "Images"}}
            client.blocks.children.append(block_id=page, children=[own])
    show(desk, page)
    assert [str(block["text"]) for block in notion.blocks(page)] == ["Images I like", "Images", "Storyboard", "Images"]
    assert [len(block["children"]) for block in notion.blocks(page)][:2] == [0, 0]

    ours = notion.blocks(page)[3]["id"]
    with desk.client() as client:
        client.blocks.update(block_id=ours, heading_2={"rich_text": [{"type": "text", "text": {"content": "Drawn"}}]})
    desk.studio.reject(desk.film(page).id, "image 1: brighter")
    desk.studio.retry(desk.film(page).id)
    desk.studio.bring(desk.film(page).id, Status.ASSETS_READY)
    desk.studio.db.execute("update exhibit_sections set is_clean = false")
    show(desk, page)
    assert names(blocks(desk, page)["Drawn"]) == ["Contact sheet", "Image 1", "Image 2"]


def test_what_stood_in_something_that_a_person_removed_is_shown_again(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    show(desk, page)
    (columns,) = (one for one in blocks(desk, page)["Images"] if one["type"] == "column_list")
    with desk.client() as client:
        client.blocks.delete(block_id=columns["id"])
    desk.studio.reject(desk.film(page).id, "image 1: brighter")
    desk.studio.retry(desk.film(page).id)
    desk.studio.bring(desk.film(page).id, Status.ASSETS_READY)
    show(desk, page)
    assert names(blocks(desk, page)["Images"]) == ["Contact sheet", "Image 1", "Image 2"]


def test_a_trouble_that_comes_back_is_said_again(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    for _ in range(2):
        notion.fault("block_limit", method="PATCH", path="/blocks/", times=None)
        desk.studio.reject(desk.film(page).id, "image 1: brighter")
        desk.studio.retry(desk.film(page).id)
        desk.studio.bring(desk.film(page).id, Status.ASSETS_READY)
        show(desk, page)
        show(desk, page)
        notion.clear_faults()
        show(desk, page)
        desk.studio.later(minutes=1)
    assert desk.note(page).count("the page does not show everything") == 2


def test_what_stands_there_twice_stands_there_once_afterwards(desk: Desk, notion: FakeNotion) -> None:
    """A write of ours that arrived late, after it was made again."""
    page = desk.at(Status.VIDEO_READY)
    show(desk, page)
    heading = next(block for block in notion.blocks(page) if block["text"] == "Clips")
    caption = texts(heading["children"])[1]
    with desk.client() as client:
        text = [{"type": "text", "text": {"content": caption}}]
        late = {"type": "video", "video": {"type": "external", "external": {"url": "https://x.test/a.mp4"}}}
        late["video"]["caption"] = text  # type: ignore[index]
        client.blocks.children.append(block_id=heading["id"], children=[late])
    desk.studio.db.execute("update exhibit_sections set is_clean = false")
    desk.studio.reject(desk.film(page).id, "clip 2: slower")
    desk.studio.retry(desk.film(page).id)
    desk.studio.bring(desk.film(page).id, Status.VIDEO_READY)
    show(desk, page)
    assert names(blocks(desk, page)["Clips"]) == ["Filmstrip", "Clip 1", "Clip 2"]
