"""A film's words follow its card for as long as they can have an effect; what cannot be used is said on the card."""

from contextlib import closing
from datetime import UTC, datetime

import pytest

from tests.board import SCHEMA, Desk
from tests.fakes.notion import FakeNotion
from vidctl.domain.status import Status
from vidctl.store import marks


def test_everything_that_a_card_says_of_a_film_is_taken_over(desk: Desk) -> None:
    page = desk.card(
        Status="Queued",
        Title="Salt roads",
        Topic="Caravans",
        Priority="High",
        Privacy="Unlisted",
        **{"Story Direction": "Slow.\nThen quick.", "Publish At": "2026-12-01"},
    )
    desk.sync()
    film = desk.film(page)
    assert (film.title, film.topic, film.story_direction) == ("Salt roads", "Caravans", "Slow.\nThen quick.")
    assert (film.priority, film.privacy, film.publish_at) == ("high", "unlisted", datetime(2026, 12, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"Title": None}, "the title is empty"),
        ({"Topic": "  "}, "the topic is empty"),
        ({"Title": "x" * 201}, "the title has 201 characters"),
        ({"Topic": "😀" * 50_000}, "the topic has 50,000 characters"),
        ({"Title": None, "Topic": None}, "the title is empty; the topic is empty"),
    ],
)
def test_a_card_that_cannot_be_made_stays_in_draft_and_says_why(
    desk: Desk, fields: dict[str, str | None], said: str
) -> None:
    page = desk.card(Status="Queued", **fields)
    desk.sync()
    desk.sync()
    assert desk.film(page).status is Status.DRAFT
    assert desk.shows(page)["Status"] == "Draft"
    assert desk.note(page).count(said) == 1
    desk.edit(page, Status="Queued", Title="Now it has one", Topic="and this")
    desk.sync()
    assert desk.film(page).status is Status.QUEUED


def test_a_date_that_cannot_be_is_said_on_its_card_and_stops_nothing(desk: Desk) -> None:
    page = desk.card(Status="Queued", **{"Publish At": "2026-12-01"})
    desk.sync()
    odd = ["9999-12-31T23:59:00.000-05:00", "0001-01-01T00:00:00.000+05:00", "0007-03-01", "0999-01-01T00:00:00.000Z"]
    for said in odd:
        desk.edit(page, **{"Publish At": said})
        desk.sync()
    other = desk.card(Status="Queued", Title="Another")
    assert not desk.sync().troubles
    assert desk.film(page).publish_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert desk.note(page).count("is no date that can be: it counts for nothing") == len(odd)
    assert desk.film(other).status is Status.QUEUED


def test_fifty_thousand_characters_of_story_direction_are_taken_over_whole(desk: Desk) -> None:
    story = "".join(f"{number:05d} 😀é\n" for number in range(5_000))
    page = desk.card(Status="Queued", **{"Story Direction": story[:49_999]})
    desk.sync()
    assert desk.film(page).story_direction == story[:49_999]


def test_what_has_no_effect_any_more_is_said_once_and_changes_nothing(desk: Desk) -> None:
    page = desk.at(Status.ASSETS_READY, Topic="Birds")
    desk.edit(page, Topic="Fish", Title="Renamed")
    for _ in range(3):
        desk.sync()
    film = desk.film(page)
    assert (film.topic, film.title) == ("Birds", "Renamed"), "the upload has its title from the film"
    assert desk.note(page).count("Topic was changed, but the storyboard is written already") == 1
    assert "Title was changed" not in desk.note(page)
    assert desk.shows(page)["Topic"] == "Fish", "what a person wrote stays"
    desk.edit(page, Status="Draft")
    desk.sync()
    assert desk.film(page).topic == "Fish", "a film that is held can be made anew"


def test_a_published_film_says_that_changes_come_too_late(desk: Desk) -> None:
    page = desk.at(Status.PUBLISHED)
    desk.edit(page, Title="Too late", Privacy="Public")
    desk.sync()
    film = desk.film(page)
    assert (film.title, film.privacy) == ("A film", None)
    assert "Title was changed, but the film is published" in desk.note(page)
    assert "Privacy was changed, but the film is published" in desk.note(page)


def test_a_priority_follows_whoever_changed_it_last(desk: Desk) -> None:
    page = desk.card(Status="Queued", Priority="Low")
    desk.sync()
    marks.set_priority(desk.studio.db, desk.film(page).id, "high")
    desk.sync()
    assert desk.shows(page)["Priority"] == "High"
    desk.edit(page, Priority="Normal")
    desk.sync()
    assert desk.film(page).priority == "normal"
    desk.edit(page, Priority="Tomorrow!")
    desk.sync()
    assert desk.film(page).priority == "normal"
    assert "Priority 'Tomorrow!' is none of High, Normal, Low" in desk.note(page)


