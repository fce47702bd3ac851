"""What is said of a film on YouTube: within YouTube's limits, whatever people wrote."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidctl.domain import templates
from vidctl.domain.channel import Channel, from_fields
from vidctl.domain.metadata import Written, written
from vidctl.domain.publication import parse
from vidctl.domain.storyboard import Asset, AssetKind, Composite, Layout, Panel, Scene, Storyboard
from vidctl.domain.tags import hashtags, tags, units
from vidctl.domain.work import Work
from vidctl.errors import BadInput

SUMMARY = "A caravan carries salt across the Sahara."


def channel(tags: Any = (), **youtube: Any) -> Channel:
    fields = {"channel_id": "roads", "channel_name": "Old Roads", "board": "local", "tags": tags, "youtube": youtube}
    return from_fields(fields)


def board(*narrations: str, summary: str = SUMMARY) -> Storyboard:
    picture = Composite(Layout.SINGLE, (Panel("sea"),))
    scenes = tuple(Scene(number, picture, "pan", "wind", said) for number, said in enumerate(narrations or ("",), 1))
    return Storyboard("Salt", summary, "oil", (Asset("sea", AssetKind.ENVIRONMENT, "the sea"),), scenes)


FILM = Work("3f2a", "The salt road", "Salt trade of the Sahara", "Be grim.", "public", channel(), board())


def of(work: Work = FILM, starts_s: list[float] | None = None, length_s: float = 0.0, **youtube: Any) -> Written:
    if youtube:
        work = replace(work, channel=channel(**youtube))
    return written(work, {"scene_starts_s": starts_s or [], "duration_s": length_s})


def chaptered(scenes: int, said: str, **youtube: Any) -> Written:
    """Return what is said of a film of that many scenes, of a minute each."""
    film = replace(FILM, storyboard=board(*[f"{said} {number}." for number in range(scenes)], summary="Much. " * 900))
    return of(film, [60.0 * number for number in range(scenes)], 60.0 * scenes, **youtube)


def test_a_film_is_described_in_the_words_of_its_channel() -> None:
    template = "{title} ({topic}), by {channel_name}\n\n{summary}\n\n{chapters}\n\n{credits}\n{links}\n\n{hashtags}"
    film = replace(FILM, account="UC1", storyboard=board("The well.", "The dunes. Dust.", "The gate."))
    publication = of(
        film,
        [0, 20, 65.5],
        90,
        tags=["history"],
        title="{title} | {channel_name}",
        description=template,
        credits="Music: none",
        links=["https://example.com/roads"],
        hashtags=["old roads"],
        category="22",
        language="es",
        playlist="PL0123456789",
        notify_subscribers=False,
    ).publication
    assert publication.title == "The salt road | Old Roads"
    assert publication.description == (
        "The salt road (Salt trade of the Sahara), by Old Roads\n\n"
        f"{SUMMARY}\n\n"
        "00:00 The well\n00:20 The dunes. Dust\n01:05 The gate\n\n"
        "Music: none\nhttps://example.com/roads\n\n"
        "#OldRoads #Sahara"
    )
    assert publication.tags == ("history", "Salt trade of the Sahara", "Sahara", "Salt", "trade")
    assert (publication.category, publication.language, publication.playlist) == ("22", "es", "PL0123456789")
    assert not publication.notify_subscribers
    assert (publication.account, publication.channel_id, publication.captions) == ("UC1", "roads", True)


def test_the_story_direction_is_not_for_the_public() -> None:
    silent, spoken = board(summary=" "), board("The well is dry.", summary="")
    assert of(replace(FILM, storyboard=silent), description="{summary}").publication.description == ""
    assert of(replace(FILM, storyboard=spoken), description="{summary}").publication.description == "The well is dry."


def test_what_is_empty_leaves_no_blank_paragraph_and_no_heading() -> None:
    text = of(description="{summary}\n\nChapters:\n{chapters}\n\n\n{links}\n{credits}\n\n{title}\n{links}\nEnd")
    assert text.publication.description == f"{SUMMARY}\n\nThe salt road\nEnd"


def test_braces_in_what_is_filled_in_mean_nothing() -> None:
    film = replace(FILM, title="{topic} {x} {", storyboard=board(summary="{title}"))
    publication = of(film, title="{title} {topic}", description="{summary}").publication
    assert publication.title == "{topic} {x} { Salt trade of the Sahara"
    assert publication.description == "{title}"
    assert templates.filled("{later} {title}", {"title": "{later}"}) == "{later} {later}"


@given(
    title=st.text(min_size=1, max_size=200),
    topic=st.text(max_size=400),
    summary=st.text(max_size=400),
    repeats=st.sampled_from([1, 40]),
    scenes=st.integers(1, 6),
    own=st.lists(st.text(min_size=1, max_size=100), max_size=12),
    places=st.lists(st.sampled_from(templates.DESCRIPTION), max_size=9),
    between=st.text(st.characters(exclude_characters="{}"), max_size=20),
)
def test_whatever_people_write_youtube_takes_it(
    title: str, topic: str, summary: str, repeats: int, scenes: int, own: list[str], places: list[str], between: str
) -> None:
    template = between.join(f"{{{place}}}" for place in places)
    said = channel(own, title="{title}" + between, description=template, hashtags=own, credits=between * 50, links=own)
    storyboard = board(*[title * repeats] * scenes, summary=summary * repeats)
    work = replace(FILM, title=title, topic=topic * repeats, channel=said, storyboard=storyboard)
    try:
        found = of(work, [20.0 * number for number in range(scenes)], 20.0 * scenes).publication
    except BadInput:  # nothing is left of its title
        return
    assert 0 < len(found.title.strip().encode("utf-16-le")) <= 200
    assert len(found.description.encode()) <= 5_000
    assert sum(map(len, found.tags)) <= 500 >= units(found.tags)
    assert len({tag.casefold() for tag in found.tags}) == len(found.tags)
    assert not {*"<>\0\ud800\r"} & {*found.title, *found.description, *"".join(found.tags)}
    assert not {*'\n,"'} & {*"".join(found.tags)}
    assert "\n" not in found.title
    assert parse(msgspec.json.encode(found)) == found


def test_a_long_title_gives_way_and_the_name_of_the_channel_stays() -> None:
    written = of(replace(FILM, title="very " * 38 + "salty"), title="{title} | {channel_name}")
    assert written.publication.title == "very " * 16 + "very… | Old Roads"
    assert any("200" in warning or "100 are the most" in warning for warning in written.warnings)


def test_a_long_topic_gives_way_before_the_title_does() -> None:
    film = replace(FILM, title="The salt road " * 4, topic="gold " * 12)
    title = of(film, title="{title}: {topic}").publication.title
    assert title == "The salt road " * 3 + "The salt road: " + "gold " * 7 + "gold…"


@pytest.mark.parametrize("title", ["\u200b", "\x07\n", "---" * 60, "\u200b" * 120 + "x"])
def test_a_film_without_a_title_is_not_published(title: str) -> None:
    with pytest.raises(BadInput, match="nothing is left of the title"):
        of(replace(FILM, title=title))


def test_a_summary_gives_way_to_chapters_and_hashtags() -> None:
    written = chaptered(20, "The well", hashtags=["roads"])
    text = written.publication.description
    assert 4_900 < len(text.encode()) <= 5_000
    assert text.endswith("#roads #Sahara")
    assert text.count("The well") == 20
    assert "…\n\n00:00 The well 0\n" in text
    assert written.warnings == ("the description has more than 5,000 bytes; shortened: summary",)


def test_too_many_chapters_become_fewer_and_stay_chapters() -> None:
    text = chaptered(200, "The well of the old town by the gate of the north").publication.description
    listed = [line for line in text.split("\n") if "The well" in line]
    assert len(text.encode()) <= 5_000
    assert listed[0].startswith("00:00 ")
    assert len(listed) == 100
    assert text.startswith("Much. Much.")


@pytest.mark.parametrize(
    ("scenes", "title"), [(70, "The well of the old town by the gate of the"), (90, "The well of the old town by…")]
)
def test_chapters_get_short_titles_before_a_summary_is_less_than_a_few_lines(scenes: int, title: str) -> None:
    text = chaptered(scenes, "The well of the old town by the gate of the").publication.description
    summary, listed, _ = text.split("\n\n")
    assert len(summary.encode()) >= 295
    assert listed.count(title) == scenes


def test_a_summary_that_is_said_twice_is_cut_twice() -> None:
    film = replace(FILM, storyboard=board(summary="much " * 1_000))
    for more in range(18):
        template = "{summary}\n\n{summary}\n\n{summary}" + "." * more
        text = of(film, description=template).publication.description
        assert 4_970 < len(text.encode()) <= 5_000


def test_only_where_a_channels_own_words_are_too_many_the_end_is_cut() -> None:
    written = of(description="salt " * 1_100 + "{hashtags}")
    assert written.publication.description == "salt " * 998 + "salt…"
    assert written.warnings == ("the description has more than 5,000 bytes; shortened: the end of it",)


def test_angle_brackets_become_others_and_it_is_said_whose_they_were() -> None:
    written = of(replace(FILM, title="Salt <3", storyboard=board(summary="a -> b")))
    assert written.publication.title == "Salt ‹3"
    assert written.publication.description.startswith("a -› b")
    assert written.warnings == ("YouTube takes no < and >: they became ‹ and › (from the title, summary)",)


@pytest.mark.parametrize(
    ("asked", "publish_at", "privacy", "warns"),
    [
        ("public", None, "public", False),
        ("unlisted", None, "unlisted", False),
        ("", None, "private", False),
        ("secret", None, "private", True),
        ("public", datetime(2026, 12, 1, 9, 30, tzinfo=UTC), "private", False),
        ("private", datetime(2026, 12, 1, 9, 30, 1, 5, tzinfo=UTC), "private", False),
        ("unlisted", datetime(2026, 12, 1, 10, 30, tzinfo=timezone(timedelta(hours=1))), "private", True),
    ],
)
def test_a_film_is_as_public_as_its_card_says_and_private_until_its_time(
    asked: str, publish_at: datetime | None, privacy: str, warns: bool
) -> None:
    written = of(replace(FILM, privacy=asked, publish_at=publish_at))
    assert written.publication.privacy == privacy
    assert (written.publication.publish_at or "")[:16] == ("2026-12-01T09:30" if publish_at else "")
    assert (written.publication.publish_at or "Z")[-1] == "Z"
    assert bool(written.warnings) is warns


@pytest.mark.parametrize("said", [True, False])
def test_what_is_generated_and_for_whom_is_always_said(said: bool) -> None:
    sent = msgspec.to_builtins(of(made_for_kids=said, synthetic_media=said).publication)
    assert (sent["made_for_kids"], sent["synthetic_media"]) == (said, said)


def test_tags_are_counted_with_commas_and_quotes_and_dropped_from_the_end() -> None:
    assert units(["one", "two words"]) == 3 + 1 + 9 + 2
    own = ["x" * 99, "a " * 49 + "b", "y" * 99, "z" * 99]
    written = of(tags=[*own, "w" * 98])
    assert units(written.publication.tags) == 500
    assert written.publication.tags[-1] == "w" * 98
    assert written.warnings[0].startswith("the tags have more than 500 characters; left out: Salt trade")
    assert tags([*own, "w" * 99], "") == (own, ["w" * 99])


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("The salt road of the Sahara", "own|The salt road of the Sahara|Sahara|salt|road"),
        ("THE SALT ROAD", "own|THE SALT ROAD|SALT|ROAD"),
        (
            'How bread, and own "beer", were made in 1516',
            "own|How bread and own beer were made in 1516|bread|beer|1516",
        ),
        ("Life of St. Francis of Assisi", "own|Life of St. Francis of Assisi|Francis|Assisi|Life"),
        ("日本の歴史", "own|日本の歴史"),
        ("x" * 70 + " and salt", "own|salt"),
        (" ".join(f"word{number}" for number in range(20)), "own|" + "|".join(f"word{number}" for number in range(12))),
        (f"The Roman Empire {'and so on ' * 9}", "own|Roman Empire|Roman|Empire"),
        ("", "own"),
    ],
)
def test_a_topic_gives_the_tags_that_people_look_for(topic: str, expected: str) -> None:
    assert tags(["own", "Own", " own,"], topic) == (expected.split("|"), [])


@pytest.mark.parametrize(
    ("own", "topic", "expected"),
    [
        (["#old roads", "Old Roads", "2020", "#"], "Salt", "#OldRoads #Salt"),
        (["don't <stop>"], "the roman empire", "#DontStop #TheRomanEmpire"),
        (["हिन्दी"], "How the Roman Empire met Attila the Hun of Asia, in 451", "#हिन्दी #RomanEmpire #Attila #Hun"),
        ([f"n{number}" for number in range(20)], "Salt", " ".join(f"#n{number}" for number in range(15))),
    ],
)
def test_hashtags_are_words_and_not_so_many_that_youtube_ignores_them(
    own: list[str], topic: str, expected: str
) -> None:
    assert hashtags(own, topic) == expected.split()
