"""Reading which takes a person means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidctl.domain import layout
from vidctl.domain.takes import KEPT, choices
from vidctl.domain.work import Artifact, Kind
from vidctl.errors import BadInput


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("clip 3 take 1", {"clip 3": 1}),
        ("Clip #3: Take #2", {"clip 3": 2}),
        ("image 2 take 1; narration 4 take 2", {"image 2": 1, "narration 4": 2}),
        ("voice 1, take 2\nsound 12 take 10;", {"narration 1": 2, "sfx 12": 10}),
        ("film take 2; storyboard take 1", {"film": 2, "storyboard": 1}),
        ("clip 3 take 1; video 3 take 1", {"clip 3": 1}),
    ],
)
def test_an_item_and_its_take_are_read_as_people_write_them(said: str, meant: dict[str, int]) -> None:
    assert {str(artifact): number for artifact, number in choices(said).items()} == meant


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ("", "no take is named"),
        (" ; \n", "no take is named"),
        ("clip 3", "'clip 3' names no take"),
        ("take 1", "'take 1' names no take"),
        ("clip take 1", "names no take"),
        ("film 2 take 1", "names no take"),
        ("clips 3-4 take 1", "names no take"),
        ("clip 3 take 1 please", "names no take"),
        ("clip 3 take 1; the other one", "'the other one' names no take"),
        ("clip 3 take 1; clip 3 take 2", "two takes of clip 3"),
        ("composite 1 take 1", "takes of a composite are not kept"),
        ("clip 99999999999 take 1", "names no take"),
    ],
)
def test_what_is_not_clear_is_refused_whole_and_its_words_are_named(said: str, complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint) as refused:
        choices(said)
    assert refused.value.hint


@given(st.text(max_size=200))
def test_no_text_makes_reading_fail_in_another_way(said: str) -> None:
    try:
        assert choices(said)
    except BadInput:
        return


@given(st.dictionaries(st.sampled_from(KEPT), st.tuples(st.integers(1, 999), st.integers(1, 999)), min_size=1))
def test_every_take_is_found_by_the_name_that_it_is_shown_with(named: dict[Kind, tuple[int, int]]) -> None:
    single = {Kind.STORYBOARD, Kind.FILM, Kind.THUMBNAIL}
    meant = {Artifact(kind, 1 if kind in single else index): number for kind, (index, number) in named.items()}
    assert choices("; ".join(f"{artifact} take {number}" for artifact, number in meant.items())) == meant


def test_a_kept_file_tells_its_item_its_number_and_its_content() -> None:
    assert layout.take("videos/clip_03.mp4", 2, "abcdef0123456789") == "takes/videos/clip_03_take_2_abcdef01.mp4"
    assert layout.take("storyboard.json", 1, "0" * 64) == "takes/storyboard_take_1_00000000.json"
