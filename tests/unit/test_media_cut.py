"""Cutting streams with B-frames: the rule by itself, and on what a real encoder makes."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.media_samples import clip, complaints, packets
from vidctl.errors import BadInput
from vidctl.media.assembly import h264
from vidctl.media.assembly.clip import read
from vidctl.media.assembly.cut import clean_cut, places
from vidctl.media.assembly.master import master
from vidctl.media.assembly.sound import silence
from vidctl.media.assembly.write import Part, write

orders = st.lists(st.integers(-10_000, 10_000), unique=True, min_size=1, max_size=60)


@settings(deadline=None)
@given(orders, st.data())
def test_a_cut_is_clean_and_no_earlier_one_is(pts: list[int], data: st.DataObject) -> None:
    needed = data.draw(st.integers(1, len(pts)))
    kept = clean_cut(pts, needed)
    assert needed <= kept <= len(pts)
    for count in range(needed, kept + 1):
        clean = count == len(pts) or max(pts[:count]) < min(pts[count:])
        assert clean == (count == kept)


@settings(deadline=None)
@given(orders)
def test_what_is_kept_are_the_first_pictures_without_a_gap(pts: list[int]) -> None:
    kept = clean_cut(pts, max(1, len(pts) // 2))
    assert sorted(places(pts)[:kept]) == list(range(kept))


def test_more_frames_than_there_are_cannot_be_cut() -> None:
    with pytest.raises(BadInput, match="no 3"):
        clean_cut([0, 1], 3)


SETTINGS = {
    "no b-frames": {"bf": "0"},
    "pyramid": {"bf": "3", "x264-params": "b-pyramid=normal:keyint=12"},
    "many": {"bf": "8", "x264-params": "b-adapt=0:keyint=250"},
    "open gop": {"bf": "3", "x264-params": "open-gop=1:keyint=8:min-keyint=4"},
    "short gop": {"x264-params": "keyint=3:bframes=2"},
    "sliced": {"x264-params": "slices=4:bframes=2"},
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS.keys())
def test_cuts_of_a_real_stream_join_without_a_decoding_error(tmp_path: Path, settings: dict[str, Any]) -> None:
    source = read(clip(tmp_path / "clip.mp4", 4, **settings))
    assert source.odd == ""
    lengths = [clean_cut(source.places, needed) for needed in (1, 7, 8, 9, 10, 20, 35, 36)]
    parts = [Part(source.path, source.places[:length], source.header) for length in lengths]
    film = tmp_path / "film.mp4"
    write(film, parts, source.format.fps, master(silence(sum(lengths) * 2000)), lambda _: None)
    assert complaints(film) == ""
    shown = packets(film)
    assert sorted(round(pts) for pts, _, _ in shown) == list(range(sum(lengths)))
    assert [round(dts) for _, dts, _ in shown] == list(range(round(shown[0][1]), round(shown[0][1]) + sum(lengths)))


def x264(parameters: str) -> dict[str, Any]:
    return {"x264-params": parameters}


def test_a_header_of_two_encoders_holds_the_parameters_of_both(tmp_path: Path) -> None:
    first = read(clip(tmp_path / "1.mp4", 1)).header
    number = h264.free_id(first)
    second = read(clip(tmp_path / "2.mp4", 2, **x264(f"sps-id={number}"))).header
    both = h264.parse(h264.joined([first, second, first]))
    assert both.sets == h264.parse(first).sets | h264.parse(second).sets
    assert both.ids == {0, number}


def test_two_headers_with_one_id_cannot_be_joined(tmp_path: Path) -> None:
    headers = [read(clip(tmp_path / f"{ref}.mp4", 1, **x264(f"ref={ref}"))).header for ref in (1, 5)]
    with pytest.raises(ValueError, match="one id"):
        h264.joined(headers)


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_rubbish_is_no_header(data: bytes) -> None:
    try:
        header = h264.parse(data)
    except ValueError:
        return
    assert header.sps
    assert header.pps
