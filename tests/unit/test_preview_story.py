"""The offline story teller: any words make a storyboard of exactly the size asked for, that can be spoken."""

from collections import Counter
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidctl.domain.storyboard import AssetKind, Layout, Storyboard, check_size, parse
from vidctl.errors import BadInput
from vidctl.providers.preview import arc_panels, demo, story, voice
from vidctl.providers.preview.arc_lexicon import lexicon
from vidctl.providers.preview.arc_words import sentences, speakable, spoken_s, subject
from vidctl.providers.preview.story import Brief, tell

WORDS = st.text(max_size=120)
DIRECTION = st.one_of(
    st.text(max_size=400),
    st.lists(
        st.sampled_from(["The sea gave them salt. ", "In 1703 it fell. ", "Use blue!\n", "- 日本 \ud800", "a;b "])
    ).map("".join),
)
SALT = Brief(
    "The Salt Road",
    "How salt crossed the desert",
    "For centuries caravans carried salt south from Taghaza to Timbuktu. Show the caravans. Use warm colours. "
    "Ibn Battuta saw houses built of salt.",
)


def read_back(board: Storyboard) -> Storyboard:
    """Return the board as the next step reads it."""
    return parse(msgspec.json.encode(board))


def used(board: Storyboard) -> set[str]:
    panels = [panel for scene in board.scenes for panel in scene.composite.panels]
    return {name for panel in panels for name in (panel.environment, *panel.characters, *panel.props)}


@settings(max_examples=150, deadline=None)
@given(WORDS, WORDS, DIRECTION, WORDS, st.integers(1, 60), st.integers(1, 60), st.floats(1, 60), st.integers(1, 3))
def test_any_words_and_counts_make_a_whole_storyboard_of_that_size(
    title: str, topic: str, direction: str, note: str, assets: int, scenes: int, clip_seconds: float, take: int
) -> None:
    asked = Brief(title, topic, direction, "", "", assets, scenes, clip_seconds)
    board = read_back(tell(asked, take=take, note=note))
    check_size(board, assets=assets, scenes=scenes)
    assert board == tell(asked, take=take, note=note)
    for scene in board.scenes:
        assert not scene.narration or speakable(scene.narration)
        assert spoken_s(scene.narration) <= 0.8 * clip_seconds


def test_the_largest_film_there_can_be_is_told() -> None:
    check_size(read_back(tell(Brief("x", "y", "z " * 25_000, assets=200, scenes=200))), assets=200, scenes=200)


@pytest.mark.parametrize(
    "piece", [" ", "(", "[", "\n", "\t \n", "https://", "- ", "ß ", "a.", "Aa ", "'", "1. ", "\u202e", "e\u0301"]
)
def test_no_words_make_it_slow(piece: str) -> None:
    """The patterns for markup, sentences and names look at each character only a few times."""
    text = (piece * 50_000)[:50_000]
    check_size(read_back(tell(Brief(text, f"x{text}x", text))), assets=22, scenes=18)


def test_another_take_and_a_note_tell_it_differently() -> None:
    for brief in (SALT, Brief("x", "x", assets=1, scenes=1)):
        boards = [tell(brief), tell(brief, take=2), tell(brief, take=3)]
        assert len({msgspec.json.encode(board) for board in boards}) == 3
    first = tell(SALT, take=2, note="more wolves please").assets
    assert "wolf" in [asset.name for asset in first]


def test_what_the_direction_says_is_spoken_and_what_it_orders_is_not() -> None:
    spoken = [scene.narration for scene in tell(SALT).scenes]
    assert "For centuries caravans carried salt south from Taghaza to Timbuktu." in spoken
    assert "Ibn Battuta saw houses built of salt." in spoken
    assert not any("Show the" in line or "colours" in line for line in spoken)
    assert any("how salt crossed the desert" in line for line in spoken)


def test_enough_sentences_of_the_direction_make_the_whole_narration_in_their_order() -> None:
    lines = [f"On the road there were {number} tired camels." for number in range(3, 9)]
    board = tell(Brief("Camels", "Camels", " ".join(lines), scenes=6))
    assert [scene.narration for scene in board.scenes] == lines


def test_a_film_shows_what_it_is_about_and_every_image_is_seen() -> None:
    board = tell(SALT)
    kinds = Counter(asset.kind for asset in board.assets)
    assert kinds == {AssetKind.ENVIRONMENT: 9, AssetKind.CHARACTER: 6, AssetKind.PROP: 7}
    assert sum("desert" in asset.prompt for asset in board.assets) >= 2
    assert used(board) == {asset.name for asset in board.assets}
    assert len({asset.prompt for asset in board.assets}) == 22
    assert sum(scene.composite.layout is Layout.SPLIT for scene in board.scenes) == 4