def test_what_people_wrote_in_the_error_log_stays_and_lines_are_only_added(desk: Desk) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.edit(page, Status="Published", **{"Error Log": "call the printer\n— Ana"})
    desk.sync()
    log = desk.note(page)
    assert log.startswith("call the printer\n— Ana\n")
    assert "Published, set by Ana" in log
    desk.edit(page, **{"Error Log": "tidied up"})
    desk.sync()
    assert desk.note(page) == "tidied up", "what a person removed does not come back"


def test_an_endless_error_log_loses_its_oldest_lines_and_says_where_they_are(desk: Desk) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.edit(page, Status="Published", **{"Error Log": "\n".join(f"line {n} {'x' * 90}" for n in range(1_990))})
    desk.sync()
    log = desk.note(page)
    assert log.startswith("… older lines: vidctl history TASK")
    assert "Published, set by Ana" in log.splitlines()[-1]


def test_a_card_without_a_channel_says_so_only_when_it_is_queued(desk: Desk, notion: FakeNotion) -> None:
    desk.studio.channel("two", board="notion", notion_database_id=desk.board.id)
    page = desk.card(Channel=None, Status="Draft", Title=None)
    desk.sync()
    assert desk.note(page) == ""
    assert notion.writes(page) == []
    desk.edit(page, Status="Queued", Title="Salt")
    desk.sync()
    desk.sync()
    assert desk.note(page).count("the card has no Channel; choose one of One, Two") == 1
    desk.edit(page, Channel="Two")
    desk.sync()
    assert (desk.film(page).channel_id, desk.film(page).status) == ("two", Status.QUEUED)


def test_the_only_channel_of_a_database_needs_no_naming(desk: Desk) -> None:
    page = desk.card(Channel=None, Status="Queued")
    desk.sync()
    assert desk.film(page).status is Status.QUEUED
    assert desk.shows(page)["Channel"] == "One"


def test_an_unknown_channel_is_named_with_what_was_meant(desk: Desk) -> None:
    desk.studio.channel("two", board="notion", notion_database_id=desk.board.id, channel_name="Lighthouse, Stories")
    page = desk.card(Channel="Lighthouse Storys", Status="Draft")
    desk.sync()
    assert "there is no channel 'Lighthouse Storys' on this board (did you mean Lighthouse Stories?)" in desk.note(page)


def test_a_film_that_was_begun_stays_in_its_channel(desk: Desk) -> None:
    desk.studio.channel("two", board="notion", notion_database_id=desk.board.id)
    page = desk.card(Status="Draft")
    desk.sync()
    desk.edit(page, Channel="Two")
    desk.sync()
    assert desk.film(page).channel_id == "two"
    desk.edit(page, Status="Queued")
    desk.sync()
    desk.studio.bring(desk.film(page).id, Status.ASSETS_READY)
    desk.edit(page, Channel="One")
    desk.sync()
    assert desk.film(page).channel_id == "two"
    assert "the film stays in its channel" in desk.note(page)


