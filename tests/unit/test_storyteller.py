"""What is mended of a model's storyboard and what is not, how long a narration is, tokens, California's midnight."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from vidctl.domain.pacific import by_rule, next_midnight
from vidctl.domain.prices import price_list
from vidctl.domain.storyboard import AssetKind, check_size, parse
from vidctl.providers.brief import Brief
from vidctl.providers.gemini.tokens import Usage, tokens_usd, usage_in
from vidctl.providers.storyteller.asking import system
from vidctl.providers.storyteller.fit import fitted, spoken_words, words_in
from vidctl.providers.storyteller.mending import Mended, mend
from vidctl.providers.storyteller.names import Names, slug

ENVIRONMENT, CHARACTER, PROP = AssetKind.ENVIRONMENT, AssetKind.CHARACTER, AssetKind.PROP
BRIEF = Brief(title="Salt", topic="how salt travelled", assets=4, scenes=2)


def board() -> Any:
    """A storyboard of four images and two scenes that is right."""
    panel = {"environment": "old_town", "characters": ["keeper"], "props": ["lamp"]}
    scene = {"motion": "slow push in", "sound": "wind", "narration": "It was quiet. Nobody came."}
    return {
        "title": "Salt",
        "summary": "Salt.",
        "style": "gouache",
        "assets": [
            {"name": "old_town", "kind": "environment", "prompt": "an old town"},
            {"name": "keeper", "kind": "character", "prompt": "a keeper"},
            {"name": "keeper_old", "kind": "character", "prompt": "the keeper, old", "like": "keeper"},
            {"name": "lamp", "kind": "prop", "prompt": "a lamp"},
        ],
        "scenes": [
            {"number": 1, "composite": {"layout": "single", "panels": [panel]}, **scene},
            {"number": 2, "composite": {"layout": "split", "panels": [panel, panel]}, **scene},
        ],
    }


def right(found: Mended) -> Any:
    """Return the document, which every later step can read."""
    assert found.complaints == []
    check_size(parse(msgspec.json.encode(found.document)), assets=BRIEF.assets, scenes=BRIEF.scenes)
    return found.document


def test_a_storyboard_that_is_right_is_left_as_it_is() -> None:
    assert right(mend(board(), BRIEF, 23)) == board()


def test_names_that_are_no_file_names_are_made_some_and_found_wherever_they_are_spoken_of() -> None:
    told = board()
    told["assets"][0]["name"] = "Old Town (Évora)"
    told["scenes"][0]["composite"]["panels"][0]["environment"] = "Old Town (Évora)"
    told["scenes"][1]["composite"]["panels"][1] = {"environment": "old-town evora", "characters": [], "props": []}
    made = right(mend(told, BRIEF, 23))
    assert made["assets"][0]["name"] == "old_town_evora"
    assert made["scenes"][1]["composite"]["panels"][1]["environment"] == "old_town_evora"


def test_a_name_that_is_used_twice_is_the_first_ones() -> None:
    told = board()
    told["assets"][2]["name"] = "keeper"
    made = right(mend(told, BRIEF, 23))
    assert [asset["name"] for asset in made["assets"]] == ["old_town", "keeper", "keeper_2", "lamp"]
    assert made["assets"][2]["like"] == "keeper"
    assert made["scenes"][0]["composite"]["panels"][0]["characters"] == ["keeper"]


def test_a_reference_that_differs_only_in_spelling_is_understood() -> None:
    told = board()
    told["scenes"][0]["composite"]["panels"][0] = {
        "environment": "oldtown",
        "characters": ["Keper"],
        "props": ["lamps"],
    }
    panel = right(mend(told, BRIEF, 23))["scenes"][0]["composite"]["panels"][0]
    assert panel == {"environment": "old_town", "characters": ["keeper"], "props": ["lamp"]}


def test_a_thing_in_the_list_of_the_characters_is_moved_to_its_own() -> None:
    told = board()
    told["scenes"][0]["composite"]["panels"][0] |= {"characters": ["lamp", "keeper"], "props": ["keeper"]}
    panel = right(mend(told, BRIEF, 23))["scenes"][0]["composite"]["panels"][0]
    assert (panel["characters"], panel["props"]) == (["keeper"], ["lamp"])


def test_another_number_is_another_image() -> None:
    names = Names()
    names.give("market_1", ENVIRONMENT, 1)
    assert names.meant("market 1", (ENVIRONMENT,)) == "market_1"
    assert names.meant("market_2", (ENVIRONMENT,)) is None


@pytest.mark.parametrize("like", ["lamp", "keeper_old", "old_town", "nobody"])
def test_like_that_names_nothing_before_it_of_its_kind_is_dropped(like: str) -> None:
    told = board()
    told["assets"][1]["like"] = like
    found = mend(told, BRIEF, 23)
    assert "like" not in right(found)["assets"][1]
    assert "image keeper is like none before it" in found.mended


def test_images_that_no_scene_shows_are_left_out_while_there_are_too_many() -> None:
    told = board()
    told["assets"] += [{"name": f"spare_{at}", "kind": "prop", "prompt": "a spare"} for at in range(3)]
    assert [asset["name"] for asset in right(mend(told, BRIEF, 23))["assets"]] == [
        "old_town",
        "keeper",
        "keeper_old",
        "lamp",
    ]


def test_an_image_that_no_scene_shows_is_spoken_of() -> None:
    assert mend(board(), BRIEF, 23).mended == ["no scene shows keeper_old"]


def test_an_image_that_another_is_like_is_kept_for_it() -> None:
    told = board()
    for scene in told["scenes"]:
        for panel in scene["composite"]["panels"]:
            panel["characters"] = ["keeper_old"]
    assert right(mend(told, BRIEF, 23)) == told
    found = mend(told, msgspec.structs.replace(BRIEF, assets=3), 23)
    assert found.complaints == ["there are 4 images; there must be exactly 3"]


@pytest.mark.parametrize(
    ("layout", "panels", "becomes"), [("split", 1, "single"), ("single", 2, "split"), (7, 3, "split")]
)
def test_the_layout_follows_from_the_number_of_pictures(layout: object, panels: int, becomes: str) -> None:
    told = board()
    composite = told["scenes"][0]["composite"]
    composite |= {"layout": layout, "panels": composite["panels"] * panels}
    assert right(mend(told, BRIEF, 23))["scenes"][0]["composite"]["layout"] == becomes


def test_scenes_are_numbered_and_what_nobody_asked_for_is_left_out() -> None:
    told = board()
    told["mood"] = told["scenes"][0]["mood"] = told["assets"][0]["mood"] = "calm"
    told["scenes"][0]["number"], told["scenes"][1]["number"] = 0, "1"
    assert right(mend(told, BRIEF, 23)) == board()


def test_what_has_no_sound_or_motion_gets_some() -> None:
    told = board()
    told["scenes"][0] |= {"sound": " ", "motion": None}
    scene = right(mend(told, BRIEF, 23))["scenes"][0]
    assert scene["sound"]
    assert scene["motion"]


def test_texts_are_cut_after_a_word_and_lose_what_nobody_can_read() -> None:
    told = board()
    told["summary"] = "word " * 500 + "\0\ud800"
    told["assets"][0]["prompt"] = "an old\x00 town\nby night\udfff"
    made = right(mend(told, BRIEF, 23))
    assert len(made["summary"]) <= 2_000
    assert made["summary"].endswith("word")
    assert made["assets"][0]["prompt"] == "an old town by night"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"assets": 5}, "there are 4 images; there must be exactly 5"),
        ({"assets": 3}, "there are 4 images; there must be exactly 3"),
        ({"scenes": 1}, "there are 2 scenes; there must be exactly 1"),
    ],
)
def test_a_number_that_cannot_be_put_right_is_complained_of(change: dict[str, int], complaint: str) -> None:
    told = board()
    told["scenes"][0]["composite"]["panels"][0]["characters"] = ["keeper", "keeper_old"]
    assert complaint in mend(told, msgspec.structs.replace(BRIEF, **change), 23).complaints


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (("assets", 0, "prompt"), " ", "image 1 (old_town): `prompt` is empty"),
        (("assets", 0, "kind"), "place", "image 1 (old_town): `kind` is none of character, environment, prop"),
        (("scenes", 0, "composite", "panels"), [], "scene 1 shows nothing"),
        (
            ("scenes", 1, "composite", "panels", 0, "environment"),
            "the moon",
            "scene 2: no environment is named 'the moon'",
        ),
        (("scenes", 1, "composite", "panels", 0, "props"), ["a sword"], "scene 2: no prop is named 'a sword'"),
        (("scenes", 0, "narration"), "and so on " * 30, "scene 1: its narration is too long (about 90 words, 23 are"),
        (("style",), "", "`style` is empty"),
    ],
)
def test_what_has_no_plain_meaning_is_complained_of(path: tuple[Any, ...], value: object, complaint: str) -> None:
    told = json.loads(json.dumps(board()))
    inner = told
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    assert [said for said in mend(told, BRIEF, 23).complaints if complaint in said]


def test_a_persons_title_and_a_channels_style_stay_as_they_are() -> None:
    made = right(
        mend(board() | {"title": "Other", "style": "other"}, msgspec.structs.replace(BRIEF, style="woodcut"), 23)
    )
    assert (made["title"], made["style"]) == ("Salt", "woodcut")


def test_a_clip_of_ten_seconds_has_room_for_twenty_three_words() -> None:
    assert words_in(10, 150) == 23
    assert words_in(5, 150) == 11
    assert words_in(0.5, 150) == 0


def test_the_model_is_told_of_fewer_words_than_fit() -> None:
    told = system(BRIEF, 23, 150)
    assert "at most 20 words and 140 characters (33 in Chinese" in told
    assert "exactly 2 scenes" in told
    assert "exactly 4 images" in told


def test_the_price_of_a_story_is_that_of_its_day() -> None:
    before, after = date(2026, 12, 31), date(2027, 1, 1)
    usage = Usage(prompt=1_000_000, output=100_000)
    prices = [tokens_usd(price_list(), "gemini-3.8-flash", usage, on) for on in (before, after)]
    assert prices == [Decimal("1.125"), Decimal("2.25")]


@pytest.mark.parametrize(
    ("said", "usage"),
    [
        ({"promptTokenCount": 10, "candidatesTokenCount": 5, "thoughtsTokenCount": 3, "totalTokenCount": 18}, (10, 8)),
        ({"promptTokenCount": 10, "totalTokenCount": 18}, (10, 8)),
        ({"promptTokenCount": 10, "candidatesTokenCount": 5, "thoughtsTokenCount": 3}, (10, 8)),
        ({"promptTokenCount": 10, "candidatesTokenCount": 5, "totalTokenCount": 10}, (10, 5)),
        ({"promptTokenCount": "10", "totalTokenCount": True, "candidatesTokenCount": -3}, None),
        ({"totalTokenCount": 10**30}, None),
        ([], None),
    ],
)
def test_tokens_are_counted_by_whatever_says_most(said: object, usage: tuple[int, int] | None) -> None:
    assert usage_in({"usageMetadata": said}) == (usage and Usage(*usage))


def test_a_narration_that_fits_is_left_as_it_is() -> None:
    assert fitted("The salt came by camel. Nobody knew the way.", 9) == "The salt came by camel. Nobody knew the way."


@pytest.mark.parametrize(
    ("said", "words", "left"),
    [
        ("The salt came by camel. Nobody knew the way.", 7, "The salt came by camel."),
        ('He called: "Come home." And then he went.', 5, 'He called: "Come home."'),
        (
            "In the year of Dr. Livingstone it was quiet. Nobody came at all.",
            10,
            "In the year of Dr. Livingstone it was quiet.",
        ),
        ("They all wrote to Dr. Livingstone of it.", 6, None),
        ("塩は遠くから来た。誰も道を知らなかった。", 7, "塩は遠くから来た。"),
        ("Yes. The whole long road to the coast took forty days and forty nights.", 6, None),
        ("and so on and so on and so on", 4, None),
    ],
)
def test_a_narration_that_is_a_little_too_long_ends_with_an_earlier_sentence(
    said: str, words: int, left: str | None
) -> None:
    assert fitted(said, words) == left


def test_years_long_words_and_languages_without_spaces_take_their_time() -> None:
    assert spoken_words("In 1698 it burned") > 4
    assert spoken_words("Donaudampfschifffahrtsgesellschaftskapitän") > 5
    assert spoken_words("塩は遠くから来た") > 4
    assert spoken_words("") == 0


@pytest.mark.parametrize(
    ("said", "name"), [("Hafen bei Nacht!", "hafen_bei_nacht"), ("Évora", "evora"), ("塩", ""), ("x" * 50, "x" * 40)]
)
def test_a_name_becomes_the_nearest_file_name(said: str, name: str) -> None:
    assert slug(said) == name


def test_names_of_which_nothing_is_left_are_their_kind_and_number() -> None:
    names = Names()
    assert names.give("塩", PROP, 3) == "prop_3"
    assert names.meant("塩", (CHARACTER, PROP)) == "prop_3"
    assert [names.give("x" * 60, PROP, at) for at in (4, 5)] == ["x" * 40, "x" * 38 + "_2"]


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        (datetime(2026, 11, 26, 7, 59, 59, tzinfo=UTC), datetime(2026, 11, 26, 8, tzinfo=UTC)),
        (datetime(2026, 11, 26, 8, tzinfo=UTC), datetime(2026, 11, 27, 8, tzinfo=UTC)),
        (datetime(2026, 7, 1, 12, tzinfo=UTC), datetime(2026, 7, 2, 7, tzinfo=UTC)),
        (datetime(2026, 3, 8, 12, tzinfo=UTC), datetime(2026, 3, 9, 7, tzinfo=UTC)),
        (datetime(2026, 11, 1, 12, tzinfo=UTC), datetime(2026, 11, 2, 8, tzinfo=UTC)),
    ],
)
def test_the_day_begins_at_midnight_in_california(now: datetime, midnight: datetime) -> None:
    assert next_midnight(now) == by_rule(now) == midnight


def test_a_machine_without_time_zones_knows_the_same_midnights() -> None:
    zone = ZoneInfo("America/Los_Angeles")
    for hours in range(0, 2 * 366 * 24, 7):
        now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
        at = by_rule(now).astimezone(zone)
        assert (at.hour, at.minute) == (0, 0)
        assert timedelta() < at - now <= timedelta(hours=25)
