"""Films that were there before are told from films that were not."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidctl.domain.likeness import SKETCH, Film, frames_alike, signature, spoken_alike, verdict

FRAME = st.integers(0, 2**64 - 1)
FRAMES = st.lists(FRAME, max_size=60)
SKETCHES = st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 50), max_size=SKETCH, unique=True).map(sorted)
RANDOM = Random(5)
VOCABULARY = [f"word{number}" for number in range(2_000)]
SCENES = [" ".join(RANDOM.choices(VOCABULARY, k=25)) for _ in range(18)]
PICTURES = [RANDOM.getrandbits(64) for _ in range(48)]
GOLDEN = (33833113, 266840273, 454353889, 815891804, 2650077963, 2947453593)
FILM = Film("a" * 64, PICTURES, signature(SCENES))


def other(seed: int) -> Film:
    random = Random(seed)
    words = " ".join(random.choices(VOCABULARY, k=450))
    return Film(f"{seed:064x}", [random.getrandbits(64) for _ in range(48)], signature([words]))


def reworded(share: float) -> tuple[int, ...]:
    """Return the sketch of the film's words with a share of them replaced."""
    random = Random(1)
    changed = [" ".join(w if random.random() > share else random.choice(VOCABULARY) for w in s.split()) for s in SCENES]
    return signature(changed)


def redrawn(share: float, bits: int = 6) -> list[int]:
    """Return the film's pictures, a share of them other ones, the rest a little changed, as by another encoder."""
    random = Random(2)
    changed = (sum(1 << bit for bit in random.sample(range(64), bits)) for _ in PICTURES)
    kept = (frame ^ noise for frame, noise in zip(PICTURES, changed, strict=True))
    return [random.getrandbits(64) if at < share * len(PICTURES) else frame for at, frame in enumerate(kept)]


def test_a_sketch_is_the_same_on_every_machine_and_in_every_version() -> None:
    assert signature(["The salt road of the Sahara.", "STRASSE", "塩の道"]) == GOLDEN
    assert signature(["straße", "塩の道", "the SALT road -- of the sahara"]) == GOLDEN


def test_a_sketch_has_a_fixed_size_and_none_of_a_silent_film() -> None:
    assert len(signature(["a b c"])) == 1
    assert len(signature(SCENES)) == SKETCH
    assert signature(["", " … "]) == ()
    assert all(0 <= value < 2**32 for value in signature(SCENES))


@given(SKETCHES, SKETCHES)
def test_words_are_as_alike_from_either_side(one: list[int], two: list[int]) -> None:
    assert 0 <= spoken_alike(one, two) == spoken_alike(two, one) <= 1
    assert spoken_alike(one, one) == bool(one)


@given(FRAMES, FRAMES, FRAMES)
def test_pictures_are_as_alike_from_either_side(one: list[int], two: list[int], shared: list[int]) -> None:
    one, two = one + shared, two + shared
    alike = frames_alike(one, two)
    assert 0 <= alike == frames_alike(two, one) <= 1
    assert frames_alike(one, one) == any(2 < frame.bit_count() < 62 for frame in one)
    assert frames_alike(one, two, at_least=0.5) == (alike if alike >= 0.5 else 0)


@given(st.integers(20, 600), st.integers(0, 100))
def test_how_many_words_are_shared_is_estimated_well(length: int, percent: int) -> None:
    words = [f"word{number}" for number in range(length)]
    some = words[: length * percent // 100]
    shared = max(0, len(some) - 2) / (length - 2)
    assert abs(spoken_alike(signature([" ".join(words)]), signature([" ".join(some)])) - shared) < 0.2


def test_frames_that_show_nothing_count_for_nothing() -> None:
    black, white = 0, 2**64 - 1
    assert frames_alike([black] * 10, [black] * 10) == 0
    assert frames_alike([black, *PICTURES, white], PICTURES) == 1


def test_pictures_are_looked_for_near_their_place_only() -> None:
    assert frames_alike(PICTURES, PICTURES[2:] + PICTURES[:2]) > 0.9
    assert frames_alike(PICTURES, PICTURES[24:] + PICTURES[:24]) == 0
    assert frames_alike(PICTURES, PICTURES[::2]) == 0.5
    assert frames_alike(PICTURES, [frame for frame in PICTURES for _ in range(2)]) == 1


def test_the_same_file_is_found_whatever_it_shows() -> None:
    films = [other(1), Film(FILM.sha256), replace(FILM, sha256="b")]
    found = verdict(FILM, films)
    assert found is not None
    assert (found.index, found.same, found.sentence) == (1, True, "the same file")


@pytest.mark.parametrize(
    ("film", "sentence"),
    [
        (Film("b", redrawn(0.0), reworded(0.0)), "100% of its words and 100% of its pictures"),
        (Film("b", redrawn(0.05), ()), "94% of its pictures"),
        (Film("b", redrawn(1.0), reworded(0.05)), "of its words"),
        (Film("b", (), reworded(0.0)), "100% of its words"),
        (Film("b", redrawn(0.4), reworded(0.1)), "58% of its pictures"),
    ],
)
def test_nearly_the_same_film_is_found_among_others(film: Film, sentence: str) -> None:
    found = verdict(film, [other(1), FILM, other(2)])
    assert found is not None
    assert (found.index, found.same) == (1, False)
    assert sentence in found.sentence


@pytest.mark.parametrize(
    "film",
    [
        other(3),
        Film("b", redrawn(0.3), ()),
        Film("b", redrawn(0.4), reworded(0.9)),
        Film("b", (), reworded(0.15)),
        Film("b", redrawn(0.0, bits=20), ()),
        Film("b"),
    ],
)
def test_a_film_that_shares_a_little_is_another_one(film: Film) -> None:
    assert verdict(film, [FILM, other(1)]) is None


def test_few_words_or_few_different_pictures_say_nothing() -> None:
    card, hello = [PICTURES[0]] * 24 + [PICTURES[1]] * 24, signature(["Hello and welcome to our channel."])
    assert verdict(Film("b", card, hello), [Film("c", card, hello)]) is None
    assert verdict(Film("b", (), ()), [Film("c", (), ())]) is None


def test_of_several_the_one_most_like_it_is_named() -> None:
    found = verdict(replace(FILM, sha256="b"), [Film("c", redrawn(0.1), FILM.spoken), FILM])
    assert found is not None
    assert (found.index, found.same) == (1, False)