def test_no_line_and_no_move_comes_twice_in_a_row() -> None:
    board = tell(Brief("Glaciers", "Why do glaciers move?"))
    assert len({scene.narration for scene in board.scenes}) == 18
    assert all(one.motion != other.motion for one, other in pairwise(board.scenes))


@given(st.integers(1, 60), st.integers(1, 60))
def test_two_pictures_in_a_row_are_of_different_places_unless_there_is_one(assets: int, scenes: int) -> None:
    spots = arc_panels.spots(assets, scenes, [stage.weight for stage in lexicon().stages])
    places = [spot.environment for spot in spots]
    assert [spot.stage for spot in spots] == sorted(spot.stage for spot in spots)
    assert set(places) == set(range(max(places) + 1))
    assert max(places) == 0 or all(one != other for one, other in pairwise(places))


@pytest.mark.parametrize(
    ("topic", "phrase"),
    [
        ("The last lighthouse keepers", "the last lighthouse keepers"),
        ("THE SALT ROAD: a journey", "the salt road"),
        ("Why do cats purr?", "one question: why do cats purr"),
        ("🐺 Wolves of the", "Wolves"),
        ("日本の庭", "this place"),
        ("", "this place"),
    ],
)
def test_a_topic_becomes_a_phrase_that_can_be_spoken(topic: str, phrase: str) -> None:
    assert subject(topic, "") == phrase


def test_only_whole_sentences_that_can_be_said_are_taken() -> None:
    text = "# Notes\n1. The tower fell in the night (they say)!\n* Привет, это не по-английски совсем\nShort one. https://x.y"
    assert sentences(text, longest_s=6.5) == ["The tower fell in the night!"]


def test_a_field_outside_of_its_limits_is_refused_by_name() -> None:
    for brief, field in (
        (Brief(assets=0), "assets"),
        (Brief(scenes=201), "scenes"),
        (Brief(style="x" * 1_001), "style"),
    ):
        with pytest.raises(BadInput, match=field):
            story.checked(brief)
    with pytest.raises(BadInput, match="lenght"):
        story.read_brief(b'{"title": "x", "lenght": 3}')
    with pytest.raises(BadInput, match="story_direction"):
        story.read_brief(msgspec.json.encode({"story_direction": "x" * 50_001}))


def demo_brief(assets: int = 22, scenes: int = 18) -> Brief:
    film = demo.demo()
    return Brief(film.title, film.topic, film.story_direction, assets=assets, scenes=scenes)


def test_the_demo_film_is_the_one_written_by_hand() -> None:
    board = read_back(tell(demo_brief()))
    check_size(board, assets=22, scenes=18)
    assert board == demo.demo().storyboard
    assert used(board) == {asset.name for asset in board.assets}
    assert sum(scene.composite.layout is Layout.SPLIT for scene in board.scenes) == 5
    assert sorted(demo.demo().importance) == list(range(1, 19))
    assert tell(demo_brief(), take=2) != board


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(1, 24))
def test_the_demo_film_can_be_shorter_and_plainer(assets: int, scenes: int) -> None:
    board = read_back(tell(demo_brief(assets, scenes)))
    check_size(board, assets=assets, scenes=scenes)
    if scenes <= 18 and assets >= demo.assets_needed(scenes):
        whole = {scene.narration: scene.composite for scene in demo.demo().storyboard.scenes}
        assert all(whole[scene.narration] == scene.composite for scene in board.scenes)


def test_the_channels_style_is_kept() -> None:
    assert tell(msgspec.structs.replace(SALT, style="linocut")).style == "linocut"
    assert tell(msgspec.structs.replace(demo_brief(), style="linocut")).style == "linocut"


def test_the_estimate_of_the_spoken_length_is_never_far_too_short() -> None:
    """With the real voice, on the demo film and on a generated one."""
    lines = [scene.narration for board in (demo.demo().storyboard, tell(SALT)) for scene in board.scenes]
    lengths = [len(voice.speak(line)) / voice.RATE_HZ for line in lines]
    for line, length_s in zip(lines, lengths, strict=True):
        assert length_s <= spoken_s(line) * 1.06, line
        assert length_s <= 7.0, line
    assert 85 <= sum(lengths[:18]) <= 105
