"""Both lenses show the same, to within a brightness level; so a film looks the same on every machine."""

import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from vidctl.media.lens import Lens, Part, lens, plain_lens, vector_lens

Maker = Callable[[Image.Image, tuple[int, int]], Lens]

SIZE = (96, 54)
NOISE = np.random.default_rng(7).integers(0, 256, (70, 124, 2), np.uint8)
LUMA, COLOURS = Image.fromarray(NOISE[:, :, 0].copy(), "L"), Image.fromarray(NOISE, "LA")

needs_vectors = pytest.mark.skipif(find_spec("cykooz_resizer") is None, reason="there is no wheel for this machine")
each_lens = pytest.mark.parametrize("make", [pytest.param(vector_lens, marks=needs_vectors), plain_lens, lens])


@st.composite
def parts(draw: st.DrawFn) -> Part:
    """At least a third of the picture, up to every edge."""
    left, top = draw(st.floats(0, 0.6)), draw(st.floats(0, 0.6))
    return left, top, draw(st.floats(left + 0.35, 1)), draw(st.floats(top + 0.35, 1))


def seen(picture: Image.Image, part: Part, make: Maker) -> NDArray[Any]:
    """Return what a lens shows: rows, columns, bands."""
    rows = np.frombuffer(make(picture, SIZE)(part), np.uint8)
    return rows.reshape(SIZE[1], SIZE[0], len(picture.getbands())).astype(int)


@needs_vectors
@pytest.mark.parametrize("picture", [LUMA, COLOURS], ids=["L", "LA"])
@given(part=parts())
@settings(max_examples=200)
def test_with_and_without_vector_instructions_the_same_is_seen(picture: Image.Image, part: Part) -> None:
    assert np.abs(seen(picture, part, vector_lens) - seen(picture, part, plain_lens)).max() <= 1


def test_a_machine_without_vector_instructions_has_a_lens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cykooz_resizer", None)
    part = (0.1, 0.2, 0.7, 0.8)
    assert (seen(LUMA, part, lens) == seen(LUMA, part, plain_lens)).all()


@each_lens
def test_no_band_is_taken_for_alpha(make: Maker) -> None:
    part = (0.1, 0.1, 0.9, 0.9)
    alone = [seen(COLOURS.getchannel(band), part, make) for band in (0, 1)]
    assert (seen(COLOURS, part, make) == np.concatenate(alone, axis=2)).all()


@each_lens
@pytest.mark.parametrize("past", [1e-16, 1e-9])
def test_rounding_past_the_edge_shows_the_edge(make: Maker, past: float) -> None:
    whole = seen(LUMA, (0.0, 0.0, 1.0, 1.0), make)
    assert (seen(LUMA, (-past, -past, 1 + past, 1 + past), make) == whole).all()