def test_renamed_properties_and_options_lose_nothing(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    notion.rename_property(desk.board, "Status", "Where it is")
    notion.rename_option(desk.board, "Where it is", "Assets Approved", "Pictures are good")
    desk.edit(page, **{"Where it is": "Pictures are good"})
    desk.sync()
    assert desk.film(page).status is Status.ASSETS_APPROVED
    desk.studio.bring(desk.film(page).id, Status.VIDEO_READY)
    desk.sync()
    assert desk.shows(page)["Where it is"] == "Video Ready"


@pytest.mark.parametrize("name", ["I", "The first of all channels"])  # a shorter name and a longer one
def test_a_channel_whose_option_is_renamed_again_and_again_gets_its_cards(
    desk: Desk, notion: FakeNotion, name: str
) -> None:
    begun = desk.card(Status="Draft")
    desk.sync()
    for old, new in (("One", "Eins"), ("Eins", name)):
        notion.rename_option(desk.board, "Channel", old, new)
        desk.sync(full=True)
        desk.sync(full=True)
        page = desk.card(Channel=new, Status="Queued")
        desk.sync()
        assert (desk.film(page).status, desk.note(page)) == (Status.QUEUED, "")
    desk.edit(begun, Topic="Salt")
    desk.sync()
    assert (desk.film(begun).channel_id, desk.note(begun)) == ("one", "")
    other = desk.card(Channel="Nine", Status="Queued")
    desk.sync()
    assert f"there is no channel 'Nine' on this board; choose one of {name}" in desk.note(other)


@pytest.mark.parametrize("seen_without", [False, True])
def test_a_property_that_was_lost_and_made_again_empties_nothing(
    desk: Desk, notion: FakeNotion, seen_without: bool
) -> None:
    begun, draft = desk.at(Status.ASSETS_READY), desk.card(Status="Draft", Topic="Salt")
    desk.sync()
    notion.remove_property(desk.board, "Topic")
    if seen_without:
        desk.sync(full=True)
    with closing(desk.client()) as client:
        client.data_sources.update(data_source_id=desk.board.data_source_id, properties={"Topic": SCHEMA["Topic"]})
    desk.sync(full=True)
    desk.edit(draft, Title="Salt roads")
    desk.sync(full=True)
    assert (desk.film(begun).topic, desk.film(draft).topic, desk.film(draft).title) == ("Birds", "Salt", "Salt roads")
    assert "Topic was changed" not in desk.note(begun)
    desk.edit(draft, Topic="Sand")
    desk.sync()
    assert desk.film(draft).topic == "Sand"
    desk.edit(draft, Topic=None)
    desk.sync()
    assert desk.film(draft).topic == ""


def test_a_card_is_told_the_names_that_its_board_has(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    notion.rename_option(desk.board, "Status", "Assets Approved", "Bilder gut")
    notion.rename_option(desk.board, "Status", "Final Review", "Abnahme")
    desk.sync(full=True)
    desk.edit(page, Status="Abnahme")
    desk.sync()
    assert "Abnahme, set by Ana" in desk.note(page)
    assert (
        "a film that is Assets Ready cannot become Abnahme by hand (set Draft, Bilder gut, Asset Error)"
        in desk.note(page)
    )


def test_what_no_database_can_keep_does_not_get_in_anybodys_way(desk: Desk) -> None:
    page = desk.card(Status="Queued", Title="Salt\x00 roads \ud800", **{"Review Notes": "\x00", "Error Log": "a\x00b"})
    other = desk.card(Status="Queued", Title="Sand")
    desk.sync()
    assert desk.film(page).title == "Salt roads ?"
    assert desk.film(other).status is Status.QUEUED
    assert desk.agrees(page)


def test_a_card_whose_channel_comes_later_is_taken_up_then(desk: Desk) -> None:
    page = desk.card(Channel="Two", Status="Queued")
    desk.sync()
    desk.sync()
    assert desk.note(page).count("not taken up: there is no channel 'Two' on this board") == 1
    desk.studio.channel("two", board="notion", notion_database_id=desk.board.id)
    desk.sync()
    assert (desk.film(page).channel_id, desk.film(page).status) == ("two", Status.QUEUED)


def test_a_card_goes_to_no_other_channel_while_the_file_of_its_own_is_broken(desk: Desk) -> None:
    desk.studio.channel("two", board="notion", notion_database_id=desk.board.id)
    desk.sync()
    file = desk.studio.root / "channel_configs" / "two.yaml"
    whole = file.read_text()
    file.write_text("channel_id: [\n")
    named, unnamed = desk.card(Channel="Two", Status="Queued"), desk.card(Channel=None, Status="Queued")
    desk.sync()
    assert "not taken up: the file of the channel Two is broken" in desk.note(named)
    assert "the card has no Channel; choose one of Two, One" in desk.note(unnamed)
    file.write_text(whole)
    desk.sync()
    assert (desk.film(named).channel_id, desk.film(named).status) == ("two", Status.QUEUED)
    assert desk.studio.db.execute("select count(*) from tasks").fetchone() == (1,)


@pytest.mark.parametrize("rests", [False, True])
def test_what_is_written_while_the_file_of_a_channel_is_broken_is_taken_over(desk: Desk, *, rests: bool) -> None:
    desk.studio.channel("two", board="notion", notion_database_id=desk.board.id, is_active=not rests)
    page = desk.card(Channel="Two", Status="Draft", Topic="Birds")
    desk.sync()
    file = desk.studio.root / "channel_configs" / "two.yaml"
    whole = file.read_text()
    file.write_text("channel_id: [\n")
    unnamed = desk.card(Channel=None, Status="Queued")
    desk.edit(page, Status="Queued", Topic="Whales")
    desk.sync()
    assert (desk.film(page).status, desk.film(page).topic) == (Status.QUEUED, "Whales")
    assert "the card has no Channel" in desk.note(unnamed)
    file.write_text(whole)
    desk.sync()
    assert desk.film(page).topic == "Whales"
    assert desk.agrees(page)


def test_a_status_that_is_emptied_or_lost_holds_no_film(desk: Desk, notion: FakeNotion) -> None:
    page = desk.at(Status.ASSETS_READY)
    desk.edit(page, Status=None)
    desk.sync()
    assert (desk.film(page).status, desk.shows(page)["Status"]) == (Status.ASSETS_READY, "Assets Ready")
    notion.remove_property(desk.board, "Status")
    desk.edit(page, Topic="Fish")
    desk.sync()
    assert desk.film(page).status is Status.ASSETS_READY


def test_a_card_that_is_read_as_it_was_takes_no_word_back(desk: Desk, notion: FakeNotion) -> None:
    page = desk.card(Status="Draft", Topic="Birds")
    desk.sync()
    desk.edit(page, Topic="Whales")
    desk.sync()
    notion.fault("stale", path="/query|/pages/", times=None)
    desk.sync(full=True)
    assert desk.film(page).topic == "Whales"
