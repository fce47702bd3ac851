"""What is painted: the same words give the same picture, other words another one."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.long import long
from vidctl.domain.storyboard import AssetKind
from vidctl.providers.preview import demo
from vidctl.providers.preview.painter import beasts, people, places, swimmers, vocabulary, winged
from vidctl.providers.preview.painter.brief import Brief
from vidctl.providers.preview.painter.figure import cut_out
from vidctl.providers.preview.painter.frames import FRAMES
from vidctl.providers.preview.painter.ground import GROUNDS
from vidctl.providers.preview.painter.hollows import HOLLOWS
from vidctl.providers.preview.painter.land import RANGES
from vidctl.providers.preview.painter.paint import painting
from vidctl.providers.preview.painter.paints import Paints, paints
from vidctl.providers.preview.painter.palette import light, scheme
from vidctl.providers.preview.painter.rooms import ROOMS
from vidctl.providers.preview.painter.settlement import SETTLEMENTS

STYLE = "hand-painted gouache, teal and amber"
ENVIRONMENT, CHARACTER, PROP = AssetKind.ENVIRONMENT, AssetKind.CHARACTER, AssetKind.PROP


def brief(
    kind: AssetKind, prompt: str, *, name: str = "thing", style: str = STYLE, take: int = 1, note: str = ""
) -> Brief:
    return Brief(name, kind, prompt, style, take, note)


def seen(image: Image.Image) -> np.ndarray:
    """What is left of a picture at a glance: 24x24 colours, before a neutral backdrop, fitted into a square."""
    plain = Image.new("RGB", image.size, (128, 128, 128))
    plain.paste(image, mask=image if image.mode == "RGBA" else None)
    square = Image.new("RGB", (240, 240), (128, 128, 128))
    plain.thumbnail((240, 240))
    square.paste(plain, ((240 - plain.width) // 2, (240 - plain.height) // 2))
    return np.asarray(square.resize((24, 24), Image.Resampling.BOX), dtype=np.float64)


def apart(one: Image.Image, other: Image.Image) -> float:
    """Mean difference at a glance, of 255."""
    return float(np.abs(seen(one) - seen(other)).mean())


def test_the_same_brief_gives_the_same_pixels() -> None:
    for kind in AssetKind:
        asked = brief(kind, "a lighthouse keeper's boat at dusk")
        assert painting(asked).image.tobytes() == painting(asked).image.tobytes()


@pytest.mark.parametrize("assets", [10, long(22)])
def test_the_images_of_a_film_are_full_of_things_and_no_two_look_alike(assets: int) -> None:
    board = demo.storyboard(assets=assets, scenes=18, style="")
    film = [painting(Brief(a.name, a.kind, a.prompt, board.style)).image for a in board.assets]
    assert len(film) == assets
    assert min(apart(one, other) for one, other in combinations(film, 2)) > 2.5
    for image in film:
        colours = image.convert("RGB").resize((200, 200)).quantize(64).convert("RGB").getcolors(64)
        assert colours is not None
        assert len(colours) > 24


def test_environments_fill_the_frame_and_are_opaque() -> None:
    image = painting(brief(ENVIRONMENT, "a harbour at dawn")).image
    assert (image.mode, image.size) == ("RGB", (1920, 1080))


@pytest.mark.parametrize("kind", [CHARACTER, PROP])
def test_cut_outs_have_alpha_a_clear_rim_and_something_in_the_middle(kind: AssetKind) -> None:
    image = painting(brief(kind, "an old sailor with a lantern")).image
    alpha = np.asarray(image.getchannel("A"))
    assert image.mode == "RGBA"
    rim = np.concatenate([alpha[:12].ravel(), alpha[-12:].ravel(), alpha[:, :12].ravel(), alpha[:, -12:].ravel()])
    assert rim.max() == 0
    assert (alpha == 255).mean() > 0.15
    assert ((alpha > 0) & (alpha < 255)).any(), "edges are soft"


@pytest.mark.parametrize("kind", list(AssetKind))
def test_a_second_take_and_a_note_each_change_the_picture(kind: AssetKind) -> None:
    first = painting(brief(kind, "a castle on a hill")).image
    again = painting(brief(kind, "a castle on a hill", take=2)).image
    noted = painting(brief(kind, "a castle on a hill", take=2, note="at night, please")).image
    assert apart(first, again) > 0.5
    assert again.tobytes() != noted.tobytes()


def test_a_note_is_heard() -> None:
    day = painting(brief(ENVIRONMENT, "a meadow at noon")).image
    night = painting(brief(ENVIRONMENT, "a meadow", take=2, note="make it night")).image
    assert np.asarray(night).mean() < 0.6 * np.asarray(day).mean()


def test_the_hour_is_in_the_light() -> None:
    brightness = [
        np.asarray(painting(brief(ENVIRONMENT, f"a valley at {hour}")).image.resize((64, 36))).mean()
        for hour in ("noon", "dusk", "midnight")
    ]
    assert brightness[0] > brightness[1] > brightness[2] > 8


def test_a_film_has_one_palette_and_another_film_another() -> None:
    same = {scheme(brief(ENVIRONMENT, prompt)) for prompt in ("a sea", "a forest", "a city")}
    assert len(same) == 1
    assert scheme(brief(ENVIRONMENT, "a sea", style="woodcut, plum and gold")) not in same


def test_colour_words_of_the_style_choose_the_palette() -> None:
    film = scheme(brief(ENVIRONMENT, "a sea", style="muted watercolour in indigo and coral"))
    assert film.cool_hue == pytest.approx(278, abs=6)
    assert film.warm_hue == pytest.approx(35, abs=6)
    assert film.vividness < 1


@pytest.mark.parametrize(
    ("name", "prompt", "word"),
    [
        ("ship_clock", "an old brass ship's clock on a table", "clock"),
        ("item", "a lantern on a boat", "lantern"),
        ("item", "a pile of books", "book"),
        ("item", "two lighthouses", "lighthouse"),
        ("item", "a desert oasis", "oasis"),
    ],
)
def test_the_thing_itself_is_told_from_what_it_stands_on(name: str, prompt: str, word: str) -> None:
    assert brief(PROP, prompt, name=name).first(vocabulary.PROPS) == word


@pytest.mark.parametrize(
    ("prompt", "place"),
    [
        ("inside an old library", "library"),
        ("a crystal cave", "cave"),
        ("a coral reef under water", "deep"),
        ("the rings of a planet in deep space", "space"),
        ("a small house by the sea", None),
        ("a cabin in the mountains", None),
        ("a cosy kitchen", "parlour"),
    ],
)
def test_a_room_is_told_from_a_house_in_a_view(prompt: str, place: str | None) -> None:
    assert places.enclosed(brief(ENVIRONMENT, prompt)) == place


def test_whatever_a_plan_names_can_be_painted() -> None:
    assert set(places.INSIDE) == {*ROOMS, *HOLLOWS}
    assert set(places.BACKDROPS) == set(RANGES)
    assert set(places.GROUNDS) == set(GROUNDS)
    assert set(places.STANDING) == set(SETTLEMENTS)
    assert set(places.FRAMED) == set(FRAMES)


def test_a_crowd_is_more_than_one_and_a_child_is_smaller() -> None:
    one = painting(brief(CHARACTER, "a farmer")).image
    many = painting(brief(CHARACTER, "farmers")).image
    child = painting(brief(CHARACTER, "a child")).image
    assert many.width > 1.5 * one.width
    assert child.height < 0.8 * one.height


def test_birds_in_flight_have_no_ground_under_them() -> None:
    assert painting(brief(CHARACTER, "an eagle soaring")).floats
    assert painting(brief(CHARACTER, "a humpback whale")).floats
    assert not painting(brief(CHARACTER, "an eagle on a rock")).floats
    assert not painting(brief(CHARACTER, "a sailor")).floats


def pots() -> Paints:
    asked = brief(PROP, "x")
    return paints(asked, scheme(asked), asked.rng("test"))


MAKERS = {maker.__qualname__: maker for maker, _ in vocabulary.PROPS.values()}


@pytest.mark.parametrize("maker", sorted(MAKERS))
def test_every_prop_can_be_drawn_and_stands_on_the_ground(maker: str) -> None:
    paint = pots()
    figure = MAKERS[maker](paint)
    image = cut_out(figure, fit=(220, 220), ink=paint.ink, sun=paint.sun, rng=paint.rng)
    assert (np.asarray(image.getchannel("A")) > 128).mean() > 0.06
    assert -1.6 < figure.bounds()[1] < 0.9


def test_every_animal_can_be_drawn() -> None:
    paint = pots()
    figures = [beasts.beast(name, paint) for name in set(beasts.NAMES.values())]
    figures += [winged.perched(name, paint) for name in set(winged.NAMES.values())]
    figures += [swimmers.swimmer(kind, paint) for kind in set(swimmers.NAMES.values())]
    for figure in figures:
        image = cut_out(figure, fit=(300, 300), ink=paint.ink, sun=paint.sun, rng=paint.rng)
        assert (np.asarray(image.getchannel("A")) > 128).mean() > 0.1


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=80), st.text(max_size=40), st.sampled_from([CHARACTER, PROP]))
def test_any_words_at_all_give_a_picture(prompt: str, style: str, kind: AssetKind) -> None:
    image = painting(brief(kind, prompt, style=style)).image
    assert np.asarray(image.getchannel("A")).max() == 255


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=40))
def test_any_words_at_all_give_a_light_and_a_plan(prompt: str, style: str) -> None:
    asked = brief(ENVIRONMENT, prompt, style=style)
    made = light(asked, scheme(asked))
    assert 0 < made.ground_lightness < 1
    assert places.plan(asked).ground in GROUNDS


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(people.WORDS)), st.integers(1, 50))
def test_whoever_is_named_can_be_dressed(word: str, take: int) -> None:
    asked = brief(CHARACTER, word, take=take)
    paint = paints(asked, scheme(asked), asked.rng("figure"))
    figure = people.person(people.look(asked, paint), paint, child=people.is_child(asked))
    _, low, _, high = figure.bounds()
    assert -0.2 < low < 0.2
    assert 4 < high < 11
